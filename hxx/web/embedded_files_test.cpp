#include "hxx/web/embedded_files.hpp"

#include "hxx/web/drive_for_test.hpp"
#include "hxx/web/url_for.hpp"

namespace hxx {
namespace {

constexpr EmbeddedFile stored[] = {{".env", "PASSWORD=x", "cc33"},
                                   {"app.css", "body{}", "aa11"},
                                   {"js/.app.js.swp", "let a", "dd44"},
                                   {"js/htmx.js", "let htmx", "bb22"}};

Router assets(EmbeddedFilesOptions options = {}) {
    return embedded_files("/assets", EmbeddedFiles(stored), std::move(options));
}

TEST(EmbeddedFiles, AreServedByName) {
    Drive drive(assets());
    auto const css = drive.send({"GET", "/assets/app.css"});
    EXPECT_EQ(css.status(), 200);
    EXPECT_EQ(css.text(), "body{}");
    EXPECT_EQ(css.headers().get_or("Content-Type", ""), "text/css; charset=utf-8");
    EXPECT_EQ(css.headers().get_or("Cache-Control", ""), "no-cache");
    EXPECT_EQ(css.headers().get_or("X-Content-Type-Options", ""), "nosniff");
    EXPECT_EQ(drive.get("/assets/js/htmx.js"), "let htmx");
    EXPECT_EQ(drive.send({"GET", "/assets/js"}).status(), 404);
    EXPECT_EQ(drive.send({"GET", "/assets/app.css.map"}).status(), 404);
    EXPECT_EQ(drive.send({"POST", "/assets/app.css"}).status(), 405);
    for (auto const* hidden : {"/assets/.env", "/assets/js/.app.js.swp"})
        EXPECT_EQ(drive.send({"GET", hidden}).status(), 404) << hidden;
}

TEST(EmbeddedFiles, AreNotSentAgainWhenTheyHaveNotChanged) {
    Drive drive(assets({.name = "assets", .cache_control = "public, max-age=60"}));
    auto const first = drive.send({"GET", "/assets/app.css"});
    EXPECT_EQ(first.headers().get_or("ETag", ""), "\"aa11\"");
    auto const again = drive.send({"GET", "/assets/app.css", {{"If-None-Match", "\"aa11\""}}});
    EXPECT_EQ(again.status(), 304);
    EXPECT_EQ(again.text(), "");
    EXPECT_EQ(again.headers().get_or("Cache-Control", ""), "public, max-age=60");
    EXPECT_EQ(drive.send({"GET", "/assets/app.css", {{"If-None-Match", "\"other\""}}}).status(), 200);
}

TEST(EmbeddedFiles, HaveANameForUrlFor) {
    Drive drive(assets({.name = "bundle", .cache_control = "no-cache"}));
    std::vector<UrlParameter> const parameters{{"path", "js/htmx.js"}};
    EXPECT_EQ(url_for(drive.dispatcher(), "bundle", parameters), "/assets/js/htmx.js");
}

} // namespace
} // namespace hxx
