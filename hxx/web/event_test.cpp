#include "hxx/web/event.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

namespace hxx {
namespace {

using namespace std::literals;

std::string wire(Event const& event) {
    std::string text;
    event.append_to(text);
    return text;
}

TEST(Event, IsALineAField) {
    EXPECT_EQ(wire(Event("hello")), "data: hello\n\n");
    EXPECT_EQ(wire(Event("reading", "21")), "event: reading\ndata: 21\n\n");
    EXPECT_EQ(wire(Event("reading", "21").id("7").retry(1500ms).with_comment("why")),
              ": why\nevent: reading\nid: 7\nretry: 1500\ndata: 21\n\n");
    EXPECT_EQ(wire(Event("", "unnamed")), "data: unnamed\n\n");
    EXPECT_EQ(wire(Event("done", "")), "event: done\ndata: \n\n") << "without data it would be none";
    EXPECT_EQ(wire(Event("").id("")), "id: \ndata: \n\n") << "an empty id has the client forget the last";
}

TEST(Event, DataIsSplitIntoLinesWhereAClientSeesTheirEnds) {
    EXPECT_EQ(wire(Event("a\nb")), "data: a\ndata: b\n\n");
    EXPECT_EQ(wire(Event("a\r\nb")), "data: a\ndata: b\n\n");
    EXPECT_EQ(wire(Event("a\rb")), "data: a\ndata: b\n\n");
    EXPECT_EQ(wire(Event("a\n\r\n\rb\n")), "data: a\ndata: \ndata: \ndata: b\ndata: \n\n");
    EXPECT_EQ(wire(Event("a\r\r\nb")), "data: a\ndata: \ndata: b\n\n");
    EXPECT_EQ(wire(Event(" indented")), "data:  indented\n\n");
    // What is a line end in Unicode, but none in an event stream.
    EXPECT_EQ(wire(Event("a\v\f\xC2\x85\xE2\x80\xA8\xE2\x80\xA9z")),
              "data: a\v\f\xC2\x85\xE2\x80\xA8\xE2\x80\xA9z\n\n");
}

TEST(Event, NoDataForgesAnotherEvent) {
    for (std::string const end : {"\n", "\r", "\r\n", "\n\n", "\r\r", "\r\n\r\n", "\n\r"}) {
        auto const text = wire(Event("x" + end + "event: forged" + end + "data: y" + end + end + "id: 1"));
        EXPECT_EQ(text.find('\r'), std::string::npos);
        for (std::size_t at = 0; at < text.size() - 1;) {
            auto const line_end = text.find('\n', at);
            ASSERT_NE(line_end, std::string::npos);
            EXPECT_EQ(text.substr(at, 6), "data: ") << text;
            at = line_end + 1;
        }
        EXPECT_TRUE(text.ends_with("\n\n"));
    }
}

TEST(Event, RefusesANameOrAnIdThatWouldForgeAnother) {
    for (auto const bad : {"a\nb"sv, "a\rb"sv, "a\r\nb"sv, "\n"sv, "a\0b"sv}) {
        EXPECT_THROW(Event(bad, "data"), std::invalid_argument);
        EXPECT_THROW(Event("data").id(bad), std::invalid_argument);
        EXPECT_THROW(Event::json(bad, 1), std::invalid_argument);
    }
    EXPECT_THROW(Event("data").retry(-1ms), std::invalid_argument);
    EXPECT_THROW(Event::retry_after(-1ms), std::invalid_argument);
}

TEST(Event, CommentsAndRetryTimesAreNoEventsForThePage) {
    EXPECT_EQ(wire(Event::comment("still\nhere")), ": still\n: here\n\n");
    EXPECT_EQ(wire(Event::comment("")), ": \n\n");
    EXPECT_EQ(wire(Event::comment("data: x\r\rdata: y")), ": data: x\n: \n: data: y\n\n");
    EXPECT_EQ(wire(Event::retry_after(0ms)), "retry: 0\n\n");
    EXPECT_EQ(wire(Event::comment("").id("9")), ": \nid: 9\n\n");
}

struct Reading {
    double celsius;
    std::string place;
};

TEST(Event, CarriesJson) {
    EXPECT_EQ(wire(Event::json("reading", Reading{21.5, "north\nwing"})),
              "event: reading\ndata: {\"celsius\":21.5,\"place\":\"north\\nwing\"}\n\n");
    EXPECT_EQ(wire(Event::json("", std::vector{1, 2})), "data: [1,2]\n\n");
    EXPECT_THROW(Event::json("reading", std::numeric_limits<double>::infinity()), JsonError);
}

} // namespace
} // namespace hxx
