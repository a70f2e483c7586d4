// Middleware and exception handlers: what runs around a handler, and what answers when it fails.
#include "hxx/web/background.hpp"
#include "hxx/web/depends.hpp"
#include "hxx/web/view.hpp"

#include "hxx/async/errors.hpp"
#include "hxx/base/log_for_test.hpp"
#include "hxx/http/error.hpp"
#include "hxx/jinja/loader.hpp"
#include "hxx/web/drive_for_test.hpp"
#include "hxx/web/extract.hpp"

#include <gmock/gmock.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace hxx {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> steps;
void step(std::string_view name) { steps.emplace_back(name); }

/// Says when it begins and ends, and what it saw.
auto traced(std::string name) {
    return [name](Request& request, Next next) -> Task<Response> {
        step(name);
        auto response = co_await next(request);
        step("/" + name + " " + std::to_string(response.status()));
        co_return response;
    };
}
/// Answers itself when it is asked to by ?stop.
Task<Response> gate(Request& request, Next next) {
    if (request.query() == "stop") co_return text("stopped").status(403);
    auto response = co_await next(request);
    co_return response;
}
Task<Response> fails_before(Request&, Next) {
    throw HttpError{418, "before"};
    co_return Response();
}
Task<Response> fails_after(Request& request, Next next) {
    auto const response = co_await next(request);
    throw HttpError{418, "after " + std::to_string(response.status())};
    co_return Response();
}

void dependency() { step("dependency"); }

class Trace : public testing::Test {
  protected:
    Trace() { steps.clear(); }
    log::KeptLog log;
};
using Middlewares = Trace;
using ExceptionHandlers = Trace;

// ── Middleware ──────────────────────────────────────────────────────────────────────────────────────────────────────

TEST_F(Middlewares, AreLaidAroundOneAnotherAndAroundDependencies) {
    Router inner{"/in"};
    inner.use(traced("c")).use(traced("d"));
    inner.get("/", [] { return step("handler"), "ok"; });
    Router root;
    root.use(traced("a")).use(traced("b"));
    root.depend_on({depends<dependency>});
    root.mount(std::move(inner));
    Drive drive(std::move(root));
    EXPECT_EQ(drive.get("/in/"), "ok");
    EXPECT_THAT(steps,
                ElementsAre("a", "b", "c", "d", "dependency", "handler", "/d 200", "/c 200", "/b 200", "/a 200"));
}

TEST_F(Middlewares, MayAnswerThemselves) {
    Router root;
    root.use(traced("outer")).use(gate).use(traced("inner"));
    root.depend_on({depends<dependency>});
    root.get("/", [] { return step("handler"), "ok"; });
    Drive drive(std::move(root));
    auto const stopped = drive.send({"GET", "/?stop"});
    EXPECT_EQ(stopped.status(), 403);
    EXPECT_EQ(stopped.text(), "stopped");
    EXPECT_THAT(steps, ElementsAre("outer", "/outer 403"));
    EXPECT_EQ(drive.get("/"), "ok");
}

TEST_F(Middlewares, SeeEveryAnswer) {
    Router root;
    root.use(traced("m"));
    root.get("/users", []() -> Response { throw std::runtime_error("x"); });
    root.get("/page", [](Query<int, "page"> page) { return std::to_string(*page); });
    Drive drive(std::move(root));
    for (auto const& [method, target, status] : {std::tuple{"GET", "/users", 500},
                                                 {"GET", "/page?page=x", 422},
                                                 {"GET", "/nowhere", 404},
                                                 {"POST", "/users", 405},
                                                 {"OPTIONS", "/users", 204},
                                                 {"GET", "/users/", 307},
                                                 {"OPTIONS", "*", 204}}) {
        steps.clear();
        EXPECT_EQ(drive.send({method, target}).status(), status) << target;
        EXPECT_THAT(steps, ElementsAre("m", "/m " + std::to_string(status))) << target;
    }
}

TEST_F(Middlewares, OfAMountedRouterRunForItsRoutesAlone) {
    Router inner{"/in"};
    inner.use(traced("inner"));
    inner.get("/a", [] { return "a"; });
    Router root;
    root.mount(std::move(inner));
    root.get("/in/b", [] { return "b"; });
    Drive drive(std::move(root));
    EXPECT_EQ(drive.get("/in/b"), "b");
    EXPECT_TRUE(drive.synchronous);
    EXPECT_EQ(drive.send({"GET", "/in/nowhere"}).status(), 404);
    EXPECT_THAT(steps, IsEmpty());
    EXPECT_EQ(drive.get("/in/a"), "a");
    EXPECT_THAT(steps, ElementsAre("inner", "/inner 200"));
}

