// Event streams of an app that serves: publishing from threads of the program's own, clients that leave, the stop.
#include "hxx/hxx.hpp"

#include "hxx/app/serving_for_test.hpp"
#include "hxx/base/log_for_test.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace hxx {
namespace {

using http::test::RawClient;

EventStream numbers(State<Broadcast<int>> source, LastEventId last) {
    auto subscription = source->subscribe_after(last);
    while (auto const number = co_await subscription.next())
        co_yield Event("number", std::to_string(*number)).id(number.id());
}

class EventServing : public testing::Test {
  protected:
    EventServing() {
        app.state_reference(source);
        app.get("/numbers", numbers);
        app.start(anywhere);
    }
    std::unique_ptr<RawClient> watch(std::string const& fields = {}) const {
        auto client = std::make_unique<RawClient>(app.port());
        client->send("GET /numbers HTTP/1.1\r\nHost: test\r\n" + fields + "\r\n");
        return client;
    }
    static std::string expected(Broadcast<int> const& of, int first, int last) {
        auto const epoch = of.last_id().substr(0, of.last_id().find('-'));
        std::string all;
        for (int i = first; i <= last; ++i)
            all += "event: number\nid: " + epoch + "-" + std::to_string(i) + "\ndata: " + std::to_string(i) + "\n\n";
        return all;
    }

    Broadcast<int> source;
    App app{quiet()};
};

TEST_F(EventServing, EveryClientGetsWhatAThreadPublishesAndThenTheEnd) {
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 8; ++i) clients.push_back(watch());
    ASSERT_TRUE(eventually([&] { return source.subscribers() == 8; }));
    std::thread([source = source] {
        for (int i = 1; i <= 200; ++i) source.publish(i);
        source.close();
    }).join();
    for (auto const& client : clients) {
        auto const response = client->read();
        ASSERT_TRUE(response);
        EXPECT_EQ(response->status, 200);
        EXPECT_EQ(response->headers.at("content-type"), "text/event-stream; charset=utf-8");
        EXPECT_EQ(response->headers.at("cache-control"), "no-cache");
        EXPECT_EQ(response->headers.at("x-accel-buffering"), "no");
        EXPECT_EQ(response->body, expected(source, 1, 200) + "event: done\ndata: \n\n");
    }
}

TEST_F(EventServing, AClientThatLeavesEndsItsSubscription) {
    auto stays = watch();
    {
        auto const leaves = watch(), leaves_too = watch();
        ASSERT_TRUE(eventually([&] { return source.subscribers() == 3; }));
        source.publish(1);
        EXPECT_NE(leaves->read_some(), "");
    }
    EXPECT_TRUE(eventually([&] { return source.subscribers() == 1; })) << "although nothing is sent to them";
    source.publish(2);
    source.close();
    EXPECT_EQ(stays->read()->body, expected(source, 1, 2) + "event: done\ndata: \n\n");
}

TEST_F(EventServing, AStopEndsStreamsWithoutDoneSoThatClientsComeBack) {
    log::KeptLog const log;
    auto const client = watch();
    ASSERT_TRUE(eventually([&] { return source.subscribers() == 1; }));
    for (int i = 1; i <= 100; ++i) source.publish(i);
    app.stop();
    auto const response = client->read();
    ASSERT_TRUE(response);
    EXPECT_TRUE(response->complete);
    // Where the stop cuts it off is a matter of moments; nothing is in pieces, and no end is told.
    int seen = 0;
    while (seen < 100 && response->body.size() > expected(source, 1, seen).size()) ++seen;
    EXPECT_EQ(response->body, expected(source, 1, seen));
    EXPECT_EQ(source.subscribers(), 0u);
    EXPECT_TRUE(log.lines().empty()) << "nothing went wrong: " << log.lines().front();

    for (int i = 101; i <= 103; ++i) source.publish(i);
    app.start(anywhere);
    auto const epoch = source.last_id().substr(0, source.last_id().find('-'));
    auto const again = watch("Last-Event-ID: " + epoch + '-' + std::to_string(seen) + "\r\n");
    ASSERT_TRUE(eventually([&] { return source.subscribers() == 1; }));
    source.close();
    EXPECT_EQ(again->read()->body, expected(source, seen + 1, 103) + "event: done\ndata: \n\n");
}

TEST_F(EventServing, PublishersNeedNoServer) {
    auto const client = watch();
    ASSERT_TRUE(eventually([&] { return source.subscribers() == 1; }));
    std::atomic<bool> enough = false;
    std::vector<std::thread> publishers;
    for (int i = 0; i < 3; ++i)
        publishers.emplace_back([&] {
            while (!enough) source.publish(1);
        });
    EXPECT_NE(client->read_some(), "");
    app.stop_now(); // while they publish
    app.stop();
    EXPECT_EQ(source.subscribers(), 0u);
    enough = true;
    for (auto& publisher : publishers) publisher.join();
}

} // namespace
} // namespace hxx
