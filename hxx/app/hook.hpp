// A function that an app keeps to call it at its start or stop. For app.hpp.
#pragma once

#include "hxx/async/coroutine_types.hpp"

#include <memory>
#include <type_traits>
#include <utility>

namespace hxx::app_detail {

template <class Argument>
class Hook {
  public:
    virtual ~Hook() = default;
    virtual void call(Argument argument) = 0;
};

/// Runs it to its end on a loop of its own. Throws std::logic_error on an event loop's thread.
void wait_for(Task<void> task);

template <class Argument, class Function>
class HookOf final : public Hook<Argument> {
    static constexpr bool takes_argument = std::is_invocable_v<Function&, Argument>;
    static_assert(takes_argument || std::is_invocable_v<Function&>,
                  "hxx: a hook of on_start takes an App& or nothing, one of on_stop a Stopping const& or nothing");

  public:
    explicit HookOf(Function&& function) : function_(std::move(function)) {}
    void call(Argument argument) override {
        if constexpr (is_task_v<decltype(invoke(argument))>)
            wait_for(invoke(argument));
        else
            invoke(argument);
    }

  private:
    decltype(auto) invoke([[maybe_unused]] Argument argument) {
        if constexpr (takes_argument)
            return function_(argument);
        else
            return function_();
    }
    Function function_;
};

template <class Argument, class Function>
std::unique_ptr<Hook<Argument>> make_hook(Function function) {
    return std::make_unique<HookOf<Argument, Function>>(std::move(function));
}

} // namespace hxx::app_detail
