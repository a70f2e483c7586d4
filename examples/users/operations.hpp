// Work in a plain thread of the program, which browsers watch while it goes on.
#pragma once

#include <hxx/async/broadcast.hpp>
#include <hxx/web/router.hpp>

#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

/// What the thread says.
struct OperationStep {
    int number = 0;
    std::string text;
    bool failed = false;
};

/// The operations that were started last. Each is a thread that knows nothing of the web, and a broadcast of what it
/// says, all of which is kept for those who come late or come back.
class Operations {
  public:
    static constexpr std::size_t kept = 100;

    Operations() = default;
    Operations(Operations const&) = delete;
    Operations& operator=(Operations const&) = delete;

    /// Begins one; its id. One that is to fail does so half-way.
    std::string start(bool to_fail);
    [[nodiscard]] std::optional<hxx::Broadcast<OperationStep>> find(std::string const& id);

  private:
    struct Operation {
        std::string id;
        hxx::Broadcast<OperationStep> steps;
        std::jthread thread;
    };
    std::mutex mutex_;
    std::deque<Operation> operations_;
};

hxx::Router operation_routes();
