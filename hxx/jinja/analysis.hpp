// What the compiler and the generator of C++ both ask of a syntax tree.
#pragma once

#include "hxx/jinja/ast.hpp"

namespace hxx::jinja {

/// Does it do anything but write? Blocks are left out: they run on their own.
[[nodiscard]] bool has_effects(ast::Node const& node);
/// Is `loop` used in it as a value, rather than for an attribute that the loop itself gives?
[[nodiscard]] bool needs_loop_object(ast::Node const& node);

} // namespace hxx::jinja