TEST_F(Middlewares, ThatFailAreAnsweredLikeHandlers) {
    Router before{"/before"};
    before.use(fails_before);
    before.get("/", [] { return step("handler"), "ok"; });
    Router after{"/after"};
    after.use(fails_after);
    after.get("/", [] { return "ok"; });
    after.get("/gone", []() -> Response { throw HttpError{410}; });
    after.exception(418,
                    [](HttpError const& error) { return text("handled: " + std::string(error.detail())).status(409); });
    Router root;
    root.use(traced("outer"));
    root.mount(std::move(before)).mount(std::move(after));
    Drive drive(std::move(root));
    EXPECT_EQ(drive.send({"GET", "/before/"}).status(), 418);
    EXPECT_THAT(steps, ElementsAre("outer", "/outer 418"));
    EXPECT_EQ(drive.get("/after/"), "handled: after 200");
    EXPECT_EQ(drive.get("/after/gone"), "handled: after 410");
}

TEST_F(Middlewares, MayReplaceTheAnswerAndAddToIt) {
    Router root;
    root.use([](Request& request, Next next) -> Task<Response> {
        request.response().header("X-Early", "1");
        auto response = co_await next(request);
        if (response.status() == 404) response = html("<p>nothing here").status(404);
        response.header("X-Late", std::string(response.text()));
        co_return response;
    });
    root.get("/", [] { return "ok"; });
    Drive drive(std::move(root));
    auto const response = drive.send({"GET", "/"});
    EXPECT_EQ(header_of(response, "X-Early"), "1");
    EXPECT_EQ(header_of(response, "X-Late"), "ok");
    EXPECT_EQ(header_of(drive.send({"GET", "/nowhere"}), "X-Late"), "<p>nothing here");
}

TEST_F(Middlewares, ThatFailAfterTheHandlerEndItsBackgroundTasks) {
    Router root;
    root.use(fails_after);
    root.get("/", [](BackgroundTasks& tasks) {
        tasks.add("never", [] { step("task"); });
        return "ok";
    });
    Drive drive(std::move(root));
    EXPECT_EQ(drive.send({"GET", "/"}).status(), 418);
    EXPECT_THAT(steps, IsEmpty());
}

// ── Exception handlers ──────────────────────────────────────────────────────────────────────────────────────────────

struct OutOfStock : std::runtime_error {
    using std::runtime_error::runtime_error;
};

TEST_F(ExceptionHandlers, AreAskedInTheOrderOfRegistration) {
    Router root;
    root.get("/", []() -> Response { throw OutOfStock("tea"); });
    root.exception<OutOfStock>([](OutOfStock const&) { return text("first"); });
    root.exception<std::runtime_error>([](std::runtime_error const&) { return text("second"); });
    EXPECT_EQ(Drive(std::move(root)).get("/"), "first");
    Router other;
    other.get("/", []() -> Response { throw OutOfStock("tea"); });
    other.exception<std::exception>([](std::exception const&) { return text("general"); });
    other.exception<OutOfStock>([](OutOfStock const&) { return text("special"); });
    EXPECT_EQ(Drive(std::move(other)).get("/"), "general");
}

TEST_F(ExceptionHandlers, ByStatusAreThoseOfTheRoutesRouter) {
    Router inner{"/in"};
    inner.get("/gone", []() -> Response { throw HttpError{410}; });
    inner.get("/teapot", []() -> Response { throw HttpError{418}; });
    inner.exception(410, [](HttpError const&) { return text("inner 410").status(410); });
    inner.exception(404, [](HttpError const&) { return text("inner 404").status(404); });
    Router root;
    root.mount(std::move(inner));
    root.get("/gone", []() -> Response { throw HttpError{410}; });
    root.exception(404, [](HttpError const&) { return text("outer 404").status(404); });
    root.exception(405, [](HttpError const& error) {
        auto response = text("outer 405").status(405);
        for (auto const& [name, value] : error.headers()) response.add_header(name, value);
        return response;
    });
    Drive drive(std::move(root));
    EXPECT_EQ(drive.get("/in/gone"), "inner 410");
    EXPECT_EQ(drive.send({"GET", "/gone"}).status(), 410);
    EXPECT_EQ(header_of(drive.send({"GET", "/gone"}), "Content-Type"), "application/problem+json");
    EXPECT_EQ(drive.send({"GET", "/in/teapot"}).status(), 418);
    EXPECT_EQ(drive.get("/in/nowhere"), "outer 404") << "a path without a route is in no router";
    auto const refused = drive.send({"POST", "/gone"});
    EXPECT_EQ(refused.text(), "outer 405");
    EXPECT_EQ(header_of(refused, "Allow"), "GET, HEAD, OPTIONS");
}

