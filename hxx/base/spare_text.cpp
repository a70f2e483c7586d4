#include "hxx/base/spare_text.hpp"

#include <array>
#include <cstddef>
#include <utility>

namespace hxx {
namespace {

constexpr std::size_t least = 64;          // less is not worth keeping
constexpr std::size_t largest = 64 * 1024; // one large text should not cost memory for ever

// An answer's body, the bytes that it is sent as, and some for those that are not finished at once.
struct Stock {
    std::array<std::string, 4> texts;
    std::size_t count = 0;
};
thread_local Stock stock;

} // namespace

std::string take_spare_text() noexcept {
    if (stock.count == 0) return {};
    return std::move(stock.texts[--stock.count]);
}

void recycle(std::string& text) noexcept {
    auto spare = std::exchange(text, {});
    if (spare.capacity() < least || spare.capacity() > largest || stock.count == stock.texts.size()) return;
    spare.clear();
    stock.texts[stock.count++] = std::move(spare);
}

} // namespace hxx
