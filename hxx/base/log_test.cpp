#include "hxx/base/log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <thread>
#include <unistd.h>
#include <vector>

namespace hxx::log {
namespace {

using testing::MatchesRegex;

class Log : public testing::Test {
  protected:
    Log() {
        set_sink([](void* self, Level, std::string_view line) { static_cast<Log*>(self)->lines.emplace_back(line); },
                 this);
    }
    ~Log() override {
        set_sink(nullptr, nullptr);
        set_level(Level::Info);
        set_format(Format::Text);
    }
    // The line without its time, which is checked once for itself.
    std::string last() const { return lines.empty() ? "" : lines.back().substr(25); }

    std::vector<std::string> lines;
};

TEST_F(Log, WritesTimeLevelMessageAndFields) {
    warn("slow handler", {{"route", "/users"}, {"held_ms", 120}, {"note", "two words"}});
    ASSERT_EQ(lines.size(), 1u);
    EXPECT_THAT(lines[0], MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z WARN .*"));
    EXPECT_EQ(last(), R"(WARN slow handler route=/users held_ms=120 note="two words")");
}

TEST_F(Log, KeepsNumbersAndBooleansBare) {
    info("m", {{"a", std::numeric_limits<std::uint64_t>::max()}, {"b", -1}, {"c", 0.25}, {"d", true}});
    EXPECT_EQ(last(), "INFO m a=18446744073709551615 b=-1 c=0.25 d=true");
}

TEST_F(Log, QuotesWhatWouldReadAsSomethingElse) {
    info("m", {{"empty", ""}, {"equals", "a=b"}, {"quote", "say \"x\""}, {"slash", "a\\b"}});
    EXPECT_EQ(last(), R"(INFO m empty="" equals="a=b" quote="say \"x\"" slash="a\\b")");
}

TEST_F(Log, CannotBeMadeToForgeALineOrSteerATerminal) {
    info("path\n2026-01-01T00:00:00.000Z INFO admin",
         {{"value", "a\r\nb\x1b[2J\x7f"}, {"bytes", "\xFF\xC2\x85\xE2\x80\xA8"}});
    EXPECT_EQ(last(), "INFO path\\n2026-01-01T00:00:00.000Z INFO admin value=\"a\\r\\nb\\x1b[2J\\x7f\" "
                      "bytes=\xEF\xBF\xBD\\u0085\\u2028");
}

TEST_F(Log, WritesJson) {
    set_format(Format::Json);
    error("it \"broke\"", {{"count", 3}, {"ok", false}, {"text", "a\nb"}, {"ratio", std::nan("")}, {"max", -HUGE_VAL}});
    ASSERT_EQ(lines.size(), 1u);
    EXPECT_THAT(lines[0], MatchesRegex(R"re(\{"time":"[0-9T:.-]+Z","level":"error",.*)re"));
    EXPECT_EQ(lines[0].substr(lines[0].find(",\"message\"")),
              R"(,"message":"it \"broke\"","count":3,"ok":false,"text":"a\nb","ratio":"nan","max":"-inf"})");
}

TEST_F(Log, DropsWhatIsBelowTheLevel) {
    debug("no");
    EXPECT_TRUE(lines.empty());
    set_level(Level::Debug);
    debug("yes");
    EXPECT_EQ(last(), "DEBUG yes");
    set_level(Level::Off);
    error("no");
    EXPECT_EQ(lines.size(), 1u);
    EXPECT_FALSE(enabled(Level::Error));
}

TEST_F(Log, TakesLinesFromManyThreads) {
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([t] {
            for (int i = 0; i < 250; ++i) info("line", {{"thread", t}, {"i", i}});
        });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(lines.size(), 1000u);
}

TEST(LogToStandardError, WritesWholeLines) {
    testing::internal::CaptureStderr();
    info("one", {{"n", 1}});
    info("two");
    EXPECT_THAT(testing::internal::GetCapturedStderr(), MatchesRegex("[^\n]* INFO one n=1\n[^\n]* INFO two\n"));
}

TEST(LogToStandardError, IsWhereASinksOwnRecordsGo) {
    testing::internal::CaptureStderr();
    int calls = 0;
    set_sink(
        [](void* count, Level, std::string_view) {
            ++*static_cast<int*>(count);
            warn("from the sink");
        },
        &calls);
    info("one");
    set_sink(nullptr, nullptr);
    EXPECT_EQ(calls, 1);
    EXPECT_THAT(testing::internal::GetCapturedStderr(), MatchesRegex("[^\n]* WARN from the sink\n"));
}

} // namespace
} // namespace hxx::log
