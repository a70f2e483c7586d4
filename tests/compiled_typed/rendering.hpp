// Renders a context's template in every way there is, and expects of all the same bytes or the same error.
#pragma once

#include "hxx/jinja/environment.hpp"
#include "hxx/jinja/native_template.hpp"
#include "hxx/jinja/registered.hpp"
#include "tests/compiled_typed/contexts.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace hxx::tests {

inline jinja::Environment interpreting(jinja::Options options = {}) {
    options.directories = {HXX_TEMPLATES};
    return jinja::Environment(std::move(options));
}
inline jinja::Environment compiled(jinja::Options options = {}) {
    options.compiled = jinja::registered_templates(); // and no loader
    return jinja::Environment(std::move(options));
}

/// The text, or all that the error says.
template <class F>
std::string outcome(F&& render) {
    try {
        return render();
    } catch (jinja::Error const& error) {
        return "error: " + std::string(error.what());
    }
}

/// The variables one by one, so that the template does not know their types.
template <class Page>
jinja::Context bindings_of(Page const& page) {
    jinja::Context context;
    reflect::for_each_member(page, [&](std::string_view name, auto const& member) { context.add(name, member); });
    return context;
}

/// Was the template compiled for the type of this context?
template <class Page>
bool is_typed() {
    for (auto const* spec : jinja::registered_templates())
        if (spec->name == Page::template_name)
            return std::any_of(spec->typed.begin(), spec->typed.end(),
                               [](auto const& typed) { return typed.type == &jinja::detail::type_info<Page>; });
    return false;
}

/// What is rendered of `name`, the template's or a block's; `options` for both environments.
template <class Page>
std::string rendered(Page const& page, std::string name, jinja::Options const& options) {
    EXPECT_TRUE(is_typed<Page>()) << name;
    auto const interpreter = interpreting(options), native = compiled(options);
    auto const context = bindings_of(page);
    auto const expected = outcome([&] { return interpreter.render(name, page); });
    EXPECT_EQ(outcome([&] { return interpreter.render(name, context); }), expected) << name << ", interpreted";
    EXPECT_EQ(outcome([&] { return native.render(name, page); }), expected) << name << ", typed";
    EXPECT_EQ(outcome([&] { return native.render(name, context); }), expected) << name << ", dynamic";
    auto const streamed = [&](jinja::Environment const& environment, jinja::Context const& given) {
        return outcome([&] {
            std::string text;
            environment.stream(name, given, [&](std::string_view piece) { text += piece; });
            return text;
        });
    };
    auto const expected_stream = streamed(interpreter, page);
    EXPECT_EQ(streamed(native, page), expected_stream) << name << ", streamed";
    EXPECT_EQ(streamed(native, context), expected_stream) << name << ", streamed, dynamic";
    return expected;
}
template <class Page>
std::string rendered(Page const& page) {
    return rendered(page, Page::template_name, {});
}

} // namespace hxx::tests
