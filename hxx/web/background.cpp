#include "hxx/web/background.hpp"

#include "hxx/async/blocking.hpp"
#include "hxx/base/log.hpp"

#include <exception>

namespace hxx {

Task<void> BackgroundTasks::run(BackgroundTasks tasks) {
    for (auto& job : tasks.tasks_) {
        try {
            co_await job->run();
        } catch (std::exception const& error) {
            log::error("background task failed", {{"task", job->name}, {"error", error.what()}});
        } catch (...) {
            log::error("background task failed", {{"task", job->name}, {"error", "an exception of an unknown type"}});
        }
        job.reset(); // what it held is released before the next one starts
    }
}

Task<void> BackgroundTasks::run_blocking(void (*call)(void*), void* callable) {
    co_await blocking([call, callable] { call(callable); });
}

} // namespace hxx
