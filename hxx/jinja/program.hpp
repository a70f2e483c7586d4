// The compact form of a compiled template: instructions over registers, one Function for the template's body, each
// block, macro and recursive loop. Shared by all threads and never changed, but for inline caches.
#pragma once

#include "hxx/jinja/ast.hpp"
#include "hxx/jinja/environment.hpp"
#include "hxx/jinja/methods.hpp"

#include <atomic>
#include <span>

namespace hxx::jinja {

class Activation;
class RenderContext;
class State;
struct Function;
struct Member;

/// A template's own text, behind which at least 32 bytes may be read: short pieces are copied as wide ones.
struct Piece {
    char const* data = nullptr; // null: nothing at all
    std::size_t size = 0;
};

/// Operands named R are a register (>= 0) or a constant (~index); plain ones are as the comment says.
enum class Op : std::uint8_t {
    Text,        // write text pool [a, a + b)
    Emit,        // write text piece c, R a, and text piece count; flag: Escape
    EmitAttr,    // the same with attribute b (name) of R a
    Move,        // register a = R b
    SetMissing,  // register a = undefined variable b (name)
    Copy,        // register a = a fresh copy of the container in R b
    LoadUp,      // register a = register c of the enclosing function b levels up
    GetAttr,     // register a = attribute c (name) of R b
    GetSafeAttr, // the same by the sandbox's rules
    GetItem,     // register a = R b [ R c ]
    GetSlice,    // register a = R b [ registers c, c + 1, c + 2 ]
    Add,         // register a = R b op R c
    Sub,
    Mul,
    Div,
    FloorDiv,
    Mod,
    Pow,
    Eq,
    Ne,
    Lt,
    LtEq,
    Gt,
    GtEq,
    In,
    NotIn,
    Not, // register a = op R b
    Neg,
    Pos,
    Concat,   // register a = registers b … b + c - 1 joined; flag: Escape
    MakeList, // register a = list of registers b … b + c - 1
    MakeTuple,
    MakeDict,    // … keys and values in turn
    Jump,        // to b
    JumpIfFalse, // to b unless R a
    JumpIfTrue,
    JumpIfGiven,  // to b unless register a is missing: a parameter that was given
    ParamMissing, // register a = "parameter was not provided", name b
    NoElse,       // register a = undefined: an inline if without else
    Call,         // R b called, call site count, arguments from register c; result to a or, by flag, written
    CallMethod,   // attribute of R b called, likewise
    Filter, // register a = filter of registers c …, call site count; with flag Write: text piece b and the result are
            // written
    Test,   // register a = test of registers c …, call site count
    LoopStart,      // loop slot a over R b; c: register of the loop object or -1; flag 1: recursive
    LoopNext,       // register b = next item of loop slot a, or to c
    LoopAgain,      // register b = next item of loop slot a and to c, or go on
    LoopDone,       // loop slot a has completed a round
    LoopElse,       // to b if loop slot a has completed a round
    LoopEnd,        // loop slot a is left
    LoopAttr,       // register a = attribute c (LoopAttribute) of loop slot b
    Append,         // append R b to the list in register a
    Unpack,         // registers b … b + c - 1 = items of R a
    CaptureStart,   // what is written from here on goes to …
    CaptureEnd,     // … register a, safe if autoescape is on (flag Escape: by the template, Dynamic: by the context)
    MarkIfEscaping, // register a = R b, as Markup if the context autoescapes
    PushEscaping,   // the context's autoescape = R a; the former one to register b
    PopEscaping,    // the context's autoescape = register a
    SetVariable,    // context variable b (name) = R a; flag: Export or Hide
    SetNamespace,   // attribute c (name) of the namespace in R a = R b
    CheckNamespace, // R a must be a namespace
    Include,        // R a, locals b; flag: IgnoreMissing, WithContext
    Import,         // register a = module R b, locals c; flag: WithContext
    ImportName,     // register a = attribute c (name) of the module in R b
    Extends,        // parent = R a
    JumpIfExtended, // to b if the template has a parent by now
    RunParent,      // render the parent, if there is one
    CallBlock,      // block a (name), locals b; flag: Scoped, Required
    Super,          // register a = super of block b (name)
    Self,           // register a = self
    MakeMacro,      // register a = macro of function b
    CallLoop,       // recursive loop of function a over R b, written
    Raise,          // TemplateRuntimeError of constant a
    Return
};

// Instruction flags.
inline constexpr std::uint8_t flag_escape = 1, flag_dynamic = 2, flag_write = 4; // writing
inline constexpr std::uint8_t flag_export = 1, flag_hide = 2;                    // SetVariable
inline constexpr std::uint8_t flag_ignore_missing = 1, flag_with_context = 2;    // Include, Import
inline constexpr std::uint8_t flag_scoped = 1, flag_required = 2;                // CallBlock
inline constexpr std::uint8_t flag_recursive = 1;                                // LoopStart

enum class LoopAttribute : std::uint8_t {
    Index,
    Index0,
    RevIndex,
    RevIndex0,
    First,
    Last,
    Length,
    Depth,
    Depth0,
    PrevItem,
    NextItem
};
/// False for what is no plain attribute of loop (cycle and changed are called).
bool find_loop_attribute(std::string_view name, LoopAttribute& out) noexcept;

struct Instruction {
    Op op;
    std::uint8_t flag = 0;
    std::uint16_t count = 0;
    std::int32_t a = 0, b = 0, c = 0;
};

/// A filter or test of an environment: built in or a C++ callable.
struct Builtin {
    using Function = Value (*)(State& state, Args const& args);
    /// Writes the result at once; asked for only if the writing escapes exactly when the context does.
    using Writer = void (*)(State& state, Args const& args, bool escape);
    Function function = nullptr;
    Writer write = nullptr;
    Value callable{};
    bool pure = false; // may be evaluated while compiling

