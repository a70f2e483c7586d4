// hxx::Request: a request on its way through the application, with what the routing found and what was made for it.
#pragma once

#include "hxx/base/random.hpp"
#include "hxx/http/message.hpp"
#include "hxx/web/dependency_cache.hpp"
#include "hxx/web/path_parameters.hpp"
#include "hxx/web/type_key.hpp"

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hxx {

class BackgroundTasks;
class Deadline;
class Dispatcher;
class ErrorReport;
class FormFields;
class Response;
struct Route;
namespace htmx {
class Details;
}

/// A file of a multipart/form-data body (RFC 7578). The views live as long as the request.
struct UploadedFile {
    std::string field;             // the name of the input
    std::string filename;          // the base name that the client gave; never use it as a path
    std::string_view content_type; // as the client said
    std::string_view data;
};

/// A name and a value for url_for and for query strings.
struct UrlParameter {
    UrlParameter(std::string_view parameter, std::string_view text) : name(parameter), value(text) {}
    template <std::integral N>
    UrlParameter(std::string_view parameter, N number) : name(parameter), value(std::to_string(number)) {}
    std::string_view name;
    std::string value;
};

template <class P>
struct type_tag {};

class Request final : public http::Request {
  public:
    explicit Request(Dispatcher const& dispatcher);
    ~Request() override;

    /// The application that serves this request.
    [[nodiscard]] Dispatcher const& app() const noexcept { return *dispatcher_; }
    /// The route that was found; null for a path or a method that has none.
    [[nodiscard]] Route const* route() const noexcept { return route_; }
    /// A short unique id, made when it is first asked for; the same in the log and in the X-Request-ID field.
    [[nodiscard]] std::string_view id() const;
    [[nodiscard]] bool development() const noexcept;
    /// When this request's answer has to exist. Lifted as soon as it does: a stream or a background task that goes on
    /// with what was bound to it has all the time it wants.
    [[nodiscard]] Deadline const& deadline();

    /// A path parameter, percent-decoded; nothing if the pattern has none of that name. Throws HttpError 400 if its
    /// percent-encoding is broken or decodes to something that is not UTF-8.
    [[nodiscard]] std::optional<std::string> path_parameter(std::string_view name) const;
    [[nodiscard]] PathParameters const& path_parameters() const noexcept { return path_parameters_; }
    /// The query, decoded. Throws HttpError 400 if it is malformed.
    [[nodiscard]] FormFields const& query_parameters() const;
    /// The fields of an application/x-www-form-urlencoded or multipart/form-data body. Throws HttpError 415 for a body
    /// of another type, 400 if it is malformed.
    [[nodiscard]] FormFields const& form() const;
    /// The files of a multipart/form-data body, in order; empty for any other. Throws as form() does.
    [[nodiscard]] std::span<UploadedFile const> files() const;
    [[nodiscard]] std::optional<std::string> cookie(std::string_view name) const;
    [[nodiscard]] htmx::Details const& htmx() const;

    /// The relative URL of the route of that name: url_for("user", {{"user_id", 7}}). Parameters that are not in its
    /// pattern become its query. Throws std::invalid_argument for an unknown name or a missing parameter.
    [[nodiscard]] std::string url_for(std::string_view name, std::initializer_list<UrlParameter> parameters = {}) const;

    /// Mistakes of the input, collected while parameters are extracted; answered with 422 before the handler runs.
    [[nodiscard]] ErrorReport& errors();
    [[nodiscard]] bool has_errors() const noexcept;

    /// Fields and cookies for the response, whatever the handler returns; for dependencies and middleware.
    [[nodiscard]] Response& response();
    [[nodiscard]] BackgroundTasks& background();
    [[nodiscard]] DependencyCache& dependencies() noexcept { return dependencies_; }

    /// Keeps a value of any type for the rest of this request: middleware sets it, handlers find it.
    template <class T>
    T& set(T value) {
        std::optional<T> kept(std::move(value));
        if (auto* old = dependencies_.find<T>(type_key<T>)) return (*old = std::move(kept)).value();
        return *dependencies_.add<T>(type_key<T>, std::move(kept));
    }
    /// What set() kept, or null.
    template <class T>
    [[nodiscard]] T* find() noexcept {
        auto* kept = dependencies_.find<T>(type_key<T>);
        return kept && *kept ? &**kept : nullptr;
    }

    static Response& lend(Request& request, type_tag<Response>) { return request.response(); }
    static BackgroundTasks& lend(Request& request, type_tag<BackgroundTasks>) { return request.background(); }

    // For the dispatcher.
    void reset() override;
    void set_route(Route const* route) noexcept { route_ = route; }
    void lift_deadline() noexcept;
    [[nodiscard]] PathParameters& mutable_path_parameters() noexcept { return path_parameters_; }
    /// Null unless response() or background() has been called.
    [[nodiscard]] Response* additions() noexcept;
    [[nodiscard]] BackgroundTasks* background_tasks() noexcept;
    /// The loop that background tasks will run on; null unless set_executor() has been called for this request.
    void set_executor(boost::asio::any_io_executor const& executor);
    [[nodiscard]] boost::asio::any_io_executor const* executor() const noexcept;
    /// For the access log.
    struct Served {
        std::int64_t started_ns = 0; // of the steady clock
        int status = 0;
    };
    Served served;

  private:
    struct Lazy; // what most requests never ask for
    Lazy& lazy() const;
    FormFields const& parse_multipart_form(std::string_view content_type) const;

    Dispatcher const* dispatcher_;
    Route const* route_ = nullptr;
    PathParameters path_parameters_;
    DependencyCache dependencies_;
    mutable std::unique_ptr<Lazy> lazy_;
    mutable std::optional<Id> id_;
};

} // namespace hxx
