#include "app.hpp"

#include "accounts.hpp"
#include "database.hpp"
#include "embedded/assets.hpp"
#include "embedded/migrations.hpp"
#include "embedded/static_files.hpp"
#include "operations.hpp"
#include "processing.hpp"
#include "users.hpp"
#include "weather.hpp"

#include <hxx/client/client.hpp>
#include <hxx/hxx.hpp>
#include <hxx/jobs/queue.hpp>
#include <hxx/security/app_secrets.hpp>
#include <hxx/security/login_limiter.hpp>

using namespace hxx;

namespace {

Task<Response> home(View view, Depends<get_db> db) {
    auto const total = co_await db->query_value<int>("select count(*) from users");
    co_return view("pages/home.html", {{"total", total}});
}

} // namespace

App make_app(UsersSettings const& settings) {
    App app{{.title = "Users",
             .templates = {"templates"},
             .static_files = "static",
             .embedded_static_files = embedded::static_files(),
             .error_page = "pages/error.html",
             .error_block = "error",
             .login = "/login",
             .csrf = {.exempt = {"token"}}}};

    auto database = sql::Database::connect(settings.database_url);
    database.migrate_blocking(embedded::migrations());
    JobQueue(database).attach_to(app);
    app.state(std::move(database));
    app.state(http::Client());
    app.state(WeatherService{settings.weather_url});
    app.state(jwt::Keys::from(app.secrets().derive("access tokens")));
    app.state(LoginLimiter());
    app.emplace_state<Operations>();
    app.use(sessions());
    app.context_processor(add_account_name);
    app.templates().global("htmx_script", settings.htmx_version == 2 ? "htmx2.min.js" : "htmx4.min.js");
    app.templates().global("sse_script", settings.htmx_version == 2 ? "sse2.js" : "sse4.min.js");

    app.mount(embedded_files("/assets", embedded::assets()));
    app.get("/", home, {.name = "home"});
    app.mount(account_routes());
    app.mount(user_routes());
    app.mount(weather_routes());
    app.mount(processing_routes());
    app.mount(operation_routes());
    return app;
}
