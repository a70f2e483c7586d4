// What an App is given, and what it makes of it; hxx/app/serving_test.cpp starts and stops it.
#include "hxx/app/serving_for_test.hpp"

#include "hxx/async/sleep.hpp"
#include "hxx/base/log_for_test.hpp"
#include "hxx/base/temporary_directory_for_test.hpp"
#include "hxx/jinja/context.hpp"
#include "hxx/jinja/environment.hpp"
#include "hxx/model/settings.hpp"
#include "hxx/web/depends.hpp"
#include "hxx/web/dispatcher.hpp"
#include "hxx/web/embedded_files.hpp"
#include "hxx/web/extract.hpp"
#include "hxx/web/static_files.hpp"
#include "hxx/web/view.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace hxx {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using http::test::RawClient;
using http::test::RawResponse;
using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

RawResponse get(App const& app, std::string const& path, std::string const& fields = "") {
    RawClient client(app.port());
    client.send("GET " + path + " HTTP/1.1\r\nHost: test\r\n" + fields + "\r\n");
    return client.read().value();
}

void start(App& app) { app.start(anywhere); }

/// The current directory, for the time of a test.
class CurrentDirectory {
  public:
    explicit CurrentDirectory(fs::path const& path) : before_(fs::current_path()) { fs::current_path(path); }
    ~CurrentDirectory() { fs::current_path(before_); }
    CurrentDirectory(CurrentDirectory const&) = delete;
    CurrentDirectory& operator=(CurrentDirectory const&) = delete;

  private:
    fs::path before_;
};

// ── State and settings ──────────────────────────────────────────────────────────────────────────────────────────────

struct Controller {
    int speed = 0;
};

TEST(App, LendsHandlersItsState) {
    Controller controller{3};
    App app(quiet());
    app.state(std::string("first")).state(std::string("second")).state_reference(controller);
    app.get("/",
            [](State<std::string> name, State<Controller> own) { return *name + ' ' + std::to_string(++own->speed); });
    start(app);
    EXPECT_EQ(get(app, "/").body, "second 4") << "the second one of a type replaces the first";
    EXPECT_EQ(get(app, "/").body, "second 5");
    app.stop();
    EXPECT_EQ(controller.speed, 5);
}

TEST(App, ReadsSettingsFromTheEnvironmentAndAFile) {
    TemporaryDirectory const directory;
    directory.write("env", "HXX_TEST_A=file\nHXX_TEST_B=file\n");
    ::setenv("HXX_TEST_B", "environment", 1);
    auto options = quiet();
    options.env_file = directory.path("env");
    App const app(std::move(options));
    EXPECT_EQ(app.settings().get("HXX_TEST_A", "-"), "file");
    EXPECT_EQ(app.settings().get("HXX_TEST_B", "-"), "environment");
    EXPECT_EQ(app.settings().get("HXX_TEST_C", "-"), "-");
    ::unsetenv("HXX_TEST_B");
}

// ── Directories ─────────────────────────────────────────────────────────────────────────────────────────────────────

TEST(App, FindsDirectoriesFromHereFromTheProgramAndFromTheSource) {
    TemporaryDirectory const here;
    fs::create_directory(here / "templates");
    fs::create_directory(here / "app"); // there is one beside the source file, too, but this one is nearer
    CurrentDirectory const current(here.path());
    App const app(quiet());
    EXPECT_EQ(app.directory("templates"), here.path("templates"));
    EXPECT_EQ(app.directory(here.path("templates")), here.path("templates"));
    auto const program = fs::read_symlink("/proc/self/exe").parent_path();
    EXPECT_EQ(app.directory("../" + program.filename().string()), program);
    auto const source = fs::path(__FILE__).parent_path();
    EXPECT_EQ(app.directory("../app"), source);
    try {
        static_cast<void>(app.directory("nowhere"));
        FAIL() << "it was found";
    } catch (std::invalid_argument const& error) {
        EXPECT_THAT(error.what(),
                    AllOf(HasSubstr("'nowhere'"), HasSubstr(here.path("nowhere")),
                          HasSubstr((program / "nowhere").string()), HasSubstr((source / "nowhere").string())));
    }
}

AppOptions with_directories(std::vector<std::string> templates, std::string static_files) {
    auto options = quiet();
    options.templates = std::move(templates);
    options.static_files = std::move(static_files);
    return options;
}

