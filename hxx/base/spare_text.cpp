#include "hxx/base/spare_text.hpp"

#include <array>
#include <cstddef>
#include <utility>

namespace hxx {
namespace {

constexpr std::size_t least = 64;          // less is not worth keeping
constexpr std::size_t largest = 64 * 1024; // one large text should not cost memory for ever

thread_local bool ended = false; // texts that outlive the thread's stock are freed as any other

// An answer's body, the bytes that it is sent as, and some for those that are not finished at once.
struct Stock {
    ~Stock() { ended = true; }

    std::array<std::string, 4> texts;
    std::size_t count = 0;
};
thread_local Stock stock;

} // namespace

std::string take_spare_text() noexcept {
    if (ended || stock.count == 0) return {};
    return std::move(stock.texts[--stock.count]);
}

void recycle(std::string& text) noexcept {
    text.clear();
    if (text.capacity() < least) return;
    auto spare = std::exchange(text, {});
    if (ended || spare.capacity() > largest || stock.count == stock.texts.size()) return;
    stock.texts[stock.count++] = std::move(spare);
}

} // namespace hxx
