#include "hxx/compiled/generator_detail.hpp"

#include "hxx/jinja/error.hpp"
#include "hxx/jinja/native_template.hpp"
#include "hxx/jinja/parser.hpp"
#include "hxx/jinja/text.hpp"

namespace hxx::compiled {

using namespace ast;
using jinja::ErrorKind;

std::string symbol_of(std::string_view name) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string symbol = "t_";
    for (char const c : name) {
        bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (plain)
            symbol += c;
        else if (c == '/')
            symbol += "_s";
        else if (c == '.')
            symbol += "_d";
        else if (c == '_')
            symbol += "_u";
        else {
            auto const byte = static_cast<unsigned char>(c);
            symbol += "_x";
            symbol += digits[byte >> 4];
            symbol += digits[byte & 15];
        }
    }
    return symbol;
}

Generated generate(jinja::Environment const& environment, Source source) {
    return Generator(jinja::impl_of(environment), std::move(source)).run();
}

Generator::Generator(jinja::Environment::Impl const& environment, Source source)
    : environment_(environment),
      source_(std::move(source)),
      symbol_(symbol_of(source_.name)),
      template_autoescape_(environment.escapes(source_.name)),
      folder_(environment, tree_) {
    tree_.source = jinja::normalise_source(source_.text, environment.options.keep_trailing_newline);
    jinja::parse_template(environment.options, source_.name, tree_);
}

// The first pass folds constants, after which the tree stays as it is and each pass meets the same variables. The
// second finds out which variables functions inside use, and how often each is assigned to.
Generated Generator::run() {
    find_imports();
    find_absent();
    pass();
    captured_.clear();
    read_early_.clear();
    stores_.clear();
    direct_.clear();
    pass();
    std::map<std::string_view, int> named;
    for (auto const& row : functions_) named[row.name] += row.kind == "Macro" ? 1 : 0;
    for (auto const row : direct_)
        if (named[functions_[row].name] == 1)
            own_macros_.push_back({functions_[row].name, row, functions_[row].parameters});
    second_ = true;
    pass();
    std::vector<std::string> typed;
    for (auto const& row : functions_)
        if (row.kind == "Body" || row.kind == "Block") typed.push_back(row.symbol);
    return {symbol_, assembled(), module(), std::move(typed), {uses_.begin(), uses_.end()}};
}

void Generator::find_absent() {
    auto const name_of = [](Expr const* subject) {
        return subject && subject->kind == NodeKind::Name ? subject->as<Name>().name : std::string_view();
    };
    auto const note = [&](Node const& node) {
        if (node.kind == NodeKind::Test && node.as<Test>().name.ends_with("defined"))
            may_be_absent_.emplace(name_of(node.as<Test>().subject));
        if (node.kind == NodeKind::Filter && (node.as<Filter>().name == "default" || node.as<Filter>().name == "d"))
            may_be_absent_.emplace(name_of(node.as<Filter>().subject));
        return false;
    };
    static_cast<void>(any_node(tree_.body, note));
}

void Generator::pass() {
    variables_.clear();
    scopes_.clear();
    indexes_.clear();
    declared_.clear();
    assigned_.clear();
    register_of_.clear();
    seen_.clear();
    types_of_.clear();
    functions_code_.clear();
    functions_.clear();
    macro_rows_.clear();
    sites_.clear();
    block_rows_.clear();
    text_.clear();
    parent_.clear();
    sets_.clear();
    uses_.clear();
    links_.clear();
    counter_ = 0;
    has_extends_ = false;
    autoescape_ = template_autoescape_;
    volatile_ = false;
    std::set<std::string_view> names;
    for (auto* statement : tree_.body) {
        auto note = [&](Node& node) {
            has_extends_ = has_extends_ || node.kind == NodeKind::Extends;
            if (node.kind != NodeKind::Block) return;
            if (!names.insert(node.as<Block>().name).second)
                fail(ErrorKind::TemplateAssertionError,
                     "block " + jinja::quote(node.as<Block>().name) + " defined twice", node.position);
        };
        note(*statement);
        for_each_node(*statement, note);
    }
    body(false);
    blocks();
    body(true);
}

void Generator::body(bool setup) {
    setup_ = setup;
    has_known_extends_ = false;
    extends_so_far_ = 0;
    exit_ = false;
    statement_ = {};
    FunctionCode code{static_cast<std::int32_t>(functions_.size()), nullptr};
    auto const row = begin(code, "Body", setup ? "setup" : "body", {});
    (setup ? setup_row_ : body_row_) = row;
    Frame frame{new_symbols(nullptr)};
    bool const uses_self = !jinja::find_undeclared(tree_.body, {"self"}).empty();
    Variable* self = uses_self ? frame.symbols->declare_parameter("self") : nullptr;
    frame.symbols->analyze_template(tree_.body);
    frame.toplevel = frame.rootlevel = true;
    frame.output_check = has_extends_;
    if (self) declare_parameter(self, {"self_of(c)", true});
    enter(frame);
    statements(tree_.body, frame);
    exit_ = false;
    if (has_extends_) {
        at(extends_position_);
        step("run_parent(c);");
    }
    end(code, row);
    setup_ = false;
}

