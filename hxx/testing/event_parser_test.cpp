#include "hxx/testing/event_parser.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace hxx {
namespace {

using namespace std::literals;
using testing::ElementsAre;
using testing::IsEmpty;

/// type, data and last event id of each event, with the stream fed in pieces of that size.
std::vector<std::vector<std::string>> parse(std::string_view stream, std::size_t piece) {
    EventParser parser;
    std::vector<std::vector<std::string>> events;
    for (; !stream.empty(); stream.remove_prefix(std::min(piece, stream.size()))) {
        parser.feed(stream.substr(0, piece));
        while (auto const event = parser.next()) events.push_back({event->name, event->data, event->id});
    }
    return events;
}

using Events = std::vector<std::vector<std::string>>;

void expect(std::string_view stream, Events const& events) {
    for (std::size_t const piece : {1u, 2u, 3u, 1000u})
        EXPECT_EQ(parse(stream, piece), events) << "in pieces of " << piece;
}

// The examples of the standard itself.
TEST(EventParser, ReadsTheExamplesOfTheStandard) {
    expect("data: YHOO\ndata: +2\ndata: 10\n\n", {{"message", "YHOO\n+2\n10", ""}});
    expect(": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
           {{"message", "first event", "1"}, {"message", "second event", ""}, {"message", " third event", ""}});
    expect("data\n\ndata\ndata\n\ndata:", {{"message", "", ""}, {"message", "\n", ""}});
    expect("data:test\n\ndata: test\n\n", {{"message", "test", ""}, {"message", "test", ""}});
    expect("event: add\ndata: 73857293\n\nevent: remove\ndata: 2153\n\n",
           {{"add", "73857293", ""}, {"remove", "2153", ""}});
}

TEST(EventParser, LinesEndAtCrLfCrAndLf) {
    expect("data: a\rdata: b\r\ndata: c\ndata: d\r\r\n", {{"message", "a\nb\nc\nd", ""}});
    expect("data: a\r\n\r\ndata: b\r\rdata: c\n\n", {{"message", "a", ""}, {"message", "b", ""}, {"message", "c", ""}});
}

TEST(EventParser, PassesOneByteOrderMarkOver) {
    expect("\xEF\xBB\xBF"
           "data: a\n\n",
           {{"message", "a", ""}});
    expect("\xEF\xBB\xBF\xEF\xBB\xBF"
           "data: a\n\ndata: b\n\n",
           {{"message", "b", ""}});
    expect("data: a\n\xEF\xBB\xBF"
           "data: b\n\n",
           {{"message", "a", ""}});
}

TEST(EventParser, AnIdWithANulIsIgnoredAndAnIdStays) {
    expect("id: 7\ndata: a\n\nid: 8\0\ndata: b\n\n"sv, {{"message", "a", "7"}, {"message", "b", "7"}});
    expect("id: 7\n\ndata: a\n\n", {{"message", "a", "7"}});
}

TEST(EventParser, AnEventWithoutDataIsNone) {
    expect("event: a\n\ndata: b\n\n", {{"message", "b", ""}});
    expect("nothing: a\nDATA: b\n data: c\n\n", {});
    expect("data: cut off", {});
    expect("data: cut off\n", {});
}

TEST(EventParser, RetryIsDigitsOnly) {
    auto const retry_of = [](std::string const& value) {
        EventParser parser;
        parser.feed("retry: " + value + "\ndata: x\n\n");
        return parser.next()->retry;
    };
    EXPECT_EQ(retry_of("1500"), 1500ms);
    EXPECT_EQ(retry_of("007"), 7ms);
    for (auto const* wrong : {"", "-1", "1.5", "1e3", "1500 ", "0x10", "soon"})
        EXPECT_EQ(retry_of(wrong), std::nullopt) << wrong;
    EXPECT_TRUE(retry_of(std::string(100, '9')));
}

TEST(EventParser, KeepsComments) {
    EventParser parser;
    parser.feed(":one\n: two\n\n");
    EXPECT_FALSE(parser.next());
    EXPECT_THAT(parser.comments(), ElementsAre("one", "two"));
    parser.feed(":\ndata: x\n\n");
    EXPECT_THAT(parser.next()->comments, ElementsAre("one", "two", ""));
    EXPECT_THAT(parser.comments(), IsEmpty());
}

} // namespace
} // namespace hxx
