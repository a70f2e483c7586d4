// The syntax tree of a template. Nodes live in a Tree and refer to each other by plain pointers; text is a view of the
// source (or of Tree::texts).
#pragma once

#include "hxx/jinja/value.hpp"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <memory>

namespace hxx::jinja::ast {

struct Position {
    std::uint32_t line = 1;
    std::uint32_t offset = 0;
};

enum class NodeKind : unsigned char {
    // expressions
    Const,
    TemplateData,
    Name,
    NamespaceRef,
    Tuple,
    List,
    Dict,
    Unary,
    Binary,
    Logical,
    Compare,
    Concat,
    Conditional,
    Getattr,
    Getitem,
    Slice,
    Call,
    Filter,
    Test,
    // statements
    Output,
    For,
    If,
    Macro,
    CallBlock,
    FilterBlock,
    With,
    Block,
    Extends,
    Include,
    Import,
    FromImport,
    Assign,
    AssignBlock,
    ExprStatement,
    Autoescape,
    Break,
    Continue
};

struct Node {
    NodeKind kind;
    Position position;

    Node(NodeKind k, Position p) noexcept : kind(k), position(p) {}
    virtual ~Node() = default;
    template <class T>
    [[nodiscard]] T& as() noexcept {
        return static_cast<T&>(*this);
    }
    template <class T>
    [[nodiscard]] T const& as() const noexcept {
        return static_cast<T const&>(*this);
    }
};

struct Expr : Node {
    std::uint32_t depth = 1; // levels of expressions below and with this one
    using Node::Node;
};
using Stmt = Node;
using Body = std::vector<Stmt*>;

// ── Expressions ─────────────────────────────────────────────────────────────────────────────────────────────────

struct Const : Expr {
    Value value;
    Const(Position p, Value v) : Expr(NodeKind::Const, p), value(std::move(v)) {}
};
struct TemplateData : Expr {
    std::string_view text;
    TemplateData(Position p, std::string_view t) : Expr(NodeKind::TemplateData, p), text(t) {}
};
enum class Use : unsigned char { Load, Store, Param };
struct Name : Expr {
    std::string_view name;
    Use use = Use::Load;
    Name(Position p, std::string_view n, Use u = Use::Load) : Expr(NodeKind::Name, p), name(n), use(u) {}
};
/// ns.attribute as the target of a set.
struct NamespaceRef : Expr {
    std::string_view name, attribute;
    NamespaceRef(Position p, std::string_view n, std::string_view a)
        : Expr(NodeKind::NamespaceRef, p), name(n), attribute(a) {}
};
struct Tuple : Expr {
    std::vector<Expr*> items;
    Tuple(Position p, std::vector<Expr*> i) : Expr(NodeKind::Tuple, p), items(std::move(i)) {}
};
struct List : Expr {
    std::vector<Expr*> items;
    List(Position p, std::vector<Expr*> i) : Expr(NodeKind::List, p), items(std::move(i)) {}
};
struct Dict : Expr {
    std::vector<std::pair<Expr*, Expr*>> items;
    Dict(Position p, std::vector<std::pair<Expr*, Expr*>> i) : Expr(NodeKind::Dict, p), items(std::move(i)) {}
};
enum class UnaryOp : unsigned char { Not, Neg, Pos };
struct Unary : Expr {
    UnaryOp op;
    Expr* operand;
    Unary(Position p, UnaryOp o, Expr* e) : Expr(NodeKind::Unary, p), op(o), operand(e) {}
};
enum class BinaryOp : unsigned char { Add, Sub, Mul, Div, FloorDiv, Mod, Pow };
struct Binary : Expr {
    BinaryOp op;
    Expr *left, *right;
    Binary(Position p, BinaryOp o, Expr* l, Expr* r) : Expr(NodeKind::Binary, p), op(o), left(l), right(r) {}
};
struct Logical : Expr {
    bool conjunction; // and; else or
    Expr *left, *right;
    Logical(Position p, bool c, Expr* l, Expr* r) : Expr(NodeKind::Logical, p), conjunction(c), left(l), right(r) {}
};
enum class CompareOp : unsigned char { Eq, Ne, Lt, LtEq, Gt, GtEq, In, NotIn };
struct Compare : Expr {
    Expr* first;
    std::vector<std::pair<CompareOp, Expr*>> rest;
    Compare(Position p, Expr* f, std::vector<std::pair<CompareOp, Expr*>> r)
        : Expr(NodeKind::Compare, p), first(f), rest(std::move(r)) {}
};
struct Concat : Expr {
    std::vector<Expr*> parts;
    Concat(Position p, std::vector<Expr*> e) : Expr(NodeKind::Concat, p), parts(std::move(e)) {}
};
struct Conditional : Expr {
    Expr *test, *yes, *no; // no: null without else
    Conditional(Position p, Expr* t, Expr* y, Expr* n) : Expr(NodeKind::Conditional, p), test(t), yes(y), no(n) {}
};
struct Getattr : Expr {
    Expr* object;
    std::string_view name;
    Getattr(Position p, Expr* o, std::string_view n) : Expr(NodeKind::Getattr, p), object(o), name(n) {}
};
struct Getitem : Expr {
    Expr *object, *key;
    Getitem(Position p, Expr* o, Expr* k) : Expr(NodeKind::Getitem, p), object(o), key(k) {}
};
struct Slice : Expr {
    Expr *start, *stop, *step; // each may be null
    Slice(Position p, Expr* a, Expr* b, Expr* c) : Expr(NodeKind::Slice, p), start(a), stop(b), step(c) {}
};
struct Arguments {
    std::vector<Expr*> positional;
    std::vector<std::pair<std::string_view, Expr*>> keywords;
    Expr* star = nullptr;        // *args
    Expr* double_star = nullptr; // **kwargs
};
struct Call : Expr {
    Expr* callee;
    Arguments arguments;
    Call(Position p, Expr* c, Arguments a) : Expr(NodeKind::Call, p), callee(c), arguments(std::move(a)) {}
};
struct Filter : Expr {
    Expr* subject; // null: the text of a filter block or block set
    std::string_view name;
    Arguments arguments;
    Filter(Position p, Expr* s, std::string_view n, Arguments a)
        : Expr(NodeKind::Filter, p), subject(s), name(n), arguments(std::move(a)) {}
};
struct Test : Expr {
    Expr* subject;
    std::string_view name;
    Arguments arguments;
    Test(Position p, Expr* s, std::string_view n, Arguments a)
        : Expr(NodeKind::Test, p), subject(s), name(n), arguments(std::move(a)) {}
};

// ── Statements ──────────────────────────────────────────────────────────────────────────────────────────────────

/// Text and {{ }} without a statement between them.
struct Output : Stmt {
    std::vector<Expr*> parts;
    explicit Output(Position p) : Stmt(NodeKind::Output, p) {}
};
struct For : Stmt {
    Expr *target = nullptr, *iterable = nullptr;
    Body body, otherwise;
    Expr* test = nullptr;
    bool recursive = false;
    explicit For(Position p) : Stmt(NodeKind::For, p) {}
};
struct If : Stmt {
    Expr* test = nullptr;
    Body body;
    std::vector<If*> elifs; // only test and body of these are used
    Body otherwise;
    explicit If(Position p) : Stmt(NodeKind::If, p) {}
};
struct Signature {
    std::vector<Name*> parameters;
    std::vector<Expr*> defaults; // of the last parameters
};
struct Macro : Stmt {
    std::string_view name;
    Signature signature;
    Body body;
    explicit Macro(Position p) : Stmt(NodeKind::Macro, p) {}
};
struct CallBlock : Stmt {
    Call* call = nullptr;
    Signature signature;
    Body body;
    explicit CallBlock(Position p) : Stmt(NodeKind::CallBlock, p) {}
};
struct FilterBlock : Stmt {
    Body body;
    Filter* filter = nullptr;
    explicit FilterBlock(Position p) : Stmt(NodeKind::FilterBlock, p) {}
};
struct With : Stmt {
    std::vector<Expr*> targets, values;
    Body body;
    explicit With(Position p) : Stmt(NodeKind::With, p) {}
};
struct Block : Stmt {
    std::string_view name;
    Body body;
    bool scoped = false, required = false;
    explicit Block(Position p) : Stmt(NodeKind::Block, p) {}
};
struct Extends : Stmt {
    Expr* source = nullptr;
    explicit Extends(Position p) : Stmt(NodeKind::Extends, p) {}
};
struct Include : Stmt {
    Expr* source = nullptr;
    bool with_context = true, ignore_missing = false;
    explicit Include(Position p) : Stmt(NodeKind::Include, p) {}
};
struct Import : Stmt {
    Expr* source = nullptr;
    std::string_view target;
    bool with_context = false;
    explicit Import(Position p) : Stmt(NodeKind::Import, p) {}
};
struct FromImport : Stmt {
    Expr* source = nullptr;
    std::vector<std::pair<std::string_view, std::string_view>> names; // exported name and name here
    bool with_context = false;
    explicit FromImport(Position p) : Stmt(NodeKind::FromImport, p) {}
};
struct Assign : Stmt {
    Expr *target = nullptr, *value = nullptr;
    explicit Assign(Position p) : Stmt(NodeKind::Assign, p) {}
};
struct AssignBlock : Stmt {
    Expr* target = nullptr;
    Filter* filter = nullptr;
    Body body;
    explicit AssignBlock(Position p) : Stmt(NodeKind::AssignBlock, p) {}
};
struct ExprStatement : Stmt {
    Expr* value = nullptr;
    explicit ExprStatement(Position p) : Stmt(NodeKind::ExprStatement, p) {}
};
struct Autoescape : Stmt {
    Expr* mode = nullptr;
    Body body;
    explicit Autoescape(Position p) : Stmt(NodeKind::Autoescape, p) {}
};
struct Break : Stmt {
    explicit Break(Position p) : Stmt(NodeKind::Break, p) {}
};
struct Continue : Stmt {
    explicit Continue(Position p) : Stmt(NodeKind::Continue, p) {}
};

/// Owns the nodes of one template and the texts that they refer to.
struct Tree {
    Body body;
    std::string source; // normalised
    std::deque<std::string> texts;
    std::vector<std::unique_ptr<Node>> nodes;

