#include "hxx/htmx/swap.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace hxx::htmx {
namespace {

struct Case {
    std::string_view written, version_2, version_4;
};
class Swap : public testing::TestWithParam<Case> {};

TEST_P(Swap, IsTranslated) {
    auto const& [written, version_2, version_4] = GetParam();
    EXPECT_EQ(swap_for(2, written), version_2);
    EXPECT_EQ(swap_for(4, written), version_4);
    EXPECT_EQ(swap_for(0, written), version_4);
}

INSTANTIATE_TEST_SUITE_P(
    Styles, Swap,
    testing::Values(Case{"innerHTML", "innerHTML", "innerHTML"}, Case{"outerHTML", "outerHTML", "outerHTML"},
                    Case{"textContent", "textContent", "textContent"}, Case{"delete", "delete", "delete"},
                    Case{"none", "none", "none"}, Case{"before", "beforebegin", "beforebegin"},
                    Case{"prepend", "afterbegin", "afterbegin"}, Case{"append", "beforeend", "beforeend"},
                    Case{"after", "afterend", "afterend"}, Case{"beforeend", "beforeend", "beforeend"},
                    Case{"innerMorph", "morph:innerHTML", "innerMorph"},
                    Case{"outerMorph", "morph:outerHTML", "outerMorph"}, Case{"morph", "morph:outerHTML", "outerMorph"},
                    Case{"morph:innerHTML", "morph:innerHTML", "innerMorph"},
                    Case{"outerSync", "outerHTML", "outerSync"}));
INSTANTIATE_TEST_SUITE_P(
    Modifiers, Swap,
    testing::Values(
        Case{"  beforeend   swap:1s settle:20ms ", "beforeend swap:1s settle:20ms", "beforeend swap:1s settle:20ms"},
        Case{"innerHTML transition:true ignoreTitle:true", "innerHTML transition:true ignoreTitle:true",
             "innerHTML transition:true ignoreTitle:true"},
        Case{"innerHTML show:top", "innerHTML show:top", "innerHTML show:top"},
        Case{"innerHTML show:#a:b:top", "innerHTML show:#a:b:top", "innerHTML show:top showTarget:#a:b"},
        Case{"innerHTML scroll:bottom scrollTarget:#a", "innerHTML scroll:#a:bottom",
             "innerHTML scroll:bottom scrollTarget:#a"},
        Case{"innerHTML showTarget:\"#a .b\" show:top", "innerHTML", "innerHTML show:top showTarget:\"#a .b\""},
        Case{"innerHTML show:window:top", "innerHTML show:window:top", "innerHTML show:top showTarget:window"},
        Case{"innerHTML focus-scroll:true", "innerHTML focus-scroll:true", "innerHTML focusScroll:true"},
        Case{"innerHTML focusScroll:false", "innerHTML focus-scroll:false", "innerHTML focusScroll:false"},
        Case{"innerHTML strip:true swapEmpty:true", "innerHTML", "innerHTML strip:true swapEmpty:true"},
        Case{"settle:1s", "settle:1s", "settle:1s"}));

TEST(SwapStyle, IsRefusedIfNoVersionKnowsIt) {
    for (std::string_view wrong :
         {"", "  ", "innerHtml", "outer", "replace", "innerHTML target:#x", "morph:textContent"})
        EXPECT_THROW(static_cast<void>(swap_for(4, wrong)), std::invalid_argument) << wrong;
    EXPECT_EQ(swap_for(4, "upsert key:data-id"), "upsert key:data-id");
    EXPECT_THROW(static_cast<void>(swap_for(2, "upsert key:data-id")), std::invalid_argument);
}

} // namespace
} // namespace hxx::htmx
