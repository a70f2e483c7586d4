// Memory of texts that are used up, for the next ones that the same thread writes. What is written again and again
// stays in the processor's cache, and who waits for work keeps no buffer.
#pragma once

#include <string>

namespace hxx {

/// An empty text, with memory if there is some to spare.
[[nodiscard]] std::string take_spare_text() noexcept;
/// Leaves `text` empty and without memory worth mentioning.
void recycle(std::string& text) noexcept;

} // namespace hxx
