// {% trans %} … {% pluralize %} … {% endtrans %}: a call of gettext or one of its kin (translations.hpp).
#include "hxx/jinja/builtins.hpp"
#include "hxx/jinja/parser_detail.hpp"
#include "hxx/jinja/text.hpp"
#include "hxx/jinja/unicode.hpp"

#include <optional>

namespace hxx::jinja {

using namespace ast;

struct Parser::Trans {
    Position position;
    Expr* context = nullptr;
    std::vector<std::pair<std::string_view, Expr*>> variables{};
    std::optional<bool> trimmed{};
    Expr* count = nullptr; // chooses between singular and plural
    std::string_view count_name{};
    TransText singular{};
    std::optional<TransText> plural{};

    [[nodiscard]] Expr* find(std::string_view name) const {
        for (auto const& [known, value] : variables)
            if (known == name) return value;
        return nullptr;
    }
    void set_count(std::string_view name, Expr* value) {
        count_name = name;
        count = value;
    }
    void add_names(TransText const& from) {
        for (auto* name : from.names)
            if (!find(name->name)) variables.emplace_back(name->name, name);
    }
};

namespace {

// Each line without the white space around it, one blank between them.
std::string joined_lines(std::string_view text) {
    std::string out;
    for (std::size_t start = 0; start <= text.size();) {
        std::size_t const end = std::min(text.find('\n', start), text.size());
        auto const line = strip(text.substr(start, end - start));
        if (!line.empty() && !out.empty()) out += ' ';
        out += line;
        start = end + 1;
    }
    return out;
}

std::string single_percents(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        out += text[i];
        if (text[i] == '%') ++i; // they come in pairs
    }
    return out;
}

Value mark_if_escaping(Args const& args) { return args.autoescape() ? markup_of(args[0]) : args[0]; }

} // namespace

Stmt* Parser::parse_trans(Body& before) {
    Trans trans{.position = position_of(take())};
    if (at(TokenKind::String)) {
        Token const token = take();
        trans.context = make_expr<Const>(position_of(token), token.text);
    }
    parse_trans_variables(trans, before);
    trans.singular = parse_trans_text(true);
    if (!trans.count && !trans.singular.names.empty())
        trans.set_count(trans.singular.names.front()->name, trans.singular.names.front());
    if (take().text == "pluralize") {
        if (!at(TokenKind::BlockEnd)) {
            Token const token = expect(TokenKind::Name);
            Expr* const chosen = trans.find(token.text);
            if (!chosen)
                fail("unknown variable " + quote(token.text) + " for pluralization", position_of(token),
                     ErrorKind::TemplateAssertionError);
            trans.set_count(token.text, chosen);
        }
        expect(TokenKind::BlockEnd);
        trans.plural = parse_trans_text(false);
        take();
    }
    trans.add_names(trans.singular);
    if (trans.plural) {
        trans.add_names(*trans.plural);
        if (!trans.count) fail("pluralize without variables", trans.position);
    }
    auto* node = tree_.make<Output>(trans.position);
    node->parts.push_back(trans_call(trans));
    return node;
}

void Parser::parse_trans_variables(Trans& trans, Body& before) {
    while (!at(TokenKind::BlockEnd)) {
        if (!trans.variables.empty()) expect(TokenKind::Comma);
        if (skip(TokenKind::Colon)) break; // as in Python
        Token const token = expect(TokenKind::Name);
        if (trans.find(token.text))
            fail("translatable variable " + quote(token.text) + " defined twice.", position_of(token),
                 ErrorKind::TemplateAssertionError);
        Expr* value = nullptr;
        if (skip(TokenKind::Assign))
            value = parse_expression();
        else if (!trans.trimmed && (token.text == "trimmed" || token.text == "notrimmed")) {
            trans.trimmed = token.text == "trimmed";
            continue;
        } else
            value = make_expr<Name>(position_of(token), token.text);
        if (!trans.count) {
            if (value->kind == NodeKind::Call) { // it stands twice in what is made, and is called once
                auto* assignment = tree_.make<Assign>(trans.position);
                assignment->target = make_expr<Name>(value->position, "_trans", Use::Store);
                assignment->value = value;
                before.push_back(assignment);
                value = make_expr<Name>(value->position, "_trans");
            }
            trans.set_count(token.text, value);
        }
        trans.variables.emplace_back(token.text, value);
    }
    expect(TokenKind::BlockEnd);
}

// Up to the name of the tag that ends it.
Parser::TransText Parser::parse_trans_text(bool may_pluralize) {
    TransText result;
    for (;;) {
        if (at(TokenKind::Data)) {
            auto const data = take().text;
            for (char const c : data) result.text.append(c == '%' ? 2 : 1, c);
        } else if (skip(TokenKind::VariableBegin)) {
            Token const token = expect(TokenKind::Name);
            expect(TokenKind::VariableEnd);
            result.names.push_back(make_expr<Name>(position_of(token), token.text));
            result.text += "%(" + std::string(token.text) + ")s";
        } else if (skip(TokenKind::BlockBegin)) {
            if (at_name("endtrans") || (may_pluralize && at_name("pluralize"))) return result;
            if (at_name("pluralize")) fail_here("a translatable section can have only one pluralize section");
            fail_here("control structures in translatable sections are not allowed");
        } else
            fail_here("unclosed translation block");
    }
}

Expr* Parser::trans_call(Trans& trans) {
    bool const newstyle = options_.translations->newstyle;
    bool const has_names = !trans.singular.names.empty() || (trans.plural && !trans.plural->names.empty());
    auto text = [&](std::string source) -> Expr* {
        // The old style formats nothing if there is nothing to fill in.
        if (!newstyle && !has_names) source = single_percents(source);
        if (trans.trimmed.value_or(options_.translations->trimmed)) source = joined_lines(source);
        return make_expr<Const>(trans.position, std::string_view(tree_.texts.emplace_back(std::move(source))));
    };
    Arguments arguments;
    if (trans.context) arguments.positional.push_back(trans.context);
    arguments.positional.push_back(text(trans.singular.text));
    if (trans.plural) {
        arguments.positional.push_back(text(trans.plural->text));
        arguments.positional.push_back(trans.count);
    }
    bool const num_is_count = trans.plural && trans.count_name == "num"; // which the function fills in itself
    if (newstyle)
        for (auto const& [name, value] : trans.variables)
            if (!num_is_count || name != "num") arguments.keywords.emplace_back(name, value);

    std::string_view const function =
        trans.context ? (trans.plural ? "npgettext" : "pgettext") : (trans.plural ? "ngettext" : "gettext");
    Expr* call = make_expr<Call>(trans.position, make_expr<Name>(trans.position, function), std::move(arguments));
    if (newstyle) return call;

    static Value const mark = Value::function(&mark_if_escaping);
    Arguments marked;
    marked.positional.push_back(call);
    call = make_expr<Call>(trans.position, make_expr<Const>(trans.position, mark.borrowed()), std::move(marked));
    if (trans.variables.empty()) return call;
    std::vector<std::pair<Expr*, Expr*>> values;
    for (auto const& [name, value] : trans.variables)
        values.emplace_back(make_expr<Const>(trans.position, name), value);
    return make_expr<Binary>(trans.position, BinaryOp::Mod, call, make_expr<Dict>(trans.position, std::move(values)));
}

} // namespace hxx::jinja
