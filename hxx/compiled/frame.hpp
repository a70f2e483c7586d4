// Frame: what a function of a compiled template runs with. Dynamic is that of a context whose variables are Values.
#pragma once

#include "hxx/base/fixed_string.hpp"
#include "hxx/jinja/native.hpp"

namespace hxx::compiled {

using jinja::Binding;
using jinja::Native;
using jinja::Value;
using jinja::ast::BinaryOp;
using jinja::ast::CompareOp;

struct Dynamic {
    jinja::NativeCall& call;
    jinja::Output& out;

    /// What follows is the template's at this line and offset: where a run-time error is reported.
    void at(std::uint32_t line, std::uint32_t offset) noexcept { call.at = {line, offset}; }
    [[nodiscard]] Value& registers(std::size_t index) noexcept { return call.registers[index]; }
    /// A variable of an enclosing function, so many levels up.
    [[nodiscard]] Value& up(int levels, std::size_t index) noexcept {
        auto* activation = call.parent;
        for (; levels > 1; --levels) activation = activation->parent.get();
        return activation->registers[index];
    }
};

/// The function of a compiled template that runs with a Dynamic, as the engine calls it.
template <auto function>
void enter(jinja::NativeCall& call) {
    Dynamic c{call, Native::output(call)};
    function(c);
}

// A step that other functions run in: what it is called in an error's list of callers.
class Doing {
  public:
    Doing(jinja::NativeCall& call, std::string_view what) noexcept : call_(call), former_(call.what) {
        call.what = what;
    }
    void done() noexcept { call_.what = former_; }

  private:
    jinja::NativeCall& call_;
    std::string_view former_;
};

} // namespace hxx::compiled
