#include "hxx/jinja/output.hpp"

#include "hxx/jinja/error.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <random>

namespace hxx::jinja {
namespace {

std::string written(std::int64_t number) {
    std::string text;
    Output(text, 1000).append_int(number);
    return text;
}

TEST(Output, WritesIntegers) {
    for (std::int64_t number = 0; number < 120'000; ++number) ASSERT_EQ(written(number), std::to_string(number));
    for (std::int64_t power = 1; power <= 1'000'000'000'000'000'000 / 10; power *= 10)
        for (std::int64_t number : {power - 1, power, power + 1, power * 9, -power, -power + 1})
            EXPECT_EQ(written(number), std::to_string(number));
    for (std::int64_t number : {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()})
        EXPECT_EQ(written(number), std::to_string(number));
    std::mt19937_64 random(7);
    for (int i = 0; i < 100'000; ++i) {
        auto const number = static_cast<std::int64_t>(random() >> random() % 64);
        ASSERT_EQ(written(number), std::to_string(number));
    }
}

TEST(Output, WritesPiecesAroundAValue) {
    // Longer and shorter than what is copied at once; with room behind them, as a template's text has.
    std::string const pool = "<td>" + std::string(50, '-') + "</td>" + std::string(32, '\0');
    Piece const opening{pool.data(), 4}, rule{pool.data() + 4, 50}, closing{pool.data() + 54, 5};
    for (std::size_t const before : {0U, 1U, 40U, 5000U}) {
        std::string text(before, 'b');
        {
            Output out(text, 100'000);
            out.append_int(opening, 42, closing);
            out.append_escaped(rule, "a<b", {});
            out.append({}, "a<b", rule);
            out.append(closing);
            out.append_escaped(opening, std::string(3000, '&'), closing);
        }
        std::string expected = std::string(before, 'b') + "<td>42</td>" + std::string(50, '-') + "a&lt;ba<b" +
                               std::string(50, '-') + "</td><td>";
        for (int i = 0; i < 3000; ++i) expected += "&amp;";
        EXPECT_EQ(text, expected + "</td>");
    }
}

TEST(Output, TakesBackWhatIsCaptured) {
    std::string text = "a";
    {
        Output out(text, 1000);
        out.append("b");
        auto const start = out.start_capture();
        out.append("captured");
        EXPECT_EQ(out.end_capture(start), "captured");
        out.append("c");
        out.finish();
    }
    EXPECT_EQ(text, "abc");
}

} // namespace
} // namespace hxx::jinja
