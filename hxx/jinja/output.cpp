#include "hxx/jinja/output.hpp"

#include "hxx/jinja/error.hpp"

#include <algorithm>

namespace hxx::jinja {
namespace {

[[noreturn]] void fail_limit(std::size_t limit) {
    throw Error(ErrorKind::LimitError, "the output is larger than " + std::to_string(limit) + " bytes");
}

} // namespace

// The bytes asked for are what may be written, not what will be: five times a text that may need escaping. So only what
// is certain counts here, and finish() sees the rest.
void Output::grow(std::size_t bytes) {
    std::size_t const certain = bytes > slack ? (bytes - slack) / 6 : 0;
    if (written() > limit_ || certain > limit_ - written()) fail_limit(limit_);
    if (sink_ && captures_ == 0) {
        flush();
        if (room() >= bytes) return;
    }
    std::size_t const used = size();
    target_.resize(std::max(used + bytes, std::min(target_.size() * 2, used + limit_ + slack)));
    refresh(used);
}

void Output::append_escaped_slowly(Piece const& before, std::string_view text, Piece const& after) {
    // What it really takes, before the buffer is made five times the text's size.
    if (first_special(text) == text.size()) return append(before, text, after);
    reserve(escaped_bound(text.size()) + before.size + after.size + slack);
    frame(before, 0, after, [text](char* out) { return escape_into(out, text); });
}

void Output::flush() {
    if (size() == start_) return;
    (*sink_)(std::string_view(target_).substr(start_, size() - start_));
    flushed_ += size() - start_;
    next_ = target_.data() + start_;
}

void Output::finish() {
    if (written() > limit_) fail_limit(limit_);
    if (sink_) flush();
}

} // namespace hxx::jinja
