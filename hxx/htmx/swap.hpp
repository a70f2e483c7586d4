// Swap styles (hx-swap, HX-Reswap) in the words of either version of htmx.
#pragma once

#include <string>
#include <string_view>

namespace hxx::htmx {

/// Translates "style modifier:value …", written for either version, to the words of `version` (2 or 4; 0 counts as 4):
/// innerMorph and morph:innerHTML (idiomorph), append and beforeend, show:#list:top and show:top showTarget:#list,
/// focus-scroll and focusScroll. Modifiers that htmx 2 does not have (strip, swapEmpty) are left out for it.
/// Throws std::invalid_argument for a style that neither version knows, which htmx 4 would answer with an error and
/// htmx 2 by swapping somehow else; for the modifier target:, which has a header of its own (HX-Retarget); and for
/// upsert, which htmx 2 cannot do at all, where version is 2.
[[nodiscard]] std::string swap_for(int version, std::string_view swap);

} // namespace hxx::htmx