    Value call(State& state, Args const& args) const;
};

/// The shape of a call's arguments, which lie in registers in this order.
struct CallSite {
    std::uint16_t positional = 0;
    std::vector<std::string_view> keywords;
    bool star = false, double_star = false, caller = false;
    std::string_view name;              // of a method, filter or test
    MethodSet const* methods = nullptr; // of a method
    Builtin const* builtin = nullptr;   // of a filter or test
    [[nodiscard]] bool plain() const noexcept { return keywords.empty() && !star && !double_star && !caller; }
};

/// Variables that an include or scoped block sees beside the context: name and where it is.
struct Local {
    std::string_view name;
    std::int32_t up = 0; // enclosing functions between
    std::int32_t reg = 0;
};

/// What a function that is C++ is called with.
struct NativeCall {
    State& state;
    RenderContext& context;
    Template::Compiled const& compiled;
    Function const& function;
    Value* registers;                 // parameters first, then what functions inside use
    Activation* own;                  // these registers, if functions inside use them
    Activation* parent;               // those of the enclosing function
    std::size_t depth;                // of a recursive loop
    void const* model;                // what a function that was compiled for a C++ context finds its variables in
    ast::Position at{};               // what a run-time error is attributed to
    std::string_view what = "called"; // what happens there, as an error with callers tells it
};
/// A function of a template that was compiled to C++, instead of instructions.
using NativeFunction = void (*)(NativeCall& call);
/// One that is compiled for a C++ context, and its model; the function's own where it is null.
struct NativeEntry {
    NativeFunction function = nullptr;
    void const* model = nullptr;
    /// Of what a recursive loop goes through; for another, the function's own is taken. Null: for any.
    TypeInfo const* items = nullptr;
};
/// A template compiled for contexts of one struct.
struct TypedSpec {
    TypeInfo const* type;
    /// What of it, or of a template that it extends, stands for a function that was compiled for any context; or null.
    NativeFunction (*typed)(NativeFunction function);
};

struct Function {
    enum class Kind : std::uint8_t { Body, Block, Macro, Loop };

    Kind kind = Kind::Body;
    std::string_view name; // empty for a call block's body
    ast::Position position;
    std::vector<Instruction> code;
    std::vector<ast::Position> positions;                 // one an instruction
    std::unique_ptr<std::atomic<Member const*>[]> caches; // one an instruction
    std::int32_t registers = 0;
    std::int32_t loops = 0;
    std::vector<std::pair<std::int32_t, std::uint32_t>> resolves; // register and name, looked up on entry
    bool needs_parent = false;                                    // uses variables of the enclosing function
    bool has_closures = false;                                    // a function inside uses variables of this one
    // Macro: parameters are the first registers
    std::vector<std::string_view> parameters;
    std::int32_t caller_register = -1, kwargs_register = -1, varargs_register = -1;
    bool explicit_caller = false;
    NativeFunction native = nullptr; // runs instead of the code
    /// Takes nothing but its parameters.
    [[nodiscard]] bool plain() const noexcept {
        return caller_register < 0 && kwargs_register < 0 && varargs_register < 0;
    }
};

/// What functions that were compiled for a C++ context run in place of those that were compiled for any.
struct TypedFunctions {
    NativeFunction (*typed)(NativeFunction) = nullptr;
    void const* model = nullptr;

    [[nodiscard]] NativeEntry operator()(Function const& function) const {
        auto const found = typed && function.native ? typed(function.native) : nullptr;
        return {found, found ? model : nullptr};
    }
};

/// A name that instructions refer to.
struct NameInfo {
    std::string_view text;
    MethodSet const* methods = nullptr; // if some kind of value has a method of that name
};

struct BlockInfo {
    std::string_view name;
    Function const* function;
    bool required, scoped;
    ast::Position position;
};

} // namespace hxx::jinja

/// What a template is compiled to.
struct hxx::jinja::Template::Compiled {
    std::string name;
    std::string original; // the source as it was loaded, to see whether it has changed
    std::string path;
    bool autoescape = true;
    ast::Tree tree;
    std::string text; // static output, with some bytes of slack at the end
    std::vector<std::pair<std::uint32_t, std::uint32_t>> pieces{{0, 0}}; // of the text: offset and size; 0 is empty
    std::vector<Value> constants;
    std::vector<NameInfo> names;
    std::vector<CallSite> sites;
    std::vector<std::vector<Local>> locals;
    std::vector<std::unique_ptr<Function>> functions;
    Function const* body = nullptr;
    Function const* setup = nullptr; // the body without output: what a block needs to run alone
    std::vector<BlockInfo> blocks;
    std::string_view parent; // the name in an extends at the top, if it is a constant
    bool has_extends = false;
    // Of a template that is C++
    std::span<TypedSpec const> typed;
    std::unique_ptr<std::atomic<Compiled const*>[]> linked; // templates that it calls macros of, found when they are
    mutable std::atomic<std::size_t> last_size{0};          // of the output, as a hint

    [[nodiscard]] Piece piece(std::int32_t index) const noexcept {
        auto const [offset, size] = pieces[static_cast<std::size_t>(index)];
        return {text.data() + offset, size};
    }
    [[nodiscard]] BlockInfo const* find_block(std::string_view block) const noexcept {
        for (auto const& info : blocks)
            if (info.name == block) return &info;
        return nullptr;
    }
};
