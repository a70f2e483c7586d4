// BackgroundTasks: work that runs after the response has been sent, in the order it was added.
//
//     Task<Response> sign_up(Form<SignUp> form, BackgroundTasks& tasks, View view) {
//         tasks.add("welcome mail", [address = form->email.get()]() -> Task<void> { co_await send_mail(address); });
//         co_return view("welcome.html");
//     }
//
// A task owns what it needs: the request and its dependencies are gone when it runs. One that fails is logged with its
// name and does not stop the others. A graceful stop waits for all of them. They do not run when the handler threw.
#pragma once

#include "hxx/async/task.hpp"

#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace hxx {

class BackgroundTasks {
  public:
    /// A coroutine runs on the request's loop; a plain function may block and runs on the blocking pool.
    template <class Callable>
    void add(std::string_view name, Callable callable) {
        static_assert(std::is_invocable_v<Callable&>,
                      "hxx: a background task takes no arguments: capture what it needs");
        tasks_.push_back(std::make_unique<CallableTask<Callable>>(name, std::move(callable)));
    }
    [[nodiscard]] bool empty() const noexcept { return tasks_.empty(); }

    /// Runs all tasks, one after the other.
    static Task<void> run(BackgroundTasks tasks);

  private:
    struct Job {
        explicit Job(std::string_view task_name) : name(task_name) {}
        virtual ~Job() = default;
        virtual Task<void> run() = 0;
        std::string name;
    };
    /// Runs a function that may block on the blocking pool.
    static Task<void> run_blocking(void (*call)(void*), void* callable);

    template <class Callable>
    struct CallableTask final : Job {
        CallableTask(std::string_view task_name, Callable&& task) : Job(task_name), callable(std::move(task)) {}
        Task<void> run() override {
            if constexpr (is_task_v<std::invoke_result_t<Callable&>>)
                co_await callable();
            else
                co_await run_blocking([](void* it) { (*static_cast<Callable*>(it))(); }, &callable);
        }
        Callable callable;
    };
    std::vector<std::unique_ptr<Job>> tasks_;
};

} // namespace hxx