TEST(App, ADirectoryThatIsMissingIsAnErrorOnceItIsBuilt) {
    TemporaryDirectory const directory;
    for (auto const& options : {with_directories({directory.path(), directory.path("nowhere")}, ""),
                                with_directories({}, directory.path("nowhere"))}) {
        App app(options);
        app.templates().global("name", "x");
        app.state(7).get("/", [] { return "ok"; }, {.name = "home"});
        app.mount(Router());
        EXPECT_EQ(app.options().title, "hxx");
        EXPECT_EQ(app.settings().get("HXX_TEST_C", "-"), "-");
        EXPECT_THROW(static_cast<void>(app.directory("nowhere")), std::invalid_argument);
        for (int again = 0; again < 2; ++again) {
            EXPECT_THROW(static_cast<void>(app.dispatcher()), std::invalid_argument);
            EXPECT_THROW(start(app), std::invalid_argument);
        }
        EXPECT_EQ(app.port(), 0);
        App moved = std::move(app);
        try {
            static_cast<void>(moved.list_routes());
            FAIL() << "it was accepted";
        } catch (std::invalid_argument const& error) {
            EXPECT_THAT(error.what(), HasSubstr(directory.path("nowhere")));
        }
    }
}

TEST(App, LimitsTheTimeOfARequest) {
    log::KeptLog const log;
    auto options = quiet();
    EXPECT_EQ(options.request_deadline, 60s);
    options.request_deadline = 20ms;
    App app(std::move(options));
    app.get("/slow", []() -> Task<std::string> {
        co_await sleep_for(24h);
        co_return "too late";
    });
    app.get("/patient",
            []() -> Task<std::string> {
                co_await sleep_for(30ms);
                co_return "patient";
            },
            {.deadline = 1h});
    start(app);
    RawClient client(app.port());
    for (auto const* path : {"/slow", "/patient", "/slow"}) {
        client.send("GET " + std::string(path) + " HTTP/1.1\r\nHost: test\r\n\r\n");
        auto const response = client.read().value();
        EXPECT_EQ(response.status, path == std::string("/patient") ? 200 : 503);
        EXPECT_TRUE(response.headers.contains("x-content-type-options")) << "it is an answer like any other";
    }
    EXPECT_THAT(log.wait_for("not answered within its deadline"),
                AllOf(HasSubstr("WARN"), HasSubstr("route=\"GET /slow\""), HasSubstr("limit_ms=20 ")));
}

TEST(App, ServesItsStaticFiles) {
    TemporaryDirectory const directory;
    directory.write("app.css", "body{}");
    App app(with_directories({}, directory.path()));
    start(app);
    auto const response = get(app, "/static/app.css");
    EXPECT_EQ(response.body, "body{}");
    EXPECT_EQ(get(app, "/static/app.css", "If-None-Match: " + response.headers.at("etag") + "\r\n").status, 304);
    EXPECT_EQ(get(app, "/static/%2e%2e/app.css").status, 404);
}

constexpr EmbeddedFile embedded_style[] = {{"app.css", "body{color:red}", "aa11"}};

/// With a directory and with what the program has of it in itself.
App with_embedded(std::string directory, bool development) {
    auto options = with_directories({}, std::move(directory));
    options.embedded_static_files = EmbeddedFiles(embedded_style);
    App app(std::move(options));
    app.get("/link", [](Request& request) { return request.url_for("static", {{"path", "app.css"}}); });
    app.set_development(development); // as --development does, after the app was made
    return app;
}

TEST(App, ServesItsEmbeddedStaticFilesInPlaceOfTheDirectory) {
    TemporaryDirectory const directory;
    directory.write("app.css", "body{}");
    directory.write("more.css", "p{}");
    auto app = with_embedded(directory.path(), false);
    start(app);
    auto const response = get(app, "/static/app.css");
    EXPECT_EQ(response.body, "body{color:red}");
    EXPECT_EQ(response.headers.at("content-type"), "text/css; charset=utf-8");
    EXPECT_EQ(response.headers.at("cache-control"), "no-cache");
    EXPECT_EQ(get(app, "/static/app.css", "If-None-Match: " + response.headers.at("etag") + "\r\n").status, 304);
    EXPECT_EQ(get(app, "/static/more.css").status, 404);
    EXPECT_EQ(get(app, "/link").body, "/static/app.css");
}

