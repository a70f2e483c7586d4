// The generator's class, for its sources.
#pragma once

#include "hxx/compiled/generator.hpp"
#include "hxx/compiled/signatures.hpp"
#include "hxx/jinja/environment_impl.hpp"
#include "hxx/jinja/optimizer.hpp"
#include "hxx/jinja/program.hpp"
#include "hxx/jinja/symbols.hpp"

#include <map>
#include <set>

namespace hxx::compiled {

namespace ast = jinja::ast;
using jinja::Symbols;
using jinja::Value;
using jinja::Variable;

class Generator {
  public:
    Generator(jinja::Environment::Impl const& environment, Source source);
    [[nodiscard]] Generated run();

  private:
    /// An expression's result: an identifier or a literal. A temporary may be moved from.
    struct Operand {
        std::string code;
        bool temporary = false;
        bool doubted = false; // its type is asked for around here: nothing is certain
    };

    /// Where a condition asks for the type of something, {% if x is string %}, a part that is for other types is no
    /// mistake.
    class Doubt {
      public:
        Doubt(Generator& generator, ast::Node const& condition);
        Doubt(Doubt const&) = delete;
        Doubt& operator=(Doubt const&) = delete;
        ~Doubt();

      private:
        Generator& generator_;
        std::vector<std::string> paths_;
    };

    /// What is known about the place of a statement; as the interpreter's compiler has it.
    struct Frame {
        Symbols* symbols;
        bool toplevel = false, rootlevel = false;
        bool output_check = false; // output stops once the template extends another
        bool buffered = false;     // output goes to a value
        bool soft = false;         // in an if: an unknown filter fails when it is reached
    };

    struct FunctionCode {
        std::int32_t id;
        FunctionCode* parent;
        std::string code{};                              // of the function's body
        std::uint32_t next_line = 0;                     // of the template, as the compiler counts; 0: none
        std::map<std::string_view, std::string> names{}; // of the context, looked up on entry: their identifiers
        std::int32_t registers = 0;
        std::map<Variable*, std::string> loop_states{}; // of loops whose attributes are read directly
        bool has_closures = false;
        bool reads_outer = false; // variables of the functions around it
        bool call_body = false;
        std::vector<std::string> types{}; // T0, T1 …, in the terms of the function around it
    };

    /// A row of the table of functions.
    struct FunctionRow {
        std::string kind, name, symbol;
        ast::Position position;
        std::int32_t registers = 0;
        bool has_closures = false, explicit_caller = false;
        std::vector<std::string> parameters{};
        std::int32_t caller = -1, kwargs = -1, varargs = -1;
    };

    /// A macro that a call's callee is likely to be.
    struct Target {
        std::string symbol;                 // of its template
        DirectMacro const* macro = nullptr; // null: none
        std::string check{};                // code for: is it?
        std::string template_name{};
    };

    struct MacroParts {
        ast::Signature const& signature;
        ast::Body const& body;
        std::string_view name;
    };

    // The whole: generator.cpp
    void find_absent();
    void pass();
    void body(bool setup);
    void blocks();
    [[nodiscard]] std::string assembled() const;

    // Functions and scopes: generator_scopes.cpp
    std::size_t begin(FunctionCode& code, std::string kind, std::string_view name, ast::Position position);
    void end(FunctionCode& code, std::size_t row);
    Symbols* new_symbols(Symbols* parent);
    Frame inner(Frame const& frame);
    void enter(Frame& frame);
    [[nodiscard]] std::size_t index_of(Variable* variable);
    [[nodiscard]] std::string identifier(Variable* variable);
    [[nodiscard]] bool captured(Variable* variable) { return captured_.contains(index_of(variable)); }
    /// Code that reads the variable here; notes that it is captured if it is an enclosing function's.
    [[nodiscard]] std::string read(Variable* variable);
    [[nodiscard]] std::string read_outer(Variable* variable, std::string const& value);
    [[nodiscard]] std::string context_name(std::string_view name);
    /// Declares the variable with its first value, or assigns to it if it is declared.
    void store(Variable* variable, Operand const& value);
    void declare_parameter(Variable* variable, Operand const& value);
    /// In a register if functions inside use it.
    void declare_value(Variable* variable, std::string const& initial);
    [[nodiscard]] std::map<std::string_view, std::string> visible(Frame const& frame);
    [[nodiscard]] std::string locals(Frame const& frame);
    [[nodiscard]] std::string named_locals(Frame const& frame);
    std::size_t macro_function(ast::Node const& node, MacroParts const& parts, Frame& outer);
    void macro_parameters(MacroParts const& parts, Frame& frame, FunctionRow& row);
    void macro_defaults(MacroParts const& parts, Frame& frame);
    void direct_parameters(MacroParts const& parts, Frame& frame);
    [[nodiscard]] std::string direct_function(FunctionRow const& row, FunctionCode const& code) const;

