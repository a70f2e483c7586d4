#include "hxx/web/event_stream.hpp"

#include "hxx/async/generator.hpp"
#include "hxx/web/errors.hpp"
#include "hxx/web/request.hpp"

#include <algorithm>
#include <exception>
#include <optional>

namespace hxx {

namespace {

// A stream that always fails is not asked for again at once by everybody who watches it.
constexpr std::chrono::milliseconds retry_after_error{5'000};

struct Ends {
    std::string done, error;
};

std::string wire(Event const& event) {
    std::string text;
    event.append_to(text);
    return text;
}

/// Awaiting it throws if what awaits it has been cancelled.
Task<void> still_wanted() { co_return; }

Generator<std::string> encode(Request& request, Generator<Event> events, Ends ends, std::chrono::milliseconds retry) {
    if (retry >= retry.zero()) co_yield wire(Event::retry_after(retry));
    std::exception_ptr error;
    for (;;) {
        std::optional<Event> event;
        try {
            event = co_await events.next();
        } catch (...) {
            error = std::current_exception();
        }
        if (!event) break;
        co_yield wire(*event);
    }
    // The client has gone or the server stops, and that is what ended the generator: there is no more to say.
    co_await still_wanted();
    if (error) {
        auto fragment = exception_fragment(request, error); // which is logged even if nobody wants to see it
        if (ends.error.empty()) co_return;
        auto const last = Event(ends.error, std::move(fragment)).retry(std::max(retry, retry_after_error));
        co_yield wire(last);
    } else if (!ends.done.empty()) {
        auto const last = Event(ends.done, std::string());
        co_yield wire(last);
    }
}

} // namespace

EventStream&& EventStream::keepalive(std::chrono::milliseconds quiet) && {
    keepalive_ = quiet;
    return std::move(*this);
}
EventStream&& EventStream::done_event(std::string_view name) && {
    done_event_ = Event(name, std::string()).name();
    return std::move(*this);
}
EventStream&& EventStream::error_event(std::string_view name) && {
    error_event_ = Event(name, std::string()).name();
    return std::move(*this);
}
EventStream&& EventStream::retry(std::chrono::milliseconds delay) && {
    retry_ = Event::retry_after(delay).retry().value();
    return std::move(*this);
}

Response to_response(Request& request, EventStream&& stream) {
    Ends ends{std::move(stream.done_event_), std::move(stream.error_event_)};
    http::StreamBody body = encode(request, std::move(stream.events_), std::move(ends), stream.retry_);
    body.keepalive = stream.keepalive_;
    body.keepalive_text = ":\n\n";
    Response response;
    response.header("Content-Type", "text/event-stream; charset=utf-8");
    response.header("Cache-Control", "no-cache");
    response.header("X-Accel-Buffering", "no"); // nginx passes each event on at once
    response.set_body(std::move(body));
    return response;
}

LastEventId LastEventId::from_request(Request& request) {
    return LastEventId(std::string(request.headers().get_or("Last-Event-ID", "")));
}

} // namespace hxx
