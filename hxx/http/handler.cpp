#include "hxx/http/handler.hpp"

#include "hxx/async/sleep.hpp"
#include "hxx/http/error.hpp"

#include <string>

namespace hxx::http {

void Handler::refuse(Request const&, int status, std::string_view reason, Response& response) noexcept {
    response.set_status(status);
    try {
        response.headers().set("Content-Type", "text/plain; charset=utf-8");
        std::string text = std::to_string(status);
        text.append(" ").append(reason_phrase(status));
        if (!reason.empty()) text.append(": ").append(reason);
        response.set_body(std::move(text += '\n'));
    } catch (...) {
        // Out of memory: the status alone has to do.
        response.headers().clear();
        response.set_body(std::string());
    }
}

WholeBody::WholeBody(std::string_view bytes, Plan const& plan) noexcept
    : rest_(bytes), limit_(plan.body_limit), stream_(plan.stream_body) {}

bool WholeBody::give_to(Request& request) noexcept {
    if (stream_) {
        request.set_stream(this);
        return true;
    }
    if (rest_.size() > limit_) return false;
    request.set_body(rest_);
    return true;
}

Task<std::string_view> WholeBody::read() {
    constexpr std::size_t piece_size = 16 * 1024;
    auto const piece = rest_.substr(0, piece_size);
    if (piece.size() > limit_) throw HttpError(413, std::string(body_is_too_large));
    limit_ -= piece.size();
    rest_.remove_prefix(piece.size());
    co_return piece;
}

Task<void> handle_within(std::chrono::milliseconds time, Handler& handler, Request& request, Response& response) {
    request.set_time(time); // before the timer starts: when that ends, the request is overdue
    if (request.answer_by_ns() == Request::never) {
        co_await handler.handle_async(request, response);
        co_return;
    }
    bool late = false;
    try {
        co_await with_timeout(handler.handle_async(request, response), time);
    } catch (TimeoutError const&) {
        if (!request.overdue()) throw;
        late = true;
    }
    if (late) handler.refuse(request, 503, time_is_over, response);
}

} // namespace hxx::http
