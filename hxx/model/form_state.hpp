// A form as a template shows it: each field's text, its errors, and what HTML can check in the browser.
//
//     <input name="age" value="{{ form.age.value }}" type="{{ form.age.type }}" min="{{ form.age.min }}">
//     {% for error in form.age.errors %}<p class="error">{{ error }}</p>{% endfor %}
//
// form_state<SignUp>()                  an empty form, with the struct's defaults
// form_state(user)                      a form that edits an object
// form_state<SignUp>(fields, report)    what was typed, with what is wrong with it
//
// Every member of the struct is in it under its outside name. A member's member is "address.street", an item's
// "items.0.street": {{ form["address.street"].value }}. What concerns all of the form is form[""].errors. Whatever is
// Secret stays empty.
#pragma once

#include "hxx/base/form_fields.hpp"
#include "hxx/model/error_report.hpp"
#include "hxx/model/field_index.hpp"
#include "hxx/model/members.hpp"
#include "hxx/model/scalar.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace hxx {

struct FieldState {
    std::string name;                // the name attribute: "age", "address.street"
    std::string value;               // as text; of several the last
    std::vector<std::string> values; // all of them, for check boxes and <select multiple>
    bool checked = false;            // of a bool
    std::string error;               // the first error's message, or empty
    std::vector<std::string> errors; // all messages
    bool required = false;           // an empty text would be an error
    // Attributes for the <input>, empty where there is none to give.
    std::string type; // "text", "number", "email", "checkbox", "select", "date" …
    std::string min, max, step, minlength, maxlength, pattern;
    std::vector<std::string> options; // of an enum or OneOf
    std::string title, description;
};

struct FormState : std::map<std::string, FieldState, std::less<>> {
    using map::map;
};

namespace model {

// ── What a type and its constraints mean to HTML. ───────────────────────────────────────────────────────────────────

void describe_pattern(FieldState& field, std::string_view expression);
void describe_choices(FieldState& field, std::string_view joined);

inline void describe(FieldState& field, MinLength limit) {
    field.minlength = std::to_string(limit.value);
    field.required = limit.value > 0; // for a container; of anything else see refuses_empty()
}
inline void describe(FieldState& field, MaxLength limit) { field.maxlength = std::to_string(limit.value); }
template <std::size_t N>
void describe(FieldState& field, Pattern<N> const& pattern) {
    describe_pattern(field, pattern.text.view());
}
template <class N>
void describe(FieldState& field, Ge<N> bound) {
    field.min = to_number_text(bound.value);
}
template <class N>
void describe(FieldState& field, Le<N> bound) {
    field.max = to_number_text(bound.value);
}
// HTML has no exclusive bounds. For whole numbers (step 1) the next one is the bound.
template <class N>
void describe(FieldState& field, Gt<N> bound) {
    if (std::is_integral_v<N> && field.step == "1") field.min = to_number_text(bound.value + N{1});
}
template <class N>
void describe(FieldState& field, Lt<N> bound) {
    if (std::is_integral_v<N> && field.step == "1") field.max = to_number_text(bound.value - N{1});
}
template <class N>
void describe(FieldState& field, MultipleOf<N> step) {
    field.step = to_number_text(step.value);
}
inline void describe(FieldState& field, Email) { field.type = "email"; }
inline void describe(FieldState& field, Url) { field.type = "url"; }
inline void describe(FieldState& field, Secret) { field.type = "password"; }
template <std::size_t N>
void describe(FieldState& field, OneOf<char, N> const& choices) {
    describe_choices(field, choices.joined());
}
template <class N, std::size_t Size>
    requires(!std::same_as<N, char>)
void describe(FieldState& field, OneOf<N, Size> const& choices) {
    field.type = "select";
    field.options.clear();
    for (auto const& choice : choices.values) field.options.push_back(format_value(choice));
}
template <std::size_t N>
void describe(FieldState& field, Title<N> const& title) {
    field.title = title.text.view();
}
template <std::size_t N>
void describe(FieldState& field, Description<N> const& description) {
    field.description = description.text.view();
}

template <class M>
void describe_type(FieldState& field) {
    if constexpr (reflect::is_annotated<M>) {
        describe_type<typename M::wrapped_type>(field);
        reflect::Constraints<M>::for_each([&](auto const& constraint) {
            if constexpr (requires { describe(field, constraint); }) describe(field, constraint);
        });
        // The lengths of a container are not those of its items' texts.
        if constexpr (Sequence<inner_type<M>>) field.minlength.clear(), field.maxlength.clear();
    } else if constexpr (is_optional<M> || Sequence<M>) {
        describe_type<typename M::value_type>(field);
        field.required = false;
    } else {
        field.type = ScalarTraits<M>::input_type;
        if constexpr (Integer<M>)
            field.step = "1";
        else if constexpr (std::is_floating_point_v<M> || std::same_as<M, Decimal>)
            field.step = "any";
        else if constexpr (reflect::Enum<M>)
            field.options.assign(reflect::enum_names<M>().begin(), reflect::enum_names<M>().end());
    }
}

template <class M>
inline constexpr bool is_secret = reflect::has_constraint<M, Secret>;
template <class T>
inline constexpr bool is_secret<std::optional<T>> = is_secret<T>;

template <class M>
void append_values(M const& member, std::vector<std::string>& values) {
    if constexpr (reflect::is_annotated<M>) {
        append_values(member.get(), values);
    } else if constexpr (is_optional<M>) {
        if (member) append_values(*member, values);
    } else if constexpr (Sequence<M>) {
        for (auto const& item : member) values.push_back(format_value<typename M::value_type>(item));
    } else {
        values.push_back(format_value(member));
    }
}

template <class T>
concept Part = reflect::Aggregate<T> && !Scalar<T>;

template <class M>
inline constexpr bool has_parts = false;
template <Sequence M>
inline constexpr bool has_parts<M> = Part<typename M::value_type>;

/// Whether a field that is left empty would be a mistake, as the parser of forms would have it: a value that is missing
/// although it is required, or an empty text that some constraint refuses.
template <class M>
bool refuses_empty(M const& fresh) {
    if constexpr (std::same_as<inner_type<M>, bool>) {
        return false;
    } else if constexpr (empty_is_missing<M>) {
        return is_required(fresh);
    } else {
        static bool const refused = [] {
            M value{};
            ErrorReport ignored;
            Where const nowhere("");
            return !read_text("", value, {nowhere, ignored});
        }();
        return refused;
    }
}

// ── A FormState from a struct. ──────────────────────────────────────────────────────────────────────────────────────

class FormStateBuilder {
  public:
    /// What a field shows: the struct's defaults, the values of an object, or what was typed.
    enum class Show : unsigned char { Defaults, Values, Typed };