void Generator::blocks() {
    std::vector<Block const*> all;
    auto note = [&](Node& node) {
        if (node.kind == NodeKind::Block) all.push_back(&node.as<Block>());
    };
    for (auto* statement : tree_.body) {
        note(*statement);
        for_each_node(*statement, note);
    }
    for (auto const* block : all) {
        FunctionCode code{static_cast<std::int32_t>(functions_.size()), nullptr};
        auto const row = begin(code, "Block", block->name, block->position);
        at(block->position);
        Frame frame{new_symbols(nullptr)};
        auto const special = jinja::find_undeclared(block->body, {"self", "super"});
        Variable* self = special.contains("self") ? frame.symbols->declare_parameter("self") : nullptr;
        Variable* super = special.contains("super") ? frame.symbols->declare_parameter("super") : nullptr;
        frame.symbols->analyze(*block);
        if (self) declare_parameter(self, {"self_of(c)", true});
        if (super) declare_parameter(super, {"super_of<" + quoted(block->name) + ">(c)", true});
        enter(frame);
        statements(block->body, frame);
        exit_ = false;
        end(code, row);
        block_rows_.push_back("{" + quoted(block->name) + ", " + std::to_string(row) + ", " +
                              (block->required ? "true" : "false") + ", " + (block->scoped ? "true" : "false") + ", {" +
                              std::to_string(block->position.line) + ", " + std::to_string(block->position.offset) +
                              "}}");
    }
}

// ── Lines ───────────────────────────────────────────────────────────────────────────────────────────────────────

std::string Generator::directive(std::uint32_t number) const {
    return "#line " + std::to_string(number) + " " + quoted(source_.file) + "\n";
}

// Each line of the code belongs to one of the template: what a debugger, a report of coverage or a stack says of it.
void Generator::place(std::uint32_t number) {
    if (number != 0 && code_->next_line != number) code_->code += directive(number);
    code_->next_line = number == 0 ? 0 : number + 1;
}

void Generator::line(std::string_view code) { line(code, statement_.line); }

void Generator::line(std::string_view code, std::uint32_t number) {
    place(number);
    code_->code.append(static_cast<std::size_t>(indent_) * 4, ' ');
    code_->code += code;
    code_->code += '\n';
}

void Generator::open(std::string_view code) {
    line(code.empty() ? "{" : std::string(code) + " {");
    opened_.push_back(statement_.line);
    ++indent_;
}

// What a scope leaves behind is done where it began, not at the last of its statements.
void Generator::close(std::string_view code) {
    --indent_;
    line("}" + std::string(code), opened_.back());
    opened_.pop_back();
}

void Generator::otherwise() {
    --indent_;
    line("} else {", opened_.back());
    ++indent_;
}

// Compilers give the column of what they read: the code stands in the same one as the template's.
void Generator::step(std::string_view code) {
    auto const column = jinja::place_in(tree_.source, statement_.offset).column;
    place(statement_.line);
    code_->code.append(column > 0 ? column - 1 : 0, ' ');
    code_->code += "c.at(" + std::to_string(statement_.line) + ", " + std::to_string(statement_.offset) + "); ";
    code_->code += code;
    code_->code += '\n';
}

Generator::Operand Generator::temporary(std::string_view code) {
    auto const name = fresh("x");
    step("auto&& " + name + " = " + std::string(code) + ";");
    return {name, true};
}

void Generator::fail(ErrorKind kind, std::string message, Position position) {
    jinja::Error error(kind, std::move(message));
    auto const place = jinja::place_in(tree_.source, position.offset);
    error.set_place(source_.name, position.line, place.column, place.text);
    throw error;
}

std::string Generator::quoted(std::string_view text) {
    std::string result = "\"";
    for (char const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            (result += '\\') += c;
        else if (c == '\n')
            result += "\\n";
        else if (byte >= 0x20 && byte < 0x7f && c != '?')
            result += c;
        else {
            result += '\\';
            for (int shift : {6, 3, 0}) result += static_cast<char>('0' + ((byte >> shift) & 7));
        }
    }
    return result + '"';
}

// ── The header ──────────────────────────────────────────────────────────────────────────────────────────────────

