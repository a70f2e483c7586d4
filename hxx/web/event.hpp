// Event: one event of an event stream (HTML standard, 9.2 "Server-sent events"), and the bytes it is sent as.
//
//     co_yield Event("a message for everyone");                           // unnamed: type "message"
//     co_yield Event("reading", html).id(message.id());
//     co_yield Event::json("reading", reading);
//
// What a client's parser would take for the end of a line never gets out as one: data and comments are split into lines
// at CRLF, CR and LF, and a name or an id that holds one is refused. So no data, whatever it says, can forge an event.
// The data arrives as it was, but that its line ends are all LF.
//
// htmx 4 swaps unnamed events into the page, and fires named ones as DOM events; htmx 2 swaps those that sse-swap names
// ("message" for the unnamed). View::event() makes one that both swap.
#pragma once

#include "hxx/model/json_writer.hpp"
#include "hxx/web/view.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hxx {

class Event {
  public:
    /// An unnamed event. The data is UTF-8 text, of any number of lines; if it is empty, there still is an event.
    explicit Event(std::string data) : data_(std::move(data)) {}
    /// An empty name makes it unnamed. Throws std::invalid_argument for a name with CR, LF or NUL.
    Event(std::string_view name, std::string data);

    /// A struct, a container or a scalar as JSON (hxx/model/json_writer.hpp). Throws JsonError for NaN and infinities.
    template <class T>
    static Event json(std::string_view name, T const& value) {
        return Event(name, to_json(value));
    }
    /// No event for the page: text that clients pass over, for people who look at the stream, and for proxies that cut
    /// a connection on which nothing moves.
    static Event comment(std::string_view text);
    /// No event for the page: has the client wait that long before it connects again, from now on.
    static Event retry_after(std::chrono::milliseconds delay);

    /// What the client sends as Last-Event-ID when it connects again; an empty one has it forget the last. Throws
    /// std::invalid_argument for CR, LF and NUL.
    Event& id(std::string_view id) &;
    /// As retry_after() says, along with this event. Throws std::invalid_argument for a negative time.
    Event& retry(std::chrono::milliseconds delay) &;
    /// A comment before this event.
    Event& with_comment(std::string_view text) &;
    Event&& id(std::string_view id) && { return std::move(this->id(id)); }
    Event&& retry(std::chrono::milliseconds delay) && { return std::move(this->retry(delay)); }
    Event&& with_comment(std::string_view text) && { return std::move(with_comment(text)); }

    /// Empty for an unnamed event.
    [[nodiscard]] std::string const& name() const noexcept { return name_; }
    /// Nothing for what is no event for the page: a comment, a retry time or an id alone.
    [[nodiscard]] std::optional<std::string> const& data() const noexcept { return data_; }
    [[nodiscard]] std::optional<std::string> const& id() const noexcept { return id_; }
    [[nodiscard]] std::optional<std::chrono::milliseconds> retry() const noexcept { return retry_; }

    /// Appends the event as it is sent: its fields, a line each, and the empty line that ends it.
    void append_to(std::string& out) const;

  private:
    Event() = default;

    std::string name_;
    std::optional<std::string> data_, id_, comment_;
    std::optional<std::chrono::milliseconds> retry_;
};

template <TemplateContext T>
Event View::event(std::string_view event_name, T const& context) const {
    return event(event_name, T::template_name, context);
}

} // namespace hxx
