// Broadcast: every message goes to every subscriber. Any thread publishes; coroutines on any loop subscribe.
//
//     Broadcast<Reading> readings;
//     std::thread sensor([readings] { while (auto reading = measure()) readings.publish(*reading); readings.close();
//     });
//
//     auto subscription = readings.subscribe();
//     while (auto reading = co_await subscription.next()) show(*reading);
//
// A publisher waits for nobody. Messages are kept once, in one ring that all subscribers read, each at its own pace: a
// subscriber that falls behind by more than its queue holds loses the oldest messages, and is told how many, or loses
// its subscription (WhenBehind). The ring also serves those who come back: subscribe_after(id) begins behind the last
// message that somebody saw, and says so if something in between has gone.
#pragma once

#include "hxx/async/task.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace hxx {

/// What becomes of a subscriber that has fallen behind by more messages than its queue holds.
enum class WhenBehind : unsigned char {
    DropOldest, // it goes on with those that fit; Message::missed() says how many it lost. A queue of 1: the newest
                // only
    Disconnect, // its next() throws SubscriberBehind
};

struct BroadcastOptions {
    std::size_t queue = 256; // messages that may wait for one subscriber; at least 1
    WhenBehind when_behind = WhenBehind::DropOldest;
    std::size_t replay = 256; // of the last messages, kept for subscribe_after() and subscribe_last()
};

/// What next() throws to a subscriber of a broadcast with WhenBehind::Disconnect.
class SubscriberBehind : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

namespace detail {

/// A message without its type.
struct Delivery {
    std::shared_ptr<void const> value; // null: there is none
    std::uint64_t epoch = 0, number = 0, missed = 0;
};

class BroadcastCore;

/// Where a subscriber stands in the ring. Numbers of messages: 1 is the first one ever.
struct Place {
    std::uint64_t next;   // to be taken next
    std::uint64_t joined; // what came before this one is replayed, and does not fill the queue
    bool gap = false;
};

class SubscriberCore {
  public:
    /// Begins with the last `count` messages.
    SubscriberCore(std::shared_ptr<BroadcastCore> broadcast, std::size_t count);
    /// Begins behind the message of that id.
    SubscriberCore(std::shared_ptr<BroadcastCore> broadcast, std::string_view id);
    ~SubscriberCore();
    SubscriberCore(SubscriberCore const&) = delete;
    SubscriberCore& operator=(SubscriberCore const&) = delete;

    /// The next message if there is one. `ended`: there will be none any more. Throws SubscriberBehind.
    Delivery take(bool& ended);
    /// Returns when take() may have something new to say. Throws system_error (operation_aborted) if cancelled.
    Task<void> wait();
    [[nodiscard]] bool gap() const noexcept { return place_.gap; }
    [[nodiscard]] std::uint64_t missed() const noexcept { return missed_; }

  private:
    std::shared_ptr<BroadcastCore> const broadcast_;
    Place place_;
    std::uint64_t missed_ = 0;
};

/// The publishers' side: the broadcast ends with the last of them.
class PublisherCore {
  public:
    explicit PublisherCore(BroadcastOptions const& options);
    ~PublisherCore();
    PublisherCore(PublisherCore const&) = delete;
    PublisherCore& operator=(PublisherCore const&) = delete;

    bool publish(std::shared_ptr<void const> value);
    void close() noexcept;
    [[nodiscard]] std::shared_ptr<SubscriberCore> subscribe_last(std::size_t count) const;
    [[nodiscard]] std::shared_ptr<SubscriberCore> subscribe_after(std::string_view id) const;
    [[nodiscard]] std::size_t subscribers() const noexcept;
    [[nodiscard]] std::string last_id() const;

  private:
    std::shared_ptr<BroadcastCore> const broadcast_;
};

/// "EPOCH-NUMBER", the epoch in hexadecimal: it is another one after a restart of the program.
[[nodiscard]] std::string message_id(std::uint64_t epoch, std::uint64_t number);

} // namespace detail

/// What a subscriber gets: a message, or nothing at the end. All subscribers share the one value.
template <class T>
class [[nodiscard]] Message {
  public:
    Message() = default;
    explicit Message(detail::Delivery delivery) noexcept : delivery_(std::move(delivery)) {}

    /// False: the broadcast has been closed, and all that was published has been seen.
    explicit operator bool() const noexcept { return delivery_.value != nullptr; }
    T const& operator*() const noexcept { return *static_cast<T const*>(delivery_.value.get()); }
    T const* operator->() const noexcept { return static_cast<T const*>(delivery_.value.get()); }
    /// The value for keeping.
    [[nodiscard]] std::shared_ptr<T const> shared() const noexcept {
        return std::static_pointer_cast<T const>(delivery_.value);
    }

