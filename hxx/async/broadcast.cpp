#include "hxx/async/broadcast.hpp"

#include "hxx/async/channel.hpp"
#include "hxx/base/random.hpp"

#include <algorithm>
#include <charconv>
#include <deque>
#include <mutex>
#include <optional>

namespace hxx::detail {

namespace {

struct MessageId {
    std::uint64_t epoch, number;
};

template <class Number>
bool read_all(std::string_view text, Number& number, int base) {
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    return error == std::errc() && end == text.data() + text.size();
}

std::optional<MessageId> parse_id(std::string_view text) {
    auto const dash = text.find('-');
    MessageId id{};
    if (dash == std::string_view::npos || !read_all(text.substr(0, dash), id.epoch, 16) ||
        !read_all(text.substr(dash + 1), id.number, 10))
        return std::nullopt;
    return id;
}

std::uint64_t random_epoch() {
    std::uint64_t epoch = 0;
    random_bytes(&epoch, sizeof epoch);
    return epoch;
}

} // namespace

std::string message_id(std::uint64_t epoch, std::uint64_t number) {
    char text[40];
    auto* end = std::to_chars(text, text + 16, epoch, 16).ptr;
    *end++ = '-';
    return {text, std::to_chars(end, text + sizeof text, number).ptr};
}

class BroadcastCore {
  public:
    explicit BroadcastCore(BroadcastOptions const& options)
        : queue_(std::max<std::size_t>(options.queue, 1)),
          replay_(options.replay),
          when_behind_(options.when_behind),
          epoch_(random_epoch()) {}

    bool publish(std::shared_ptr<void const> value) {
        std::shared_ptr<void const> dropped; // destroyed after the mutex is released
        ChannelWaiters woken;
        {
            std::lock_guard const lock(mutex_);
            if (closed_) return false;
            ++last_;
            if (kept() > 0) ring_.push_back(std::move(value));
            if (ring_.size() > kept()) {
                dropped = std::move(ring_.front());
                ring_.pop_front();
            }
            std::swap(woken, waiting_);
        }
        wake_all(woken);
        return true;
    }

    void close() noexcept {
        ChannelWaiters woken;
        {
            std::lock_guard const lock(mutex_);
            closed_ = true;
            std::swap(woken, waiting_);
        }
        wake_all(woken);
    }

    Place join_last(std::size_t count) noexcept {
        std::lock_guard const lock(mutex_);
        ++subscribers_;
        return {last_ + 1 - std::min({count, replay_, ring_.size()}), last_ + 1};
    }
    Place join_after(std::string_view text) noexcept {
        auto const id = parse_id(text);
        std::lock_guard const lock(mutex_);
        ++subscribers_;
        if (text.empty()) return {last_ + 1, last_ + 1};
        auto const oldest = last_ + 1 - std::min(replay_, ring_.size());
        bool const known = id && id->epoch == epoch_ && id->number <= last_ && id->number + 1 >= oldest;
        return {known ? id->number + 1 : oldest, last_ + 1, !known};
    }
    void leave() noexcept {
        {
            std::lock_guard const lock(mutex_);
            --subscribers_;
        }
        // What nobody is going to ask for goes, and none of it while the mutex is held.
        for (;;) {
            std::shared_ptr<void const> dropped;
            std::lock_guard const lock(mutex_);
            if (ring_.size() <= kept()) return;
            dropped = std::move(ring_.front());
            ring_.pop_front();
        }
    }

    Delivery take(Place& place, bool& ended) {
        std::lock_guard const lock(mutex_);
        Delivery delivery;
        if (place.next > last_) {
            ended = closed_;
            return delivery;
        }
        delivery.missed = lost(place);
        if (delivery.missed > 0 && when_behind_ == WhenBehind::Disconnect)
            throw SubscriberBehind("a subscriber was behind by more than the " + std::to_string(queue_) +
                                   " messages of its queue");
        place.next += delivery.missed;
        delivery.value = ring_[ring_.size() - static_cast<std::size_t>(last_ + 1 - place.next)];
        delivery.epoch = epoch_;
        delivery.number = place.next++;
        return delivery;
    }

