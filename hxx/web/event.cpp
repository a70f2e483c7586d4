#include "hxx/web/event.hpp"

#include <algorithm>
#include <stdexcept>

namespace hxx {

namespace {

using namespace std::literals;

void require_one_line(std::string_view text, std::string_view what) {
    if (text.find_first_of("\r\n\0"sv) != std::string_view::npos)
        throw std::invalid_argument("hxx::Event: the " + std::string(what) +
                                    " of an event may not hold a line end or a NUL, which would forge another event");
}

/// Each line behind the prefix. A line ends at CRLF, CR or LF, as the client's parser sees it, and nowhere else.
void append_lines(std::string& out, std::string_view prefix, std::string_view text) {
    for (;;) {
        auto const end = std::min(text.find_first_of("\r\n"), text.size());
        out.append(prefix).append(text.substr(0, end)).append(1, '\n');
        if (end == text.size()) return;
        text.remove_prefix(end + (text.substr(end).starts_with("\r\n") ? 2 : 1));
    }
}

} // namespace

Event::Event(std::string_view name, std::string data) : name_(name), data_(std::move(data)) {
    require_one_line(name, "name");
}

Event Event::comment(std::string_view text) {
    Event event;
    event.comment_ = text;
    return event;
}

Event Event::retry_after(std::chrono::milliseconds delay) {
    Event event;
    event.retry(delay);
    return event;
}

Event& Event::id(std::string_view id) & {
    require_one_line(id, "id");
    id_ = id;
    return *this;
}

Event& Event::retry(std::chrono::milliseconds delay) & {
    if (delay < delay.zero()) throw std::invalid_argument("hxx::Event: the time to connect again must not be negative");
    retry_ = delay;
    return *this;
}

Event& Event::with_comment(std::string_view text) & {
    comment_ = text;
    return *this;
}

void Event::append_to(std::string& out) const {
    if (comment_) append_lines(out, ": ", *comment_);
    if (!name_.empty()) out.append("event: ").append(name_).append(1, '\n');
    if (id_) out.append("id: ").append(*id_).append(1, '\n');
    if (retry_) out.append("retry: ").append(std::to_string(retry_->count())).append(1, '\n');
    if (data_) append_lines(out, "data: ", *data_);
    out += '\n';
}

} // namespace hxx