    // Macros that are called as functions: generator_macros.cpp
    void find_imports();
    [[nodiscard]] std::optional<Module> module() const;
    [[nodiscard]] std::string module_code() const;
    [[nodiscard]] Module const* imported(ast::Expr const* source, bool with_context) const;
    [[nodiscard]] Target target(ast::Call const& call, Operand const& callee) const;
    /// The arguments in the order of the macro's parameters; nothing if the macro would refuse them.
    [[nodiscard]] std::optional<std::string> bound(DirectMacro const& macro, ast::Arguments const& arguments,
                                                   std::vector<Operand> const& values) const;
    [[nodiscard]] std::string link(std::string const& symbol);

    // Lines: generator.cpp
    void line(std::string_view code);
    void line(std::string_view code, std::uint32_t number);
    [[nodiscard]] std::string directive(std::uint32_t number) const;
    /// The next line is the template's line of that number; 0: no line's.
    void place(std::uint32_t number);
    void open(std::string_view code = {});
    void close(std::string_view code = {});
    /// From an if that is open to its else.
    void otherwise();
    /// The code behind it is the template's there.
    void at(ast::Position position) { statement_ = position; }
    /// A line of the template's own, at its place.
    void step(std::string_view code);
    [[nodiscard]] Operand temporary(std::string_view code);
    /// The compiler must find the condition true, else it says so there.
    void check(std::string const& condition, std::string const& literal, ast::Position position);
    void check_iterable(Operand const& iterable, ast::Expr const& node);
    [[nodiscard]] static std::string plain(Operand const& operand); // its type
    [[nodiscard]] static std::string seen_as(std::string const& code) { return "SeenAs<decltype(" + code + ")>"; }
    /// A function for a context's types, as an argument of a template.
    [[nodiscard]] std::string typed_function(std::size_t row, std::vector<std::string> const& types) const;
    [[nodiscard]] std::string fresh(std::string_view prefix) {
        return std::string(prefix) + std::to_string(++counter_);
    }
    [[nodiscard]] std::string escape() const { return volatile_ ? "dynamic" : autoescape_ ? "true" : "false"; }
    [[noreturn]] void fail(jinja::ErrorKind kind, std::string message, ast::Position position);

    // Statements: generator_statements.cpp
    void statements(ast::Body const& body, Frame& frame);
    void statement(ast::Stmt& node, Frame& frame);
    void output(ast::Output& node, Frame& frame);
    void write_text(std::string& text, std::uint32_t number);
    [[nodiscard]] std::string piece(std::string& text);
    void if_statement(ast::If& node, Frame& frame);
    void macro(ast::Macro& node, Frame& frame);
    /// Code that makes the macro.
    [[nodiscard]] std::string macro_object(std::size_t function);
    void call_block(ast::CallBlock& node, Frame& frame);
    void filter_block(ast::FilterBlock& node, Frame& frame);
    void with(ast::With& node, Frame& frame);
    void block(ast::Block& node, Frame& frame);
    void extends(ast::Extends& node, Frame& frame);
    void include(ast::Include& node, Frame& frame);
    Operand import_code(ast::Expr*& source, bool with_context, Frame& frame);
    void import(ast::Import& node, Frame& frame);
    void from_import(ast::FromImport& node, Frame& frame);
    void assign_statement(ast::Assign& node, Frame& frame);
    void assign_block(ast::AssignBlock& node, Frame& frame);
    void autoescape(ast::Autoescape& node, Frame& frame);
    void assign(ast::Expr const& target, Operand const& value, Frame& frame, bool parameter = false);
    void export_names(ast::Expr const& target, Frame& frame);
    void set_context(std::string_view name, std::string_view value, std::string_view flag);
    Operand capture(ast::Body const& body, Frame& frame);
    [[nodiscard]] bool append_constant(std::string& text, Value const& value) const;
    [[nodiscard]] bool writes_nothing(Frame const& frame) const noexcept { return setup_ && !frame.buffered; }

    // Loops: generator_loops.cpp
    void for_loop(ast::For& node, Frame& frame);
    void loop(ast::For& node, Operand iterable, Frame& frame, bool recursive);
    void loop_test(ast::For& node, Operand const& item, Frame& outer);
    Operand filtered_items(ast::For& node, Operand const& iterable, Frame& frame, bool recursive);
    Operand loop_item(std::string const& state, std::string const& items);

