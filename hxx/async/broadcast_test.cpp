#include "hxx/async/broadcast.hpp"

#include "hxx/async/sleep.hpp"
#include "hxx/async/sync_wait.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>
#include <gmock/gmock.h>

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace hxx {
namespace {

using namespace std::chrono_literals;
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

} // namespace
} // namespace hxx
