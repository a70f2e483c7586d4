// Exits with 1 when the compiler destroys a braced aggregate twice that stands in an expression with co_await, as
// g++ 12 does, and with 0 when every object is destroyed once. docs/compilers.md tells what that means for a program.
#include <coroutine>
#include <exception>
#include <utility>

namespace {

int alive = 0;

struct Counted {
    Counted() noexcept { ++alive; }
    Counted(Counted const&) noexcept { ++alive; }
    Counted& operator=(Counted const&) noexcept = default;
    ~Counted() { --alive; }
};

struct Options {
    Counted name;
    int limit = 0;
};

class Task {
  public:
    struct promise_type {
        Task get_return_object() noexcept { return Task(std::coroutine_handle<promise_type>::from_promise(*this)); }
        std::suspend_always initial_suspend() const noexcept { return {}; }
        auto final_suspend() const noexcept {
            struct Continue {
                bool await_ready() const noexcept { return false; }
                std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> self) const noexcept {
                    auto next = self.promise().continuation;
                    return next ? next : std::noop_coroutine();
                }
                void await_resume() const noexcept {}
            };
            return Continue{};
        }
        void return_value(int result) noexcept { value = result; }
        [[noreturn]] void unhandled_exception() noexcept { std::terminate(); }

        std::coroutine_handle<> continuation;
        int value = 0;
    };

    explicit Task(std::coroutine_handle<promise_type> handle) noexcept : handle_(handle) {}
    Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
    Task& operator=(Task&&) = delete;
    ~Task() {
        if (handle_) handle_.destroy();
    }

    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) noexcept {
        handle_.promise().continuation = awaiting;
        return handle_;
    }
    int await_resume() const noexcept { return handle_.promise().value; }
    void run() const { handle_.resume(); }

  private:
    std::coroutine_handle<promise_type> handle_;
};

Task by_value(Options options) { co_return options.limit; }
Task by_reference(Options const& options) { co_return options.limit; }

Task calls() {
    int sum = co_await by_value(Options{.name = {}, .limit = 1});
    sum += co_await by_value({.name = {}, .limit = 2});
    sum += co_await by_reference(Options{.name = {}, .limit = 3});
    co_return sum;
}

} // namespace

int main() {
    {
        Task task = calls();
        task.run();
    }
    return alive == 0 ? 0 : 1;
}
