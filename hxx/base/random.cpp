#include "hxx/base/random.hpp"

#include "hxx/base/encoding.hpp"

#include <sodium/core.h>
#include <sodium/randombytes.h>

#include <atomic>
#include <cstdint>
#include <cstring>
#include <pthread.h>
#include <stdexcept>

namespace hxx {
namespace {

constexpr std::size_t id_bytes = 16;

// Counts the forks above this process, so that a child does not hand out its parent's bytes again.
std::atomic<unsigned> forks{0};

void prepare() {
    static bool const ready = [] {
        if (sodium_init() < 0) throw std::runtime_error("the operating system's random generator is not available");
        pthread_atfork(nullptr, nullptr, [] { forks.fetch_add(1, std::memory_order_relaxed); });
        return true;
    }();
    static_cast<void>(ready);
}

// Random bytes in stock, one stock a thread.
struct Stock {
    std::array<unsigned char, 256 * id_bytes> bytes;
    std::size_t used = sizeof(bytes);
    unsigned fork = 0;

    unsigned char const* take() {
        auto const now = forks.load(std::memory_order_relaxed);
        if (used == bytes.size() || fork != now) {
            random_bytes(bytes.data(), bytes.size());
            used = 0;
            fork = now;
        }
        used += id_bytes;
        return bytes.data() + used - id_bytes;
    }
};

} // namespace

void random_bytes(void* out, std::size_t size) {
    prepare();
    randombytes_buf(out, size);
}

std::string random_token(std::size_t bytes) {
    std::string raw(bytes, '\0');
    random_bytes(raw.data(), raw.size());
    return to_base64url(raw);
}

Id Id::random() {
    static thread_local Stock stock;
    std::uint64_t half[2];
    std::memcpy(half, stock.take(), sizeof half);
    constexpr std::string_view digits = "0123456789abcdefghjkmnpqrstvwxyz";
    Id id;
    // 13 digits take the 64 bits of each half, five at a time; the last of each takes four.
    for (std::size_t i = 0; i < 13; ++i) {
        id.text_[i] = digits[half[0] >> (5 * i) & 31];
        id.text_[i + 13] = digits[half[1] >> (5 * i) & 31];
    }
    return id;
}

} // namespace hxx
