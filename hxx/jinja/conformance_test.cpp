// Renders testdata/conformance.jsonl: templates with what Jinja2 3.1 answers, an output or an error with kind and line.
#include "hxx/jinja/environment.hpp"
#include "hxx/jinja/number.hpp"

#include <boost/json.hpp>
#include <fstream>
#include <gtest/gtest.h>
#include <limits>
#include <set>

namespace hxx::jinja {
namespace {

namespace json = boost::json;

// An object whose attributes, text and representation the case gives.
class CaseObject final : public Object {
  public:
    explicit CaseObject(json::object const& object);
    [[nodiscard]] std::string_view type_name() const noexcept override { return name_; }
    bool attribute(std::string_view name, Value& out) const override {
        for (auto const& [known, value] : attributes_)
            if (known == name) {
                out = value;
                return true;
            }
        return false;
    }
    void str(std::string& out) const override { out += text_; }
    void repr(std::string& out) const override { out += repr_; }

  private:
    std::string name_, text_, repr_;
    std::vector<std::pair<std::string, Value>> attributes_;
};

Value to_value(json::value const& source);

Value special(std::string_view key, json::value const& source) {
    if (key == "$tuple") return Value::tuple(to_value(source).items());
    if (key == "$markup") return Value::markup(std::string(source.as_string()));
    if (key == "$int") return int_from_text(source.as_string(), 10).value();
    if (key == "$dict") {
        std::vector<std::pair<Value, Value>> entries;
        for (auto const& pair : source.as_array()) entries.emplace_back(to_value(pair.at(0)), to_value(pair.at(1)));
        return Value::dict(std::move(entries));
    }
    if (key == "$object") return make_object<CaseObject>(source.as_object());
    constexpr double infinity = std::numeric_limits<double>::infinity();
    auto const& text = source.as_string(); // "$float"
    return text == "nan" ? std::numeric_limits<double>::quiet_NaN() : text == "inf" ? infinity : -infinity;
}

Value to_value(json::value const& source) {
    switch (source.kind()) {
    case json::kind::null: return nullptr;
    case json::kind::bool_: return source.get_bool();
    case json::kind::int64: return source.get_int64();
    case json::kind::uint64: return source.get_uint64();
    case json::kind::double_: return source.get_double();
    case json::kind::string: return std::string(source.get_string());
    case json::kind::array: {
        std::vector<Value> items;
        for (auto const& item : source.get_array()) items.push_back(to_value(item));
        return Value::list(std::move(items));
    }
    case json::kind::object: break;
    }
    auto const& object = source.get_object();
    if (object.size() == 1 && object.begin()->key().starts_with('$'))
        return special(object.begin()->key(), object.begin()->value());
    std::vector<std::pair<Value, Value>> entries;
    for (auto const& [key, value] : object) entries.emplace_back(std::string(key), to_value(value));
    return Value::dict(std::move(entries));
}

CaseObject::CaseObject(json::object const& object) {
    name_ = std::string(object.at("class").as_string());
    if (auto const* text = object.if_contains("str")) text_ = std::string(text->as_string());
    if (auto const* repr = object.if_contains("repr")) repr_ = std::string(repr->as_string());
    if (auto const* attributes = object.if_contains("attrs"))
        for (auto const& [key, value] : attributes->as_object())
            attributes_.emplace_back(std::string(key), to_value(value));
}

void read_policies(json::object const& source, Policies& policies) {
    if (auto const* leeway = source.if_contains("truncate.leeway")) policies.truncate_leeway = leeway->as_int64();
    if (auto const* rel = source.if_contains("urlize.rel"))
        policies.urlize_rel = rel->is_null() ? "" : std::string(rel->as_string());
    if (auto const* target = source.if_contains("urlize.target"))
        policies.urlize_target = std::string(target->as_string());
    if (auto const* dumps = source.if_contains("json.dumps_kwargs"))
        policies.json_sort_keys = dumps->at("sort_keys").as_bool();
}

// The names for which a case's options turn autoescape on; a function pointer cannot carry them.
thread_local json::object const* escaped_names = nullptr;
bool escapes(std::string_view name) {
    auto const* found = escaped_names->if_contains(name);
    return found && found->as_bool();
}

Options read_options(json::object const& source) {
    Options options;
    options.autoescape = Autoescape::Off;
    options.do_statement = options.loop_controls = false;
    for (auto const& [key, value] : source) {
        auto text = [&value = value](std::string& out) { out = value.is_null() ? "" : std::string(value.as_string()); };
        if (key == "block_start_string") text(options.block_start);
        if (key == "block_end_string") text(options.block_end);
        if (key == "variable_start_string") text(options.variable_start);
        if (key == "variable_end_string") text(options.variable_end);
        if (key == "comment_start_string") text(options.comment_start);
        if (key == "comment_end_string") text(options.comment_end);
        if (key == "line_statement_prefix") text(options.line_statement_prefix);
        if (key == "line_comment_prefix") text(options.line_comment_prefix);
        if (key == "newline_sequence") text(options.newline_sequence);
        if (key == "trim_blocks") options.trim_blocks = value.as_bool();
        if (key == "lstrip_blocks") options.lstrip_blocks = value.as_bool();
        if (key == "keep_trailing_newline") options.keep_trailing_newline = value.as_bool();
        if (key == "policies") read_policies(value.as_object(), options.policies);
        if (key == "extensions")
            for (auto const& extension : value.as_array()) {
                options.do_statement = options.do_statement || extension == "do";
                options.loop_controls = options.loop_controls || extension == "loopcontrols";
            }
        if (key == "undefined")
            options.undefined = value == "strict"      ? UndefinedMode::Strict
                                : value == "chainable" ? UndefinedMode::Chainable
                                : value == "debug"     ? UndefinedMode::Debug
                                                       : UndefinedMode::Default;
        if (key == "autoescape" && value.is_bool())
            options.autoescape = value.as_bool() ? Autoescape::On : Autoescape::Off;
        if (key == "autoescape" && value.is_object()) {
            escaped_names = &value.as_object();
            options.autoescape_for = &escapes;
        }
    }
    return options;
}

// "ok: …" or "kind at line N", as the case expects it and as it is.
std::string expected(json::object const& expect) {
    if (expect.at("ok").as_bool()) return "ok: " + std::string(expect.at("output").as_string());
    return std::string(expect.at("kind").as_string()) + " at line " + std::to_string(expect.at("line").as_int64());
}

std::string rendered(json::object const& test) {
    try {
        Options options = read_options(test.at("options").as_object());
        std::vector<std::pair<std::string, std::string>> templates;
        for (auto const& [name, source] : test.at("templates").as_object())
            templates.emplace_back(std::string(name), std::string(source.as_string()));
        options.loader = dict_loader(std::move(templates));
        Environment::Builder builder(std::move(options));
        if (auto const* globals = test.if_contains("globals"))
            for (auto const& [name, value] : globals->as_object()) builder.global(name, to_value(value));
        Environment const environment = builder.build();
        Context context;
        for (auto const& [name, value] : test.at("context").as_object())
            context.add(std::string(name), to_value(value));
        return "ok: " + environment.render(test.at("name").as_string(), context);
    } catch (Error const& error) {
        return std::string(error_name(error.kind())) + " at line " + std::to_string(error.line());
    }
}

// Where the engine departs from Jinja2, and why.
std::set<std::string, std::less<>> const departures{
    "esc.111", // prints Python's repr of a class method
};

TEST(Conformance, AnswersAsJinja2Does) {
    std::ifstream file(HXX_JINJA_TESTDATA "/conformance.jsonl");
    std::size_t cases = 0;
    for (std::string line; std::getline(file, line);) {
        auto const parsed = json::parse(line);
        auto const& test = parsed.as_object();
        auto const id = std::string(test.at("id").as_string());
        ++cases;
        bool const departs = departures.contains(id);
        EXPECT_EQ(rendered(test) == expected(test.at("expect").as_object()), !departs)
            << id << "\n  templates: " << json::serialize(test.at("templates"))
            << "\n  expected: " << expected(test.at("expect").as_object()) << "\n  rendered: " << rendered(test);
    }
    EXPECT_GT(cases, 1900U);
}

} // namespace
} // namespace hxx::jinja
