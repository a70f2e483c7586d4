#include "hxx/testing/reply.hpp"

#include "hxx/base/utf8.hpp"
#include "hxx/http/message.hpp"

#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include <ostream>
#include <stdexcept>

namespace hxx {

std::optional<std::string> TestReply::header(std::string_view name) const {
    auto const value = headers_.get(name);
    return value ? std::optional<std::string>(*value) : std::nullopt;
}

dom::Document const& TestReply::html() const {
    if (!html_) html_ = std::make_shared<dom::Document const>(dom::Document::parse(text_));
    return *html_;
}

boost::json::value const& TestReply::json() const {
    if (!json_) {
        boost::json::error_code error;
        auto value = boost::json::parse(text_, error);
        if (error) throw std::runtime_error(fmt::format("the body is no JSON ({}):\n{}", error.message(), describe()));
        json_ = std::make_shared<boost::json::value const>(std::move(value));
    }
    return *json_;
}

std::string TestReply::describe() const {
    constexpr std::size_t shown = 4000;
    std::string text = fmt::format("{} {} from {}\n", status_, http::reason_phrase(status_), url_);
    for (auto const& [name, value] : headers_) text += fmt::format("{}: {}\n", name, value);
    text += '\n';
    text += utf8::repaired(utf8::truncate_bytes(text_, shown));
    if (text_.size() > shown) text += fmt::format("\n… ({} bytes in all)", text_.size());
    return text;
}

void PrintTo(TestReply const& reply, std::ostream* out) { *out << '\n' << reply.describe(); }

} // namespace hxx
