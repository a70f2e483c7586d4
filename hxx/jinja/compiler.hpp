// Compiler: from the syntax tree to instructions.
#pragma once

#include "hxx/jinja/environment_impl.hpp"
#include "hxx/jinja/optimizer.hpp"
#include "hxx/jinja/program.hpp"
#include "hxx/jinja/symbols.hpp"

namespace hxx::jinja {

/// Parses and compiles compiled.tree.source; name and autoescape are set already.
void compile_template(Environment::Impl const& environment, Template::Compiled& compiled);

class Compiler {
  public:
    Compiler(Environment::Impl const& environment, Template::Compiled& compiled)
        : environment_(environment),
          compiled_(compiled),
          folder_(environment, compiled.tree),
          autoescape_(compiled.autoescape) {}
    void compile();
    /// Also notes where variables are read that the context must have.
    void compile(std::vector<ast::Name const*>& context_reads) {
        context_reads_ = &context_reads;
        compile();
    }

  private:
    using Operand = std::int32_t;

    /// What is known about the place of a statement.
    struct Frame {
        Symbols* symbols;
        bool toplevel = false;  // the template's body, with its ifs
        bool rootlevel = false; // not even in an if
        bool loop_frame = false, block_frame = false;
        bool output_check = false; // output stops once the template extends another
        bool buffered = false;     // output goes to a value
        bool soft = false;         // in an if: an unknown filter fails when it is reached
    };
    /// What break and continue have to undo, in order.
    struct Cleanup {
        enum class Kind : unsigned char { Capture, Escaping } kind;
        Operand reg = 0;
    };
    struct OpenLoop {
        std::int32_t slot;
        std::size_t next; // where the next round starts
        std::size_t cleanups;
        std::vector<std::size_t> breaks;
    };
    struct FunctionBuilder {
        Function* function;
        FunctionBuilder* parent;
        std::int32_t id;
        std::int32_t next_register = 0;
        std::map<std::string_view, std::int32_t> resolved{}; // names that are looked up on entry
        std::int32_t open_loops = 0;
        std::vector<OpenLoop> loops{};
        std::vector<Cleanup> cleanups{};
        std::map<Variable*, std::int32_t> loop_slots{}; // loop variables whose attributes are read directly
    };
    struct MacroParts {
        ast::Signature const& signature;
        ast::Body const& body;
        std::string_view name;
    };

    // Functions and scopes: compiler.cpp
    void compile_blocks();
    Function const* compile_body(bool setup);
    Function* begin_function(FunctionBuilder& builder, Function::Kind kind, std::string_view name,
                             ast::Position position);
    void end_function(FunctionBuilder& builder);
    Symbols* new_symbols(Symbols* parent);
    Frame inner(Frame const& frame);
    void assign_registers(Frame& frame);
    void enter(Frame& frame);
    std::int32_t name_index(std::string_view name);
    std::int32_t name_slot(std::string_view name);
    std::int32_t locals_table(Frame const& frame);
    std::int32_t compile_macro(ast::Node const& node, MacroParts const& parts, Frame& frame);
    void compile_macro_parameters(MacroParts const& parts, Frame& frame);

    // Instructions: compiler.cpp
    std::size_t emit(Op op, std::int32_t a = 0, std::int32_t b = 0, std::int32_t c = 0, std::uint8_t flag = 0,
                     std::uint16_t count = 0);
    [[nodiscard]] std::size_t here() const noexcept { return builder_->function->code.size(); }
    void patch(std::size_t jump) { patch(jump, here()); }
    void patch(std::size_t jump, std::size_t target);
    /// Patches a jump to here, so that the text written next starts anew.
    void land(std::size_t jump) {
        patch(jump);
        text_end_ = 0;
    }
    void patch_all(std::vector<std::size_t> const& jumps);
    Operand allocate();
    Operand allocate(std::size_t count);
    Operand constant(Value value);
    void at(ast::Position position) noexcept { statement_ = position; }
    [[nodiscard]] std::uint8_t escape_flag() const noexcept;
    [[noreturn]] void fail(std::string message, ast::Position position);
    [[noreturn]] void fail_unknown(std::string_view what, std::string_view name, std::string hint,
                                   ast::Position position);

