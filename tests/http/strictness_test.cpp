// RFC 9112 and the server's limits, request by request, against a real socket: each case in one piece and byte by byte.
#include "raw_client.hpp"
#include "test_server.hpp"

#include <exception>
#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hxx::http::test {
namespace {
using namespace std::string_literals;

struct Case {
    char const* name;
    std::string request;
    std::vector<int> statuses;
    bool closes;
};

constexpr bool Open = false, Closes = true;
std::string const host = "Host: a\r\n";
std::string const end = "\r\n";

std::string get(std::string const& fields) { return "GET / HTTP/1.1\r\n" + host + fields + end; }
std::string post(std::string const& fields, std::string const& body = {}, std::string const& path = "/sync") {
    return "POST " + path + " HTTP/1.1\r\n" + host + fields + end + body;
}
std::string chunked(std::string const& body, std::string const& path = "/sync") {
    return post("Transfer-Encoding: chunked\r\n", body, path);
}
std::string many(std::string const& text, int count) {
    std::string all;
    for (int i = 0; i < count; ++i) all += text;
    return all;
}
std::string fields(int count) {
    std::string all;
    for (int i = 0; i < count; ++i) all += "X-" + std::to_string(i) + ": v\r\n";
    return all;
}
std::string target(std::string const& text) { return "GET " + text + " HTTP/1.1\r\n" + host + end; }
std::string with_host(std::string const& value) { return "GET / HTTP/1.1\r\nHost: " + value + "\r\n\r\n"; }

std::vector<Case> cases() {
    std::string const x8k(8 * 1024, 'x'), x16k(16 * 1024, 'x');
    return {
        // What is right.
        {"Get", get(""), {200}, Open},
        {"Head", "HEAD / HTTP/1.1\r\n" + host + end, {200}, Open},
        {"OptionsAsterisk", "OPTIONS * HTTP/1.1\r\n" + host + end, {200}, Open},
        {"AbsoluteForm", target("http://example.com/sync?x=1"), {200}, Open},
        {"AbsoluteFormHttps", target("HTTPS://example.com:444/"), {200}, Open},
        {"AbsoluteFormWithoutPath", target("http://example.com"), {200}, Open},
        {"AbsoluteFormIpv6", target("http://[::1]:8000/"), {200}, Open},
        {"Put", "PUT /sync HTTP/1.1\r\n" + host + "Content-Length: 2\r\n\r\nhi", {200}, Open},
        {"Delete", "DELETE /sync HTTP/1.1\r\n" + host + end, {200}, Open},
        {"Patch", "PATCH /sync HTTP/1.1\r\n" + host + "Content-Length: 0\r\n\r\n", {200}, Open},
        {"Query", "QUERY /sync HTTP/1.1\r\n" + host + "Content-Length: 1\r\n\r\nq", {200}, Open},
        {"Asynchronous", "GET /async HTTP/1.1\r\n" + host + end, {200}, Open},
        {"PostWithoutBody", post(""), {200}, Open},
        {"PostLength", post("Content-Length: 5\r\n", "hello"), {200}, Open},
        {"PostLengthLeadingZeros", post("Content-Length: 0005\r\n", "hello"), {200}, Open},
        {"PostAsynchronous", post("Content-Length: 5\r\n", "hello", "/async"), {200}, Open},
        {"GetWithBody", get("Content-Length: 5\r\n") + "hello", {200}, Open},
        {"Chunked", chunked("5\r\nhello\r\n0\r\n\r\n"), {200}, Open},
        {"ChunkedTwo", chunked("5\r\nhello\r\n00A\r\n0123456789\r\n000\r\n\r\n"), {200}, Open},
        {"ChunkedCase", post("transfer-encoding: ChunKed\r\n", "a\r\n0123456789\r\n0\r\n\r\n"), {200}, Open},
        {"ChunkedEmpty", chunked("0\r\n\r\n"), {200}, Open},
        {"ChunkedExtension", chunked("5;name=value\r\nhello\r\n0;last\r\n\r\n"), {200}, Open},
        {"ChunkedExtensionQuoted", chunked("5 ; a=\"b;\\\"c\"\r\nhello\r\n0\r\n\r\n"), {200}, Open},
        {"ChunkedTrailers", chunked("5\r\nhello\r\n0\r\nX-Sum: 1\r\nX-Other:2\r\n\r\n"), {200}, Open},
        {"Pipelined", get("") + get("") + get(""), {200, 200, 200}, Open},
        {"PipelinedBodies",
         post("Content-Length: 2\r\n", "ab") + chunked("2\r\ncd\r\n0\r\n\r\n") + get(""),
         {200, 200, 200},
         Open},
        {"PipelinedAsynchronous", target("/async") + get("") + target("/async"), {200, 200, 200}, Open},
        {"PipelinedHundredAndMore", many(get(""), 250), std::vector<int>(250, 200), Open},
        {"EmptyLineFirst", "\r\n" + get(""), {200}, Open},
        {"TwoEmptyLinesFirst", "\r\n\r\n" + get(""), {200}, Open},
        {"SpacesAroundValue", get("X:  \t v \t \r\n"), {200}, Open},
        {"NoSpaceBeforeValue", get("X:v\r\n"), {200}, Open},
        {"EmptyValue", get("X:\r\nY: \r\n"), {200}, Open},
        {"HighBytesInValue", get("X: caf\xc3\xa9\r\n"), {200}, Open},
        {"TabInValue", get("X: a\tb\r\n"), {200}, Open},
        {"ConnectionClose", get("Connection: close\r\n"), {200}, Closes},
        {"ConnectionCloseInList", get("Connection: x, Close\r\n"), {200}, Closes},
        {"ConnectionKeepAlive", get("Connection: keep-alive\r\n"), {200}, Open},
        {"NothingAfterClose", get("Connection: close\r\n") + get(""), {200}, Closes},
        {"Http10", "GET / HTTP/1.0\r\n\r\n", {200}, Closes},
        {"Http10KeepAlive", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", {200}, Open},
        {"Http10KeepAliveAndClose", "GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n", {200}, Closes},
        {"Http10Body", "POST /sync HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi", {200}, Closes},
        {"Http10ExpectIsIgnored",
         "POST /sync HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi",
         {200},
         Closes},
        {"HigherMinorVersion", "GET / HTTP/1.7\r\n" + host + end, {200}, Open},
        {"RequestLineAtLimit", target("/" + x8k.substr(0, 8 * 1024 - 16)), {200}, Open},
        {"HeadersAtLimit", get("X: " + x16k.substr(0, 16 * 1024 - 14) + "\r\n"), {200}, Open},
        {"HundredFields", get(fields(99)), {200}, Open},
        {"BodyAtLimit", post("Content-Length: 10\r\n", "0123456789", "/small"), {200}, Open},
        {"ChunkedAtLimit", chunked("a\r\n0123456789\r\n0\r\n\r\n", "/small"), {200}, Open},
        {"StrangeButLegalPath", target("/a//b/%2e%2e/;x=1?a=b&c[]=d|e"), {200}, Open},
        {"HostWithPort", with_host("example.com:8000"), {200}, Open},
        {"HostWithEmptyPort", with_host("example.com:"), {200}, Open},
        {"HostIpv6", with_host("[2001:db8::1]:80"), {200}, Open},
        {"HostIpv6Mapped", with_host("[::ffff:127.0.0.1]"), {200}, Open},
        {"HostFuture", with_host("[v1.a:b]"), {200}, Open},
        {"HostEncoded", with_host("a%2Db.example"), {200}, Open},
        {"NoContent", target("/204") + target("/304"), {204, 304}, Open},
        {"ExpectWithBodyAtOnce", post("Expect: 100-continue\r\nContent-Length: 2\r\n", "hi"), {200}, Open},
        {"ExpectWithoutBody", get("Expect: 100-continue\r\n"), {200}, Open},
        {"StreamedBody", post("Content-Length: 5\r\n", "hello", "/upload"), {200}, Open},
        {"StreamedChunks", chunked("5\r\nhello\r\n0\r\n\r\n", "/upload"), {200}, Open},
        {"UnreadBodyIsNoRequest",
         post("Content-Length: " + std::to_string(get("").size()) + "\r\n", get(""), "/lazy"),
         {200},
         Open},
        {"UnreadBodyAsynchronous", post("Content-Length: 5\r\n", "hello", "/ignore") + get(""), {200, 200}, Open},

        // Framing.
        {"LengthAndChunked", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), {400}, Closes},
        {"ChunkedAndLength", post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"), {400}, Closes},
        {"LengthsDiffer", post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello"), {400}, Closes},
        {"LengthsAgree", post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"), {400}, Closes},
        {"LengthList", post("Content-Length: 5, 5\r\n", "hello"), {400}, Closes},
        {"LengthPlus", post("Content-Length: +5\r\n", "hello"), {400}, Closes},
        {"LengthMinus", post("Content-Length: -5\r\n", "hello"), {400}, Closes},
        {"LengthHex", post("Content-Length: 0x5\r\n", "hello"), {400}, Closes},
        {"LengthJunk", post("Content-Length: 5x\r\n", "hello"), {400}, Closes},
        {"LengthFraction", post("Content-Length: 5.0\r\n", "hello"), {400}, Closes},
        {"LengthSpaced", post("Content-Length: 5 5\r\n", "hello"), {400}, Closes},
        {"LengthEmpty", post("Content-Length:\r\n", "hello"), {400}, Closes},
        {"LengthOverflow", post("Content-Length: 18446744073709551621\r\n", "hello"), {400}, Closes},
        {"LengthHuge", post("Content-Length: 99999999999999999999999999\r\n", "hello"), {400}, Closes},
        {"LengthUnderscore", post("Content_Length: 5\r\n"), {200}, Open},
        {"CodingUnknown", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), {400}, Closes},
        {"CodingIdentity", post("Transfer-Encoding: identity\r\n", "0\r\n\r\n"), {400}, Closes},
        {"CodingGzipChunked", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), {400}, Closes},
        {"CodingChunkedIdentity", post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"), {400}, Closes},
        {"CodingTwice",
         post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
         {400},
         Closes},
        {"CodingTwiceInOne", post("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n"), {400}, Closes},
        {"CodingQuoted", post("Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n"), {400}, Closes},
        {"CodingParameter", post("Transfer-Encoding: chunked;q=1\r\n", "0\r\n\r\n"), {400}, Closes},
        {"CodingVerticalTab", post("Transfer-Encoding: \vchunked\r\n", "0\r\n\r\n"), {400}, Closes},
        {"CodingEmpty", post("Transfer-Encoding:\r\n", "0\r\n\r\n"), {400}, Closes},
        {"CodingInHttp10", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", {400}, Closes},

        // Chunks.
        {"ChunkSizeMinus", chunked("-2\r\nhi\r\n0\r\n\r\n"), {400}, Closes},
        {"ChunkSizePlus", chunked("+2\r\nhi\r\n0\r\n\r\n"), {400}, Closes},
        {"ChunkSizePrefix", chunked("0x2\r\nhi\r\n0\r\n\r\n"), {400}, Closes},
        {"ChunkSizeJunk", chunked("2g\r\nhi\r\n0\r\n\r\n"), {400}, Closes},
        {"ChunkSizeEmpty", chunked("\r\nhi\r\n0\r\n\r\n"), {400}, Closes},
        {"ChunkSizeOverflow", chunked("10000000000000002\r\nhi\r\n0\r\n\r\n"), {400}, Closes},
        {"ChunkSizeSpaceBefore", chunked(" 2\r\nhi\r\n0\r\n\r\n"), {400}, Closes},
        {"ChunkSizeSpaceAfter", chunked("2 \r\nhi\r\n0\r\n\r\n"), {400}, Closes},
        {"ChunkSizeBareLineFeed", chunked("2\nhi\r\n0\r\n\r\n"), {400}, Closes},
        {"ChunkSizeBareReturn", chunked("2\rhi\r\n0\r\n\r\n"), {400}, Closes},
        {"ChunkTooLong", chunked("2\r\nhiX\r\n0\r\n\r\n"), {400}, Closes},
        {"ChunkTooShort", chunked("3\r\nhi\r\n0\r\n\r\n"), {400}, Closes},
        {"ChunkEndsWithLineFeed", chunked("2\r\nhi\n0\r\n\r\n"), {400}, Closes},
        {"ChunkWithoutEnd", chunked("2\r\nhi0\r\n\r\n"), {400}, Closes},
        {"ChunkExtensionLineFeed", chunked("2;a\nb\r\nhi\r\n0\r\n\r\n"), {400}, Closes},
        {"ChunkExtensionQuotedLineFeed", chunked("2;a=\"b\nc\"\r\nhi\r\n0\r\n\r\n"), {400}, Closes},
        {"ChunkExtensionReturn", chunked("2;a=\"b\rc\"\r\nhi\r\n0\r\n\r\n"), {400}, Closes},
        {"ChunkExtensionNul", chunked("2;a\0b\r\nhi\r\n0\r\n\r\n"s), {400}, Closes},
        {"ChunkExtensionTooLong", chunked("2;" + std::string(300, 'x') + "\r\nhi\r\n0\r\n\r\n"), {400}, Closes},
        {"ChunkExtensionsTooMany", chunked(many("1;" + std::string(250, 'x') + "\r\nh\r\n", 100)), {400}, Closes},
        {"LastChunkEndsWrong", chunked("0\r\nXX\r\n\r\n"), {400}, Closes},
        {"LastChunkEndsWithLineFeed", chunked("0\r\n\n"), {400}, Closes},
        {"TrailerFolded", chunked("0\r\nX: a\r\n b\r\n\r\n"), {400}, Closes},
        {"TrailerSpaceBeforeColon", chunked("0\r\nX : a\r\n\r\n"), {400}, Closes},
        {"TrailerNul", chunked("0\r\nX: \0\r\n\r\n"s), {400}, Closes},
        {"TrailersTooLong", chunked("0\r\nX: " + x16k + "\r\n\r\n"), {431}, Closes},
        {"TrailersTooMany", chunked("0\r\n" + fields(101) + "\r\n"), {431}, Closes},
        {"ChunkBadWhileStreamed", chunked("2\r\nhiX\r\n0\r\n\r\n", "/upload"), {400}, Closes},

        // Fields.
        {"SpaceBeforeColon", get("X : v\r\n"), {400}, Closes},
        {"TabBeforeColon", get("X\t: v\r\n"), {400}, Closes},
        {"SpaceInName", get("X Y: v\r\n"), {400}, Closes},
        {"EmptyName", get(": v\r\n"), {400}, Closes},
        {"NoColon", get("X\r\n"), {400}, Closes},
        {"HighByteInName", get("caf\xc3\xa9: v\r\n"), {400}, Closes},
        {"Folded", get("X: a\r\n b\r\n"), {400}, Closes},
        {"FoldedTab", get("X: a\r\n\tb\r\n"), {400}, Closes},
        {"FoldedFirst", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", {400}, Closes},
        {"FoldedLength", post("X: a\r\n Content-Length: 5\r\n"), {400}, Closes},
        {"BareLineFeed", "GET / HTTP/1.1\nHost: a\n\n", {400}, Closes},
        {"BareLineFeedInField", get("X: v\nY: w\r\n"), {400}, Closes},
        {"BareLineFeedAtEnd", "GET / HTTP/1.1\r\nHost: a\r\n\n", {400}, Closes},
        {"BareReturn", get("X: a\rb\r\n"), {400}, Closes},
        {"BareReturnAsEnd", get("X: a\r\rY: b\r\n"), {400}, Closes},
        {"ReturnReturnLineFeed", get("X: a\r\r\n"), {400}, Closes},
        {"Nul", get("X: a\0b\r\n"s), {400}, Closes},
        {"NulInName", get("X\0: b\r\n"s), {400}, Closes},
        {"Escape", get("X: \x1b[31m\r\n"), {400}, Closes},
        {"Delete7f", get("X: \x7f\r\n"), {400}, Closes},
        {"ConnectionMalformed", get("Connection: a b\r\n"), {400}, Closes},

        // Host.
        {"HostMissing", "GET / HTTP/1.1\r\n\r\n", {400}, Closes},
        {"HostMissingWithAbsoluteForm", "GET http://a/ HTTP/1.1\r\n\r\n", {400}, Closes},
        {"HostTwice", get("Host: b\r\n"), {400}, Closes},
        {"HostTwiceTheSame", get("Host: a\r\n"), {400}, Closes},
        {"HostTwiceInHttp10", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", {400}, Closes},
        {"HostEmpty", with_host(""), {400}, Closes},
        {"HostPath", with_host("a/b"), {400}, Closes},
        {"HostUser", with_host("user@a"), {400}, Closes},
        {"HostSpace", with_host("a b"), {400}, Closes},
        {"HostList", with_host("a, b"), {400}, Closes},
        {"HostQuote", with_host("\"a\""), {400}, Closes},
        {"HostPercent", with_host("a%2"), {400}, Closes},
        {"HostPort", with_host("a:http"), {400}, Closes},
        {"HostPortOutOfRange", with_host("a:65536"), {400}, Closes},
        {"HostTwoColons", with_host("a:1:2"), {400}, Closes},
        {"HostBareIpv6", with_host("::1"), {400}, Closes},
        {"HostIpv6Malformed", with_host("[::g]"), {400}, Closes},
        {"HostIpv6Open", with_host("[::1"), {400}, Closes},
        {"HostIpv6Zone", with_host("[fe80::1%25eth0]"), {400}, Closes},
        {"HostHighByte", with_host("caf\xc3\xa9"), {400}, Closes},

        // Request line.
        {"TargetRelative", target("path"), {400}, Closes},
        {"TargetAsteriskGet", target("*"), {400}, Closes},
        {"TargetOtherScheme", target("ftp://a/"), {400}, Closes},
        {"TargetUser", target("http://user@a/"), {400}, Closes},
        {"TargetNoAuthority", target("http:///path"), {400}, Closes},
        {"TargetFragment", target("/a#b"), {400}, Closes},
        {"TargetControl", target("/a\x01z"), {400}, Closes},
        {"TargetNul", target("/a\0b"s), {400}, Closes},
        {"TargetTab", target("/a\tb"), {400}, Closes},
        {"TargetSpace", target("/a b"), {400}, Closes},
        {"TargetHighByte", target("/caf\xc3\xa9"), {400}, Closes},
        {"TargetMissing", "GET HTTP/1.1\r\n" + host + end, {400}, Closes},
        {"TargetEmpty", "GET  HTTP/1.1\r\n" + host + end, {400}, Closes},
        {"TwoSpaces", "GET  / HTTP/1.1\r\n" + host + end, {400}, Closes},
        {"TabInsteadOfSpace", "GET\t/\tHTTP/1.1\r\n" + host + end, {400}, Closes},
        {"SpaceFirst", " GET / HTTP/1.1\r\n" + host + end, {400}, Closes},
        {"SpaceAtEnd", "GET / HTTP/1.1 \r\n" + host + end, {400}, Closes},
        {"BareReturnInLine", "GET /\rHTTP/1.1\r\n" + host + end, {400}, Closes},
        {"MethodMalformed", "G(T / HTTP/1.1\r\n" + host + end, {400}, Closes},
        {"MethodLower", "get / HTTP/1.1\r\n" + host + end, {501}, Closes},
        {"MethodUnknown", "FOO / HTTP/1.1\r\n" + host + end, {501}, Closes},
        {"MethodConnect", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", {501}, Closes},
        {"Http09", "GET /\r\n", {400}, Closes},
        {"VersionTooNew", "GET / HTTP/2.0\r\n" + host + end, {505}, Closes},
        {"VersionPreface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {505}, Closes},
        {"VersionOld", "GET / HTTP/0.9\r\n" + host + end, {505}, Closes},
        {"VersionShort", "GET / HTTP/1\r\n" + host + end, {400}, Closes},
        {"VersionLong", "GET / HTTP/1.10\r\n" + host + end, {400}, Closes},
        {"VersionLower", "GET / http/1.1\r\n" + host + end, {400}, Closes},
        {"VersionOther", "GET / HTCPCP/1.1\r\n" + host + end, {400}, Closes},
        {"TlsHandshake", "\x16\x03\x01\x02\x00\x01\x00\x01"s, {400}, Closes},
        {"ThreeEmptyLinesFirst", "\r\n\r\n\r\n" + get(""), {400}, Closes},
        {"LineFeedFirst", "\n" + get(""), {400}, Closes},
        {"GoodThenBad", get("") + "GET / HTTP/1.1\r\n\r\n" + get(""), {200, 400}, Closes},

        // Limits.
        {"RequestLineTooLong", target("/" + x8k), {414}, Closes},
        {"RequestLineWithoutEnd", "GET /" + x8k + x8k, {414}, Closes},
        {"RequestLineFarTooLong", target("/" + many(x16k, 6)), {414}, Closes},
        {"HeadersTooLong", get("X: " + x16k + "\r\n"), {431}, Closes},
        {"HeadersWithoutEnd", "GET / HTTP/1.1\r\nX: " + x16k + x16k, {431}, Closes},
        {"HeadersOneMegabyte", get("X: " + many(x16k, 64) + "\r\n"), {431}, Closes},
        {"TooManyFields", get(fields(100)), {431}, Closes},
        {"FarTooManyFields", get(fields(1100)), {431}, Closes},
        {"BodyTooLarge", post("Content-Length: 11\r\n", "0123456789a", "/small"), {413}, Closes},
        {"BodyFarTooLarge", post("Content-Length: 10000001\r\n"), {413}, Closes},
        {"ChunkedTooLarge", chunked("b\r\n0123456789a\r\n0\r\n\r\n", "/small"), {413}, Closes},
        {"ChunksTooLarge", chunked(many("2\r\nab\r\n", 6) + "0\r\n\r\n", "/small"), {413}, Closes},
        {"ExpectOther", post("Expect: 200-maybe\r\nContent-Length: 2\r\n", "hi"), {417}, Closes},
        {"ExpectTwo", post("Expect: 100-continue, more\r\nContent-Length: 2\r\n", "hi"), {417}, Closes},
    };
}

// The body may not be there yet when the server has read the head: then it asks for it.
std::optional<RawResponse> read_final(RawClient& client, bool head, int expected) {
    auto response = client.read(head);
    if (response && response->status == 100 && expected != 100) response = client.read(head);
    return response;
}

void check_answers(RawClient& client, Case const& test) {
    bool const head = test.request.starts_with("HEAD");
    for (std::size_t i = 0; i < test.statuses.size(); ++i) {
        auto const response = read_final(client, head, test.statuses[i]);
        ASSERT_TRUE(response) << "the connection ended before response " << i + 1;
        ASSERT_EQ(response->status, test.statuses[i]) << "response " << i + 1 << ": " << response->body;
        bool const last = i + 1 == test.statuses.size();
        EXPECT_EQ(response->headers.contains("connection") && response->headers.at("connection") == "close",
                  last && test.closes);
        EXPECT_TRUE(response->headers.contains("date"));
    }
    if (test.closes) {
        EXPECT_TRUE(client.closed()) << "more follows";
        return;
    }
    ASSERT_TRUE(client.send("GET / HTTP/1.1\r\nHost: still-there\r\n\r\n"));
    auto const response = client.read();
    ASSERT_TRUE(response) << "the connection was closed";
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->body, "hello");
}

void check(RawClient& client, Case const& test) {
    try {
        check_answers(client, test);
    } catch (std::exception const& error) {
        FAIL() << error.what();
    }
}

TEST(Strictness, InOnePiece) {
    TestServer server;
    auto const all = cases();
    ASSERT_GE(all.size(), 100u);
    for (auto const& test : all) {
        SCOPED_TRACE(test.name);
        RawClient client(server.port());
        client.send(test.request);
        check(client, test);
    }
}

TEST(Strictness, ByteByByte) {
    TestServer server;
    for (auto const& test : cases()) {
        SCOPED_TRACE(test.name);
        if (test.request.size() > 40'000) continue;
        RawClient client(server.port());
        client.send_by_byte(test.request);
        check(client, test);
    }
}

// A first piece that ends at each place where a parser changes its mind.
TEST(Strictness, InTwoPieces) {
    TestServer server;
    for (auto const& test : cases()) {
        SCOPED_TRACE(test.name);
        if (test.request.size() > 400) continue;
        for (std::size_t cut = 1; cut < test.request.size(); cut += 7) {
            SCOPED_TRACE(cut);
            RawClient client(server.port());
            client.send(std::string_view(test.request).substr(0, cut));
            client.send(std::string_view(test.request).substr(cut));
            check(client, test);
            if (HasFatalFailure()) return;
        }
    }
}

TEST(Strictness, AnswersSayWhyInPlainText) {
    TestServer server;
    RawClient client(server.port());
    client.send("GET / HTTP/1.1\r\n\r\n");
    auto const response = client.read();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->body, "400 Bad Request: the Host is missing\n");
    EXPECT_EQ(response->headers.at("content-type"), "text/plain; charset=utf-8");
}

TEST(Strictness, HandlersAreNotCalledForWhatIsRefused) {
    TestServer server;
    for (auto const& test : cases()) {
        if (test.statuses.back() < 400) continue;
        int const good = static_cast<int>(test.statuses.size()) - 1;
        bool const streamed = test.request.find("/upload") != std::string::npos;
        server.handler.handled = server.handler.sent_ = 0;
        RawClient client(server.port());
        client.send(test.request);
        SCOPED_TRACE(test.name);
        ASSERT_NO_THROW(ASSERT_TRUE(client.closed(1 << 20)));
        EXPECT_EQ(server.handler.handled, good + (streamed ? 1 : 0)) << test.name;
        EXPECT_TRUE(eventually([&] { return server.handler.sent_ == server.handler.handled; })) << test.name;
    }
}

} // namespace
} // namespace hxx::http::test
