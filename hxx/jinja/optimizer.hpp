// Constant folding: expressions over constants are computed while compiling; what fails is left to run time.
#pragma once

#include "hxx/jinja/ast.hpp"
#include "hxx/jinja/environment_impl.hpp"

#include <optional>
#include <set>

namespace hxx::jinja {

class Folder {
  public:
    /// New nodes are the tree's.
    Folder(Environment::Impl const& environment, ast::Tree& tree) : environment_(environment), tree_(tree) {}

    /// The expression, or a Const in its place. `autoescape`: does the template escape there? `known`: is that known
    /// while compiling?
    [[nodiscard]] ast::Expr* fold(ast::Expr* node, bool autoescape, bool known);
    /// The filters and tests that were evaluated.
    [[nodiscard]] std::set<std::string_view> const& evaluated() const noexcept { return evaluated_; }

  private:
    ast::Expr* fold(ast::Expr* node);
    std::optional<Value> fold_value(ast::Expr& node);
    std::optional<Value> fold_applied(Builtin const* builtin, std::string_view name, ast::Expr* subject,
                                      ast::Arguments const& arguments);

    Environment::Impl const& environment_;
    ast::Tree& tree_;
    bool autoescape_ = true;
    bool known_ = true;
    std::set<std::string_view> evaluated_;
};

} // namespace hxx::jinja