    template <class T, class... A>
    T* make(A&&... arguments) {
        auto node = std::make_unique<T>(std::forward<A>(arguments)...);
        T* result = node.get();
        nodes.push_back(std::move(node));
        return result;
    }
};

// ── Walking ─────────────────────────────────────────────────────────────────────────────────────────────────────

template <class F>
void for_each_child(Arguments const& arguments, F&& f) {
    for (auto* item : arguments.positional) f(item);
    for (auto const& [name, item] : arguments.keywords) f(item);
    if (arguments.star) f(arguments.star);
    if (arguments.double_star) f(arguments.double_star);
}

/// Calls f(Node*) for each child, in the order in which Jinja2 visits them.
template <class F>
void for_each_child(Node const& node, F&& f) {
    auto one = [&f](Node* child) {
        if (child) f(child);
    };
    auto all = [&f](auto const& children) {
        for (auto* child : children) f(child);
    };
    switch (node.kind) {
    case NodeKind::Const:
    case NodeKind::TemplateData:
    case NodeKind::Name:
    case NodeKind::NamespaceRef:
    case NodeKind::Break:
    case NodeKind::Continue: break;
    case NodeKind::Tuple: all(node.as<Tuple>().items); break;
    case NodeKind::List: all(node.as<List>().items); break;
    case NodeKind::Dict:
        for (auto const& [key, value] : node.as<Dict>().items) {
            f(key);
            f(value);
        }
        break;
    case NodeKind::Unary: f(node.as<Unary>().operand); break;
    case NodeKind::Binary:
        f(node.as<Binary>().left);
        f(node.as<Binary>().right);
        break;
    case NodeKind::Logical:
        f(node.as<Logical>().left);
        f(node.as<Logical>().right);
        break;
    case NodeKind::Compare:
        f(node.as<Compare>().first);
        for (auto const& [op, operand] : node.as<Compare>().rest) f(operand);
        break;
    case NodeKind::Concat: all(node.as<Concat>().parts); break;
    case NodeKind::Conditional: {
        auto const& conditional = node.as<Conditional>();
        f(conditional.test);
        f(conditional.yes);
        one(conditional.no);
        break;
    }
    case NodeKind::Getattr: f(node.as<Getattr>().object); break;
    case NodeKind::Getitem:
        f(node.as<Getitem>().object);
        f(node.as<Getitem>().key);
        break;
    case NodeKind::Slice:
        one(node.as<Slice>().start);
        one(node.as<Slice>().stop);
        one(node.as<Slice>().step);
        break;
    case NodeKind::Call:
        f(node.as<Call>().callee);
        for_each_child(node.as<Call>().arguments, f);
        break;
    case NodeKind::Filter:
        one(node.as<Filter>().subject);
        for_each_child(node.as<Filter>().arguments, f);
        break;
    case NodeKind::Test:
        f(node.as<Test>().subject);
        for_each_child(node.as<Test>().arguments, f);
        break;
    case NodeKind::Output: all(node.as<Output>().parts); break;
    case NodeKind::For: {
        auto const& loop = node.as<For>();
        f(loop.target);
        f(loop.iterable);
        all(loop.body);
        all(loop.otherwise);
        one(loop.test);
        break;
    }
    case NodeKind::If: {
        auto const& branch = node.as<If>();
        f(branch.test);
        all(branch.body);
        all(branch.elifs);
        all(branch.otherwise);
        break;
    }
    case NodeKind::Macro:
        all(node.as<Macro>().signature.parameters);
        all(node.as<Macro>().signature.defaults);
        all(node.as<Macro>().body);
        break;
    case NodeKind::CallBlock:
        f(node.as<CallBlock>().call);
        all(node.as<CallBlock>().signature.parameters);
        all(node.as<CallBlock>().signature.defaults);
        all(node.as<CallBlock>().body);
        break;
    case NodeKind::FilterBlock:
        all(node.as<FilterBlock>().body);
        one(node.as<FilterBlock>().filter);
        break;
    case NodeKind::With:
        all(node.as<With>().targets);
        all(node.as<With>().values);
        all(node.as<With>().body);
        break;
    case NodeKind::Block: all(node.as<Block>().body); break;
    case NodeKind::Extends: f(node.as<Extends>().source); break;
    case NodeKind::Include: f(node.as<Include>().source); break;
    case NodeKind::Import: f(node.as<Import>().source); break;
    case NodeKind::FromImport: f(node.as<FromImport>().source); break;
    case NodeKind::Assign:
        f(node.as<Assign>().target);
        f(node.as<Assign>().value);
        break;
    case NodeKind::AssignBlock:
        f(node.as<AssignBlock>().target);
        one(node.as<AssignBlock>().filter);
        all(node.as<AssignBlock>().body);
        break;
    case NodeKind::ExprStatement: f(node.as<ExprStatement>().value); break;
    case NodeKind::Autoescape:
        f(node.as<Autoescape>().mode);
        all(node.as<Autoescape>().body);
        break;
    }
}

/// Calls f(Node&) for every node below `node`, parents first.
template <class F>
void for_each_node(Node const& node, F&& f) {
    for_each_child(node, [&f](Node* child) {
        f(*child);
        for_each_node(*child, f);
    });
}

/// Is test(Node const&) true for a node, or for one below it?
template <class F>
[[nodiscard]] bool any_node(Node const& node, F&& test) {
    if (test(node)) return true;
    bool found = false;
    for_each_child(node, [&](Node* child) { found = found || any_node(*child, test); });
    return found;
}

template <class F>
[[nodiscard]] bool any_node(Body const& body, F&& test) {
    return std::any_of(body.begin(), body.end(), [&](Stmt* statement) { return any_node(*statement, test); });
}

} // namespace hxx::jinja::ast
