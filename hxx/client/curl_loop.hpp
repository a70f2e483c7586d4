// libcurl's multi interface on one event loop: the transfers of one client there, and the connections they share. Used
// on that loop's thread only. For this room's sources.
#pragma once

#include "hxx/client/client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <curl/curl.h>

#include <cstddef>
#include <memory>
#include <unordered_set>

namespace hxx::http {

class CurlTransfer;

/// libcurl's sockets are in an epoll set of their own, of which the event loop watches the one descriptor while there
/// are transfers: so neither has to know when the other closes a socket, and idle connections do not keep a loop
/// running.
class CurlLoop : public std::enable_shared_from_this<CurlLoop> {
  public:
    /// Throws std::system_error, std::bad_alloc.
    CurlLoop(boost::asio::io_context& context, ClientOptions const& options);
    ~CurlLoop();
    CurlLoop(CurlLoop const&) = delete;
    CurlLoop& operator=(CurlLoop const&) = delete;

    /// Starts it; CurlTransfer::ended is called once, later, unless it is removed before. Throws std::runtime_error if
    /// the loop is being destroyed.
    void add(CurlTransfer& transfer);
    /// Breaks it off; nothing if it is not there.
    void remove(CurlTransfer& transfer) noexcept;
    /// Breaks off all transfers and closes the connections.
    void close() noexcept;

  private:
    static int on_socket(CURL* easy, curl_socket_t socket, int what, void* self, void* of_socket) noexcept;
    static int on_timer(CURLM* multi, long milliseconds, void* self) noexcept;
    void watch();
    void on_ready() noexcept;
    void act(curl_socket_t socket, int events) noexcept;
    void take_ended() noexcept;
    void rest() noexcept;

    using Executor = boost::asio::io_context::executor_type;
    struct Cleanup {
        void operator()(CURLM* multi) const noexcept;
    };

    boost::asio::posix::basic_stream_descriptor<Executor> poll_;
    boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>,
                                      Executor>
        timer_;
    std::unique_ptr<CURLM, Cleanup> multi_; // null once closed
    std::unordered_set<CurlTransfer*> active_;
    bool waiting_ = false; // for poll_
};

} // namespace hxx::http
