#include "hxx/web/exception_trap.hpp"

#include <utility>

namespace hxx {
namespace {

thread_local ExceptionTrap* innermost = nullptr;

} // namespace

ExceptionTrap::ExceptionTrap() noexcept : outer_(std::exchange(innermost, this)) {}
ExceptionTrap::~ExceptionTrap() { innermost = outer_; }

void ExceptionTrap::spring(std::exception_ptr const& error) noexcept {
    if (innermost != nullptr) innermost->caught_ = error;
}

} // namespace hxx
