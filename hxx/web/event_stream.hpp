// EventStream: a handler whose answer is a stream of server-sent events (HTML standard, 9.2), as a generator.
//
//     EventStream readings(State<Broadcast<Reading>> sensors, View view, LastEventId last) {
//         auto subscription = sensors->subscribe_after(last);
//         while (auto reading = co_await subscription.next()) {
//             auto html = view.text("partials/_reading.html", {{"reading", *reading}});
//             co_yield Event("reading", std::move(html)).id(reading.id());
//         }
//     }
//     app.get("/readings", readings);
//
// It yields Events, or texts as unnamed ones, and may await Tasks in between. When it returns, a last event `done` is
// sent; when it throws, a last event `error`, whose data is what an htmx request would be answered with (the text of an
// unexpected exception goes to the log, and to the client in development only). When the client has gone, what the
// generator waits for is cancelled and the generator is destroyed; so it is when the server stops, without `done`, so
// that the client connects again to the server that comes next.
//
// The status 200 is sent before the generator runs. What is to be answered with another one is thrown before: by a
// parameter or a dependency, or by a handler that returns Task<EventStream>, or EventStream without being a generator:
//
//     Task<EventStream> progress(Path<JobId, "id"> id, Jobs jobs) {
//         auto job = co_await jobs.find(id);            // throws HttpError{404}
//         co_return follow(std::move(job)).keepalive(5s);
//     }
//
// g++ 12 cannot compile a braced list within co_yield: give what is made of one a name first, as above.
#pragma once

#include "hxx/async/coroutine_types.hpp"
#include "hxx/web/event.hpp"
#include "hxx/web/response.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace hxx {

class Request;

class [[nodiscard]] EventStream {
  public:
    using promise_type = GeneratorPromise<Event>; // hxx/async/generator.hpp, for who writes one

    EventStream(Generator<Event> events) noexcept : events_(std::move(events)) {}

    // Settings, in a chain, by whoever has the stream in hand before it is returned.

    /// A comment is sent whenever nothing else was for that long, so that no proxy takes the connection for dead, and a
    /// client that has vanished is noticed. Zero: never. Default: 15 seconds.
    EventStream&& keepalive(std::chrono::milliseconds quiet) &&;
    /// The name of the last event, of a generator that returned. Empty: there is none. Default: "done".
    EventStream&& done_event(std::string_view name) &&;
    /// The name of the last event, of a generator that threw. Empty: there is none. Default: "error".
    EventStream&& error_event(std::string_view name) &&;
    /// How long the client waits before it connects again; sent before the first event. Default: the client's own time.
    EventStream&& retry(std::chrono::milliseconds delay) &&;

  private:
    friend Response to_response(Request& request, EventStream&& stream);

    Generator<Event> events_;
    std::chrono::milliseconds keepalive_{15'000};
    std::string done_event_ = "done", error_event_ = "error";
    std::chrono::milliseconds retry_{-1};
};

/// text/event-stream, Cache-Control: no-cache, X-Accel-Buffering: no.
Response to_response(Request& request, EventStream&& stream);

/// What the client says was the last event it has seen; empty for one that comes for the first time. Anybody can send
/// anything: compare it, never trust it. Broadcast::subscribe_after() takes it as it is.
class LastEventId {
  public:
    explicit LastEventId(std::string id) noexcept : id_(std::move(id)) {}
    /// The field Last-Event-ID (HTML standard, 9.2.4).
    static LastEventId from_request(Request& request);

    [[nodiscard]] bool empty() const noexcept { return id_.empty(); }
    /// True if the client has seen an event before.
    explicit operator bool() const noexcept { return !empty(); }
    operator std::string_view() const noexcept { return id_; }
    [[nodiscard]] std::string const& operator*() const noexcept { return id_; }
    [[nodiscard]] std::string const* operator->() const noexcept { return &id_; }

  private:
    std::string id_;
};

} // namespace hxx
