#include "hxx/security/login_limiter.hpp"

#include "hxx/base/clock.hpp"
#include "hxx/crypto/digest.hpp"
#include "hxx/http/error.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>
#include <unordered_map>
#include <vector>

#include <arpa/inet.h>

namespace hxx {

namespace {

using Time = clock::TimePoint;

/// A leaky bucket: failures run out of it evenly, all that it can hold in one window.
struct Bucket {
    double level = 0;
    Time at;
};

/// An IPv6 address stands for its network: everybody has 2^64 of them.
std::string network_of(std::string_view address) {
    std::string const text(address);
    std::array<unsigned char, 16> bytes{};
    if (inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return text;
    return "v6:" + std::string(reinterpret_cast<char const*>(bytes.data()), 8);
}

} // namespace

struct LoginCounts {
    explicit LoginCounts(LoginLimits const& given) : limits(given) {}

    LoginLimits limits;
    std::mutex mutex;
    std::unordered_map<std::string, Bucket> buckets;

    double level(Bucket const& bucket, int capacity, Time now) const {
        auto const passed = std::chrono::duration<double>(now - bucket.at) / limits.window;
        return std::max(0.0, bucket.level - passed * capacity);
    }
    /// Seconds until one more is allowed; 0: now.
    double wait(std::string const& key, int capacity, Time now) const {
        auto const found = buckets.find(key);
        if (found == buckets.end()) return 0;
        auto const over = level(found->second, capacity, now) + 1 - capacity;
        return over <= 0 ? 0 : over / capacity * static_cast<double>(limits.window.count());
    }
    void add(std::string const& key, int capacity, Time now) {
        auto& bucket = buckets[key];
        bucket = {level(bucket, capacity, now) + 1, now};
    }
    void take_back(std::string const& key, double failures) {
        auto const found = buckets.find(key);
        if (found == buckets.end()) return;
        found->second.level -= failures;
        if (found->second.level <= 0) buckets.erase(found);
    }
    /// Half of the entries, those with the fewest failures and of those the oldest, make room for new ones.
    void make_room() {
        if (buckets.size() + 3 <= std::max<std::size_t>(limits.most_entries, 8)) return;
        using Entry = std::pair<std::string const, Bucket>;
        std::vector<Entry const*> all;
        for (auto const& entry : buckets) all.push_back(&entry);
        auto const middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
        std::nth_element(all.begin(), middle, all.end(), [](Entry const* a, Entry const* b) {
            return std::pair(a->second.level, a->second.at) < std::pair(b->second.level, b->second.at);
        });
        std::vector<std::string> gone;
        for (auto it = all.begin(); it != middle; ++it) gone.push_back((*it)->first);
        for (auto const& key : gone) buckets.erase(key);
    }
};

LoginLimiter::LoginLimiter(LoginLimits const& limits) : counts_(std::make_shared<LoginCounts>(limits)) {}

LoginLimiter::Attempt::Attempt(std::shared_ptr<LoginCounts> counts, Keys keys) noexcept
    : counts_(std::move(counts)), keys_(std::move(keys)) {}

LoginLimiter::Attempt LoginLimiter::attempt(std::string_view account, std::string_view address) const {
    // Of one size each, whatever somebody types as an account.
    auto const network = network_of(address);
    Attempt::Keys keys{"a" + sha256(account), "n" + sha256(network),
                       "b" + sha256(std::string(account) + '\0' + network)};
    auto& counts = *counts_;
    auto const& limits = counts.limits;
    auto const now = clock::now();
    std::lock_guard const lock(counts.mutex);
    auto const wait = std::max({counts.wait(keys.both, limits.per_account_and_address, now),
                                counts.wait(keys.account, limits.per_account, now),
                                counts.wait(keys.address, limits.per_address, now)});
    if (wait > 0)
        throw HttpError(429, "There were too many attempts to log in. Try again later.")
            .header("Retry-After", std::to_string(static_cast<long>(std::ceil(wait))));
    counts.make_room();
    counts.add(keys.both, limits.per_account_and_address, now);
    counts.add(keys.account, limits.per_account, now);
    counts.add(keys.address, limits.per_address, now);
    return {counts_, std::move(keys)};
}

void LoginLimiter::Attempt::succeeded() const {
    std::lock_guard const lock(counts_->mutex);
    counts_->buckets.erase(keys_.both);
    // The failures of others stay: a right password must not open the way for more guesses.
    counts_->take_back(keys_.account, 1);
    counts_->take_back(keys_.address, 1);
}

} // namespace hxx