    // Statements: compiler_statements.cpp
    void statements(ast::Body const& body, Frame& frame);
    void statement(ast::Stmt& node, Frame& frame);
    void output(ast::Output& node, Frame& frame);
    void write_text(std::string_view text);
    void write_rest(std::string& text);
    [[nodiscard]] bool append_constant(std::string& text, Value const& value) const;
    std::int32_t text_piece(std::string& text);
    void capture(ast::Body const& body, Frame& frame, Operand reg);
    void into(ast::Expr*& node, Frame& frame, Operand reg);
    void if_statement(ast::If& node, Frame& frame);
    void macro(ast::Macro& node, Frame& frame);
    void call_block(ast::CallBlock& node, Frame& frame);
    void filter_block(ast::FilterBlock& node, Frame& frame);
    void with(ast::With& node, Frame& frame);
    void block(ast::Block& node, Frame& frame);
    void extends(ast::Extends& node, Frame& frame);
    void include(ast::Include& node, Frame& frame);
    void import(ast::Import& node, Frame& frame);
    void from_import(ast::FromImport& node, Frame& frame);
    void assign_statement(ast::Assign& node, Frame& frame);
    void assign_block(ast::AssignBlock& node, Frame& frame);
    void autoescape(ast::Autoescape& node, Frame& frame);
    void assign(ast::Expr const& target, Operand value, Frame& frame);
    void export_names(ast::Expr const& target, Frame& frame);
    [[nodiscard]] bool writes_nothing(Frame const& frame) const noexcept { return setup_ && !frame.buffered; }

    // Loops: compiler_loops.cpp
    void for_loop(ast::For& node, Frame& frame);
    void loop(ast::For& node, Operand iterable, Frame& frame, bool recursive);
    void loop_test(ast::For& node, Operand item, Frame& outer, std::size_t next);
    Operand filtered_items(ast::For& node, Operand iterable, Frame& frame);
    void loop_else(ast::For& node, Frame& frame, std::int32_t slot);
    void break_or_continue(bool leave, ast::Position position);

    // Expressions: compiler_expressions.cpp
    Operand expression(ast::Expr*& node, Frame& frame, Operand want = no_register);
    Operand read_only(ast::Expr*& node, Frame& frame);
    Operand compile(ast::Expr& node, Frame& frame, Operand want);
    Operand place(Operand value, Operand want);
    Operand target(Operand want) { return want == no_register ? allocate() : want; }
    Operand variable(Variable* variable);
    Operand name(ast::Name const& node, Frame& frame, Operand want);
    Operand logical(ast::Logical& node, Frame& frame, Operand want);
    Operand comparison(ast::Compare& node, Frame& frame, Operand want);
    Operand conditional(ast::Conditional& node, Frame& frame, Operand want);
    Operand getattr(ast::Getattr& node, Frame& frame, Operand want);
    [[nodiscard]] bool is_loop_attribute(ast::Getattr const& node, Frame const& frame) const;
    Operand getitem(ast::Getitem& node, Frame& frame, Operand want);
    Operand sequence(Op op, std::vector<ast::Expr*> const& items, Frame& frame, Operand want, std::uint8_t flag = 0);
    Operand call(ast::Call& node, Frame& frame, Operand want, std::uint8_t flag = 0, Operand caller = no_register);
    Operand filter(ast::Filter& node, Frame& frame, Operand want, Operand subject = no_register);
    Operand test(ast::Test& node, Frame& frame, Operand want);
    Operand applied(Op op, CallSite site, ast::Arguments& arguments, Operand subject, ast::Expr* subject_node,
                    Frame& frame, Operand want, std::uint8_t flag = 0, std::int32_t piece = 0);
    void write_filter(ast::Filter& node, Frame& frame, std::string& text);
    void arguments(CallSite& site, ast::Arguments const& arguments, Operand first, Frame& frame);
    void branch(ast::Expr& node, Frame& frame, bool when, std::vector<std::size_t>& jumps);
    static std::size_t register_count(ast::Arguments const& arguments) noexcept;

    ast::Expr* fold(ast::Expr* node) { return folder_.fold(node, autoescape_, !volatile_); }

    static constexpr Operand no_register = std::int32_t(-0x7fffffff);
    static constexpr std::int32_t first_name_slot = 1 << 30; // moved behind the registers when a function ends

    Environment::Impl const& environment_;
    Template::Compiled& compiled_;
    Folder folder_;
    std::deque<Variable> variables_;
    std::deque<Symbols> scopes_;
    FunctionBuilder* builder_ = nullptr;
    std::int32_t functions_ = 0;
    std::map<std::string_view, std::int32_t> name_indexes_;
    ast::Position statement_{}; // what a run-time error is attributed to
    bool autoescape_;
    bool volatile_ = false; // autoescape is known at run time only
    bool setup_ = false;    // compiling the body without its output
    bool has_extends_ = false, has_known_extends_ = false;
    int extends_so_far_ = 0;
    ast::Position extends_position_{};
    std::vector<ast::Name const*>* context_reads_ = nullptr;
    bool exit_ = false;           // nothing after this statement can run
    std::size_t text_end_ = 0;    // where the last written text may be continued
    std::size_t last_output_ = 0; // behind the last value that this output writes
};

} // namespace hxx::jinja