    /// Null if there is something to take, or nothing to wait for.
    std::shared_ptr<ChannelWaiter> wait(Place const& place) {
        std::lock_guard const lock(mutex_);
        return place.next <= last_ || closed_ ? nullptr : waiting_.add();
    }
    void stop_waiting(std::shared_ptr<ChannelWaiter> const& waiter) noexcept {
        std::lock_guard const lock(mutex_);
        waiting_.remove(waiter);
    }

    [[nodiscard]] std::size_t subscribers() const noexcept {
        std::lock_guard const lock(mutex_);
        return subscribers_;
    }
    [[nodiscard]] std::string last_id() const {
        std::lock_guard const lock(mutex_);
        return message_id(epoch_, last_);
    }

  private:
    [[nodiscard]] std::size_t kept() const noexcept { return subscribers_ == 0 ? replay_ : std::max(queue_, replay_); }
    /// How many messages have gone that the subscriber has not seen: they have left the ring, or its queue.
    [[nodiscard]] std::uint64_t lost(Place const& place) const noexcept {
        auto first = std::max(place.next, last_ + 1 - ring_.size());
        if (first >= place.joined) first = std::max(first, last_ + 1 - std::min<std::uint64_t>(queue_, last_));
        return first - place.next;
    }
    static void wake_all(ChannelWaiters& woken) noexcept {
        while (auto const waiter = woken.take()) wake(waiter);
    }

    std::size_t const queue_, replay_;
    WhenBehind const when_behind_;
    std::uint64_t const epoch_;
    std::mutex mutable mutex_;
    std::deque<std::shared_ptr<void const>> ring_; // the last messages; the newest has the number last_
    std::uint64_t last_ = 0;
    std::size_t subscribers_ = 0;
    ChannelWaiters waiting_; // those who have seen everything: a subscriber is in it, and is woken, at most once
    bool closed_ = false;
};

SubscriberCore::SubscriberCore(std::shared_ptr<BroadcastCore> broadcast, std::size_t count)
    : broadcast_(std::move(broadcast)), place_(broadcast_->join_last(count)) {}
SubscriberCore::SubscriberCore(std::shared_ptr<BroadcastCore> broadcast, std::string_view id)
    : broadcast_(std::move(broadcast)), place_(broadcast_->join_after(id)) {}
SubscriberCore::~SubscriberCore() { broadcast_->leave(); }

Delivery SubscriberCore::take(bool& ended) {
    auto delivery = broadcast_->take(place_, ended);
    missed_ += delivery.missed;
    return delivery;
}

Task<void> SubscriberCore::wait() {
    auto const waiter = broadcast_->wait(place_);
    if (!waiter) co_return;
    // Also when it is cancelled, or its loop ends.
    struct Leave {
        BroadcastCore& broadcast;
        std::shared_ptr<ChannelWaiter> const& waiter;
        ~Leave() { broadcast.stop_waiting(waiter); }
    } const leave{*broadcast_, waiter};
    co_await sleep(waiter);
}

PublisherCore::PublisherCore(BroadcastOptions const& options) : broadcast_(std::make_shared<BroadcastCore>(options)) {}
PublisherCore::~PublisherCore() { close(); }

bool PublisherCore::publish(std::shared_ptr<void const> value) {
    if (!value) throw std::invalid_argument("hxx::Broadcast: null is no message");
    return broadcast_->publish(std::move(value));
}
void PublisherCore::close() noexcept { broadcast_->close(); }
std::shared_ptr<SubscriberCore> PublisherCore::subscribe_last(std::size_t count) const {
    return std::make_shared<SubscriberCore>(broadcast_, count);
}
std::shared_ptr<SubscriberCore> PublisherCore::subscribe_after(std::string_view id) const {
    return std::make_shared<SubscriberCore>(broadcast_, id);
}
std::size_t PublisherCore::subscribers() const noexcept { return broadcast_->subscribers(); }
std::string PublisherCore::last_id() const { return broadcast_->last_id(); }

} // namespace hxx::detail
