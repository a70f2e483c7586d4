#include "hxx/http/parser.hpp"

#include <gtest/gtest.h>
#include <string>

namespace hxx::http {
namespace {

class Parser : public testing::Test {
  protected:
    HeadParser::Result parse(std::string const& text) {
        text_ = text;
        request_.reset();
        parser_.reset();
        return parser_.parse(text_.data(), text_.size(), request_);
    }
    HeadParser::Result parse_by_byte(std::string const& text) {
        text_ = text;
        request_.reset();
        parser_.reset();
        auto result = HeadParser::Result::NeedMore;
        for (std::size_t size = 0; size <= text.size() && result == HeadParser::Result::NeedMore; ++size) {
            std::string seen = text_.substr(0, size); // its own memory, so that a sanitizer sees a step beyond
            result = parser_.parse(seen.data(), seen.size(), request_);
            text_.replace(0, size, seen); // the parser may change what it was given
        }
        return result;
    }

    Limits limits_;
    HeadParser parser_{limits_};
    Request request_;
    std::string text_;
};

TEST_F(Parser, FillsTheRequestIn) {
    ASSERT_EQ(parse("POST /a/b%20c?x=1&y HTTP/1.1\r\nHost: example.com:80\r\nX-One:  1 \r\nx-one: 2\r\nContent-Length: "
                    "7\r\n\r\nbody…"),
              HeadParser::Result::Done);
    EXPECT_EQ(request_.method(), Method::Post);
    EXPECT_EQ(request_.target(), "/a/b%20c?x=1&y");
    EXPECT_EQ(request_.path(), "/a/b%20c");
    EXPECT_EQ(request_.query(), "x=1&y");
    EXPECT_EQ(request_.version(), 11);
    EXPECT_EQ(request_.host(), "example.com:80");
    EXPECT_EQ(request_.headers().size(), 4u);
    EXPECT_EQ(request_.headers().get("X-ONE"), "1");
    EXPECT_EQ(parser_.size(), text_.find("body"));
    EXPECT_EQ(parser_.framing().kind, Framing::Kind::Length);
    EXPECT_EQ(parser_.framing().length, 7u);
    EXPECT_TRUE(parser_.framing().keep_alive);
}

TEST_F(Parser, GivesTheSameByteByByte) {
    std::string const text = "\r\nGET http://h/p?q HTTP/1.1\r\nHost: other\r\nConnection: x , close\r\n\r\n";
    for (bool const by_byte : {false, true}) {
        ASSERT_EQ(by_byte ? parse_by_byte(text) : parse(text), HeadParser::Result::Done);
        EXPECT_EQ(request_.host(), "h");
        EXPECT_EQ(request_.path(), "/p");
        EXPECT_EQ(request_.query(), "q");
        EXPECT_FALSE(parser_.framing().keep_alive);
        EXPECT_EQ(parser_.size(), text.size());
    }
}

TEST_F(Parser, TakesHeadsOneAfterTheOther) {
    std::string buffer = "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: b\r\n\r\n";
    std::size_t at = 0;
    for (std::string const path : {"/1", "/2"}) {
        request_.reset();
        parser_.reset();
        ASSERT_EQ(parser_.parse(buffer.data() + at, buffer.size() - at, request_), HeadParser::Result::Done);
        EXPECT_EQ(request_.path(), path);
        at += parser_.size();
    }
    EXPECT_EQ(at, buffer.size());
}

TEST_F(Parser, SaysWhatIsWrong) {
    struct {
        char const* text;
        int status;
        char const* reason;
    } const cases[] = {
        {"GET / HTTP/1.1\r\n\r\n", 400, "the Host is missing"},
        {"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400, "there is more than one Host"},
        {"GET / HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n", 400, "a header field's name is malformed"},
        {"GET / HTTP/1.1\r\nHost: a\r\nX: \x01\r\n\r\n", 400, "a header field's value is malformed"},
        {"GET / HTTP/1.1\r\nHost: a\r\n b\r\n", 400, "a header line begins with a space"},
        {"GET / HTTP/1.1\n", 400, "the request line does not end with CR LF"},
        {"GET x HTTP/1.1\r\nHost: a\r\n\r\n", 400, "the request target is malformed"},
        {"BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501, "the method is not implemented here"},
        {"GET / HTTP/3.0\r\n", 505, "this server speaks HTTP/1.1"},
        {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400,
         "the Transfer-Encoding is malformed or contradicted"},
        {"GET / HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n", 417, "only '100-continue' can be expected"},
    };
    for (auto const& test : cases) {
        EXPECT_EQ(parse(test.text), HeadParser::Result::Failed) << test.text;
        EXPECT_EQ(parser_.status(), test.status) << test.text;
        EXPECT_EQ(parser_.reason(), test.reason) << test.text;
        EXPECT_EQ(parse_by_byte(test.text), HeadParser::Result::Failed) << test.text;
        EXPECT_EQ(parser_.status(), test.status) << test.text;
    }
}

TEST_F(Parser, AppliesLimitsBeforeTheHeadIsComplete) {
    limits_.request_line = 20;
    limits_.header_bytes = 30;
    limits_.header_fields = 2;
    EXPECT_EQ(parse("GET /34567 HTTP/1.1\r"), HeadParser::Result::NeedMore);
    EXPECT_EQ(parse("GET /34567 HTTP/1.1\r\n"), HeadParser::Result::Failed);
    EXPECT_EQ(parser_.status(), 414);
    EXPECT_EQ(parse("GET / HTTP/1.1\r\n" + std::string(33, 'x')), HeadParser::Result::Failed);
    EXPECT_EQ(parser_.status(), 431);
    EXPECT_EQ(parse("GET / HTTP/1.1\r\na:\r\nb:\r\nc:\r\n"), HeadParser::Result::Failed);
    EXPECT_EQ(parser_.status(), 431);
}

// Whatever the bytes are, a step may read only what it was given, and ends with one of the three results.
TEST_F(Parser, SurvivesEveryByteEverywhere) {
    std::string const text = "GET /p HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n";
    for (std::size_t at = 0; at < text.size(); ++at) {
        for (int byte = 0; byte < 256; ++byte) {
            auto changed = text;
            changed[at] = static_cast<char>(byte);
            auto const whole = parse(changed);
            auto const status = whole == HeadParser::Result::Failed ? parser_.status() : 0;
            auto const split = parse_by_byte(changed);
            EXPECT_EQ(whole, split) << at << " " << byte;
            EXPECT_EQ(status, split == HeadParser::Result::Failed ? parser_.status() : 0) << at << " " << byte;
        }
    }
}

} // namespace
} // namespace hxx::http