int number(Query<int, "n", 7> n) { return *n; }
Task<int> doubled(Depends<number> n) { co_return *n * 2; }

TEST_F(ExceptionHandlers, TakeInjectedParameters) {
    Router root;
    root.get("/", []() -> Response { throw OutOfStock("tea"); });
    root.exception<OutOfStock>([](OutOfStock const& error, View view, Depends<doubled> value) -> Task<Response> {
        co_return view("sorry.html", {{"what", std::string(error.what())}, {"value", *value}}).status(409);
    });
    jinja::Options options;
    options.loader = jinja::dict_loader({{"sorry.html", "no {{ what }} {{ value }}"}});
    Drive drive(std::move(root), {}, {}, std::move(options));
    EXPECT_EQ(drive.get("/"), "no tea 14");
    EXPECT_FALSE(drive.synchronous);
}

TEST_F(ExceptionHandlers, AnswerMistakesOfTheInputToo) {
    Router root;
    root.get("/", [](Query<int, "page"> page) { return std::to_string(*page); });
    root.exception<ValidationError>(
        [](ValidationError const& error) { return text(error.report()[0].where).status(400); });
    Drive drive(std::move(root));
    EXPECT_EQ(drive.get("/?page=x"), "query.page");
    EXPECT_TRUE(drive.synchronous);
}

void fails() { throw OutOfStock("dependency"); }

TEST_F(ExceptionHandlers, AnswerWhatADependencyThrows) {
    Router root;
    root.depend_on({depends<fails>});
    root.get("/", [] { return "ok"; });
    root.exception<OutOfStock>([](OutOfStock const& error) { return text(error.what()); });
    EXPECT_EQ(Drive(std::move(root)).get("/"), "dependency");
}

TEST_F(ExceptionHandlers, ThatFailAreAnsweredAsTheirOwnError) {
    auto const routes = [](auto handler) {
        Router root;
        root.get("/", []() -> Response { throw OutOfStock("tea"); });
        root.exception<OutOfStock>(std::move(handler));
        root.exception<HttpError>([](HttpError const&) { return text("never"); });
        return root;
    };
    Drive plain(routes([](OutOfStock const&) -> Response { throw HttpError{410, "from the handler"}; }));
    EXPECT_THAT(plain.get("/"), HasSubstr("from the handler"));
    EXPECT_TRUE(plain.synchronous);
    Drive coroutine(routes([](OutOfStock const&) -> Task<Response> {
        throw std::runtime_error("from the coroutine");
        co_return Response();
    }));
    EXPECT_EQ(coroutine.send({"GET", "/"}).status(), 500);
    EXPECT_EQ(log.lines_with("from the coroutine").size(), 1u);
}

TEST_F(ExceptionHandlers, WhatIsNoExceptionClassIsAnErrorToo) {
    Router root;
    root.get("/", []() -> Response { throw 42; });
    root.get("/task", []() -> Task<Response> {
        throw "text";
        co_return Response();
    });
    Drive drive(std::move(root));
    EXPECT_EQ(drive.send({"GET", "/"}).status(), 500);
    EXPECT_EQ(drive.send({"GET", "/task"}).status(), 500);
    EXPECT_EQ(log.lines_with("no std::exception").size(), 2u);
}

TEST_F(ExceptionHandlers, AnErrorMayHaveHeaders) {
    Router root;
    root.get("/", []() -> Response { throw HttpError{401}.header("WWW-Authenticate", "Basic realm=\"x\""); });
    root.get("/busy", []() -> Response { throw Overloaded("full"); });
    Drive drive(std::move(root));
    EXPECT_EQ(header_of(drive.send({"GET", "/"}), "WWW-Authenticate"), "Basic realm=\"x\"");
    auto const busy = drive.send({"GET", "/busy"});
    EXPECT_EQ(busy.status(), 503);
    EXPECT_EQ(header_of(busy, "Retry-After"), "1");
}

} // namespace
} // namespace hxx
