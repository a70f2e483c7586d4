// TestStream: an event stream as its client sees it, event by event, without a socket.
//
//     auto stream = client.stream("/readings");
//     readings.publish(Reading{21});                           // from here, or from any thread
//     EXPECT_EQ(stream.next_event()->data, "21");
//     auto again = client.header("Last-Event-ID", stream.last_event_id()).stream("/readings");
//
// The handler runs while next_event() is called (or another request of the client is made), on the calling thread, and
// no further than to the event that was asked for: whoever does not ask is a slow reader.
#pragma once

#include "hxx/testing/event_parser.hpp"
#include "hxx/testing/reply.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hxx {

class TestRequest;

/// Ends before its client does.
class [[nodiscard]] TestStream {
  public:
    TestStream(TestStream&&) noexcept;
    TestStream& operator=(TestStream&&) noexcept;
    /// As close().
    ~TestStream();

    /// Status and headers; the whole answer if it is no stream. What the stream brought is in next_event() alone.
    [[nodiscard]] TestReply const& reply() const noexcept;

    /// The next event; nothing once the stream has ended. Throws std::runtime_error if none comes within the limit or
    /// if the answer is no event stream, and what the application throws unexpectedly after rethrow_exceptions().
    std::optional<ReceivedEvent> next_event(std::chrono::milliseconds limit = std::chrono::seconds(30));
    /// The next event if it is ready without waiting: for what should not come.
    std::optional<ReceivedEvent> try_event();

    /// Comments that came since the last event.
    [[nodiscard]] std::vector<std::string> const& comments() const noexcept;
    /// What a browser would send when it connects again.
    [[nodiscard]] std::string const& last_event_id() const noexcept;
    /// True once the end has been read.
    [[nodiscard]] bool ended() const noexcept;

    /// Leaves, as a browser does whose page is closed: what the handler waits for is cancelled, and all that belonged
    /// to the request has been destroyed when this returns. Throws std::runtime_error if the handler does not end
    /// within the client's time-out.
    void close();

  private:
    friend class TestRequest;
    struct Impl;
    explicit TestStream(std::unique_ptr<Impl> impl) noexcept;
    std::unique_ptr<Impl> impl_;
};

} // namespace hxx
