#include "accounts.hpp"

#include <hxx/hxx.hpp>
#include <hxx/security/bearer.hpp>
#include <hxx/security/login.hpp>
#include <hxx/security/login_limiter.hpp>
#include <hxx/security/passwords.hpp>

#include <charconv>
#include <chrono>

using namespace hxx;
using namespace std::chrono_literals;

namespace {

constexpr auto token_lifetime = 15min;
constexpr char audience[] = "users";

struct AccountRow {
    std::int64_t id = 0;
    std::string name, email, password_hash;
};

/// The id in a token of ours; nothing for one that is forged or too old.
std::optional<std::int64_t> account_in(std::string_view token, jwt::Keys const& keys) {
    auto const verified = keys.verify(token, {.algorithms = {"HS256"}, .audience = audience});
    if (!verified || !verified->sub) return std::nullopt;
    std::int64_t id = 0;
    auto const& text = *verified->sub;
    if (std::from_chars(text.data(), text.data() + text.size(), id).ec != std::errc()) return std::nullopt;
    return id;
}

void log_in(Session& session, std::int64_t id, std::string const& name) {
    session.rotate(); // an id from before the log-in may be known to somebody else
    session.set("account", id);
    session.set("account_name", name);
}

/// The account if the password is right. A wrong e-mail takes as long as a wrong password, and neither can be tried
/// without end.
Task<std::optional<AccountRow>> check_password(std::string email, std::string password, Request& request,
                                               LoginLimiter const& limiter, sql::Session const& db) {
    auto const attempt = limiter.attempt(email, request.peer().address);
    auto row = co_await db.query_one<AccountRow>("select id, name, email, password_hash from accounts where email = $1",
                                                 email);
    auto const stored = row ? row->password_hash : std::string();
    bool const right = co_await password_matches(stored, password);
    if (!right) co_return std::nullopt;
    attempt.succeeded();
    co_return row;
}

// ── Sign up ─────────────────────────────────────────────────────────────────────────────────────────────────────────

Response sign_up_page(View view) {
    return view.page("pages/signup.html", {.block = "form"}, {{"form", form_state<SignUpForm>()}});
}

Task<Response> sign_up(Checked<Form<SignUpForm>> form, View view, Session session, Depends<get_db> db) {
    if (form) {
        try {
            auto const hash = co_await password_hash(form->password);
            auto const id = co_await db->query_value<std::int64_t>(
                "insert into accounts (name, email, password_hash) values ($1, $2, $3) returning id", form->name,
                form->email, hash);
            co_await db->commit();
            log_in(session, id, form->name);
            co_return redirect("/dashboard");
        } catch (sql::Error const& error) {
            if (!error.duplicate("email")) throw;
            form.add_error("email", "duplicate", "has an account already");
        }
    }
    co_return view.invalid("pages/signup.html", {.block = "form"}, form);
}

// ── Log in and out ──────────────────────────────────────────────────────────────────────────────────────────────────

Response log_in_page(View view, Query<std::string, "next", ""> next) {
    return view.page("pages/login.html", {.block = "form"},
                     {{"form", form_state<LogInForm>()}, {"next", safe_next(*next)}});
}

Task<Response> log_in_with_password(Checked<Form<LogInForm>> form, View view, Session session, Request& request,
                                    State<LoginLimiter> limiter, Depends<get_db> db) {
    auto const next = form.fields() && form.fields()->get("next") ? safe_next(*form.fields()->get("next")) : "/";
    if (form) {
        auto const account = co_await check_password(form->email, form->password, request, *limiter, *db);
        if (account) {
            log_in(session, account->id, account->name);
            co_return redirect(next == "/" ? "/dashboard" : next);
        }
        form.add_error("password", "wrong", "does not belong to this e-mail");
    }
    co_return view.invalid("pages/login.html", {.block = "form"}, form, {{"next", next}});
}

Response log_out(Session session) {
    session.clear();
    return redirect("/");
}

/// The same for programs (OAuth 2.0's password flow): they send the token with each request.
Task<Response> token(Form<OAuth2PasswordRequestForm> form, Request& request, State<LoginLimiter> limiter,
                     State<jwt::Keys> keys, Depends<get_db> db) {
    auto const account = co_await check_password(form->username, form->password, request, *limiter, *db);
    if (!account) throw HttpError(401, "E-mail or password is wrong.").header("WWW-Authenticate", "Bearer");
    auto const claims =
        jwt::Claims().subject(std::to_string(account->id)).audience(audience).expires_in(token_lifetime);
    TokenResponse answer;
    answer.access_token = keys->sign(claims);
    answer.expires_in = std::chrono::seconds(token_lifetime).count();
    co_return token_response(answer);
}

// ── What is only for those who are logged in ────────────────────────────────────────────────────────────────────────

Task<Response> dashboard(View view, Depends<current_account> account, Depends<get_db> db) {
    auto const total = co_await db->query_value<int>("select count(*) from users");
    co_return view.page("pages/dashboard.html", {.block = "dashboard"}, {{"account", *account}, {"total", total}});
}

} // namespace

Task<Account> current_account(Request& request, Session session, State<jwt::Keys> keys, Depends<get_db> db) {
    auto id = session.integer("account");
    if (auto const bearer = HTTPBearer::find(request)) id = account_in(*bearer, *keys);
    if (!id) throw HttpError(401, "This needs a log-in.");
    auto account = co_await db->query_one<Account>("select id, name, email from accounts where id = $1", *id);
    if (!account) throw HttpError(401, "This account is no more.");
    co_return *std::move(account);
}

void add_account_name(Request& request, jinja::Context& context) {
    if (auto const session = Session::find(request))
        context.add("account_name", session->text("account_name").value_or(""));
}

Router account_routes() {
    Router router;
    router.get("/signup", sign_up_page, {.name = "signup"});
    router.post("/signup", sign_up);
    router.get("/login", log_in_page, {.name = "login"});
    router.post("/login", log_in_with_password);
    router.post("/logout", log_out, {.name = "logout"});
    router.post("/token", token, {.name = "token"});
    router.get("/dashboard", dashboard, {.name = "dashboard"});
    return router;
}