    // Expressions: generator_expressions.cpp
    Operand expression(ast::Expr*& node, Frame& frame);
    [[nodiscard]] ast::Expr* fold(ast::Expr* node);
    Operand compile(ast::Expr& node, Frame& frame);
    Operand compile_at(ast::Expr& node, Frame& frame);
    Operand constant(Value const& value);
    [[nodiscard]] std::string literal(Value const& value);
    Operand name(ast::Name const& node, Frame& frame);
    void check_variable(ast::Name const& node);
    Operand logical(ast::Logical& node, Frame& frame);
    Operand comparison(ast::Compare& node, Frame& frame);
    Operand conditional(ast::Conditional& node, Frame& frame);
    Operand getattr(ast::Getattr& node, Frame& frame);
    [[nodiscard]] std::string const* loop_attribute(ast::Getattr const& node, Frame const& frame);
    Operand getitem(ast::Getitem& node, Frame& frame);
    Operand sequence(std::string_view function, std::vector<ast::Expr*> const& items, Frame& frame);
    /// A bool that is the expression's truth.
    std::string condition(ast::Expr& node, Frame& frame);
    Operand call(ast::Call& node, Frame& frame, bool write = false, std::string_view caller = {});
    /// The arguments' code, and a row in the table of call sites.
    std::vector<Operand> arguments(ast::Arguments const& arguments, Frame& frame);
    std::size_t site(std::string_view kind, std::string_view name, ast::Arguments const& arguments, bool subject,
                     bool caller, bool soft);
    [[nodiscard]] static std::string passed(Operand const& operand);
    [[nodiscard]] static std::string path_of(ast::Node const& node); // "user.name"; empty for anything else
    [[nodiscard]] static std::string quoted(std::string_view text);
    template <class Names>
    [[nodiscard]] static std::vector<std::string> all_quoted(Names const& names);

    // Filters and tests: generator_filters.cpp
    /// One of them in the template.
    struct Applied {
        std::string_view kind, name; // "Filter" or "Test"
        ast::Arguments const& arguments;
        ast::Position position;
    };
    Operand filter(ast::Filter& node, Frame& frame, Operand const* subject = nullptr, bool write = false);
    Operand test(ast::Test& node, Frame& frame);
    Operand applied(std::string_view function, Applied const& node, Operand const& subject, Frame& frame, bool write);
    void check_applied(Applied const& node, Operand const& subject, std::vector<Operand> const& values,
                       Frame const& frame);
    void check_argument(Applied const& node, Parameter const& parameter, Operand const& value,
                        ast::Expr const* expression);
    void check_attribute(Applied const& node, ast::Expr const& argument, Operand const& subject, bool list);
    void check_special(Applied const& node, Operand const& subject, std::vector<Operand> const& values);
    void refuse_applied(Applied const& node, std::string const& mistake, std::string const& form,
                        ast::Position position);

    // Where a variable lives, in Variable::reg.
    static constexpr std::int32_t local = 1;  // in a C++ variable
    static constexpr std::int32_t shared = 2; // looked up in the context on entry, for the whole function

    jinja::Environment::Impl const& environment_;
    Source source_;
    std::string symbol_;
    bool template_autoescape_;
    ast::Tree tree_;
    jinja::Folder folder_;
    std::deque<Variable> variables_;
    std::deque<Symbols> scopes_;

    // What the last pass but one finds out, by the variables' numbers, for the last.
    bool second_ = false; // in the last
    std::set<std::size_t> captured_, read_early_;
    std::set<std::size_t> direct_;        // macros, by their rows, that use nothing but their parameters
    std::vector<DirectMacro> own_macros_; // those of them whose names are theirs alone
    std::map<std::string_view, std::pair<Module const*, std::string>> imported_macros_; // by the name here
    std::map<std::string_view, Module const*> imported_modules_;
    std::map<std::size_t, int> stores_;

    NameSet may_be_absent_; // variables that the template asks for with `is defined` or gives a default

    // A pass
    std::map<Variable*, std::size_t> indexes_;
    std::set<Variable*> declared_, assigned_;
    std::map<Variable*, std::int32_t> register_of_;
    std::map<Variable*, std::string> seen_;                    // loops' variables in registers: what they were made of
    std::map<std::size_t, std::vector<std::string>> types_of_; // call blocks' bodies, by their rows
    std::string functions_code_;
    std::vector<FunctionRow> functions_;
    std::map<ast::Node const*, std::size_t> macro_rows_;
    std::vector<std::string> sites_;
    std::vector<std::string> block_rows_;
    std::string text_;
    std::string parent_;
    std::set<std::string> sets_; // what blocks may find beside the context: set at the top, or given to a scoped one
    std::set<std::string> uses_;
    std::vector<std::string> links_; // symbols of the templates whose macros are called
    FunctionCode* code_ = nullptr;
    int indent_ = 2;
    std::vector<std::uint32_t> opened_{}; // the lines that open scopes began at
    int counter_ = 0;
    ast::Position statement_{};
    bool autoescape_ = true, volatile_ = false, setup_ = false;
    bool has_extends_ = false, has_known_extends_ = false;
    int extends_so_far_ = 0;
    ast::Position extends_position_{};
    bool exit_ = false;
    std::vector<std::string> loops_;     // states of the loops around
    std::multiset<std::string> doubted_; // paths
    std::size_t body_row_ = 0, setup_row_ = 0;
};

} // namespace hxx::compiled
