#include "hxx/base/decimal.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>

namespace hxx {
namespace {

Decimal D(std::string_view text) {
    auto const value = Decimal::parse(text);
    if (!value) throw std::invalid_argument(std::string(text));
    return *value;
}

std::string const nines(38, '9');

TEST(Decimal, KeepsWhatWasWritten) {
    for (auto const* text : {"0", "1", "-1", "1.50", "-0.05", "0.00", "123456789012345678901234567890.12345678"})
        EXPECT_EQ(D(text).str(), text);
    EXPECT_EQ(D("+3.0").str(), "3.0");
    EXPECT_EQ(D(".5").str(), "0.5");
    EXPECT_EQ(D("-.5").str(), "-0.5");
    EXPECT_EQ(D("007.10").str(), "7.10");
    EXPECT_EQ(D("-0").str(), "0");
    EXPECT_EQ(D(nines).str(), nines);
    EXPECT_EQ(Decimal::of(1999, 2).str(), "19.99");
    EXPECT_EQ(Decimal::of(-5, 3).str(), "-0.005");
    EXPECT_EQ(Decimal(std::numeric_limits<std::int64_t>::min()).str(), "-9223372036854775808");
}

TEST(Decimal, RefusesOtherText) {
    for (auto const* text :
         {"", "-", ".", "+", "5.", "1e3", "1,5", " 1", "1 ", "0x1", "1.2.3", "--1", "+-1", "nan", "inf"})
        EXPECT_FALSE(Decimal::parse(text)) << text;
    EXPECT_FALSE(Decimal::parse(nines + "9"));
    EXPECT_TRUE(Decimal::parse("000" + nines));
    EXPECT_TRUE(Decimal::parse("0." + std::string(37, '0') + "1"));
    EXPECT_FALSE(Decimal::parse("0." + std::string(38, '0') + "1"));
}

TEST(Decimal, AddsExactly) {
    EXPECT_EQ((D("0.1") + D("0.2")).str(), "0.3");
    EXPECT_EQ((D("19.99") - D("20")).str(), "-0.01");
    EXPECT_EQ((D("1.50") + 1).str(), "2.50");
    Decimal sum;
    for (int i = 0; i < 1000; ++i) sum += D("0.01");
    EXPECT_EQ(sum, 10);
    EXPECT_EQ(sum.str(), "10.00");
    EXPECT_THROW((void)(D(nines) + 1), std::overflow_error);
    EXPECT_THROW((void)(D(nines) + D("0.1")), std::overflow_error);
}

TEST(Decimal, MultipliesExactly) {
    EXPECT_EQ((D("19.99") * 3).str(), "59.97");
    EXPECT_EQ((D("-1.5") * D("1.5")).str(), "-2.25");
    EXPECT_EQ(D("10000000000000000000") * D("0.0000000000000000001"), 1);
    EXPECT_EQ(D("1.0000000000000000000000000000000000000") * D("1.0000000000000000000000000000000000000"), 1);
    EXPECT_THROW((void)(D(nines) * 10), std::overflow_error);
    EXPECT_THROW((void)(D("0.00000000000000000001") * D("0.00000000000000000001")), std::overflow_error);
}

TEST(Decimal, RoundsHalvesToEven) {
    EXPECT_EQ(D("0.125").round(2).str(), "0.12");
    EXPECT_EQ(D("0.135").round(2).str(), "0.14");
    EXPECT_EQ(D("-0.125").round(2).str(), "-0.12");
    EXPECT_EQ(D("2.5").round(0).str(), "2");
    EXPECT_EQ(D("-3.5").round(0).str(), "-4");
    EXPECT_EQ(D("1").round(2).str(), "1.00");
    EXPECT_EQ(D("0.1251").round(2).str(), "0.13");
    EXPECT_THROW((void)D("1").round(-1), std::out_of_range);
    EXPECT_THROW((void)D(nines).round(1), std::overflow_error);
}

TEST(Decimal, DividesToPlaces) {
    EXPECT_EQ(D("10").divide(3, 4).str(), "3.3333");
    EXPECT_EQ(D("-2").divide(3, 2).str(), "-0.67");
    EXPECT_EQ(D("1").divide(D("0.08"), 1).str(), "12.5");
    EXPECT_EQ(D("0.00000001").divide(100, 2).str(), "0.00");
    EXPECT_EQ(D("6").divide(D("-2"), 0).str(), "-3");
    EXPECT_EQ(D("0").divide(D("7"), 3).str(), "0.000");
    // The divisor, brought to the same places, is beyond 10^38 and yet less than twice the dividend.
    EXPECT_EQ(D("9." + std::string(37, '9')).divide(D("17"), 0).str(), "1");
    EXPECT_EQ(D("9." + std::string(37, '9')).divide(D("21"), 0).str(), "0");
    EXPECT_EQ(D("9." + std::string(37, '9')).divide(D("9999"), 0).str(), "0");
    EXPECT_THROW((void)D("1").divide(0, 2), std::domain_error);
    EXPECT_THROW((void)D(nines).divide(1, 2), std::overflow_error);
}

TEST(Decimal, ComparesByValue) {
    EXPECT_EQ(D("1.5"), D("1.50"));
    EXPECT_EQ(D("-0.0"), 0);
    EXPECT_LT(D("-2"), D("-1.5"));
    EXPECT_LT(D("-0.1"), D("0"));
    EXPECT_GT(D("0.3"), D("0.29999"));
    EXPECT_LT(D("1"), D("1.0000000000000000000000000000000000001"));
    EXPECT_GT(D(nines), D("0.1"));
    EXPECT_LT(D("-" + nines), D("-0.1"));
    EXPECT_TRUE(D("2") <= 2);
}

TEST(Decimal, KnowsItsMultiples) {
    EXPECT_TRUE(D("1.05").is_multiple_of(D("0.05")));
    EXPECT_TRUE(D("-1.05").is_multiple_of(D("0.05")));
    EXPECT_FALSE(D("1.06").is_multiple_of(D("0.05")));
    EXPECT_FALSE(D("1.001").is_multiple_of(D("0.5")));
    EXPECT_TRUE(D("1.50").is_multiple_of(D("0.5")));
    EXPECT_TRUE(D("0").is_multiple_of(D("3")));
    EXPECT_FALSE(D("3").is_multiple_of(0));
    EXPECT_TRUE(D(nines).is_multiple_of(D("0.00000000000000000000000000000000000009")));
    EXPECT_FALSE(D(nines).is_multiple_of(D("0.0000000000000000000000000000000000007")));
}

TEST(Decimal, ComesFromAndGoesToDouble) {
    EXPECT_EQ(Decimal(0.1).str(), "0.1");
    EXPECT_EQ(Decimal(-2.5).str(), "-2.5");
    EXPECT_EQ(Decimal(1e20).str(), "100000000000000000000");
    EXPECT_DOUBLE_EQ(D("19.99").to_double(), 19.99);
    EXPECT_THROW((void)Decimal(1e300), std::overflow_error);
    EXPECT_THROW((void)Decimal(std::numeric_limits<double>::quiet_NaN()), std::overflow_error);
}

} // namespace
} // namespace hxx
