// What a test client got back.
#pragma once

#include "hxx/html/document.hpp"
#include "hxx/http/headers.hpp"

#include <boost/json/value.hpp>

#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hxx {

class TestReply {
  public:
    [[nodiscard]] int status() const noexcept { return status_; }
    /// The first field of that name, compared without case; nothing where there is none.
    [[nodiscard]] std::optional<std::string> header(std::string_view name) const;
    [[nodiscard]] http::Headers const& headers() const noexcept { return headers_; }
    /// The whole body; of a stream, all its pieces together.
    [[nodiscard]] std::string const& text() const noexcept { return text_; }
    /// A stream's pieces as the handler made them; empty for other bodies.
    [[nodiscard]] std::vector<std::string> const& pieces() const noexcept { return pieces_; }
    /// True if a stream did not end by itself but reached one of the client's limits.
    [[nodiscard]] bool cut_off() const noexcept { return cut_off_; }
    /// Where it came from: after redirects, another URL than the one that was asked for.
    [[nodiscard]] std::string const& url() const noexcept { return url_; }

    /// The body as HTML (hxx/html/document.hpp): reply.html().text("#user-form .error").
    [[nodiscard]] dom::Document const& html() const;
    /// The body as JSON: reply.json().at("users").at(0). Throws std::runtime_error that shows the body if it is none.
    [[nodiscard]] boost::json::value const& json() const;

    /// Status, fields and body as text; what GoogleTest prints of a reply.
    [[nodiscard]] std::string describe() const;
    friend void PrintTo(TestReply const& reply, std::ostream* out);

  private:
    friend class TestExchange;
    int status_ = 0;
    http::Headers headers_;
    std::string text_, url_;
    std::vector<std::string> pieces_;
    bool cut_off_ = false;
    mutable std::shared_ptr<dom::Document const> html_;
    mutable std::shared_ptr<boost::json::value const> json_;
};

} // namespace hxx