TEST(App, ServesTheDirectoryOfItsStaticFilesInDevelopment) {
    TemporaryDirectory const directory;
    directory.write("app.css", "body{}");
    auto app = with_embedded(directory.path(), true);
    start(app);
    EXPECT_EQ(get(app, "/static/app.css").body, "body{}");
    directory.write("app.css", "body{color:blue}");
    EXPECT_EQ(get(app, "/static/app.css").body, "body{color:blue}");
    EXPECT_EQ(get(app, "/link").body, "/static/app.css");
}

TEST(App, NeedsNoDirectoryForEmbeddedStaticFiles) {
    TemporaryDirectory const directory;
    for (auto const& path : {std::string(), directory.path("nowhere")})
        for (bool const development : {false, true}) {
            auto app = with_embedded(path, development);
            start(app);
            EXPECT_EQ(get(app, "/static/app.css").body, "body{color:red}");
        }
}

// ── Templates ───────────────────────────────────────────────────────────────────────────────────────────────────────

TEST(App, TemplatesSeeWhatTheProgramAdds) {
    TemporaryDirectory const first, second;
    first.write("page.html", "{{ name|twice }} {{ who }} {{ url_for('static', path='a.css') }}");
    second.write("page.html", "hidden by the first");
    second.write("other.html", "other");
    auto options = with_directories({first.path(), second.path()}, first.path());
    App app(std::move(options));
    app.templates().filter("twice", [](std::string_view text) { return std::string(text) + std::string(text); });
    app.context_processor([](Request&, jinja::Context& context) { context.add("who", "processor"); });
    app.get("/", [](View view) { return view("page.html", {{"name", "ha"}}); });
    app.get("/other", [](View view) { return view("other.html"); });
    start(app);
    EXPECT_EQ(get(app, "/").body, "haha processor /static/a.css");
    EXPECT_EQ(get(app, "/other").body, "other");
}

TEST(App, TemplatesAreReadAgainInDevelopmentOnly) {
    for (bool const development : {true, false}) {
        TemporaryDirectory const directory;
        directory.write("page.html", "{% extends 'layout.html' %}");
        directory.write("layout.html", "before");
        App app(with_directories({directory.path()}, ""));
        if (development) app.set_development();
        app.get("/", [](View view) { return view("page.html"); });
        start(app);
        EXPECT_EQ(get(app, "/").body, "before");
        directory.write("layout.html", "afterwards");
        EXPECT_EQ(get(app, "/").body, development ? "afterwards" : "before");
    }
}

TEST(App, ErrorsAreShownWithItsOwnTemplate) {
    log::KeptLog const log;
    TemporaryDirectory const directory;
    directory.write("error.html", "<html>{% block error %}{{ status }} {{ title }}{% endblock %}</html>");
    auto options = with_directories({directory.path()}, "");
    options.error_page = "error.html";
    options.error_block = "error";
    App app(std::move(options));
    app.get("/broken", []() -> Response { throw std::runtime_error("the secret reason"); });
    start(app);
    EXPECT_EQ(get(app, "/nowhere", "Accept: text/html\r\n").body, "<html>404 Not Found</html>");
    EXPECT_EQ(get(app, "/nowhere", "HX-Request: true\r\n").body, "404 Not Found");
    EXPECT_EQ(get(app, "/broken", "Accept: text/html\r\n").body, "<html>500 Internal Server Error</html>");
}

// ── The log ─────────────────────────────────────────────────────────────────────────────────────────────────────────

TEST(App, EachRequestIsALineInTheLog) {
    log::KeptLog const log;
    auto options = quiet();
    options.access_log = true;
    App app(std::move(options));
    app.get("/users", [] { return "users"; });
    app.get("/task", []() -> Task<Response> { co_return text("task").status(202); });
    start(app);
    for (auto const& [target, status] : {std::pair{"/users", 200}, {"/task?q=a%20b", 202}, {"/nowhere", 404}}) {
        auto const id = get(app, target).headers.at("x-request-id");
        auto const line = log.wait_for("id=" + id);
        EXPECT_THAT(line, MatchesRegex("[0-9T:.-]+Z INFO request method=GET target=.* status=[0-9]+ ms=[0-9.]+ "
                                       "peer=127.0.0.1 id=" +
                                       id));
        EXPECT_THAT(line, AllOf(HasSubstr(target), HasSubstr("status=" + std::to_string(status) + " ")));
    }
    EXPECT_EQ(log.lines_with("INFO request").size(), 3u);
}

