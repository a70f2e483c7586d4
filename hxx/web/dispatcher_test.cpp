#include "hxx/web/dispatcher.hpp"
#include "hxx/web/endpoint_async.hpp"

#include "hxx/base/log_for_test.hpp"
#include "hxx/http/error.hpp"
#include "hxx/web/background.hpp"
#include "hxx/web/drive_for_test.hpp"

#include <stdexcept>
#include <string>
#include <vector>

namespace hxx {
namespace {

TEST(Dispatcher, AnswersPlainFunctionsWithoutACoroutine) {
    Router router;
    router.get("/", [] { return "hello"; });
    router.get("/task", []() -> Task<Response> { co_return text("from a task"); });
    router.get("/nothing", [] {});
    Drive drive(std::move(router));
    EXPECT_EQ(drive.get("/"), "hello");
    EXPECT_TRUE(drive.synchronous);
    EXPECT_EQ(drive.get("/task"), "from a task");
    EXPECT_FALSE(drive.synchronous);
    EXPECT_EQ(drive.send({"GET", "/nothing"}).status(), 204);
}

TEST(Dispatcher, KnowsWhatIsMissingAndWhatIsNotAllowed) {
    Router router;
    router.get("/users", [] { return "users"; });
    router.post("/users", [] { return "made"; });
    Drive drive(std::move(router));
    EXPECT_EQ(drive.send({"GET", "/other"}).status(), 404);
    auto const refused = drive.send({"PUT", "/users"});
    EXPECT_EQ(refused.status(), 405);
    EXPECT_EQ(header_of(refused, "Allow"), "GET, HEAD, POST, OPTIONS");
    auto const options = drive.send({"OPTIONS", "/users"});
    EXPECT_EQ(options.status(), 204);
    EXPECT_EQ(header_of(options, "Allow"), "GET, HEAD, POST, OPTIONS");
    EXPECT_EQ(drive.send({"HEAD", "/users"}).status(), 200);
}

TEST(Dispatcher, RedirectsToThePathWithOrWithoutItsSlash) {
    Router router;
    router.get("/users", [] { return "users"; });
    router.get("/files/", [] { return "files"; });
    Drive drive(std::move(router));
    auto const slash = drive.send({"GET", "/users/?q=a%20b"});
    EXPECT_EQ(slash.status(), 307);
    EXPECT_EQ(header_of(slash, "Location"), "/users?q=a%20b");
    EXPECT_EQ(header_of(drive.send({"GET", "/files"}), "Location"), "/files/");
    EXPECT_EQ(drive.send({"POST", "/users/"}).status(), 404); // no route there for POST either
    EXPECT_EQ(drive.send({"GET", "//users"}).status(), 404);
}

TEST(Dispatcher, AnErrorIsAPageAFragmentOrAProblem) {
    Router router;
    router.get("/gone", []() -> Response { throw HttpError{410, "It was <here>"}; });
    Drive drive(std::move(router));
    auto const api = drive.send({"GET", "/gone"});
    EXPECT_EQ(api.status(), 410);
    EXPECT_EQ(header_of(api, "Content-Type"), "application/problem+json");
    EXPECT_NE(api.text().find(R"("title":"Gone","status":410,"detail":"It was <here>","instance":"/gone")"),
              std::string::npos)
        << api.text();
    auto const browser = drive.send({"GET", "/gone", {{"Accept", "text/html,*/*;q=0.8"}}});
    EXPECT_EQ(header_of(browser, "Content-Type"), "text/html; charset=utf-8");
    EXPECT_TRUE(browser.text().starts_with("<!doctype html>"));
    EXPECT_NE(browser.text().find("It was &lt;here&gt;"), std::string::npos);
    auto const htmx = drive.send({"GET", "/gone", {{"HX-Request", "true"}, {"HX-Request-Type", "partial"}}});
    EXPECT_TRUE(htmx.text().starts_with("<div class=\"hxx-error\""));
    for (auto const* response : {&api, &browser, &htmx})
        EXPECT_NE(header_of(*response, "Vary").find("HX-Request"), std::string::npos);
}

TEST(Dispatcher, AnUnexpectedExceptionKeepsItsTextToItself) {
    log::KeptLog const log;
    auto routes = [] {
        Router router;
        router.get("/", []() -> Response { throw std::runtime_error("the secret reason"); });
        return router;
    };
    Drive drive(routes());
    auto const hidden = drive.send({"GET", "/"});
    EXPECT_EQ(hidden.status(), 500);
    EXPECT_EQ(hidden.text().find("secret"), std::string::npos);
    DispatcherOptions options;
    options.development = true;
    Drive open(routes(), options);
    auto const shown = open.send({"GET", "/", {{"Accept", "text/html"}}});
    EXPECT_NE(shown.text().find("std::runtime_error: the secret reason"), std::string::npos);
    EXPECT_NE(shown.text().find("dispatcher_test.cpp"), std::string::npos);
}

struct OutOfStock : std::runtime_error {
    using std::runtime_error::runtime_error;
};

TEST(Dispatcher, AsksTheInnermostExceptionHandlerFirst) {
    Router shop{"/shop"};
    shop.get("/buy", []() -> Response { throw OutOfStock("no tea"); });
    shop.get("/missing", []() -> Response { throw HttpError{404}; });
    shop.exception<OutOfStock>([](OutOfStock const& error) { return text(error.what()).status(409); });
    Router root;
    root.mount(std::move(shop));
    root.get("/buy", []() -> Response { throw OutOfStock("no coffee"); });
    root.exception<std::runtime_error>(
        [](std::runtime_error const&) -> Task<Response> { co_return text("outer").status(418); });
    root.exception(
        404, [](HttpError const&, Request& request) { return text("no " + std::string(request.path())).status(404); });
    Drive drive(std::move(root));
    auto const inner = drive.send({"GET", "/shop/buy"});
    EXPECT_EQ(inner.status(), 409);
    EXPECT_EQ(inner.text(), "no tea");
    EXPECT_EQ(drive.send({"GET", "/buy"}).status(), 418);
    EXPECT_EQ(drive.get("/shop/missing"), "no /shop/missing");
    EXPECT_EQ(drive.get("/nowhere"), "no /nowhere");
}

TEST(Dispatcher, RunsMiddlewareFromTheOutsideIn) {
    log::KeptLog const log;
    static std::vector<std::string> steps;
    steps.clear();
    Router inner{"/in"};
    inner.use([](Request& request, Next next) -> Task<Response> {
        steps.push_back("inner");
        auto response = co_await next(request);
        response.header("X-Inner", "1");
        co_return response;
    });
    inner.get("/", [] { return steps.push_back("handler"), "ok"; });
    inner.get("/fails", []() -> Response { throw std::runtime_error("x"); });
    Router root;
    root.use([](Request& request, Next next) -> Task<Response> {
        steps.push_back("outer");
        request.set<int>(7);
        auto response = co_await next(request);
        steps.push_back("outer after " + std::to_string(response.status()));
        co_return response;
    });
    root.mount(std::move(inner));
    root.get("/number", [](Request& request) { return std::to_string(*request.find<int>()); });
    Drive drive(std::move(root));
    auto const response = drive.send({"GET", "/in/"});
    EXPECT_EQ(header_of(response, "X-Inner"), "1");
    EXPECT_EQ(steps, (std::vector<std::string>{"outer", "inner", "handler", "outer after 200"}));
    EXPECT_EQ(drive.get("/number"), "7");
    steps.clear();
    EXPECT_EQ(drive.send({"GET", "/in/fails"}).status(), 500); // middleware sees errors as responses
    EXPECT_EQ(steps.back(), "outer after 500");
    steps.clear();
    EXPECT_EQ(drive.send({"GET", "/nowhere"}).status(), 404);
    EXPECT_EQ(steps, (std::vector<std::string>{"outer", "outer after 404"}));
}

TEST(Dispatcher, RunsBackgroundTasksAfterTheResponseInOrder) {
    log::KeptLog const log;
    static std::vector<std::string> done;
    done.clear();
    Router router;
    router.post("/", [](BackgroundTasks& tasks) {
        tasks.add("first", [] { done.push_back("first"); });
        tasks.add("fails", [] { throw std::runtime_error("x"); });
        tasks.add("last", []() -> Task<void> {
            done.push_back("last");
            co_return;
        });
        done.push_back("handler");
        return "ok";
    });
    router.post("/fails", [](BackgroundTasks& tasks) -> Response {
        tasks.add("never", [] { done.push_back("never"); });
        throw HttpError{400};
    });
    Drive drive(std::move(router));
    EXPECT_EQ(drive.send({"POST", "/"}).text(), "ok");
    EXPECT_EQ(done, (std::vector<std::string>{"handler", "first", "last"}));
    EXPECT_EQ(drive.dispatcher().running_tasks(), 0);
    EXPECT_EQ(log.lines_with("ERROR background task failed task=fails error=x").size(), 1u);
    done.clear();
    EXPECT_EQ(drive.send({"POST", "/fails"}).status(), 400);
    EXPECT_TRUE(done.empty());
}

TEST(Dispatcher, FindsUrlsByName) {
    log::KeptLog const log;
    Router router;
    router.get("/users/{user_id:int}", [] { return "user"; }, {.name = "user"});
    router.get("/files/{path:path}", [] { return "file"; }, {.name = "file"});
    router.get("/go", [](Request& request) {
        return request.url_for("user", {{"user_id", 7}, {"tab", "a&b"}}) + ' ' +
               request.url_for("file", {{"path", "a b/c"}});
    });
    router.get("/wrong", [](Request& request) { return request.url_for("usr"); });
    router.get("/negative", [](Request& request) { return request.url_for("user", {{"user_id", -7}}); });
    Drive drive(std::move(router));
    EXPECT_EQ(drive.get("/go"), "/users/7?tab=a%26b /files/a%20b/c");
    EXPECT_EQ(drive.send({"GET", "/wrong"}).status(), 500);
    EXPECT_EQ(drive.send({"GET", "/negative"}).status(), 500);
}

TEST(Dispatcher, RefusesTwoRoutesForOneAddress) {
    Router router;
    router.get("/a/{x}", [] { return "1"; });
    router.get("/a/{y}", [] { return "2"; });
    try {
        Drive drive(std::move(router));
        FAIL() << "it was accepted";
    } catch (std::logic_error const& error) {
        std::string const what = error.what();
        EXPECT_NE(what.find("two routes for one address: GET /a/{y} ("), std::string::npos) << what;
        EXPECT_NE(what.find("dispatcher_test.cpp:"), std::string::npos) << what;
    }
}

TEST(Dispatcher, GivesEveryResponseTheRequestsId) {
    Router router;
    router.get("/", [](Request& request) { return std::string(request.id()); });
    Drive drive(std::move(router));
    auto const response = drive.send({"GET", "/"});
    EXPECT_EQ(header_of(response, "X-Request-ID"), response.text());
    EXPECT_EQ(response.text().size(), 26u);
    EXPECT_NE(drive.get("/"), response.text());
}

TEST(Dispatcher, RefusesARequestIdFieldThatCannotBe) {
    DispatcherOptions options;
    options.request_id_header = "X Request ID";
    EXPECT_THROW(Drive(Router(), options), std::logic_error);
}

} // namespace
} // namespace hxx
