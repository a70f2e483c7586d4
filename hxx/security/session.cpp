#include "hxx/security/session.hpp"

#include "hxx/async/task.hpp"
#include "hxx/base/random.hpp"
#include "hxx/web/request.hpp"
#include "hxx/web/response.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <stdexcept>

namespace hxx {

namespace {

constexpr std::size_t id_bytes = 16;
constexpr std::size_t largest_cookie = 4096; // of name and value, which browsers keep
// In the cookie: {"id": …, "values": {…}}.
constexpr std::string_view id_key = "id", values_key = "values";

std::chrono::sys_seconds now_of(SessionOptions const& options) {
    if (options.clock) return options.clock();
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

} // namespace

struct Sessions::Settings {
    Signer signer;
    SessionOptions options;

    [[nodiscard]] bool secure(Request const& request) const noexcept {
        return options.secure == SecureCookie::Always || request.secure();
    }
    [[nodiscard]] std::string cookie_name(Request const& request) const {
        return (secure(request) ? "__Host-" : "") + options.cookie;
    }
};

/// Read at the first use.
struct Session::State {
    std::optional<std::string> cookie; // as the client sent it
    Signer const* signer = nullptr;
    SessionOptions const* options = nullptr;
    std::chrono::sys_seconds now;

    std::string id;
    boost::json::object values;
    bool read = false, changed = false;
    bool valid = false; // the cookie was

    State& use() {
        if (std::exchange(read, true) || !cookie) return *this;
        auto const found = signer->verify(*cookie, now, options->max_age);
        if (!found) return *this;
        // What is signed is ours, and so has this shape.
        auto content = boost::json::parse(found->text).as_object();
        id = content.at(id_key).as_string();
        values = std::move(content.at(values_key).as_object());
        valid = true;
        changed = now - found->at > options->max_age / 2;
        return *this;
    }
    State& change() {
        use();
        changed = true;
        return *this;
    }
    [[nodiscard]] std::string serialized() const {
        return boost::json::serialize(boost::json::object{{id_key, id}, {values_key, values}});
    }
};

// ── Session ─────────────────────────────────────────────────────────────────────────────────────────────────────

Session Session::from_request(Request& request) {
    if (auto* state = request.find<std::shared_ptr<State>>()) return Session(**state);
    throw std::logic_error("a handler takes a Session, but no sessions() lie around its route: "
                           "app.use(sessions(Secrets(app.settings().secret(\"SECRET\"))))");
}

std::optional<std::string> Session::text(std::string_view name) const {
    auto const* value = state_->use().values.if_contains(name);
    if (!value || !value->is_string()) return std::nullopt;
    return std::string(value->get_string());
}

std::optional<std::int64_t> Session::integer(std::string_view name) const {
    auto const* value = state_->use().values.if_contains(name);
    if (!value || !value->is_int64()) return std::nullopt;
    return value->get_int64();
}

bool Session::has(std::string_view name) const { return state_->use().values.contains(name); }
bool Session::empty() const { return state_->use().values.empty(); }

void Session::set(std::string_view name, std::string_view text) {
    if (this->text(name) != text) state_->change().values[name] = text;
}

void Session::set(std::string_view name, std::int64_t number) {
    if (integer(name) != number) state_->change().values[name] = number;
}

void Session::erase(std::string_view name) {
    if (has(name)) state_->change().values.erase(name);
}

void Session::clear() {
    state_->change().values.clear();
    state_->id.clear();
}

std::string const& Session::id() {
    if (state_->use().id.empty()) rotate();
    return state_->id;
}

void Session::rotate() { state_->change().id = random_token(id_bytes); }

// ── The middleware ──────────────────────────────────────────────────────────────────────────────────────────────

Sessions::Sessions(Secrets const& secrets, SessionOptions options)
    : settings_(std::make_shared<Settings const>(Settings{Signer(secrets, "session"), std::move(options)})) {
    if (settings_->options.max_age.count() <= 0)
        throw std::invalid_argument("SessionOptions::max_age must be more than 0 seconds");
    static_cast<void>(SetCookie(settings_->options.cookie, ""));
}

namespace {

/// What the session is written as; a removal if nothing is left of it.
SetCookie cookie_of(Session::State& state, std::string const& name, Signer const& signer,
                    std::chrono::seconds max_age) {
    if (state.values.empty() && state.id.empty()) return SetCookie::removal(name);
    if (state.id.empty()) state.id = random_token(id_bytes);
    auto value = signer.sign(state.serialized(), state.now);
    if (name.size() + value.size() <= largest_cookie) return SetCookie(name, std::move(value)).max_age(max_age.count());
    std::string sizes;
    for (auto const& [key, entry] : state.values)
        sizes +=
            (sizes.empty() ? "" : ", ") + std::string(key) + " " + std::to_string(boost::json::serialize(entry).size());
    throw std::length_error("the session takes " + std::to_string(name.size() + value.size()) + " bytes as a cookie, " +
                            std::to_string(largest_cookie) + " are the most. Bytes of its values: " + sizes);
}

} // namespace

Task<Response> Sessions::operator()(Request& request, Next next) const {
    auto const& [signer, options] = *settings_;
    auto const name = settings_->cookie_name(request);
    auto state = std::make_shared<Session::State>();
    state->cookie = request.cookie(name);
    state->signer = &signer;
    state->options = &options;
    state->now = now_of(options);
    request.set(state);

    auto response = co_await next(request);
    if (!state->read) co_return response;
    response.vary("Cookie");
    // A cookie that is no longer valid is taken back.
    bool const stale = state->cookie && !state->valid && state->values.empty();
    if (!state->changed && !stale) co_return response;
    bool const nothing = state->values.empty() && state->id.empty();
    if (nothing && !state->cookie) co_return response;
    response.cookie(cookie_of(*state, name, signer, options.max_age).secure(settings_->secure(request)));
    if (!response.headers().contains("Cache-Control")) response.header("Cache-Control", "no-store");
    co_return response;
}

Sessions sessions(Secrets const& secrets, SessionOptions options) { return {secrets, std::move(options)}; }

} // namespace hxx
