// App::start: serving from threads of its own, beside those of the program.
#include "hxx/app/serving_for_test.hpp"

#include "hxx/async/generator.hpp"
#include "hxx/async/sleep.hpp"
#include "hxx/base/log_for_test.hpp"
#include "hxx/base/temporary_directory_for_test.hpp"
#include "hxx/http/limits.hpp"
#include "hxx/web/background.hpp"
#include "hxx/web/depends.hpp"
#include "hxx/web/extract_body.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

namespace hxx {
namespace {

using http::test::RawClient;
using testing::HasSubstr;
using namespace std::chrono_literals;

// ── Starting ────────────────────────────────────────────────────────────────────────────────────────────────────────

TEST(Serving, BeginsAndEndsWhenTheProgramSaysSo) {
    auto app = hello();
    EXPECT_EQ(app.port(), 0);
    app.stop(); // which has nothing to do
    app.start(anywhere);
    auto const port = app.port();
    ASSERT_NE(port, 0);
    EXPECT_EQ(get(RawClient(port)), "hello");
    std::thread([&app] { app.stop(); }).join();
    EXPECT_EQ(app.port(), 0);
    EXPECT_TRUE(refuses(port));
    app.stop();
}

TEST(Serving, EndsWithTheApp) {
    std::uint16_t port = 0;
    {
        auto app = hello();
        app.start(anywhere);
        port = app.port();
        EXPECT_EQ(get(RawClient(port)), "hello");
    }
    EXPECT_TRUE(refuses(port));
}

TEST(Serving, MayBeginAgain) {
    auto app = hello();
    for (int i = 0; i < 3; ++i) {
        app.start(anywhere);
        EXPECT_EQ(get(RawClient(app.port())), "hello");
        EXPECT_THROW(app.start(anywhere), std::logic_error);
        EXPECT_EQ(get(RawClient(app.port())), "hello") << "the first start goes on";
        app.stop();
    }
}

TEST(Serving, SeveralAppsInOneProgram) {
    auto first = hello("first"), second = hello("second");
    first.start(anywhere);
    second.start(anywhere);
    EXPECT_NE(first.port(), second.port());
    EXPECT_EQ(get(RawClient(first.port())), "first");
    EXPECT_EQ(get(RawClient(second.port())), "second");
    first.stop();
    EXPECT_EQ(get(RawClient(second.port())), "second");
}

TEST(Serving, AnAppMayMoveBeforeItServes) {
    auto made = hello();
    App app = std::move(made);
    app.start(anywhere);
    EXPECT_EQ(get(RawClient(app.port())), "hello");
}

TEST(Serving, ListensOnIpv6) {
    auto app = hello();
    app.start({.host = "::1", .port = 0, .workers = 1});
    EXPECT_EQ(get(RawClient::ipv6(app.port())), "hello");
}

TEST(Serving, ListensOnAUnixSocket) {
    TemporaryDirectory const directory;
    auto const path = directory.path("app.sock");
    auto app = hello();
    app.start({.host = "unix:" + path, .port = 1, .workers = 1});
    EXPECT_EQ(app.port(), 0);
    EXPECT_EQ(get(RawClient::unix_socket(path)), "hello");
    app.stop();
    EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(Serving, AnAddressThatIsTakenIsAnErrorThatNamesIt) {
    auto first = hello("first"), second = hello("second");
    first.start(anywhere);
    auto const port = first.port();
    try {
        second.start({.host = "127.0.0.1", .port = port, .workers = 1});
        FAIL() << "it was accepted";
    } catch (std::system_error const& error) {
        EXPECT_THAT(error.what(), HasSubstr("127.0.0.1:" + std::to_string(port)));
    }
    EXPECT_EQ(second.port(), 0);
    second.start(anywhere);
    EXPECT_EQ(get(RawClient(second.port())), "second");
}

TEST(Serving, WhatIsAddedTooLateIsAnError) {
    auto app = hello();
    app.start(anywhere);
    EXPECT_THROW(app.state(7), std::logic_error);
    EXPECT_THROW(static_cast<void>(app.templates()), std::logic_error);
    EXPECT_THROW(app.set_development(), std::logic_error);
}

int answer() { return 42; }

TEST(Serving, DependenciesAreNotReplacedWhileItServes) {
    App app(quiet());
    app.get("/", [](Depends<answer> value) { return std::to_string(*value); });
    app.override<answer>([] { return 7; });
    app.start(anywhere);
    EXPECT_THROW(app.override<answer>([] { return 8; }), std::logic_error);
    EXPECT_EQ(get(RawClient(app.port())), "7");
}

// ── What only a server does ─────────────────────────────────────────────────────────────────────────────────────────

struct Note {
    std::string title;
};

TEST(Serving, KeepsTheLimitsOfBodiesAndHeads) {
    auto options = quiet();
    options.body_limit = 100;
    options.csrf.on = false;
    App app(std::move(options));
    app.post("/usual", [](Json<Note> note) { return std::to_string(note->title.size()); });
    app.post("/large", [](Json<Note> note) { return std::to_string(note->title.size()); }, {.body_limit = 10'000});
    http::Limits limits;
    limits.request_line = 50;
    app.limits(limits);
    app.start(anywhere);
    auto const post = [&](std::string const& path, std::size_t size) {
        auto const body = "{\"title\":\"" + std::string(size, 'x') + "\"}";
        RawClient client(app.port());
        client.send("POST " + path + " HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: " +
                    std::to_string(body.size()) + "\r\n\r\n" + body);
        return client.read().value();
    };
    EXPECT_EQ(post("/usual", 50).body, "50");
    auto const refused = post("/usual", 100);
    EXPECT_EQ(refused.status, 413);
    EXPECT_EQ(refused.headers.at("content-type"), "application/problem+json");
    EXPECT_EQ(post("/large", 9'000).body, "9000");
    EXPECT_EQ(post("/large", 10'000).status, 413);
    EXPECT_EQ(post("/" + std::string(100, 'x'), 1).status, 414);
}

/// A type of one's own that reads the body while it arrives.
struct Sum {
    static constexpr bool streams_body = true;
    std::size_t bytes = 0;
    static Task<Sum> from_request(Request& request) {
        Sum sum;
        for (;;) {
            auto const piece = co_await request.stream()->read();
            if (piece.empty()) co_return sum;
            sum.bytes += piece.size();
        }
    }
};

TEST(Serving, ABodyMayBeReadWhileItArrives) {
    auto options = quiet();
    options.csrf.on = false;
    App app(std::move(options));
    app.post("/sum", [](Sum const& sum) { return std::to_string(sum.bytes); }, {.body_limit = 2'000'000});
    app.start(anywhere);
    RawClient client(app.port());
    client.send("POST /sum HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 10; ++i) client.send("186a0\r\n" + std::string(100'000, 'x') + "\r\n");
    client.send("0\r\n\r\n");
    EXPECT_EQ(client.read()->body, "1000000");
    client.send("POST /sum HTTP/1.1\r\nHost: test\r\nContent-Length: 2000001\r\n\r\n");
    EXPECT_EQ(client.read()->status, 413);
}

/// Says in a log when it is made and when it goes.
struct Connection {
    explicit Connection(std::string& events) : events_(&events) { events += "made "; }
    Connection(Connection&& other) noexcept : events_(std::exchange(other.events_, nullptr)) {}
    Connection& operator=(Connection&&) = delete;
    ~Connection() {
        if (events_) *events_ += "gone ";
    }
    std::string* events_;
};
Connection connection(State<std::string> events) { return Connection(*events); }
Generator<std::string> rows(Connection const& from) {
    for (int i = 0; i < 3; ++i) {
        co_await sleep_for(1ms);
        *from.events_ += "row ";
        co_yield "row " + std::to_string(i) + "\n";
    }
}

TEST(Serving, AStreamHasItsDependenciesUntilItEnds) {
    std::string events;
    App app(quiet());
    app.state_reference(events);
    app.get("/rows", [](Depends<connection> from, BackgroundTasks& tasks, State<std::string> log) {
        tasks.add("afterwards", [log = &*log]() -> Task<void> {
            *log += "task";
            co_return;
        });
        return stream(rows(*from));
    });
    app.start({.host = "127.0.0.1", .port = 0, .workers = 1});
    EXPECT_EQ(get(RawClient(app.port()), "/rows"), "row 0\nrow 1\nrow 2\n");
    app.stop();
    EXPECT_EQ(events, "made row row row gone task");
}

TEST(Serving, AHandlerThatHoldsItsLoopIsReportedWithItsPlace) {
    log::KeptLog const log;
    std::atomic<bool> release = false;
    auto options = quiet();
    options.watchdog_ms = 20;
    App app(std::move(options));
    auto const hold = [&release] {
        while (!release) std::this_thread::sleep_for(1ms);
        return "held";
    };
    auto const line = std::to_string(__LINE__ + 1);
    app.get("/hold/{id}", hold);
    app.start(anywhere);
    RawClient client(app.port());
    client.send("GET /hold/7 HTTP/1.1\r\nHost: test\r\n\r\n");
    auto const running = log.wait_for("state=running");
    release = true;
    EXPECT_EQ(client.read()->body, "held");
    auto const ended = log.wait_for("state=ended");
    for (auto const& report : {running, ended}) {
        EXPECT_THAT(report, HasSubstr("WARN a handler holds its event loop"));
        EXPECT_THAT(report, HasSubstr("route=\"GET /hold/{id}\""));
        EXPECT_THAT(report, HasSubstr("serving_test.cpp:" + line));
    }
}

} // namespace
} // namespace hxx
