// Filters and tests, and what is certainly wrong with their arguments.
#include "hxx/compiled/generator_detail.hpp"

#include "hxx/jinja/error.hpp"
#include "hxx/jinja/text.hpp"

#include <algorithm>
#include <set>

namespace hxx::compiled {

using namespace ast;
using jinja::ErrorKind;

namespace {

struct Want {
    Wants wants;
    std::string_view trait, words;
};
constexpr Want wanted[] = {
    {Wants::Integer, "can_be_integer", "a whole number"},
    {Wants::IntegerOrText, "can_be_integer_or_text", "a whole number or a text"},
    {Wants::Number, "can_be_number", "a number"},
    {Wants::Text, "can_be_text", "a text"},
    {Wants::Items, "can_be_iterated_over", "what can be iterated over"},
    {Wants::Sized, "has_length", "what has a length"},
    {Wants::Mapping, "can_be_mapping", "a mapping"},
};

// Tests that tell types apart.
bool asks_for_type(std::string_view test) noexcept {
    static constexpr std::string_view names[] = {"boolean", "callable", "float",    "integer", "iterable",
                                                 "mapping", "number",   "sequence", "string"};
    return std::find(std::begin(names), std::end(names), test) != std::end(names);
}

std::string_view const* text_of(Expr const& node, std::string_view& text) {
    if (node.kind != NodeKind::Const || !node.as<Const>().value.is_string()) return nullptr;
    text = node.as<Const>().value.raw_text();
    return &text;
}

// As they stand in the template: positional ones, then keywords.
std::vector<Expr const*> expressions_of(Arguments const& arguments) {
    std::vector<Expr const*> result(arguments.positional.begin(), arguments.positional.end());
    for (auto const& [keyword, argument] : arguments.keywords) result.push_back(argument);
    return result;
}

std::string listed(std::vector<std::string_view> const& choices) {
    std::string text;
    for (std::size_t i = 0; i < choices.size(); ++i)
        text += (i == 0 ? "" : i + 1 < choices.size() ? ", " : " or ") + jinja::quote(choices[i]);
    return text;
}

} // namespace

// ── What is asked for ───────────────────────────────────────────────────────────────────────────────────────────

std::string Generator::path_of(Node const& node) {
    if (node.kind == NodeKind::Name) return std::string(node.as<Name>().name);
    if (node.kind != NodeKind::Getattr) return {};
    auto path = path_of(*node.as<Getattr>().object);
    return path.empty() ? path : path + "." + std::string(node.as<Getattr>().name);
}

Generator::Doubt::Doubt(Generator& generator, Node const& condition) : generator_(generator) {
    auto const note = [this](Node const& node) {
        if (node.kind == NodeKind::Test && asks_for_type(node.as<ast::Test>().name))
            if (auto path = path_of(*node.as<ast::Test>().subject); !path.empty()) paths_.push_back(std::move(path));
        return false;
    };
    static_cast<void>(any_node(condition, note));
    generator_.doubted_.insert(paths_.begin(), paths_.end());
}

Generator::Doubt::~Doubt() {
    for (auto const& path : paths_) generator_.doubted_.erase(generator_.doubted_.find(path));
}

// ── Filters and tests ───────────────────────────────────────────────────────────────────────────────────────────

Generator::Operand Generator::applied(std::string_view function, Applied const& node, Operand const& subject,
                                      Frame& frame, bool write) {
    auto const values = arguments(node.arguments, frame);
    bool const own = source_.filters && source_.filters->contains(node.name); // the application's
    if (!own) check_applied(node, subject, values, frame);
    auto const index = site(node.kind, node.name, node.arguments, true, false, frame.soft);
    std::string code = std::string(function) + "(c, site(c, " + std::to_string(index) + "), " + passed(subject);
    for (auto const& value : values) code += ", " + passed(value);
    code += ")";
    if (!write) return temporary(code);
    step(code + ";");
    return {};
}

Generator::Operand Generator::filter(Filter& node, Frame& frame, Operand const* subject, bool write) {
    std::string const function =
        write ? "write_filter<" + quoted(node.name) + ", " + escape() + ">" : "filter<" + quoted(node.name) + ">";
    // In a chain on a captured text, the innermost filter is applied to it.
    Operand inner;
    if (!node.subject)
        inner = *subject;
    else if (subject && node.subject->kind == NodeKind::Filter)
        inner = filter(node.subject->as<Filter>(), frame, subject);
    else
        inner = compile(*node.subject, frame);
    return applied(function, {"Filter", node.name, node.arguments, node.position}, inner, frame, write);
}

Generator::Operand Generator::test(Test& node, Frame& frame) {
    auto const subject = compile(*node.subject, frame);
    return applied("test<" + quoted(node.name) + ">", {"Test", node.name, node.arguments, node.position}, subject,
                   frame, false);
}

// ── Their arguments ─────────────────────────────────────────────────────────────────────────────────────────────

// "the filter 'round' lacks …; it is round([precision])": an error where the variables have C++ types.
void Generator::refuse_applied(Applied const& node, std::string const& mistake, std::string const& form,
                               Position position) {
    check("unchecked<C>",
          std::string("the ") + (node.kind == "Filter" ? "filter " : "test ") + jinja::quote(node.name) + " " +
              mistake + (form.empty() ? "" : "; it is " + form),
          position);
}

void Generator::check_applied(Applied const& node, Operand const& subject, std::vector<Operand> const& values,
                              Frame const& frame) {
    bool const is_filter = node.kind == "Filter";
    auto const* signature = is_filter ? find_filter_signature(node.name) : find_test_signature(node.name);
    if (!signature && source_.filters && !frame.soft)
        fail(ErrorKind::TemplateAssertionError,
             std::string("No ") + (is_filter ? "filter" : "test") + " named " + jinja::quote(node.name) + ".",
             node.position);
    if (!signature) return;
    GivenArguments given{
        node.arguments.positional.size(), {}, node.arguments.star != nullptr, node.arguments.double_star != nullptr};
    for (auto const& [keyword, argument] : node.arguments.keywords) given.keywords.push_back(keyword);
    auto const bound = bind(*signature, given);
    if (!bound.mistake.empty()) return refuse_applied(node, bound.mistake, signature->text(), node.position);
    check_argument(node, signature->parameters[0], subject, nullptr);
    auto const expressions = expressions_of(node.arguments);
    for (std::size_t i = 0; i < bound.parameters.size(); ++i) {
        if (!bound.parameters[i]) continue;
        auto const& parameter = signature->parameters[*bound.parameters[i]];
        check_argument(node, parameter, values[i], expressions[i]);
        if (parameter.wants == Wants::Attribute || parameter.wants == Wants::AttributeList)
            check_attribute(node, *expressions[i], subject, parameter.wants == Wants::AttributeList);
    }
    if (is_filter) check_special(node, subject, values);
}

// `expression` is null for what the filter is applied to.
void Generator::check_argument(Applied const& node, Parameter const& parameter, Operand const& value,
                               Expr const* expression) {
    auto const name = expression ? jinja::quote(parameter.name) : std::string();
    std::string_view text;
    if (expression && !parameter.choices.empty() && text_of(*expression, text) &&
        std::find(parameter.choices.begin(), parameter.choices.end(), text) == parameter.choices.end())
        return refuse_applied(node, "wants " + listed(parameter.choices) + " as " + name, "", expression->position);
    if (expression && parameter.none && expression->kind == NodeKind::Const && expression->as<Const>().value.is_none())
        return;
    for (auto const& want : wanted)
        if (want.wants == parameter.wants)
            check(std::string(want.trait) + "<" + plain(value) + ">",
                  std::string("the ") + (node.kind == "Filter" ? "filter " : "test ") + jinja::quote(node.name) +
                      (expression ? " wants " + std::string(want.words) + " as " + name
                                  : " is for " + std::string(want.words)),
                  expression ? expression->position : node.position);
}

// The attribute of the items that a filter looks at, or the first of a list of them that the items lack.
void Generator::check_attribute(Applied const& node, Expr const& argument, Operand const& subject, bool list) {
    std::string_view text;
    if (!text_of(argument, text)) return;
    // Those that may lack it are asked for, or have a default.
    auto const has_default = [](auto const& keyword) { return keyword.first == "default"; };
    if (std::any_of(node.arguments.keywords.begin(), node.arguments.keywords.end(), has_default)) return;
    if (node.name == "groupby" && node.arguments.positional.size() > 1) return;
    if (std::string_view test; node.name.ends_with("attr") && node.arguments.positional.size() > 1 &&
                               text_of(*node.arguments.positional[1], test) && test.ends_with("defined"))
        return;
    while (!text.empty()) {
        auto const end = list ? std::min(text.find(','), text.size()) : text.size();
        auto const path = text.substr(0, end);
        auto const items = "Item<" + plain(subject) + ">";
        check("items_have<" + items + ", " + quoted(path) + ", fields_of<" + items + ">>",
              "the items have no field " + jinja::quote(path), argument.position);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

// What a signature cannot say.
void Generator::check_special(Applied const& node, Operand const& subject, std::vector<Operand> const& values) {
    auto const& arguments = node.arguments;
    bool const known = !arguments.star && !arguments.double_star;
    if (node.name == "sum" && values.empty())
        check("can_be_summed<" + plain(subject) + ">",
              "the filter 'sum' adds numbers: give it an attribute of the items", node.position);
    if (node.name == "format" && known && !arguments.positional.empty() && !arguments.keywords.empty())
        refuse_applied(node, "takes arguments by position or by name, not both", "", node.position);
    if (node.name != "map" || !known || !arguments.positional.empty()) return;
    Expr const* attribute = nullptr;
    for (auto const& [keyword, argument] : arguments.keywords) {
        if (keyword == "attribute") attribute = argument;
        if (keyword != "attribute" && keyword != "default")
            return refuse_applied(node, "has no argument " + jinja::quote(keyword), "map(attribute=, default=)",
                                  argument->position);
    }
    if (!attribute) return refuse_applied(node, "lacks a filter's name", "map(filter, [...])", node.position);
    check_attribute(node, *attribute, subject, false);
}

} // namespace hxx::compiled