namespace {

// A long text as literals side by side, none of them too long for a compiler.
std::string literals(std::string const& text, std::string (*quote)(std::string_view)) {
    constexpr std::size_t piece = 4000;
    std::string result;
    for (std::size_t at = 0; at < text.size(); at += piece)
        result += "\n        " + quote(std::string_view(text).substr(at, piece));
    return text.empty() ? " \"\"" : result;
}

template <class Rows>
std::string table(std::string_view type, std::string_view name, Rows const& rows) {
    if (rows.empty())
        return "    static constexpr std::span<" + std::string(type) + " const> " + std::string(name) + "{};\n";
    std::string code = "    static constexpr " + std::string(type) + " " + std::string(name) + "[] = {\n";
    for (auto const& row : rows) code += "        " + row + ",\n";
    return code + "    };\n";
}

} // namespace

template <class Names>
std::vector<std::string> Generator::all_quoted(Names const& names) {
    std::vector<std::string> result;
    for (auto const& name : names) result.push_back(quoted(name));
    return result;
}

std::string Generator::assembled() const {
    std::vector<std::string> functions;
    std::string parameters;
    for (auto const& row : functions_) {
        std::string names = "{}";
        if (!row.parameters.empty()) {
            names = "parameters_" + row.symbol;
            parameters += "    static constexpr std::string_view " + names + "[] = {";
            for (auto const& parameter : row.parameters) parameters += quoted(parameter) + ", ";
            parameters += "};\n";
        }
        auto flag = [](bool value) { return value ? "true" : "false"; };
        functions.push_back("{jinja::Function::Kind::" + row.kind + ", " + quoted(row.kind == "Body" ? "" : row.name) +
                            ", &enter<&" + symbol_ + "::" + row.symbol + "<Dynamic>, Dynamic>, {" +
                            std::to_string(row.position.line) + ", " + std::to_string(row.position.offset) + "}, " +
                            std::to_string(row.registers) + ", " + flag(row.has_closures) + ", " +
                            (names == "{}" ? names : symbol_ + "::" + names) + ", " + std::to_string(row.caller) +
                            ", " + std::to_string(row.kwargs) + ", " + std::to_string(row.varargs) + ", " +
                            flag(row.explicit_caller) + "}");
    }
    // What a template sets and does not use is not worth a warning.
    std::string code = "#pragma GCC diagnostic push\n#pragma GCC diagnostic ignored \"-Wunused-variable\"\n"
                       "#pragma GCC diagnostic ignored \"-Wunused-but-set-variable\"\n"
                       "";
    for (auto const row : direct_) code += "struct direct_" + symbol_ + "_" + std::to_string(row) + ";\n";
    code += "struct " + symbol_ + " {\n";
    code += "    static constexpr std::string_view name = " + quoted(source_.name) + ";\n";
    code += "    static constexpr std::string_view source{" + literals(source_.text, &Generator::quoted) + ", " +
            std::to_string(source_.text.size()) + "};\n";
    code += "    static constexpr char text[] =" + literals(text_, &Generator::quoted) + "\n        " +
            quoted(std::string(32, '\0')) + ";\n";
    bool const typed_parent = uses_.contains(parent_);
    code += "    using parent = " + (typed_parent ? symbol_of(parent_) : "void") + ";\n";
    code += table("std::string_view", "sets", all_quoted(sets_));
    code += "    static constexpr bool open = " + std::string(has_extends_ && !typed_parent ? "true" : "false") + ";\n";
    code += table("jinja::SiteSpec", "sites", sites_);
    code += functions_code_;
    code += parameters;
    code += table("std::string_view", "evaluated", all_quoted(folder_.evaluated()));
    code += table("jinja::BlockSpec", "blocks", block_rows_);
    code += "    template <class C>\n    static jinja::NativeFunction typed(jinja::NativeFunction function) {\n";
    for (auto const& row : functions_)
        if (row.kind == "Body" || row.kind == "Block")
            code += "        if (function == &enter<&" + symbol_ + "::" + row.symbol +
                    "<Dynamic>, Dynamic>) return &enter<&" + symbol_ + "::" + row.symbol + "<C>, C>;\n";
    code += "        return nullptr;\n    }\n};\n";
    code += "inline constexpr jinja::FunctionSpec functions_" + symbol_ + "[] = {\n";
    for (auto const& row : functions) code += "    " + row + ",\n";
    code += "};\n";
    code += "inline constexpr jinja::TemplateSpec spec_" + symbol_ + "{" + symbol_ + "::name, " + symbol_ +
            "::source, " + quoted(jinja::native_settings(environment_.options)) + ", " +
            (template_autoescape_ ? "true" : "false") + ", " + quoted(parent_) + ", " +
            (has_extends_ ? "true" : "false") + ", " + symbol_ + "::sites, functions_" + symbol_ + ", " + symbol_ +
            "::blocks, " + symbol_ + "::evaluated, " + std::to_string(body_row_) + ", " + std::to_string(setup_row_) +
            ", " + std::to_string(links_.size()) + "};\n" + module_code() + "#pragma GCC diagnostic pop\n";
    return code;
}

} // namespace hxx::compiled