TEST(App, TheLogMayBeJson) {
    log::KeptLog const log(log::Format::Json);
    auto options = quiet();
    options.access_log = true;
    App app(std::move(options));
    app.get("/users", [] { return "users"; });
    start(app);
    auto const id = get(app, "/users?q=\"x\"").headers.at("x-request-id");
    auto const line = log.wait_for(id);
    EXPECT_THAT(line, AllOf(StartsWith("{"), HasSubstr(R"("method":"GET")"), HasSubstr(R"("target":"/users?q=\"x\"")"),
                            HasSubstr(R"("status":200)"), HasSubstr("\"id\":\"" + id + "\"")));
}

TEST(App, TheLogOfRequestsAndTheirIdsCanBeLeftOut) {
    log::KeptLog const log;
    auto options = quiet();
    options.request_id_header = "";
    App app(std::move(options));
    app.get("/", [] { return "ok"; });
    start(app);
    EXPECT_FALSE(get(app, "/").headers.contains("x-request-id"));
    app.stop();
    EXPECT_TRUE(log.lines_with("INFO request").empty());
}

// ── Mistakes ────────────────────────────────────────────────────────────────────────────────────────────────────────

int speed(State<Controller> controller) { return controller->speed; }

TEST(App, AMistakeIsFoundWhenItStarts) {
    App app(quiet());
    app.get("/speed", [](Depends<speed> value) { return std::to_string(*value); });
    try {
        start(app);
        FAIL() << "it was accepted";
    } catch (std::logic_error const& error) {
        EXPECT_THAT(error.what(), AllOf(HasSubstr("GET /speed ("), HasSubstr("app_test.cpp:"),
                                        HasSubstr("speed → State<"), HasSubstr("app.state(…)")));
    }
    EXPECT_EQ(app.port(), 0);
}

// ── The list of routes ──────────────────────────────────────────────────────────────────────────────────────────────

constexpr EmbeddedFile embedded_file[] = {{"a.css", "body{}", "aa"}};

TEST(App, ListsItsRoutes) {
    TemporaryDirectory const directory;
    CurrentDirectory const current(fs::path(__FILE__).parent_path().parent_path());
    auto const line = [](int number) { return "app/app_test.cpp:" + std::to_string(number) + "\\b.*"; };
    auto const made = __LINE__ + 1;
    App app(with_directories({}, directory.path()));
    app.state(Controller());
    auto const got = [](Path<int, "id">, Depends<speed> value) { return std::to_string(*value); };
    auto const gotten = __LINE__ + 1;
    app.get("/speed/{id:int}", got, {.name = "speed"});
    auto const mounted = __LINE__ + 1;
    app.mount(embedded_files("/assets", EmbeddedFiles(embedded_file)));
    auto const served = __LINE__ + 1;
    app.static_files("/files", directory.path(), {.name = "files"});
    app.get("/slow", [] { return ""; }, {.name = "slow", .deadline = 90s});
    app.post("/quick", [] { return ""; }, {.name = "quick", .deadline = 250ms});
    app.get("/endless", [] { return ""; }, {.name = "endless", .deadline = 0s});
    auto const text = app.list_routes();
    EXPECT_THAT(text, ContainsRegex("/slow .* deadline 90 s\n"));
    EXPECT_THAT(text, ContainsRegex("/quick .* deadline 250 ms\n"));
    EXPECT_THAT(text, ContainsRegex("/endless .* no deadline\n"));
    EXPECT_THAT(text, StartsWith("METHOD  PATTERN"));
    EXPECT_THAT(text, ContainsRegex("GET +/static/\\{path:path\\} +static +" + line(made)));
    EXPECT_THAT(text,
                ContainsRegex("GET +/speed/\\{id:int\\} +speed +" + line(gotten) + "speed \\(State<.*Controller>\\)"));
    EXPECT_THAT(text, ContainsRegex("GET +/assets/\\{path:path\\} +assets +" + line(mounted)));
    EXPECT_THAT(text, ContainsRegex("GET +/files/\\{path:path\\} +files +" + line(served)));
    CurrentDirectory const elsewhere(directory.path());
    EXPECT_THAT(app.list_routes(), AllOf(HasSubstr(" " + std::string(__FILE__) + ":"), Not(HasSubstr(" ../"))));
}

} // namespace
} // namespace hxx
