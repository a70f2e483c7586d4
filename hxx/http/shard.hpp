// One worker's part of a server: its listening sockets, its connections, its clock. Used on that worker's loop only.
#pragma once

#include "hxx/http/handler.hpp"
#include "hxx/http/limits.hpp"
#include "hxx/http/listener.hpp"

#include <array>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

namespace hxx::http {

class Connection;

/// What the shards of a server share.
struct ServerState {
    explicit ServerState(Limits const& server_limits) : limits(server_limits) {}

    Limits const limits;
    std::atomic<std::size_t> connections = 0;

    std::mutex mutex;
    std::condition_variable changed;
    std::size_t shards_left = 0; // guarded by mutex
};

using ConnectionHook = boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

class Shard : public std::enable_shared_from_this<Shard> {
  public:
    using Milliseconds = std::uint64_t; // of the steady clock

    Shard(boost::asio::io_context& context, Handler& handler, std::shared_ptr<ServerState> state);
    ~Shard();

    void start(std::vector<Descriptor> listening);
    /// What is left at `cut_at` is cut off.
    void stop(Milliseconds cut_at);

    // For connections.
    [[nodiscard]] boost::asio::io_context& context() const noexcept { return context_; }
    [[nodiscard]] Handler& handler() const noexcept { return handler_; }
    [[nodiscard]] Limits const& limits() const noexcept { return state_->limits; }
    [[nodiscard]] bool stopping() const noexcept { return stopping_; }
    /// As of the last tick: late by tick() at most, and free.
    [[nodiscard]] Milliseconds now() const noexcept { return now_; }
    [[nodiscard]] Milliseconds tick() const noexcept { return tick_; }
    [[nodiscard]] std::string_view date() const noexcept { return {date_.data(), date_.size()}; }
    void opened(Connection& connection);
    void ended() noexcept;

    [[nodiscard]] static Milliseconds clock() noexcept;

  private:
    struct Acceptor;

    void wait_to_accept(std::size_t index);
    bool accept_some(Acceptor& acceptor);
    void open(int socket, bool tcp);
    void drain_and_close(Acceptor& acceptor);
    void arm_tick();
    void on_tick();
    void update_clock();
    void cut();
    void check_finished() noexcept;

    boost::asio::io_context& context_;
    Handler& handler_;
    std::shared_ptr<ServerState> state_;
    Milliseconds const tick_;
    boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>,
                                      boost::asio::io_context::executor_type>
        timer_;
    std::vector<std::unique_ptr<Acceptor>> acceptors_;
    boost::intrusive::list<Connection, boost::intrusive::base_hook<ConnectionHook>,
                           boost::intrusive::constant_time_size<false>>
        connections_;
    std::size_t open_ = 0;
    Milliseconds now_ = 0;
    std::int64_t second_ = 0;
    std::array<char, 29> date_{};
    Milliseconds cut_at_ = 0;
    Milliseconds complained_at_ = 0;
    bool ticking_ = false;
    bool stopping_ = false;
    bool cut_ = false;
    bool finished_ = false;
};

} // namespace hxx::http
