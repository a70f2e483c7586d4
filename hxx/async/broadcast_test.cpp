#include "hxx/async/broadcast.hpp"

#include "hxx/async/sleep.hpp"
#include "hxx/async/sync_wait.hpp"
#include "hxx/async/workers.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>
#include <gmock/gmock.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace hxx {
namespace {

using namespace std::literals;
using testing::ElementsAre;
using testing::IsEmpty;

BroadcastOptions options(std::size_t queue, WhenBehind when_behind = WhenBehind::DropOldest, std::size_t replay = 0) {
    return {queue, when_behind, replay};
}

template <class T>
std::vector<T> take_all(Subscription<T>& subscription) {
    std::vector<T> all;
    while (auto const message = subscription.try_next()) all.push_back(*message);
    return all;
}

template <class T>
Task<std::vector<T>> to_the_end(Subscription<T> subscription) {
    std::vector<T> all;
    while (auto const message = co_await subscription.next()) all.push_back(*message);
    co_return all;
}

Task<void> wait_for_one(Subscription<int>& subscription) {
    auto const message = co_await subscription.next();
    ADD_FAILURE() << "got " << *message;
}

void publish(Broadcast<int> const& broadcast, int first, int last) {
    for (int i = first; i <= last; ++i) EXPECT_TRUE(broadcast.publish(i));
}

TEST(Broadcast, EveryMessageGoesToEverySubscriberInOrder) {
    Broadcast<int> const broadcast;
    broadcast.publish(0); // nobody is there
    auto one = broadcast.subscribe(), two = broadcast.subscribe();
    publish(broadcast, 1, 3);
    EXPECT_THAT(take_all(one), ElementsAre(1, 2, 3));
    EXPECT_THAT(take_all(two), ElementsAre(1, 2, 3));
    EXPECT_THAT(take_all(two), IsEmpty());
}

TEST(Broadcast, TheValueIsNotCopied) {
    Broadcast<std::unique_ptr<int>> const broadcast;
    auto one = broadcast.subscribe(), two = broadcast.subscribe();
    broadcast.publish(std::make_unique<int>(7));
    auto const first = one.try_next(), second = two.try_next();
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->get(), second->get());
    EXPECT_EQ(first.shared(), second.shared());
}

TEST(Broadcast, SubscribersGetWhatWasPublishedBeforeTheEnd) {
    Broadcast<int> const broadcast;
    auto subscription = broadcast.subscribe();
    publish(broadcast, 1, 2);
    broadcast.close();
    broadcast.close();
    EXPECT_FALSE(broadcast.publish(3));
    EXPECT_THAT(sync_wait(to_the_end(std::move(subscription))), ElementsAre(1, 2));
    EXPECT_THAT(sync_wait(to_the_end(broadcast.subscribe())), IsEmpty()) << "one that comes after the end";
    EXPECT_THAT(sync_wait(to_the_end(broadcast.subscribe_last(1))), ElementsAre(2));
}

TEST(Broadcast, EndsWithItsLastHandle) {
    std::optional<Broadcast<int>> broadcast(std::in_place);
    auto copy = broadcast;
    auto subscription = broadcast->subscribe();
    broadcast.reset();
    copy->publish(1);
    copy.reset();
    EXPECT_THAT(sync_wait(to_the_end(std::move(subscription))), ElementsAre(1));
}

TEST(Broadcast, WakesTheCoroutineThatWaits) {
    Broadcast<int> const broadcast;
    auto subscription = broadcast.subscribe();
    std::thread publisher([broadcast] {
        for (int i = 1; i <= 100; ++i) {
            broadcast.publish(i);
            if (i % 10 == 0) std::this_thread::yield();
        }
        broadcast.close();
    });
    auto const all = sync_wait(to_the_end(std::move(subscription)));
    publisher.join();
    ASSERT_EQ(all.size(), 100u);
    for (int i = 0; i < 100; ++i) EXPECT_EQ(all[static_cast<std::size_t>(i)], i + 1);
}