    /// For subscribe_after(): printable ASCII without spaces, fit for an event's id.
    [[nodiscard]] std::string id() const { return detail::message_id(delivery_.epoch, delivery_.number); }
    /// 1 for the first message that was ever published, and so on.
    [[nodiscard]] std::uint64_t number() const noexcept { return delivery_.number; }
    /// How many messages were dropped right before this one because the subscriber was behind.
    [[nodiscard]] std::uint64_t missed() const noexcept { return delivery_.missed; }

  private:
    detail::Delivery delivery_;
};

/// Ends when it is destroyed. For one coroutine at a time.
template <class T>
class [[nodiscard]] Subscription {
  public:
    explicit Subscription(std::shared_ptr<detail::SubscriberCore> core) noexcept : core_(std::move(core)) {}
    Subscription(Subscription&&) noexcept = default;
    Subscription& operator=(Subscription&&) noexcept = default;

    /// The next message, in the order of publication; an empty one at the end. What was published before close() comes
    /// first. Throws SubscriberBehind by the policy of that name, and system_error (operation_aborted) if cancelled,
    /// which takes no message with it. The waiting coroutine is resumed on the loop that it awaits this on.
    [[nodiscard]] Task<Message<T>> next() { return next_of(core_); }
    /// The next message if it is there already.
    Message<T> try_next() {
        bool ended = false;
        return Message<T>(core_->take(ended));
    }

    /// True if messages between the id that was given to subscribe_after() and the first one of next() are gone, or if
    /// the id is none of this broadcast's: whoever comes back has missed something, and should be shown everything
    /// anew.
    [[nodiscard]] bool gap() const noexcept { return core_->gap(); }
    /// How many messages were dropped so far because this subscriber was behind.
    [[nodiscard]] std::uint64_t missed() const noexcept { return core_->missed(); }

  private:
    // Holds on to the core, so that the subscription may be moved meanwhile.
    static Task<Message<T>> next_of(std::shared_ptr<detail::SubscriberCore> core) {
        for (bool ended = false;;) {
            Message<T> message(core->take(ended));
            if (message || ended) co_return message;
            co_await core->wait();
        }
    }

    std::shared_ptr<detail::SubscriberCore> core_;
};

/// A handle: copies stand for the same broadcast, which is closed with the last of them. Subscriptions may outlive it.
template <class T>
class Broadcast {
  public:
    explicit Broadcast(BroadcastOptions const& options = {})
        : core_(std::make_shared<detail::PublisherCore>(options)) {}

    /// Any thread; waits for no subscriber and no loop. False if the broadcast has been closed.
    bool publish(T value) const { return core_->publish(std::make_shared<T const>(std::move(value))); }
    /// The same for a value that is shared already. Throws std::invalid_argument for null.
    bool publish_shared(std::shared_ptr<T const> value) const { return core_->publish(std::move(value)); }
    /// No more messages. Subscribers get what was published before, and then the end. Any thread, any number of times.
    void close() const noexcept { core_->close(); }

    /// From here on. Any thread.
    [[nodiscard]] Subscription<T> subscribe() const { return Subscription<T>(core_->subscribe_last(0)); }
    /// Begins with the last `count` messages, or as many as are kept for replay.
    [[nodiscard]] Subscription<T> subscribe_last(std::size_t count) const {
        return Subscription<T>(core_->subscribe_last(count));
    }
    /// Begins behind the message of that id; at once for an empty one, which nobody has who comes for the first time.
    /// If messages behind it are gone, or it is no id of this broadcast (from before a restart), begins with the oldest
    /// one that is kept, and Subscription::gap() says so. The id may come from anywhere: what a client claims decides
    /// only where it begins.
    [[nodiscard]] Subscription<T> subscribe_after(std::string_view id) const {
        return Subscription<T>(core_->subscribe_after(id));
    }

    /// The id of the newest message, or of the one before the first: a page that is rendered now is up to date if its
    /// stream begins with subscribe_after() of it.
    [[nodiscard]] std::string last_id() const { return core_->last_id(); }
    /// How many subscriptions there are.
    [[nodiscard]] std::size_t subscribers() const noexcept { return core_->subscribers(); }

  private:
    std::shared_ptr<detail::PublisherCore> core_;
};

} // namespace hxx
