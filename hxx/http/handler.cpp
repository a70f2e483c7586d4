#include "hxx/http/handler.hpp"

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

} // namespace hxx::http
