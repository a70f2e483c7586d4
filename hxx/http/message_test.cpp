#include "hxx/async/task.hpp"
#include "hxx/http/authority.hpp"
#include "hxx/http/error.hpp"
#include "hxx/http/handler.hpp"
#include "hxx/http/headers.hpp"
#include "hxx/http/message.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdexcept>
#include <string>
#include <system_error>
#include <unistd.h>

namespace hxx::http {
namespace {

TEST(Headers, AreAMultimapWithoutCase) {
    Headers headers;
    headers.add("Accept", "a");
    headers.add("X", "1");
    headers.add("accept", "b");
    EXPECT_EQ(headers.get("ACCEPT"), "a");
    EXPECT_EQ(headers.get_all("accept"), (std::vector<std::string_view>{"a", "b"}));
    EXPECT_EQ(headers.get("none"), std::nullopt);
    EXPECT_EQ(headers.get_or("none", "x"), "x");
    headers.set("ACCEPT", "c");
    EXPECT_EQ(headers.get_all("accept"), std::vector<std::string_view>{"c"});
    headers.remove("x");
    EXPECT_FALSE(headers.contains("X"));
    EXPECT_EQ(headers.size(), 1u);
    headers.clear();
    EXPECT_TRUE(headers.empty());
}

TEST(Headers, KeepTheirOrderAndTrimValues) {
    Headers headers;
    headers.add("B", " 1\t");
    headers.add("A", "2");
    std::string all;
    for (auto const header : headers) all += std::string(header.name) + "=" + std::string(header.value) + ";";
    EXPECT_EQ(all, "B=1;A=2;");
}

TEST(Headers, CannotSplitAResponse) {
    Headers headers;
    for (std::string_view const value : {"a\r\nb", "a\nb", "a\rb", "\x7f", "\x1b"}) {
        EXPECT_THROW(headers.add("X", value), std::invalid_argument);
        EXPECT_THROW(headers.set("X", value), std::invalid_argument);
        EXPECT_THROW(headers.add_to_list("X", value), std::invalid_argument);
    }
    EXPECT_THROW(headers.add("X", std::string_view("a\0b", 3)), std::invalid_argument);
    for (std::string const name : {"", "a b", "a:", "a\r\n", "caf\xc3\xa9"}) {
        EXPECT_THROW(headers.add(name, "v"), std::invalid_argument);
    }
    EXPECT_TRUE(headers.empty());
    headers.add("X", "tab\tand caf\xc3\xa9");
}

TEST(Headers, MayBeSetFromTheirOwnViews) {
    Headers headers;
    headers.add("A", std::string(100, 'a'));
    for (int i = 0; i < 20; ++i) {
        headers.set("B", *headers.get("A"));
        headers.set("A", *headers.get("B"));
        headers.add(headers[0].name, headers[0].value);
    }
    EXPECT_EQ(headers.get("A"), std::string(100, 'a'));
}

TEST(Headers, ListsTakeAnElementOnce) {
    Headers headers;
    headers.add_to_list("Vary", "Accept");
    headers.add_to_list("vary", "HX-Request");
    headers.add_to_list("Vary", "accept");
    headers.add_to_list("Vary", "hx-request");
    EXPECT_EQ(headers.get_all("Vary"), std::vector<std::string_view>{"Accept, HX-Request"});
    headers.add("Vary", "Other");
    headers.add_to_list("Vary", "other");
    headers.add_to_list("Vary", "More");
    EXPECT_EQ(headers.get_all("Vary"), (std::vector<std::string_view>{"Accept, HX-Request", "Other, More"}));
}

TEST(Method, IsReadWithItsCase) {
    for (std::size_t i = 0; i < method_count; ++i) {
        auto const method = static_cast<Method>(i);
        EXPECT_EQ(parse_method(to_string(method)), method);
    }
    for (std::string const name : {"get", "", "GETS", "GE", "BREW"}) EXPECT_EQ(parse_method(name), std::nullopt);
}

TEST(Target, IsSplit) {
    struct {
        char const *target, *path, *query, *host;
    } const cases[] = {
        {"/", "/", "", ""},
        {"/a/b?c=d?e", "/a/b", "c=d?e", ""},
        {"/?", "/", "", ""},
        {"//evil.com/%2e%2e", "//evil.com/%2e%2e", "", ""},
        {"*", "*", "", ""},
        {"http://a.b:8/c?d", "/c", "d", "a.b:8"},
        {"hTTps://a", "/", "", "a"},
        {"http://a?b", "/", "b", "a"},
        {"http://[::1]:80/", "/", "", "[::1]:80"},
    };
    for (auto const& test : cases) {
        Request request;
        EXPECT_TRUE(request.set_target(test.target)) << test.target;
        EXPECT_EQ(request.target(), test.target);
        EXPECT_EQ(request.path(), test.path);
        EXPECT_EQ(request.query(), test.query);
        EXPECT_EQ(request.host(), test.host);
    }
    for (std::string const target : {"", "a", "?a", "/a b", "/a#b", "/\x7f", "/\xc3\xa9", "http:/a", "http://",
                                     "http:///a", "http://u@a/", "ftp://a/", "**", "a:443", "/\n"}) {
        Request request;
        EXPECT_FALSE(request.set_target(target)) << target;
    }
}

TEST(Request, ForgetsWhatItHeld) {
    Request request;
    Peer const peer{"1.2.3.4", 5};
    request.set_peer(peer);
    request.set_method(Method::Put);
    request.set_version(10);
    request.set_host("a");
    request.set_body("b");
    EXPECT_TRUE(request.set_target("/a?b"));
    request.mutable_headers().add("a", "b");
    request.reset();
    EXPECT_EQ(request.method(), Method::Get);
    EXPECT_EQ(request.version(), 11);
    EXPECT_EQ(request.host(), "");
    EXPECT_EQ(request.target(), "");
    EXPECT_EQ(request.path(), "");
    EXPECT_EQ(request.query(), "");
    EXPECT_EQ(request.body(), "");
    EXPECT_TRUE(request.headers().empty());
    EXPECT_EQ(request.peer().address, "1.2.3.4"); // the connection's, not the request's
}

TEST(Authority, FollowsRfc3986) {
    for (std::string const text :
         {"a", "a.b-c_d~", "127.0.0.1", "a:80", "a:", "[::1]", "[::1]:0", "[v1.x:y]", "a%20b", "A!$&'()*+,;="}) {
        EXPECT_TRUE(is_authority(text)) << text;
    }
    for (std::string const text :
         {"",      ":80", "a b",  "a/b",  "a?",     "a@b",        "a:b",       "a:65536", "a:99999999999",
          "a:1:2", "::1", "[::1", "[]",   "[::1]x", "[::1]:x",    "[1.2.3.4]", "[v1]",    "[v.a]",
          "a%",    "a%2", "a%zz", "\x7f", "a\"",    "caf\xc3\xa9"}) {
        EXPECT_FALSE(is_authority(text)) << text;
    }
}

TEST(FileBody, IsReadAsAWholeWhereThereIsNoSocket) {
    char name[] = "/tmp/hxx-message-test-XXXXXX";
    int const file = ::mkstemp(name);
    ASSERT_GE(file, 0);
    ::unlink(name);
    ASSERT_EQ(::write(file, "0123456789", 10), 10);
    EXPECT_EQ(FileBody(::dup(file), 2, 5).read(), "23456");
    EXPECT_EQ(FileBody(::dup(file), 2, 0).read(), "");
    EXPECT_THROW(static_cast<void>(FileBody(::dup(file), 8, 3).read()), std::runtime_error) << "it has become shorter";
    EXPECT_THROW(static_cast<void>(FileBody(-1, 0, 1).read()), std::system_error);
    ::close(file);
}

TEST(FileBody, ClosesItsDescriptorOnce) {
    int const file = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    {
        FileBody body(file, 0, 0);
        FileBody moved(std::move(body));
        FileBody assigned(-1, 0, 0);
        assigned = std::move(moved);
        EXPECT_EQ(assigned.descriptor(), file);
        EXPECT_EQ(::fcntl(file, F_GETFD), FD_CLOEXEC);
    }
    EXPECT_EQ(::fcntl(file, F_GETFD), -1);
}

TEST(HttpError, KnowsItsReason) {
    EXPECT_EQ(HttpError(404).detail(), "Not Found");
    EXPECT_STREQ(HttpError(422, "no").what(), "no");
    EXPECT_THROW(HttpError(200), std::invalid_argument);
    EXPECT_THROW(HttpError(600), std::invalid_argument);
    auto const error = HttpError(401).header("WWW-Authenticate", "Basic");
    EXPECT_EQ(error.headers().at(0).second, "Basic");
    EXPECT_THROW(HttpError(401).header("A", "b\r\nc"), std::invalid_argument);
}

TEST(Handler, RefusesInPlainText) {
    struct : Handler {
        Plan plan(Request&) noexcept override { return {}; }
        void handle(Request&, Response&) noexcept override {}
        Task<void> handle_async(Request&, Response&) override { co_return; }
    } handler;
    Response response;
    handler.refuse(Request(), 431, "too much", response);
    EXPECT_EQ(response.status(), 431);
    EXPECT_EQ(response.text(), "431 Request Header Fields Too Large: too much\n");
}

} // namespace
} // namespace hxx::http
