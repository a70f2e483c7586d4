#include "hxx/testing/event_parser.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <ostream>
#include <utility>

namespace hxx {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// "If the field value consists of only ASCII digits".
std::optional<std::chrono::milliseconds> parse_retry(std::string_view value) {
    bool const digits = !value.empty() && std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
    if (!digits) return std::nullopt;
    std::int64_t count = 0;
    auto const result = std::from_chars(value.data(), value.data() + value.size(), count);
    if (result.ec != std::errc()) count = std::numeric_limits<std::int64_t>::max();
    return std::chrono::milliseconds(count);
}

} // namespace

void PrintTo(ReceivedEvent const& event, std::ostream* out) {
    *out << "event \"" << event.name << "\", id \"" << event.id << "\", data \"" << event.data << '"';
    if (event.retry) *out << ", retry " << event.retry->count();
    for (auto const& comment : event.comments) *out << ", comment \"" << comment << '"';
}

void EventParser::feed(std::string_view bytes) {
    for (char const c : bytes) {
        bool const second_half = std::exchange(after_cr_, c == '\r') && c == '\n';
        if (second_half) continue;
        if (c != '\r' && c != '\n') {
            line_ += c;
            continue;
        }
        std::string_view line = line_;
        if (std::exchange(at_start_, false) && line.starts_with(byte_order_mark))
            line.remove_prefix(byte_order_mark.size());
        take_line(line);
        line_.clear();
    }
}

void EventParser::take_line(std::string_view line) {
    if (line.empty()) return dispatch();
    auto const colon = line.find(':');
    if (colon == std::string_view::npos) return take_field(line, {});
    auto value = line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    if (colon == 0)
        current_.comments.emplace_back(value);
    else
        take_field(line.substr(0, colon), value);
}

void EventParser::take_field(std::string_view name, std::string_view value) {
    if (name == "event") {
        current_.name = value;
    } else if (name == "data") {
        current_.data.append(value).append(1, '\n');
    } else if (name == "id") {
        if (value.find('\0') == std::string_view::npos) id_ = value;
    } else if (name == "retry") {
        if (auto const retry = parse_retry(value)) current_.retry = retry;
    }
}

void EventParser::dispatch() {
    last_event_id_ = id_;
    if (current_.data.empty()) {
        current_.name.clear();
        return;
    }
    current_.data.pop_back();
    if (current_.name.empty()) current_.name = "message";
    current_.id = last_event_id_;
    events_.push_back(std::exchange(current_, ReceivedEvent()));
}

std::optional<ReceivedEvent> EventParser::next() {
    if (events_.empty()) return std::nullopt;
    auto event = std::move(events_.front());
    events_.pop_front();
    return event;
}

} // namespace hxx
