// What another service answered.
//
//     auto reply = co_await client->get("https://api.example.org/weather/Oslo");
//     if (!reply.ok()) throw HttpError(502, "The weather service is unwell");
//     auto weather = reply.json<Weather>();
//
// A status of 400 and more is an answer like any other until raise_for_status() makes an exception of it.
#pragma once

#include "hxx/http/headers.hpp"
#include "hxx/model/json_reader.hpp"
#include "hxx/model/json_writer.hpp"

#include <boost/json/value.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hxx::http {

class Reply {
  public:
    /// For transports of tests: Reply(404), Reply(200, "text/plain", "sunny"). Throws std::invalid_argument for a
    /// status that is none (100 to 999), or a type that cannot stand in a header.
    explicit Reply(int status = 200);
    Reply(int status, std::string_view content_type, std::string body);
    /// The same with a struct, a container, or a scalar as its JSON.
    template <class T>
    [[nodiscard]] static Reply of_json(T const& value, int status = 200) {
        return Reply(status, "application/json", to_json(value));
    }
    /// Replaces a field. Throws std::invalid_argument as Headers::set does.
    Reply&& header(std::string_view name, std::string_view value) &&;

    [[nodiscard]] int status() const noexcept { return status_; }
    /// A status from 200 to 299.
    [[nodiscard]] bool ok() const noexcept { return status_ >= 200 && status_ < 300; }
    /// As they came: Content-Encoding and Content-Length speak of the body before it was decompressed. Control
    /// characters in a value, which RFC 9110 5.5 does not allow, have become spaces.
    [[nodiscard]] Headers const& headers() const noexcept { return headers_; }
    [[nodiscard]] Headers& headers() noexcept { return headers_; }
    /// The first field of that name, compared without case; nothing where there is none.
    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const& noexcept {
        return headers_.get(name);
    }

    /// The body, decompressed, in whatever character encoding it has.
    [[nodiscard]] std::string const& text() const& noexcept { return text_; }
    [[nodiscard]] std::string text() && noexcept { return std::move(text_); }
    /// The body as JSON, whatever its Content-Type says; with hxx/jinja/boost_json.hpp a value for a template. Strict
    /// RFC 8259. Throws ClientError InvalidReply with the line and column where it is none.
    [[nodiscard]] boost::json::value json() const;
    /// The body as a struct, a container or a scalar (hxx/model/json_reader.hpp), constraints included. Throws
    /// ClientError InvalidReply that names every mistake. That is no ValidationError on purpose: what another service
    /// sent is not the fault of the one who is answered with 422.
    template <class T>
    [[nodiscard]] T json() const {
        ErrorReport report;
        auto value = json<T>(report);
        if (!value) throw_invalid(report);
        return *std::move(value);
    }
    /// The same with the mistakes left to the caller: nothing after adding to the report, under "reply".
    template <class T>
    [[nodiscard]] std::optional<T> json(ErrorReport& report) const {
        return parse_json<T>(text_, "reply", report, json_limits());
    }

    /// Throws ClientError Status for a status of 400 and more, with the beginning of the body.
    Reply const& raise_for_status() const&;
    Reply&& raise_for_status() &&;

    /// Where it came from: after redirects, another URL than the one that was asked for. Without a fragment.
    [[nodiscard]] std::string const& url() const noexcept { return url_; }
    /// 10, 11 or 20.
    [[nodiscard]] int version() const noexcept { return version_; }
    /// From the call to the last byte, redirects included.
    [[nodiscard]] std::chrono::nanoseconds elapsed() const noexcept { return elapsed_; }

    // For transports, which fill a reply in.
    void set_text(std::string text) noexcept { text_ = std::move(text); }
    void set_version(int version) noexcept { version_ = version; }
    void set_url(std::string url) noexcept { url_ = std::move(url); }
    void set_elapsed(std::chrono::nanoseconds elapsed) noexcept { elapsed_ = elapsed; }

  private:
    [[nodiscard]] JsonLimits json_limits() const noexcept;
    [[noreturn]] void throw_invalid(ErrorReport const& report) const;

    int status_;
    int version_ = 11;
    Headers headers_;
    std::string text_;
    std::string url_;
    std::chrono::nanoseconds elapsed_{0};
};

} // namespace hxx::http
