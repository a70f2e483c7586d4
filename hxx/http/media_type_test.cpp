#include "hxx/http/media_type.hpp"

#include <gtest/gtest.h>

namespace hxx::http {
namespace {

TEST(MediaType, IsReadWithItsParameters) {
    auto const media = parse_media_type("Text/HTML; Charset=\"utf-8\" ;q=0.5;; x=\"a\\\"b;c\"");
    ASSERT_TRUE(media);
    EXPECT_EQ(media->essence, "text/html");
    EXPECT_EQ(media->type(), "text");
    EXPECT_EQ(media->subtype(), "html");
    EXPECT_EQ(media->parameter("charset"), "utf-8");
    EXPECT_EQ(media->parameter("q"), "0.5");
    EXPECT_EQ(media->parameter("x"), "a\"b;c");
    EXPECT_EQ(media->parameter("y"), std::nullopt);
    EXPECT_EQ(parse_media_type("application/vnd.api+json")->subtype(), "vnd.api+json");
}

TEST(MediaType, RefusesWhatIsNone) {
    for (std::string_view text : {"", "text", "text/", "/html", "text/html x", "text/html; charset", "text/html; =x",
                                  "text/html; a=", "text/html; a=\"b", "text/html; a=\"b\\", "te xt/html", "text /html",
                                  "text/html, text/plain", "text/html; a = b"})
        EXPECT_FALSE(parse_media_type(text)) << text;
}

TEST(MediaType, IsComparedWithoutParametersAndCase) {
    EXPECT_TRUE(is_media_type("Application/JSON; charset=utf-8", "application/json"));
    EXPECT_TRUE(is_media_type(" application/json ", "application/json"));
    EXPECT_FALSE(is_media_type("application/json+x", "application/json"));
    EXPECT_FALSE(is_media_type("", "application/json"));
}

// The example of RFC 9110 12.5.1.
TEST(Accept, LetsTheMostSpecificRangeDecide) {
    constexpr std::string_view accept =
        "text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, text/plain;format=fixed;q=0.4, */*;q=0.5";
    EXPECT_EQ(accept_quality(accept, "text/plain;format=flowed"), 1000);
    EXPECT_EQ(accept_quality(accept, "text/plain"), 700);
    EXPECT_EQ(accept_quality(accept, "text/html"), 300);
    EXPECT_EQ(accept_quality(accept, "image/jpeg"), 500);
    EXPECT_EQ(accept_quality(accept, "text/plain;format=fixed"), 400);
    EXPECT_EQ(accept_quality(accept, "text/html;level=3"), 300);
}

TEST(Accept, KnowsQualities) {
    EXPECT_EQ(accept_quality("a/b;q=0", "a/b"), 0);
    EXPECT_EQ(accept_quality("a/b;q=0.001", "a/b"), 1);
    EXPECT_EQ(accept_quality("a/b;q=1.000", "a/b"), 1000);
    EXPECT_EQ(accept_quality("a/b;Q=0.5", "a/b"), 500);
    EXPECT_EQ(accept_quality("a/b;q=1.", "a/b"), 1000);
    EXPECT_EQ(accept_quality("x/y", "a/b"), 0);
    EXPECT_EQ(accept_quality("*/*, a/b;q=0", "a/b"), 0);
    EXPECT_EQ(accept_quality("a/b", "A/B"), 1000);
    // A range whose weight cannot be read does not count.
    for (std::string_view bad : {"a/b;q=1.5", "a/b;q=-1", "a/b;q=0.1234", "a/b;q=x", "a/b;q=2", "a/b;q=.5"})
        EXPECT_EQ(accept_quality(std::string(bad) + ", x/y", "a/b"), 0) << bad;
}

TEST(Accept, AcceptsAllWhenItSaysNothing) {
    EXPECT_EQ(accept_quality("", "a/b"), 1000);
    EXPECT_EQ(accept_quality("nonsense", "a/b"), 1000);
    EXPECT_EQ(accept_quality(" , ,", "a/b"), 1000);
    EXPECT_FALSE(accepts_explicitly("", "a/b"));
}

TEST(Accept, ChoosesAnOffer) {
    constexpr std::string_view browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    EXPECT_EQ(preferred_type(browser, {"application/json", "text/html"}), "text/html");
    EXPECT_EQ(preferred_type("*/*", {"application/json", "text/html"}), "application/json");
    EXPECT_EQ(preferred_type("text/html, */*", {"application/json", "text/html"}), "text/html");
    EXPECT_EQ(preferred_type("application/json", {"application/problem+json", "text/html"}), std::nullopt);
    EXPECT_EQ(preferred_type("application/*", {"text/html", "application/problem+json"}), "application/problem+json");
    EXPECT_EQ(preferred_type("", {"text/html", "text/plain"}), "text/html");
    EXPECT_EQ(preferred_type("a/b;x=\",\", c/d;q=0.1", {"c/d", "a/b;x=\",\""}), "a/b;x=\",\"");
}

TEST(Accept, TellsAWishFromAHabit) {
    EXPECT_TRUE(accepts_explicitly("text/html, */*", "text/html"));
    EXPECT_TRUE(accepts_explicitly("text/*", "text/html"));
    EXPECT_FALSE(accepts_explicitly("*/*", "text/html"));
    EXPECT_FALSE(accepts_explicitly("text/html;q=0", "text/html"));
}

TEST(FileTypes, GoByTheExtension) {
    EXPECT_EQ(content_type_of_file("static/app.css"), "text/css; charset=utf-8");
    EXPECT_EQ(content_type_of_file("INDEX.HTML"), "text/html; charset=utf-8");
    EXPECT_EQ(content_type_of_file("a.b/htmx.min.js"), "text/javascript; charset=utf-8");
    EXPECT_EQ(content_type_of_file("x.7z"), "application/x-7z-compressed");
    EXPECT_EQ(content_type_of_file("x.zst"), "application/zstd");
    for (std::string_view path : {"", "css", "a.css/b", "a.", "x.unknown", "x.averyveryverylongextension"})
        EXPECT_EQ(content_type_of_file(path), "application/octet-stream") << path;
}

} // namespace
} // namespace hxx::http
