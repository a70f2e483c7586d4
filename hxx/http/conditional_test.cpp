#include "hxx/http/conditional.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <stdexcept>

namespace hxx::http {
namespace {

constexpr std::int64_t modified = 784111777;
constexpr std::string_view modified_text = "Sun, 06 Nov 1994 08:49:37 GMT";
constexpr std::string_view before = "Sun, 06 Nov 1994 08:49:36 GMT";
constexpr std::string_view after = "Sun, 06 Nov 1994 08:49:38 GMT";

Headers with(std::initializer_list<Header> fields) {
    Headers headers;
    for (auto const& [name, value] : fields) headers.add(name, value);
    return headers;
}

std::string outcome(Method method, std::initializer_list<Header> fields, std::string_view etag = "\"a\"",
                    bool exists = true) {
    switch (evaluate_preconditions(method, with(fields), {etag, modified}, exists)) {
    case Precondition::Proceed: return "proceed";
    case Precondition::NotModified: return "304";
    default: return "412";
    }
}

TEST(EntityTags, AreComparedStronglyAndWeakly) { // RFC 9110 8.8.3.2, table 3
    EXPECT_FALSE(etags_match_strongly("W/\"1\"", "W/\"1\""));
    EXPECT_TRUE(etags_match_weakly("W/\"1\"", "W/\"1\""));
    EXPECT_FALSE(etags_match_weakly("W/\"1\"", "W/\"2\""));
    EXPECT_FALSE(etags_match_strongly("W/\"1\"", "\"1\""));
    EXPECT_TRUE(etags_match_weakly("W/\"1\"", "\"1\""));
    EXPECT_TRUE(etags_match_strongly("\"1\"", "\"1\""));
    EXPECT_FALSE(etags_match_weakly("", ""));
    EXPECT_EQ(make_etag("x-1", true), "W/\"x-1\"");
    EXPECT_EQ(make_etag("x-1"), "\"x-1\"");
    EXPECT_THROW(static_cast<void>(make_etag("a\"b")), std::invalid_argument);
    EXPECT_THROW(static_cast<void>(make_etag("a\r\nb")), std::invalid_argument);
}

TEST(Preconditions, IfNoneMatch) {
    EXPECT_EQ(outcome(Method::Get, {{"If-None-Match", "\"a\""}}), "304");
    EXPECT_EQ(outcome(Method::Head, {{"If-None-Match", "\"x\", W/\"a\""}}), "304");
    EXPECT_EQ(outcome(Method::Get, {{"If-None-Match", "\"x\""}, {"If-None-Match", "\"a\""}}), "304");
    EXPECT_EQ(outcome(Method::Get, {{"If-None-Match", "*"}}), "304");
    EXPECT_EQ(outcome(Method::Get, {{"If-None-Match", "\"x\",\"y\""}}), "proceed");
    EXPECT_EQ(outcome(Method::Get, {{"If-None-Match", "a"}}), "proceed");
    EXPECT_EQ(outcome(Method::Get, {{"If-None-Match", "\"a"}}), "proceed");
    EXPECT_EQ(outcome(Method::Get, {{"If-None-Match", "\"x,\"a\""}}), "proceed");
    EXPECT_EQ(outcome(Method::Get, {{"If-None-Match", "\"\""}}, ""), "proceed");
    EXPECT_EQ(outcome(Method::Put, {{"If-None-Match", "*"}}), "412");
    EXPECT_EQ(outcome(Method::Put, {{"If-None-Match", "*"}}, "", false), "proceed");
    // A comma inside a tag is part of it.
    EXPECT_EQ(outcome(Method::Get, {{"If-None-Match", "\"a,b\""}}, "\"a,b\""), "304");
}

TEST(Preconditions, IfMatch) {
    EXPECT_EQ(outcome(Method::Put, {{"If-Match", "\"a\""}}), "proceed");
    EXPECT_EQ(outcome(Method::Put, {{"If-Match", "*"}}), "proceed");
    EXPECT_EQ(outcome(Method::Put, {{"If-Match", "*"}}, "", false), "412");
    EXPECT_EQ(outcome(Method::Put, {{"If-Match", "\"b\""}}), "412");
    EXPECT_EQ(outcome(Method::Put, {{"If-Match", "W/\"a\""}}, "W/\"a\""), "412");
}

TEST(Preconditions, Dates) {
    EXPECT_EQ(outcome(Method::Get, {{"If-Modified-Since", modified_text}}), "304");
    EXPECT_EQ(outcome(Method::Get, {{"If-Modified-Since", after}}), "304");
    EXPECT_EQ(outcome(Method::Get, {{"If-Modified-Since", before}}), "proceed");
    EXPECT_EQ(outcome(Method::Post, {{"If-Modified-Since", after}}), "proceed");
    EXPECT_EQ(outcome(Method::Get, {{"If-Modified-Since", "yesterday"}}), "proceed");
    EXPECT_EQ(outcome(Method::Put, {{"If-Unmodified-Since", before}}), "412");
    EXPECT_EQ(outcome(Method::Put, {{"If-Unmodified-Since", modified_text}}), "proceed");
    EXPECT_EQ(outcome(Method::Put, {{"If-Unmodified-Since", "yesterday"}}), "proceed");
}

TEST(Preconditions, TagsWinOverDates) {
    EXPECT_EQ(outcome(Method::Get, {{"If-None-Match", "\"x\""}, {"If-Modified-Since", after}}), "proceed");
    EXPECT_EQ(outcome(Method::Put, {{"If-Match", "\"a\""}, {"If-Unmodified-Since", before}}), "proceed");
    EXPECT_EQ(outcome(Method::Get, {{"If-Match", "\"x\""}, {"If-None-Match", "\"a\""}}), "412");
}

std::string ranges(std::string_view field, std::uint64_t size = 1000, std::initializer_list<Header> more = {}) {
    auto headers = with(more);
    headers.add("Range", field);
    auto const request = requested_ranges(Method::Get, headers, {"\"a\"", modified}, size, 4);
    if (request.answer == RangeRequest::Answer::Whole) return "whole";
    if (request.answer == RangeRequest::Answer::Unsatisfiable) return "416";
    std::string text;
    for (auto const& range : request.ranges) text += content_range(range, size).substr(6) + " ";
    text.pop_back();
    return text;
}

TEST(Ranges, AreRead) {
    EXPECT_EQ(ranges("bytes=0-499"), "0-499/1000");
    EXPECT_EQ(ranges("bytes=500-"), "500-999/1000");
    EXPECT_EQ(ranges("bytes=-1"), "999-999/1000");
    EXPECT_EQ(ranges("bytes=-5000"), "0-999/1000");
    EXPECT_EQ(ranges("bytes=900-5000"), "900-999/1000");
    EXPECT_EQ(ranges("Bytes=0-0"), "0-0/1000");
    EXPECT_EQ(ranges("bytes=0-99999999999999999999999"), "0-999/1000");
    EXPECT_EQ(ranges("bytes=500-600, 0-1 ,-1"), "500-600/1000 0-1/1000 999-999/1000");
}

TEST(Ranges, ThatOverlapAreJoined) {
    EXPECT_EQ(ranges("bytes=10-20,0-10"), "0-20/1000");
    EXPECT_EQ(ranges("bytes=0-9,10-19"), "0-19/1000");
    EXPECT_EQ(ranges("bytes=50-60,0-99,200-201"), "0-99/1000 200-201/1000");
}

TEST(Ranges, BeyondTheEndCannotBeSatisfied) {
    EXPECT_EQ(ranges("bytes=1000-"), "416");
    EXPECT_EQ(ranges("bytes=99999999999999999999999-"), "416");
    EXPECT_EQ(ranges("bytes=-0"), "416");
    EXPECT_EQ(ranges("bytes=0-", 0), "416");
    EXPECT_EQ(ranges("bytes=2000-3000,5-5"), "5-5/1000");
}

TEST(Ranges, ThatCannotBeReadAreIgnored) {
    for (std::string_view field :
         {"", "bytes", "bytes=", "bytes=,", "bytes=-", "bytes=a-b", "bytes=5-4", "bytes=1-2-3", "lines=0-1",
          "bytes 0-1", "bytes=0-1,x", "bytes=+1-2", "bytes=0x1-2", "bytes=0-1,2-3,4-5,6-7,8-9"})
        EXPECT_EQ(ranges(field), "whole") << field;
    EXPECT_EQ(requested_ranges(Method::Head, with({{"Range", "bytes=0-1"}}), {}, 10).answer,
              RangeRequest::Answer::Whole);
    EXPECT_EQ(requested_ranges(Method::Get, Headers(), {}, 10).answer, RangeRequest::Answer::Whole);
}

TEST(Ranges, HoldOnlyForTheStateThatIfRangeNames) {
    EXPECT_EQ(ranges("bytes=0-1", 10, {{"If-Range", "\"a\""}}), "0-1/10");
    EXPECT_EQ(ranges("bytes=0-1", 10, {{"If-Range", "\"b\""}}), "whole");
    EXPECT_EQ(ranges("bytes=0-1", 10, {{"If-Range", "W/\"a\""}}), "whole");
    EXPECT_EQ(ranges("bytes=0-1", 10, {{"If-Range", modified_text}}), "0-1/10");
    EXPECT_EQ(ranges("bytes=0-1", 10, {{"If-Range", after}}), "whole");
    EXPECT_EQ(ranges("bytes=0-1", 10, {{"If-Range", "nonsense"}}), "whole");
}

} // namespace
} // namespace hxx::http
