// Which variable a name means: the scopes of a template and what each does on entry (Jinja2's rules).
#pragma once

#include "hxx/jinja/ast.hpp"

#include <map>
#include <set>
#include <span>

namespace hxx::jinja {

/// One variable of one scope.
struct Variable {
    std::string_view name;
    std::int32_t function = 0; // which function's registers it lives in
    std::int32_t reg = -1;
};

/// How a variable gets its value when its scope is entered.
struct Load {
    enum class Action : unsigned char { Parameter, Resolve, Alias, Undefined };
    Action action = Action::Undefined;
    Variable* source = nullptr; // Alias: the outer variable
};

class Symbols {
  public:
    /// `arena` owns the variables of all scopes.
    Symbols(Symbols* parent, std::deque<Variable>& arena)
        : parent_(parent), arena_(&arena), scope_(std::make_shared<Scope>()) {}

    /// Looks at a node's own scope: a loop's body, a macro, a block …
    enum class Branch : unsigned char { Body, Else, Test };
    void analyze(ast::Node const& node, Branch branch = Branch::Body);
    void analyze_template(ast::Body const& body);

    Variable* declare_parameter(std::string_view name);
    void store(std::string_view name);
    void load(std::string_view name);
    [[nodiscard]] Variable* find(std::string_view name) const;
    [[nodiscard]] Load const* find_load(Variable* variable) const;
    /// Is it looked up in the context when its scope, or the one it is from, is entered?
    [[nodiscard]] bool comes_from_context(Variable* variable) const;
    [[nodiscard]] bool stored(std::string_view name) const { return stores_.contains(name); }
    [[nodiscard]] std::map<Variable*, Load> const& loads() const noexcept { return loads_; }
    [[nodiscard]] std::map<std::string_view, Variable*> const& refs() const noexcept { return refs_; }
    /// Every name that was stored here or outside, with the variable that it means here.
    [[nodiscard]] std::map<std::string_view, Variable*> visible_stores() const;

  private:
    // Variables are the same in all branches of a scope.
    struct Scope {
        std::map<std::string_view, Variable*> variables;
    };

    void visit(ast::Node const& node);
    void visit_children(ast::Node const& node);
    void visit_all(ast::Body const& body);
    void visit_target(ast::Node const& target);
    /// What a branch of an if adds to the scope that it is in.
    [[nodiscard]] static Symbols branch_of(Symbols const& scope) {
        Symbols branch(scope.parent_, *scope.arena_);
        branch.scope_ = scope.scope_;
        branch.before_ = &scope;
        return branch;
    }
    [[nodiscard]] Symbols const* outer() const noexcept { return before_ ? before_ : parent_; }
    [[nodiscard]] bool stored_so_far(std::string_view name) const;
    void merge_branches(std::span<Symbols const> branches);
    Variable* define(std::string_view name, Load load);

    Symbols* parent_;
    Symbols const* before_ = nullptr; // of a branch: the scope so far
    std::deque<Variable>* arena_;
    std::shared_ptr<Scope> scope_;
    std::map<std::string_view, Variable*> refs_;
    std::map<Variable*, Load> loads_;
    std::set<std::string_view> stores_;
};

/// Those of `names` that are read in `body` before they are assigned there (blocks are not looked into).
[[nodiscard]] std::set<std::string_view> find_undeclared(ast::Body const& body, std::set<std::string_view> names);

} // namespace hxx::jinja
