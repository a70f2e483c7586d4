#include "hxx/security/session.hpp"

#include "hxx/async/task.hpp"
#include "hxx/base/clock.hpp"
#include "hxx/base/encoding.hpp"
#include "hxx/base/random.hpp"
#include "hxx/crypto/digest.hpp"
#include "hxx/security/app_secrets.hpp"
#include "hxx/security/session_store.hpp"
#include "hxx/web/dispatcher.hpp"
#include "hxx/web/response.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <stdexcept>

namespace hxx {

namespace {

constexpr std::size_t id_bytes = 16;
constexpr std::size_t largest_cookie = 4096; // of name and value, which browsers keep
// In the cookie: {"id": …, "values": {…}}. With a store the cookie is the id, and the store has the values.
constexpr std::string_view id_key = "id", values_key = "values";

std::string store_key(std::string_view id) { return to_base64url(sha256(id)); }

} // namespace

struct Sessions::Settings {
    std::optional<Signer> signer;
    SessionOptions options;

    [[nodiscard]] bool secure(Request const& request) const noexcept {
        return options.secure == SecureCookie::Always || request.secure();
    }
    [[nodiscard]] std::string cookie_name(Request const& request) const {
        return (secure(request) ? "__Host-" : "") + options.cookie;
    }
    [[nodiscard]] Signer const& signer_for(Request const& request) const {
        if (signer) return *signer;
        if (auto* secrets = static_cast<AppSecrets*>(request.app().find_state(type_key<AppSecrets>)))
            return secrets->session();
        throw std::logic_error("sessions() without secrets are those of an hxx::App, and this is none");
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
    std::string loaded_id; // under which the store knows it
    bool read = false, changed = false;
    bool valid = false; // the cookie was

    State& use() {
        if (std::exchange(read, true) || !cookie || options->store) return *this;
        auto const found = signer->verify(*cookie, now, options->max_age);
        if (!found) return *this;
        // What is signed is ours, and so has this shape.
        auto content = boost::json::parse(found->text).as_object();
        id = content.at(id_key).as_string();
        values = std::move(content.at(values_key).as_object());
        accept(found->at);
        return *this;
    }
    void accept(std::chrono::sys_seconds written) {
        valid = true;
        changed = now - written > options->max_age / 2;
    }
    State& change() {
        use();
        changed = true;
        return *this;
    }
    [[nodiscard]] bool nothing() const { return values.empty() && id.empty(); }
};

// ── Session ─────────────────────────────────────────────────────────────────────────────────────────────────────

std::optional<Session> Session::find(Request& request) {
    if (auto* state = request.find<std::shared_ptr<State>>()) return Session(**state);
    return std::nullopt;
}

Session Session::from_request(Request& request) {
    if (auto found = find(request)) return *found;
    throw std::logic_error("a handler takes a Session, but no sessions() lie around its route: app.use(sessions())");
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

Sessions::Sessions(std::optional<Secrets> const& secrets, SessionOptions options) {
    if (options.max_age.count() <= 0)
        throw std::invalid_argument("SessionOptions::max_age must be more than 0 seconds");
    static_cast<void>(SetCookie(options.cookie, ""));
    auto settings = std::make_shared<Settings>();
    if (secrets) settings->signer.emplace(*secrets, "session");
    settings->options = std::move(options);
    settings_ = std::move(settings);
}

namespace {

[[noreturn]] void too_large(boost::json::object const& values, std::size_t size) {
    std::string sizes;
    for (auto const& [key, entry] : values)
        sizes +=
            (sizes.empty() ? "" : ", ") + std::string(key) + " " + std::to_string(boost::json::serialize(entry).size());
    throw std::length_error(
        "the session takes " + std::to_string(size) + " bytes as a cookie, " + std::to_string(largest_cookie) +
        " are the most: keep it on the server (SessionOptions::store). Bytes of its values: " + sizes);
}

} // namespace

/// What the session is written as; a removal if nothing is left of it.
SetCookie Sessions::cookie_of(Session::State& state, std::string const& name) const {
    if (state.nothing()) return SetCookie::removal(name);
    if (state.id.empty()) state.id = random_token(id_bytes);
    auto const content =
        settings_->options.store
            ? state.id
            : boost::json::serialize(boost::json::object{{id_key, state.id}, {values_key, state.values}});
    auto value = state.signer->sign(content, state.now);
    if (name.size() + value.size() > largest_cookie) too_large(state.values, name.size() + value.size());
    return SetCookie(name, std::move(value)).max_age(settings_->options.max_age.count());
}

/// An id that the store does not know is refused, whoever signed it: it belongs to a session that has ended.
Task<void> Sessions::load(Session::State& state) const {
    auto const found = state.signer->verify(*state.cookie, state.now, settings_->options.max_age);
    if (!found) co_return;
    auto stored = co_await settings_->options.store->load(store_key(found->text));
    if (!stored) co_return;
    state.values = boost::json::parse(stored->content).as_object();
    state.id = state.loaded_id = found->text;
    state.accept(stored->written);
}

Task<void> Sessions::store(Session::State& state) const {
    auto& store = *settings_->options.store;
    if (!state.loaded_id.empty() && state.loaded_id != state.id) co_await store.erase(store_key(state.loaded_id));
    if (state.nothing()) co_return;
    StoredSession session{boost::json::serialize(state.values), state.now};
    co_await store.save(store_key(state.id), std::move(session), state.now + settings_->options.max_age);
}

Task<Response> Sessions::operator()(Request& request, Next next) const {
    auto const& options = settings_->options;
    auto const name = settings_->cookie_name(request);
    auto state = std::make_shared<Session::State>();
    state->cookie = request.cookie(name);
    state->signer = &settings_->signer_for(request);
    state->options = &options;
    state->now = clock::now_in_seconds();
    if (options.store && state->cookie) co_await load(*state);
    request.set(state);

    auto response = co_await next(request);
    if (!state->read) co_return response;
    response.vary("Cookie");
    auto const no_store = [&] {
        if (!response.headers().contains("Cache-Control")) response.header("Cache-Control", "no-store");
    };
    if (!state->values.empty()) no_store();
    // A cookie that is no longer valid is taken back.
    bool const stale = state->cookie && !state->valid && state->values.empty();
    if (!state->changed && !stale) co_return response;
    if (state->nothing() && !state->cookie) co_return response;
    response.cookie(cookie_of(*state, name).secure(settings_->secure(request)));
    if (options.store) co_await store(*state);
    no_store();
    co_return response;
}

Sessions sessions(SessionOptions options) { return {std::nullopt, std::move(options)}; }
Sessions sessions(Secrets const& secrets, SessionOptions options) { return {secrets, std::move(options)}; }

} // namespace hxx
