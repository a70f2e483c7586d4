#include "hxx/http/chunked.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <string>

namespace hxx::http {
namespace {

struct Decoded {
    std::string data;
    std::string rest;
    ChunkDecoder::Result result = ChunkDecoder::Result::NeedMore;
    int status = 0;
};

Decoded decode(std::string const& text, std::size_t step, Limits const& limits = {}) {
    ChunkDecoder decoder(limits);
    Decoded decoded;
    for (std::size_t at = 0; at < text.size();) {
        auto const part = text.substr(at, step);
        std::string_view input = part, piece;
        do {
            decoded.result = decoder.next(input, piece);
            if (decoded.result == ChunkDecoder::Result::Data) decoded.data += piece;
        } while (decoded.result == ChunkDecoder::Result::Data);
        at += part.size() - input.size();
        if (decoded.result != ChunkDecoder::Result::NeedMore) {
            decoded.rest = text.substr(at);
            break;
        }
    }
    decoded.status = decoder.status();
    return decoded;
}

TEST(ChunkDecoder, GivesTheDataAndLeavesTheRest) {
    std::string const text = "5\r\nhello\r\n0B;a=\"b\"\r\n, big world\r\n000\r\nX: y\r\n\r\nGET /";
    for (std::size_t step = 1; step <= text.size(); ++step) {
        auto const decoded = decode(text, step);
        EXPECT_EQ(decoded.result, ChunkDecoder::Result::End);
        EXPECT_EQ(decoded.data, "hello, big world");
        EXPECT_EQ(decoded.rest, "GET /");
    }
}

TEST(ChunkDecoder, DataMayHoldAnything) {
    std::string data;
    for (int i = 0; i < 256; ++i) data += static_cast<char>(i);
    EXPECT_EQ(decode("100\r\n" + data + "\r\n0\r\n\r\n", 7).data, data);
}

TEST(ChunkDecoder, RefusesWhatIsMalformed) {
    for (std::string const text : {"x",
                                   "-1\r\n",
                                   "+1\r\n",
                                   "\r\n",
                                   " 1\r\n",
                                   "1 \r\n",
                                   "1\n",
                                   "1\ra",
                                   "1;\n",
                                   "1;a\rb",
                                   "0x1\r\n",
                                   "1\r\nab",
                                   "1\r\na\n",
                                   "1\r\na\rb",
                                   "0\r\n\n",
                                   "0\r\n\rx",
                                   "0\r\n:\r\n",
                                   "0\r\nX y:\r\n",
                                   "0\r\nX: a\nb",
                                   "0\r\nX: a\rb",
                                   "0\r\n X: a",
                                   "10000000000000000\r\n"}) {
        for (std::size_t const step : {1u, 100u}) {
            auto const decoded = decode(text, step);
            EXPECT_EQ(decoded.result, ChunkDecoder::Result::Failed) << text;
            EXPECT_EQ(decoded.status, 400) << text;
        }
    }
}

TEST(ChunkDecoder, TakesTheLargestSize) {
    EXPECT_EQ(decode("ffffffffffffffff\r\nabc", 100).data, "abc");
    EXPECT_EQ(decode("0000000000000000000003\r\nabc", 100).data, "abc");
}

TEST(ChunkDecoder, StaysFailed) {
    Limits const limits;
    ChunkDecoder decoder(limits);
    std::string_view input = "x", piece;
    EXPECT_EQ(decoder.next(input, piece), ChunkDecoder::Result::Failed);
    input = "0\r\n\r\n";
    EXPECT_EQ(decoder.next(input, piece), ChunkDecoder::Result::Failed);
    decoder.reset();
    EXPECT_EQ(decoder.next(input, piece), ChunkDecoder::Result::End);
}

TEST(ChunkDecoder, CountsWhatIsNotData) {
    Limits limits;
    limits.chunk_extension = 10;
    limits.header_bytes = 30;
    limits.header_fields = 2;
    EXPECT_EQ(decode("1;234567890\r\na", 100, limits).data, "a");
    EXPECT_EQ(decode("1;2345678901\r\n", 100, limits).status, 400);
    EXPECT_EQ(decode("0\r\nX: " + std::string(40, 'x'), 100, limits).status, 431);
    EXPECT_EQ(decode("0\r\na:\r\nb:\r\nc:\r\n", 100, limits).status, 431);
    std::string many;
    for (int i = 0; i < 10'000; ++i) many += "1;23456789\r\na\r\n";
    EXPECT_EQ(decode(many, 100, limits).status, 400);
}

} // namespace
} // namespace hxx::http
