#include "hxx/web/request.hpp"

#include "hxx/async/deadline.hpp"
#include "hxx/base/ascii.hpp"
#include "hxx/base/form_fields.hpp"
#include "hxx/base/random.hpp"
#include "hxx/base/utf8.hpp"
#include "hxx/htmx/request.hpp"
#include "hxx/http/cookie.hpp"
#include "hxx/http/error.hpp"
#include "hxx/http/media_type.hpp"
#include "hxx/http/multipart.hpp"
#include "hxx/http/url.hpp"
#include "hxx/model/error_report.hpp"
#include "hxx/web/background.hpp"
#include "hxx/web/dispatcher.hpp"
#include "hxx/web/response.hpp"
#include "hxx/web/url_for.hpp"

#include <algorithm>
#include <stdexcept>

namespace hxx {

struct Request::Lazy {
    std::optional<FormFields> query;
    std::optional<FormFields> form;
    std::vector<UploadedFile> files;
    std::optional<htmx::Details> htmx;
    ErrorReport errors;
    std::optional<Response> additions;
    std::unique_ptr<BackgroundTasks> background;
    std::optional<boost::asio::any_io_executor> executor;
    std::optional<Deadline> deadline;
};

Request::Request(Dispatcher const& dispatcher) : dispatcher_(&dispatcher) {}
Request::~Request() = default;

Request::Lazy& Request::lazy() const {
    if (!lazy_) lazy_ = std::make_unique<Lazy>();
    return *lazy_;
}

void Request::reset() {
    http::Request::reset();
    dependencies_.clear();
    route_ = nullptr;
    path_parameters_.clear();
    lazy_.reset();
    id_.reset();
    served = {};
}

std::string_view Request::id() const {
    if (!id_) id_ = Id::random();
    return id_->view();
}

bool Request::development() const noexcept { return dispatcher_->options().development; }

Deadline const& Request::deadline() {
    auto& it = lazy();
    if (!it.deadline) it.deadline.emplace(Deadline::Clock::time_point(std::chrono::nanoseconds(answer_by_ns())));
    return *it.deadline;
}

void Request::lift_deadline() noexcept {
    if (lazy_ && lazy_->deadline) lazy_->deadline->lift();
}

std::optional<std::string> Request::path_parameter(std::string_view name) const {
    auto const raw = path_parameters_.raw(name);
    if (raw.data() == nullptr) return std::nullopt;
    auto decoded = http::decode_segment(raw);
    if (!decoded || !utf8::is_valid(*decoded)) throw HttpError{400, "The path is not percent-encoded UTF-8"};
    return decoded;
}

FormFields const& Request::query_parameters() const {
    auto& it = lazy();
    if (!it.query) {
        try {
            it.query = FormFields::parse(query());
        } catch (std::exception const& error) {
            throw HttpError{400, std::string("The query is malformed: ") + error.what()};
        }
    }
    return *it.query;
}

FormFields const& Request::parse_multipart_form(std::string_view content_type) const {
    auto const boundary = http::multipart_boundary(content_type);
    if (!boundary) throw HttpError{400, "The multipart form has no valid boundary"};
    auto& it = lazy();
    FormFields fields;
    for (auto& part : http::parse_multipart(body(), *boundary)) {
        if (part.is_empty_file()) continue;
        if (part.is_file())
            it.files.push_back({std::move(part.name), *std::move(part.filename), part.content_type, part.data});
        else
            fields.add(std::move(part.name), std::string(part.data));
    }
    return it.form.emplace(std::move(fields));
}

FormFields const& Request::form() const {
    auto& it = lazy();
    if (it.form) return *it.form;
    auto const type = headers().get_or("Content-Type", "");
    if (body().empty() && type.empty()) return it.form.emplace();
    if (http::is_media_type(type, "multipart/form-data")) return parse_multipart_form(type);
    if (!http::is_media_type(type, "application/x-www-form-urlencoded"))
        throw HttpError{415, "This address takes a form: application/x-www-form-urlencoded or multipart/form-data"};
    try {
        return it.form.emplace(FormFields::parse(body()));
    } catch (std::exception const& error) {
        throw HttpError{400, std::string("The form is malformed: ") + error.what()};
    }
}

std::span<UploadedFile const> Request::files() const {
    (void)form();
    return lazy().files;
}

std::optional<std::string> Request::cookie(std::string_view name) const {
    auto const found = http::find_cookie(headers(), name);
    return found ? std::optional<std::string>(*found) : std::nullopt;
}

htmx::Details const& Request::htmx() const {
    // Most requests are a browser's own: they need no memory for it.
    static htmx::Details const none;
    auto const is_htmx_field = [](http::Header const& field) { return ascii::istarts_with(field.name, "HX-"); };
    if (std::none_of(headers().begin(), headers().end(), is_htmx_field)) return none;
    auto& it = lazy();
    if (!it.htmx) it.htmx.emplace(headers(), host());
    return *it.htmx;
}

std::string Request::url_for(std::string_view name, std::initializer_list<UrlParameter> parameters) const {
    return hxx::url_for(*dispatcher_, name, {parameters.begin(), parameters.size()});
}

ErrorReport& Request::errors() { return lazy().errors; }
bool Request::has_errors() const noexcept { return lazy_ && !lazy_->errors.empty(); }

Response& Request::response() {
    auto& it = lazy();
    if (!it.additions) it.additions.emplace();
    return *it.additions;
}
Response* Request::additions() noexcept { return lazy_ && lazy_->additions ? &*lazy_->additions : nullptr; }

BackgroundTasks& Request::background() {
    auto& it = lazy();
    if (!it.background) it.background = std::make_unique<BackgroundTasks>();
    return *it.background;
}
BackgroundTasks* Request::background_tasks() noexcept { return lazy_ ? lazy_->background.get() : nullptr; }

void Request::set_executor(boost::asio::any_io_executor const& executor) { lazy().executor = executor; }
boost::asio::any_io_executor const* Request::executor() const noexcept {
    return lazy_ && lazy_->executor ? &*lazy_->executor : nullptr;
}

} // namespace hxx