TEST(Broadcast, WhoFallsBehindGoesOnWithTheNewestMessagesAndIsTold) {
    Broadcast<int> const broadcast(options(3));
    auto slow = broadcast.subscribe(), quick = broadcast.subscribe();
    for (int i = 1; i <= 5; ++i) {
        broadcast.publish(i);
        EXPECT_EQ(*quick.try_next(), i);
    }
    EXPECT_EQ(quick.missed(), 0u);
    auto const first = slow.try_next();
    EXPECT_EQ(*first, 3);
    EXPECT_EQ(first.missed(), 2u);
    EXPECT_EQ(first.number(), 3u);
    auto const second = slow.try_next();
    EXPECT_EQ(*second, 4);
    EXPECT_EQ(second.missed(), 0u);
    publish(broadcast, 6, 9);
    EXPECT_THAT(take_all(slow), ElementsAre(7, 8, 9));
    EXPECT_EQ(slow.missed(), 4u);
}

TEST(Broadcast, AQueueOfOneIsTheNewestMessage) {
    Broadcast<int> const broadcast(options(1));
    auto subscription = broadcast.subscribe();
    publish(broadcast, 1, 100);
    EXPECT_THAT(take_all(subscription), ElementsAre(100));
    EXPECT_THAT(subscription.missed(), 99u);
}

TEST(Broadcast, WhoFallsBehindLosesItsSubscription) {
    Broadcast<int> const broadcast(options(2, WhenBehind::Disconnect));
    auto slow = broadcast.subscribe(), in_time = broadcast.subscribe();
    publish(broadcast, 1, 2);
    EXPECT_THAT(take_all(in_time), ElementsAre(1, 2)) << "a full queue is not too much";
    publish(broadcast, 3, 3);
    EXPECT_THROW(static_cast<void>(slow.try_next()), SubscriberBehind);
    EXPECT_THROW(static_cast<void>(sync_wait(slow.next())), SubscriberBehind) << "and stays without";
    EXPECT_THAT(take_all(in_time), ElementsAre(3));
}

// ── Coming back ──────────────────────────────────────────────────────────────────────────────────────────────────────

TEST(Broadcast, ReplaysWhatWasMissed) {
    Broadcast<int> const broadcast(options(4, WhenBehind::DropOldest, 4));
    publish(broadcast, 1, 2);
    auto before = broadcast.subscribe_last(1);
    auto const seen = before.try_next();
    publish(broadcast, 3, 5);
    auto subscription = broadcast.subscribe_after(seen.id());
    EXPECT_FALSE(subscription.gap());
    EXPECT_THAT(take_all(subscription), ElementsAre(3, 4, 5));
    EXPECT_EQ(subscription.missed(), 0u);

    auto newest = broadcast.subscribe_after(broadcast.last_id());
    EXPECT_FALSE(newest.gap());
    EXPECT_THAT(take_all(newest), IsEmpty());

    publish(broadcast, 6, 6); // the oldest that is kept is 3, which follows on 2
    EXPECT_FALSE(broadcast.subscribe_after(seen.id()).gap());
    publish(broadcast, 7, 7);
    auto late = broadcast.subscribe_after(seen.id());
    EXPECT_TRUE(late.gap());
    EXPECT_THAT(take_all(late), ElementsAre(4, 5, 6, 7));
}

