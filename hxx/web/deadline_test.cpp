// A request's deadline, as the application core keeps it.
#include "hxx/async/deadline.hpp"
#include "hxx/async/sleep.hpp"
#include "hxx/base/log_for_test.hpp"
#include "hxx/http/error.hpp"
#include "hxx/web/background.hpp"
#include "hxx/web/depends.hpp"
#include "hxx/web/drive_for_test.hpp"
#include "hxx/web/extract.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <thread>

namespace hxx {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// Longer than any test.
Task<std::string> never() {
    co_await sleep_for(24h);
    co_return "too late";
}

Task<int> slow_dependency() {
    co_await sleep_for(24h);
    co_return 1;
}

void wait_until_overdue(Request const& request) {
    while (!request.overdue()) std::this_thread::yield();
}

RouteOptions within(std::chrono::milliseconds deadline) {
    RouteOptions options;
    options.deadline = deadline;
    return options;
}

TEST(RequestDeadline, IsAnsweredWith503InTheFormThatTheClientCanShow) {
    log::KeptLog const log;
    Router router;
    router.get("/slow", never, within(1ms));
    Drive drive(std::move(router));

    auto const api = drive.send({"GET", "/slow"});
    EXPECT_EQ(api.status(), 503);
    EXPECT_EQ(header_of(api, "Content-Type"), "application/problem+json");
    EXPECT_THAT(std::string(api.text()), HasSubstr("Try again later."));
    EXPECT_NE(header_of(api, "X-Request-ID"), "(none)");

    auto const page = drive.send({"GET", "/slow", {{"Accept", "text/html"}}});
    EXPECT_EQ(page.status(), 503);
    EXPECT_THAT(std::string(page.text()), AllOf(StartsWith("<!doctype html>"), HasSubstr("Try again later.")));

    auto const fragment = drive.send({"GET", "/slow", {{"HX-Request", "true"}}});
    EXPECT_EQ(fragment.status(), 503);
    EXPECT_THAT(std::string(fragment.text()), AllOf(StartsWith("<div"), HasSubstr("Try again later.")));

    EXPECT_EQ(log.lines_with("WARN ").size(), 3U);
    EXPECT_THAT(log.wait_for("not answered within its deadline"),
                AllOf(HasSubstr("route=\"GET /slow\""), HasSubstr("limit_ms=1 ")));
    EXPECT_TRUE(log.lines_with("ERROR").empty());
}

TEST(RequestDeadline, IsTheAppsUnlessTheRouteHasOne) {
    DispatcherOptions options;
    options.request_deadline = 5s;
    Router router;
    router.get("/", never);
    router.get("/long", never, within(5min));
    router.get("/endless", never, within(0ms));
    Drive drive(std::move(router), options);
    auto const time_of = [&](std::string_view target) {
        auto const request = drive.dispatcher().make_request();
        EXPECT_TRUE(request->set_target(target));
        return drive.dispatcher().plan(*request).time;
    };
    EXPECT_EQ(time_of("/"), 5s);
    EXPECT_EQ(time_of("/long"), 5min);
    EXPECT_EQ(time_of("/endless"), 0s);
    EXPECT_EQ(time_of("/nowhere"), 5s);
    EXPECT_EQ(DispatcherOptions().request_deadline, 60s);
}

TEST(RequestDeadline, CancelsDependenciesAndMiddlewareToo) {
    log::KeptLog const log;
    static bool after = false;
    Router router;
    router.get("/dependency", [](Depends<slow_dependency>) { return "too late"; }, within(1ms));
    Router inner{"/in"};
    inner.use([](Request& request, Next next) -> Task<Response> {
        auto response = co_await next(request);
        after = true;
        co_await sleep_for(24h);
        co_return response;
    });
    inner.get("/quick", [] { return "quick"; }, within(1ms));
    inner.get("/slow", never, within(1ms));
    router.mount(std::move(inner));
    Drive drive(std::move(router));
    EXPECT_EQ(drive.send({"GET", "/dependency"}).status(), 503);
    EXPECT_EQ(drive.send({"GET", "/in/quick"}).status(), 503);
    after = false;
    EXPECT_EQ(drive.send({"GET", "/in/slow"}).status(), 503);
    EXPECT_FALSE(after) << "what waits is unwound, not answered in its place";
}

TEST(RequestDeadline, IsAnErrorThatHandlersOfExceptionsSee) {
    log::KeptLog const log;
    Router router;
    router.exception(503, [](HttpError const& error) -> Task<Response> {
        co_await sleep_for(1ms); // may wait: the handler's cancellation is not its own
        co_return text("later: " + std::string(error.detail())).status(503);
    });
    router.get("/", never, within(1ms));
    Drive drive(std::move(router));
    EXPECT_THAT(drive.get("/"), StartsWith("later: The answer took longer"));
}

// Whoever fails because the time is over (a client, say) need not know what that means for the request.
TEST(RequestDeadline, AnUnexpectedExceptionAfterItIsNoFaultOfTheServer) {
    log::KeptLog const log;
    Router router;
    router.get(
        "/fails",
        [](Request& request) -> Task<std::string> {
            wait_until_overdue(request);
            throw std::runtime_error("no reply");
            co_return "";
        },
        within(1ms));
    router.get(
        "/missing",
        [](Request& request) -> Task<std::string> {
            wait_until_overdue(request);
            throw HttpError{404};
            co_return "";
        },
        within(1ms));
    Drive drive(std::move(router));
    EXPECT_EQ(drive.send({"GET", "/fails"}).status(), 503);
    EXPECT_EQ(drive.send({"GET", "/missing"}).status(), 404);
    EXPECT_TRUE(log.lines_with("ERROR").empty());
    EXPECT_EQ(log.lines_with("WARN").size(), 2U);
}

TEST(RequestDeadline, WhatDoesNotHeedItsCancellationIsWaitedForAndMayAnswer) {
    log::KeptLog const log;
    Router router;
    router.get(
        "/",
        [](Request& request) -> Task<std::string> {
            co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
            while (!request.overdue()) co_await sleep_for(1ms);
            co_return "done";
        },
        within(1ms));
    Drive drive(std::move(router));
    EXPECT_EQ(drive.get("/"), "done");
    EXPECT_EQ(log.lines_with("WARN a request was not answered within its deadline").size(), 1U);
}

TEST(RequestDeadline, BackgroundTasksOfAnAnswerThatIsNotGivenDoNotRun) {
    log::KeptLog const log;
    static bool ran = false;
    ran = false;
    Router router;
    router.post(
        "/",
        [](BackgroundTasks& tasks) -> Task<std::string> {
            tasks.add("never", [] { ran = true; });
            co_await sleep_for(24h);
            co_return "";
        },
        within(1ms));
    Drive drive(std::move(router));
    EXPECT_EQ(drive.send({"POST", "/"}).status(), 503);
    EXPECT_FALSE(ran);
}

// ---- State of what takes a deadline
// ----------------------------------------------------------------------------------

struct Caller {
    std::string name;
    Deadline deadline;
    [[nodiscard]] Caller with_deadline(Deadline const& given) const { return {name, given}; }
};

Task<Caller> caller_of(State<Caller> caller) { co_return *caller; }

std::vector<StateEntry> with_caller() {
    return {{type_key<Caller>, "Caller", std::make_shared<Caller>(Caller{"a", Deadline()})}};
}

TEST(RequestDeadline, BindsTheCopiesOfAStateThatTakesItUntilThereIsAnAnswer) {
    static Deadline kept;
    Router router;
    auto const handler = [](State<Caller> caller, Depends<caller_of> other, Request& request) -> Task<std::string> {
        kept = caller->deadline;
        EXPECT_EQ(kept.at().has_value(), request.answer_by_ns() != Request::never);
        EXPECT_EQ(kept.at(), other->deadline.at());
        EXPECT_EQ(kept.at(), request.deadline().at());
        co_return caller->name + (kept.at() ? " bound" : " free");
    };
    router.get("/", handler);
    router.get("/endless", handler, within(0ms));
    router.get("/plain", [](State<Caller> caller) { return caller->deadline.at() ? "bound" : "free"; });
    Drive drive(std::move(router), {}, with_caller());
    EXPECT_EQ(drive.get("/"), "a bound");
    EXPECT_FALSE(kept.at()) << "for what goes on after the answer";
    EXPECT_EQ(drive.get("/endless"), "a free");
    EXPECT_EQ(drive.get("/plain"), "free");
}

} // namespace
} // namespace hxx