    explicit FormStateBuilder(FieldIndex const* typed = nullptr) noexcept : typed_(typed) {}

    template <Part T>
    void add_members(T const& object, std::string const& prefix, Show show, bool may_be_absent = false) {
        T const fresh{};
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            (add_member(reflect::get<I>(object), reflect::get<I>(fresh), prefix + std::string(outside_names<T>[I]),
                        show, may_be_absent),
             ...);
        }(std::make_index_sequence<reflect::member_count<T>>());
    }
    void add_errors(ErrorReport const& report);
    [[nodiscard]] FormState take() { return std::move(state_); }

  private:
    template <class M>
    void add_member(M const& member, M const& fresh, std::string const& name, Show show, bool may_be_absent) {
        if constexpr (reflect::is_annotated<M> && (Part<inner_type<M>> || has_parts<inner_type<M>>)) {
            add_member(member.get(), fresh.get(), name, show, may_be_absent);
        } else if constexpr (is_optional<M> && Part<inner_type<M>>) {
            inner_type<M> const empty{};
            add_members<inner_type<M>>(member ? static_cast<inner_type<M> const&>(*member) : empty, name + '.',
                                       !member && show == Show::Values ? Show::Defaults : show, true);
        } else if constexpr (Part<M>) {
            add_members(member, name + '.', show, may_be_absent);
        } else if constexpr (has_parts<inner_type<M>>) {
            add_items(member, name, show);
        } else {
            FieldState& field = state_[name];
            field.name = name;
            describe_type<M>(field);
            if constexpr (!Sequence<inner_type<M>>) field.required = refuses_empty(fresh);
            if (may_be_absent) field.required = false;
            if (!is_secret<M>) {
                if (show == Show::Typed)
                    field.values = typed_values(name);
                else if (show == Show::Values || !is_required(fresh))
                    append_values(member, field.values);
            }
            finish(field, std::same_as<inner_type<M>, bool>);
        }
    }

    template <class M>
    void add_items(M const& member, std::string const& name, Show show) {
        if constexpr (is_optional<M>) {
            if (member)
                add_items(*member, name, show);
            else
                add_items(typename M::value_type{}, name, show);
        } else {
            using Item = typename M::value_type;
            if (show == Show::Typed) {
                for (auto const index : typed_->indices(name))
                    add_members(Item{}, name + '.' + std::to_string(index) + '.', show);
            } else {
                std::size_t index = 0;
                for (auto const& item : member) add_members(item, name + '.' + std::to_string(index++) + '.', show);
            }
        }
    }

    [[nodiscard]] std::vector<std::string> typed_values(std::string const& name) const;
    static void finish(FieldState& field, bool is_bool);

    FieldIndex const* typed_;
    FormState state_;
};

} // namespace model

/// An empty form: the defaults of the struct, without those that only stand for a value that must be given.
template <reflect::Aggregate T>
[[nodiscard]] FormState form_state() {
    model::FormStateBuilder builder;
    builder.add_members(T{}, "", model::FormStateBuilder::Show::Defaults);
    return builder.take();
}

/// A form that edits an object.
template <reflect::Aggregate T>
[[nodiscard]] FormState form_state(T const& object) {
    model::FormStateBuilder builder;
    builder.add_members(object, "", model::FormStateBuilder::Show::Values);
    return builder.take();
}

/// What was typed, and what is wrong with it.
template <reflect::Aggregate T>
[[nodiscard]] FormState form_state(FormFields const& fields, ErrorReport const& report) {
    model::FieldIndex const index(fields);
    model::FormStateBuilder builder(&index);
    builder.add_members(T{}, "", model::FormStateBuilder::Show::Typed);
    builder.add_errors(report);
    return builder.take();
}

} // namespace hxx
