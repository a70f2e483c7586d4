#include "hxx/htmx/request.hpp"

#include <gtest/gtest.h>

#include <initializer_list>

namespace hxx::htmx {
namespace {

Details details(std::initializer_list<http::Header> fields) {
    http::Headers headers;
    for (auto const& [name, value] : fields) headers.add_unchecked(name, value);
    return Details(headers);
}

TEST(HtmxRequest, ABrowserIsNotHtmx) {
    auto const browser =
        details({{"Host", "a.org"}, {"Accept", "text/html"}, {"HX-Request", "false"}, {"HX-Target", "x"}});
    EXPECT_FALSE(browser.is_htmx());
    EXPECT_EQ(browser.version(), 0);
    EXPECT_TRUE(browser.wants_full());
    EXPECT_TRUE(browser.target().empty());
    EXPECT_FALSE(Details().is_htmx());
    EXPECT_TRUE(Details().wants_full());
}

// The header sets of a normal click, as both versions send them.
TEST(HtmxRequest, ReadsVersion2) {
    auto const click = details({{"Host", "a.org:8000"},
                                {"HX-Request", "true"},
                                {"HX-Trigger", "btn"},
                                {"HX-Trigger-Name", "bn"},
                                {"HX-Target", "out"},
                                {"HX-Current-URL", "http://a.org:8000/users?q=x#top"},
                                {"Accept", "*/*"}});
    EXPECT_TRUE(click.is_htmx());
    EXPECT_EQ(click.version(), 2);
    EXPECT_TRUE(click.wants_fragment());
    EXPECT_EQ(click.source().id, "btn");
    EXPECT_EQ(click.source().tag, "");
    EXPECT_EQ(click.source_name(), "bn");
    EXPECT_EQ(click.target().id, "out");
    EXPECT_EQ(click.current_url(), "http://a.org:8000/users?q=x#top");
    EXPECT_EQ(click.current_path(), "/users?q=x");
    EXPECT_FALSE(click.boosted());
    EXPECT_FALSE(click.history_restore());
}

TEST(HtmxRequest, ReadsVersion4) {
    auto const click = details({{"Host", "a.org"},
                                {"HX-Request", "true"},
                                {"HX-Source", "button#btn"},
                                {"HX-Target", "div#out"},
                                {"HX-Current-URL", "https://a.org/"},
                                {"HX-Request-Type", "partial"},
                                {"Accept", "text/html"}});
    EXPECT_EQ(click.version(), 4);
    EXPECT_TRUE(click.wants_fragment());
    EXPECT_EQ(click.source().tag, "button");
    EXPECT_EQ(click.source().id, "btn");
    EXPECT_EQ(click.target().tag, "div");
    EXPECT_EQ(click.target().id, "out");
    EXPECT_EQ(click.current_path(), "/");
}

TEST(HtmxRequest, DecodesVersion4Elements) {
    auto const request = details({{"HX-Request", "true"},
                                  {"HX-Request-Type", "partial"},
                                  {"HX-Source", "button#%C3%BCmlaut%20%C3%A9#x"},
                                  {"HX-Target", "main"}});
    EXPECT_EQ(request.source().id, "\xC3\xBCmlaut \xC3\xA9#x");
    EXPECT_EQ(request.target().tag, "main");
    EXPECT_EQ(request.target().id, "");
    EXPECT_FALSE(request.target().empty());
    // Broken escapes stay as they are.
    EXPECT_EQ(details({{"HX-Request", "true"}, {"HX-Request-Type", "partial"}, {"HX-Target", "a#50%"}}).target().id,
              "50%");
}

TEST(HtmxRequest, DecodesVersion2Headers) {
    // Up to U+00FF a browser sends single bytes; beyond, htmx 2 percent-encodes and says so.
    auto const latin = details({{"HX-Request", "true"},
                                {"HX-Trigger", "gr\xF6\xDF"
                                               "e"},
                                {"HX-Prompt", "50% \xE9"}});
    EXPECT_EQ(latin.source().id, "gr\xC3\xB6\xC3\x9F"
                                 "e");
    EXPECT_EQ(latin.prompt(), "50% \xC3\xA9");
    auto const encoded = details({{"HX-Prompt-URI-AutoEncoded", "true"},
                                  {"HX-Request", "true"},
                                  {"HX-Prompt", "%E2%82%AC%2050%25"},
                                  {"HX-Target", "%C5%BE"},
                                  {"HX-Target-URI-AutoEncoded", "true"}});
    EXPECT_EQ(encoded.prompt(), "\xE2\x82\xAC 50%");
    EXPECT_EQ(encoded.target().id, "\xC5\xBE");
    // Without the marker a percent sign means itself.
    EXPECT_EQ(details({{"HX-Request", "true"}, {"HX-Prompt", "%41"}}).prompt(), "%41");
}

TEST(HtmxRequest, AlwaysDecodesTheVersion4Prompt) {
    EXPECT_EQ(
        details({{"HX-Request", "true"}, {"HX-Request-Type", "partial"}, {"HX-Prompt", "%E2%82%AC%20a&b"}}).prompt(),
        "\xE2\x82\xAC a&b");
}

struct Page {
    std::string_view name;
    std::initializer_list<http::Header> fields;
    int version;
    bool full;
};

TEST(HtmxRequest, KnowsWhoWantsTheWholePage) {
    for (auto const& [name, fields, version, full] : std::initializer_list<Page>{
             {"2: boosted", {{"HX-Request", "true"}, {"HX-Boosted", "true"}}, 2, true},
             {"2: restore", {{"HX-Request", "true"}, {"HX-History-Restore-Request", "true"}}, 2, true},
             {"2: restore without HX-Request", {{"HX-History-Restore-Request", "true"}}, 2, true},
             {"4: restore", {{"HX-History-Restore-Request", "true"}, {"HX-Request-Type", "full"}}, 4, true},
             {"4: restore that says partial",
              {{"HX-Request", "true"}, {"HX-History-Restore-Request", "true"}, {"HX-Request-Type", "partial"}},
              4,
              true},
             {"4: body or hx-select", {{"HX-Request", "true"}, {"HX-Request-Type", "full"}}, 4, true},
             {"4: boosted into an element",
              {{"HX-Request", "true"}, {"HX-Boosted", "true"}, {"HX-Request-Type", "partial"}},
              4,
              false},
             {"4: told by its source alone", {{"HX-Request", "true"}, {"HX-Source", "a"}}, 4, false},
             {"2: plain", {{"HX-Request", "true"}}, 2, false},
             {"lower case", {{"hx-request", "true"}, {"hx-request-type", "full"}}, 4, true}}) {
        auto const request = details(fields);
        EXPECT_TRUE(request.is_htmx()) << name;
        EXPECT_EQ(request.version(), version) << name;
        EXPECT_EQ(request.wants_full(), full) << name;
        EXPECT_EQ(request.wants_fragment(), !full) << name;
    }
    EXPECT_TRUE(details({{"HX-Request", "true"}, {"HX-Boosted", "true"}}).boosted());
    EXPECT_TRUE(details({{"HX-History-Restore-Request", "true"}}).history_restore());
    EXPECT_TRUE(details({{"HX-Request", "true"}, {"HX-Preloaded", "true"}}).preloaded());
}

TEST(HtmxRequest, GivesThePathOfItsOwnPagesOnly) {
    auto const path = [](std::string_view host, std::string_view url) {
        return std::string(details({{"Host", host}, {"HX-Request", "true"}, {"HX-Current-URL", url}}).current_path());
    };
    EXPECT_EQ(path("a.org", "https://a.org/x?y#z"), "/x?y");
    EXPECT_EQ(path("A.org:443", "https://a.org"), "/");
    EXPECT_EQ(path("a.org", "https://a.org:444/x"), "");
    EXPECT_EQ(path("a.org", "https://evil.example/x"), "");
    EXPECT_EQ(path("a.org", "https://a.org.evil.example/x"), "");
    EXPECT_EQ(path("a.org", "javascript:alert(1)"), "");
    EXPECT_EQ(path("a.org", "/x"), "");
    http::Headers headers;
    headers.add("HX-Request", "true");
    headers.add("HX-Current-URL", "http://b.org:81/x");
    EXPECT_EQ(Details(headers, "b.org:81").current_path(), "/x");
}

TEST(HtmxRequest, AddsWhatVaries) {
    http::Headers response;
    response.add("Vary", "Accept, hx-request");
    add_vary(response);
    EXPECT_EQ(response.get("Vary"), "Accept, hx-request, HX-History-Restore-Request, HX-Request-Type, HX-Boosted");
}

} // namespace
} // namespace hxx::htmx