TEST(Broadcast, AnIdOfElsewhereIsAGap) {
    Broadcast<int> const broadcast(options(4, WhenBehind::DropOldest, 4)), restarted;
    publish(broadcast, 1, 3);
    publish(restarted, 1, 3);
    auto const id = broadcast.last_id();
    auto const future = id.substr(0, id.find('-')) + "-4";
    for (std::string const& unknown :
         {restarted.last_id(), future, id + "x", id + " ", "-3"s, "3"s, "x"s, id.substr(0, id.find('-') + 1),
          id.substr(0, id.find('-')) + "-99999999999999999999999", std::string(10'000, '1')}) {
        auto subscription = broadcast.subscribe_after(unknown);
        EXPECT_TRUE(subscription.gap()) << unknown;
        EXPECT_THAT(take_all(subscription), ElementsAre(1, 2, 3)) << unknown;
    }
    auto first_visit = broadcast.subscribe_after("");
    EXPECT_FALSE(first_visit.gap());
    EXPECT_THAT(take_all(first_visit), IsEmpty());
}

TEST(Broadcast, ThePageThatWasRenderedBeforeTheFirstMessageMissesNothing) {
    Broadcast<int> const broadcast;
    auto const id = broadcast.last_id();
    publish(broadcast, 1, 2);
    auto subscription = broadcast.subscribe_after(id);
    EXPECT_FALSE(subscription.gap());
    EXPECT_THAT(take_all(subscription), ElementsAre(1, 2));
}

TEST(Broadcast, WhatIsReplayedDoesNotFillTheQueue) {
    Broadcast<int> const broadcast(options(1, WhenBehind::Disconnect, 5));
    publish(broadcast, 1, 5);
    auto subscription = broadcast.subscribe_last(100);
    EXPECT_THAT(take_all(subscription), ElementsAre(1, 2, 3, 4, 5));
    publish(broadcast, 6, 7);
    EXPECT_THROW(static_cast<void>(subscription.try_next()), SubscriberBehind);
}

TEST(Broadcast, KeepsOnlyWhatSomebodyMayAskFor) {
    Broadcast<std::shared_ptr<int>> const broadcast(options(10, WhenBehind::DropOldest, 2));
    std::vector<std::weak_ptr<int>> published;
    auto const alive = [&] { return std::ranges::count_if(published, [](auto const& one) { return !one.expired(); }); };
    auto const publish_one = [&] {
        auto value = std::make_shared<int>(1);
        published.emplace_back(value);
        broadcast.publish(std::move(value));
    };
    for (int i = 0; i < 5; ++i) publish_one();
    EXPECT_EQ(alive(), 2) << "for replay";
    {
        auto const subscription = broadcast.subscribe();
        for (int i = 0; i < 20; ++i) publish_one();
        EXPECT_EQ(alive(), 10) << "for the subscriber";
    }
    EXPECT_EQ(alive(), 2);
}

TEST(Broadcast, RefusesNull) {
    EXPECT_THROW(Broadcast<int>().publish_shared(nullptr), std::invalid_argument);
    EXPECT_TRUE(Broadcast<int>().publish_shared(std::make_shared<int>(1)));
}

// ── Waiting ──────────────────────────────────────────────────────────────────────────────────────────────────────────

TEST(Broadcast, ACancelledWaitTakesNoMessageWithIt) {
    Broadcast<int> const broadcast;
    auto task = [](Broadcast<int> from) -> Task<int> {
        auto subscription = from.subscribe();
        bool timed_out = false;
        try {
            co_await with_timeout(wait_for_one(subscription), 1ms);
        } catch (TimeoutError const&) {
            timed_out = true;
        }
        EXPECT_TRUE(timed_out);
        from.publish(7);
        auto const message = co_await subscription.next();
        co_return *message;
    };
    EXPECT_EQ(sync_wait(task(broadcast)), 7);
    EXPECT_EQ(broadcast.subscribers(), 0u);
}

TEST(Broadcast, ALoopMayEndWhileItsSubscriberWaits) {
    Broadcast<int> const broadcast;
    {
        boost::asio::io_context loop;
        boost::asio::co_spawn(loop, to_the_end(broadcast.subscribe()), [](std::exception_ptr, std::vector<int>) {});
        loop.poll();
        EXPECT_EQ(broadcast.subscribers(), 1u);
    }
    EXPECT_EQ(broadcast.subscribers(), 0u);
    EXPECT_TRUE(broadcast.publish(1));
}

TEST(Broadcast, MayBePublishedToFromAMessagesDestructor) {
    struct Echo {
        std::optional<Broadcast<std::shared_ptr<int>>> to;
        ~Echo() {
            if (to) to->publish(nullptr);
        }
    };
    Broadcast<std::shared_ptr<int>> const log(options(1));
    auto counted = log.subscribe();
    Broadcast<std::shared_ptr<Echo>> const broadcast(options(1));
    auto subscription = broadcast.subscribe();
    for (int i = 0; i < 3; ++i) broadcast.publish(std::make_shared<Echo>(log));
    EXPECT_EQ(counted.try_next().number(), 2u) << "two were dropped";
}

// ── Many threads ─────────────────────────────────────────────────────────────────────────────────────────────────────

struct Numbered {
    int publisher, number;
};

/// What one subscriber saw.
struct Seen {
    std::uint64_t messages = 0, missed = 0, first = 0, last = 0;
    bool in_order = true, ended = false, disconnected = false;
};

/// quick: reads what there is. slow: lets others run, often. leaving: goes after some messages.
enum class Manner { Quick, Slow, Leaving };

Task<void> read(Subscription<Numbered> subscription, Manner manner, int publishers, std::shared_ptr<Seen> seen) {
    std::vector<int> newest(static_cast<std::size_t>(publishers), -1);
    try {
        while (auto const message = co_await subscription.next()) {
            auto& before = newest[static_cast<std::size_t>(message->publisher)];
            // Exactly one number after the other, but for those that were dropped, and each publisher's in its order.
            if (seen->last != 0 && message.number() != seen->last + 1 + message.missed()) seen->in_order = false;
            if (message->number <= before || (seen->missed + message.missed() == 0 && message->number != before + 1))
                seen->in_order = false;
            before = message->number;
            if (seen->first == 0) seen->first = message.number() - message.missed();
            seen->last = message.number();
            seen->missed += message.missed();
            if (++seen->messages % 16 == 0 && manner == Manner::Slow) co_await sleep_for(50us);
            if (seen->messages == 200 && manner == Manner::Leaving) co_return;
        }
        seen->ended = true;
    } catch (SubscriberBehind const&) {
        seen->disconnected = true;
    }
}

/// 8 threads that know no loop publish 100,000 messages to 50 subscribers on 3 loops.
std::vector<std::shared_ptr<Seen>> storm(BroadcastOptions const& settings, int& left) {
    constexpr int publishers = 8, each = 12'500, subscribers = 50;
    Broadcast<Numbered> const broadcast(settings);
    std::vector<std::shared_ptr<Seen>> all;
    Workers workers(3);
    for (int i = 0; i < subscribers; ++i) {
        auto const manner = i % 5 == 3 ? Manner::Slow : i % 5 == 4 ? Manner::Leaving : Manner::Quick;
        auto const& seen = all.emplace_back(std::make_shared<Seen>());
        boost::asio::co_spawn(workers.context(static_cast<std::size_t>(i) % workers.size()),
                              read(broadcast.subscribe(), manner, publishers, seen), boost::asio::detached);
    }
    workers.start();
    std::vector<std::thread> threads;
    for (int p = 0; p < publishers; ++p) {
        threads.emplace_back([broadcast, p] {
            for (int n = 0; n < each; ++n) EXPECT_TRUE(broadcast.publish({p, n}));
        });
    }
    for (auto& thread : threads) thread.join();
    broadcast.close();
    while (broadcast.subscribers() > 0) std::this_thread::sleep_for(1ms);
    workers.stop();
    workers.join();
    left = 0;
    for (auto const& seen : all) left += !seen->ended && !seen->disconnected;
    return all;
}

TEST(BroadcastStorm, NothingIsLostThatIsNotCounted) {
    int left = 0;
    for (auto const& seen : storm(options(1000), left)) {
        EXPECT_TRUE(seen->in_order);
        EXPECT_EQ(seen->first, 1u);
        EXPECT_EQ(seen->messages + seen->missed, seen->last);
        if (seen->ended) {
            EXPECT_EQ(seen->last, 100'000u) << "the last message comes, however slow one is";
        }
        EXPECT_FALSE(seen->disconnected);
    }
    EXPECT_EQ(left, 10) << "those who left";
}

TEST(BroadcastStorm, NothingIsLostWithinTheQueue) {
    int left = 0;
    for (auto const& seen : storm(options(100'000), left)) {
        EXPECT_TRUE(seen->in_order);
        EXPECT_EQ(seen->missed, 0u);
        if (seen->ended) {
            EXPECT_EQ(seen->messages, 100'000u);
        }
    }
    EXPECT_EQ(left, 10);
}

TEST(BroadcastStorm, WhoIsDisconnectedHasSeenAllUntilThen) {
    int left = 0;
    for (auto const& seen : storm(options(500, WhenBehind::Disconnect), left)) {
        EXPECT_TRUE(seen->in_order);
        EXPECT_EQ(seen->missed, 0u);
        EXPECT_EQ(seen->messages, seen->last);
        if (seen->ended) {
            EXPECT_EQ(seen->last, 100'000u);
        }
    }
    EXPECT_LE(left, 10);
}

} // namespace
} // namespace hxx
