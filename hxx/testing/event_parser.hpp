// What a browser makes of the bytes of an event stream, exactly by the HTML standard (9.2.6 "Interpreting an event
// stream"), for the test client and other tests.
//
//     EventParser parser;
//     parser.feed("event: reading\ndata: 21\n\n");
//     while (auto event = parser.next()) EXPECT_EQ(event->data, "21");
#pragma once

#include <chrono>
#include <deque>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hxx {

/// An event as the page gets it.
struct ReceivedEvent {
    std::string name; // its type; "message" for one that was sent without a name
    std::string data;
    std::string id; // the last event id: of this event, or of one before it
    // What came since the event before this one, and the page does not see:
    std::optional<std::chrono::milliseconds> retry;
    std::vector<std::string> comments;

    friend bool operator==(ReceivedEvent const&, ReceivedEvent const&) = default;
    friend void PrintTo(ReceivedEvent const& event, std::ostream* out);
};

class EventParser {
  public:
    /// The next bytes, cut anywhere: within a line end or a UTF-8 sequence too.
    void feed(std::string_view bytes);
    /// The next event that is complete; nothing if there is none yet. What the stream's end cuts off never is one.
    [[nodiscard]] std::optional<ReceivedEvent> next();
    /// Comments that came since the last event.
    [[nodiscard]] std::vector<std::string> const& comments() const noexcept { return current_.comments; }
    [[nodiscard]] std::string const& last_event_id() const noexcept { return last_event_id_; }

  private:
    void take_line(std::string_view line);
    void take_field(std::string_view name, std::string_view value);
    void dispatch();

    std::deque<ReceivedEvent> events_;
    ReceivedEvent current_;
    std::string line_, id_, last_event_id_;
    bool at_start_ = true;  // a byte order mark may come
    bool after_cr_ = false; // an LF would belong to the line end before it
};

} // namespace hxx
