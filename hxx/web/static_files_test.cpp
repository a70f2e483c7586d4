#include "hxx/web/static_files.hpp"

#include "hxx/base/temporary_directory_for_test.hpp"
#include "hxx/http/date.hpp"
#include "hxx/http/error.hpp"
#include "hxx/web/drive_for_test.hpp"
#include "hxx/web/url_for.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hxx {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// What a client would get.
std::string body_of(http::Response const& response) {
    auto const* const file = std::get_if<http::FileBody>(&response.body());
    if (!file) return std::string(response.text());
    std::string text(file->size(), '\0');
    auto const read = ::pread(file->descriptor(), text.data(), text.size(), static_cast<off_t>(file->offset()));
    text.resize(static_cast<std::size_t>(std::max<ssize_t>(read, 0)));
    return text;
}

/// A directory "public" with files, beside "secret.txt", which must never be seen.
class StaticFilesTest : public testing::Test {
  protected:
    StaticFilesTest() {
        root.write("secret.txt", "classified");
        root.write("public/app.css", "body{}");
        root.write("public/js/app.js", "let a");
        root.write("public/.env", "PASSWORD=classified");
        root.write("public/.git/config", "classified");
        root.write("public/größe.txt", "umlaut");
        root.write("public/a b.txt", "blank");
        root.write("public/..really.txt", "classified"); // begins with a dot, so it is hidden
        fs::create_directory(root / "public/empty");
    }

    Drive serve(StaticFilesOptions const& options = {}, std::string_view prefix = "/static") {
        Router router;
        router.static_files(prefix, root.path("public"), options);
        return Drive(std::move(router));
    }
    void expect_nothing_at(Drive& drive, std::string const& target) {
        auto const response = drive.send({"GET", target});
        EXPECT_GE(response.status(), 400) << target;
        EXPECT_LT(response.status(), 500) << target;
        EXPECT_EQ(body_of(response).find("classified"), std::string::npos) << target;
    }

    TemporaryDirectory root;
};

TEST_F(StaticFilesTest, AreServedWithTheirType) {
    auto drive = serve();
    auto const css = drive.send({"GET", "/static/app.css"});
    EXPECT_EQ(css.status(), 200);
    EXPECT_EQ(body_of(css), "body{}");
    EXPECT_EQ(header_of(css, "Content-Type"), "text/css; charset=utf-8");
    EXPECT_EQ(header_of(css, "X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(header_of(css, "Cache-Control"), "no-cache");
    EXPECT_TRUE(drive.synchronous);
    auto const js = drive.send({"GET", "/static/js/app.js"});
    EXPECT_EQ(body_of(js), "let a");
    EXPECT_THAT(header_of(js, "Content-Type"), HasSubstr("javascript"));
    EXPECT_EQ(body_of(drive.send({"GET", "/static/gr%C3%B6%C3%9Fe.txt"})), "umlaut");
    EXPECT_EQ(body_of(drive.send({"GET", "/static/a%20b.txt?v=2"})), "blank");
}

TEST_F(StaticFilesTest, OnlyGetAndHead) {
    auto drive = serve();
    auto const head = drive.send({"HEAD", "/static/app.css"});
    EXPECT_EQ(head.status(), 200);
    EXPECT_EQ(header_of(head, "ETag"), header_of(drive.send({"GET", "/static/app.css"}), "ETag"));
    EXPECT_EQ(std::get<http::FileBody>(head.body()).size(), 6u) << "from which the server says Content-Length";
    EXPECT_EQ(drive.send({"POST", "/static/app.css"}).status(), 405);
    EXPECT_EQ(drive.send({"DELETE", "/static/app.css"}).status(), 405);
}

TEST_F(StaticFilesTest, AreNotSentAgainWhenTheyHaveNotChanged) {
    auto drive = serve();
    auto const first = drive.send({"GET", "/static/app.css"});
    auto const etag = header_of(first, "ETag");
    auto const modified = header_of(first, "Last-Modified");
    EXPECT_TRUE(etag.starts_with('"') && etag.ends_with('"')) << etag;
    EXPECT_TRUE(http::parse_date(modified)) << modified;
    for (auto const& [name, value] : {std::pair{"If-None-Match", etag},
                                      {"If-None-Match", "\"x\", W/" + etag},
                                      {"If-None-Match", "*"},
                                      {"If-Modified-Since", modified}}) {
        for (auto const* method : {"GET", "HEAD"}) {
            auto const again = drive.send({method, "/static/app.css", {{name, value}}});
            EXPECT_EQ(again.status(), 304) << name << value;
            EXPECT_EQ(body_of(again), "");
            EXPECT_EQ(header_of(again, "ETag"), etag);
            EXPECT_EQ(header_of(again, "Cache-Control"), "no-cache");
        }
    }
    EXPECT_EQ(drive.send({"GET", "/static/app.css", {{"If-None-Match", "\"x\""}}}).status(), 200);
    EXPECT_EQ(drive.send({"GET", "/static/app.css", {{"If-Modified-Since", "Thu, 01 Jan 1970 00:00:00 GMT"}}}).status(),
              200);
    // The ETag wins over the date (RFC 9110 13.1.3).
    EXPECT_EQ(
        drive.send({"GET", "/static/app.css", {{"If-None-Match", "\"x\""}, {"If-Modified-Since", modified}}}).status(),
        200);
    EXPECT_EQ(drive.send({"GET", "/static/app.css", {{"If-Match", "\"x\""}}}).status(), 412);

    root.write("public/app.css", "body{} p{}");
    auto const changed = drive.send({"GET", "/static/app.css", {{"If-None-Match", etag}}});
    EXPECT_EQ(changed.status(), 200);
    EXPECT_EQ(body_of(changed), "body{} p{}");
    EXPECT_NE(header_of(changed, "ETag"), etag);
}

TEST_F(StaticFilesTest, OneRangeIsAPart) {
    auto drive = serve();
    auto const etag = header_of(drive.send({"GET", "/static/app.css"}), "ETag");
    auto const get = [&](std::string_view range) { return drive.send({"GET", "/static/app.css", {{"Range", range}}}); };
    auto const part = get("bytes=1-3");
    EXPECT_EQ(part.status(), 206);
    EXPECT_EQ(body_of(part), "ody");
    EXPECT_EQ(header_of(part, "Content-Range"), "bytes 1-3/6");
    EXPECT_EQ(header_of(part, "Accept-Ranges"), "bytes");
    EXPECT_EQ(body_of(get("bytes=4-")), "{}");
    EXPECT_EQ(body_of(get("bytes=-2")), "{}");
    EXPECT_EQ(body_of(get("bytes=4-99")), "{}");
    auto const beyond = get("bytes=6-");
    EXPECT_EQ(beyond.status(), 416);
    EXPECT_EQ(header_of(beyond, "Content-Range"), "bytes */6");
    for (auto const* whole : {"bytes=0-1,3-4", "lines=1-2", "bytes=3-1", "bytes=x"}) {
        EXPECT_EQ(get(whole).status(), 200) << whole;
        EXPECT_EQ(body_of(get(whole)), "body{}") << whole;
    }
    EXPECT_EQ(drive.send({"HEAD", "/static/app.css", {{"Range", "bytes=1-3"}}}).status(), 200);
    EXPECT_EQ(drive.send({"GET", "/static/app.css", {{"Range", "bytes=1-3"}, {"If-Range", etag}}}).status(), 206);
    EXPECT_EQ(drive.send({"GET", "/static/app.css", {{"Range", "bytes=1-3"}, {"If-Range", "\"x\""}}}).status(), 200);
}

TEST_F(StaticFilesTest, NothingOutsideIsServed) {
    auto drive = serve();
    for (std::string const path : {"../secret.txt",
                                   "js/../../secret.txt",
                                   "%2e%2e/secret.txt",
                                   "%2E%2E%2Fsecret.txt",
                                   "..%2fsecret.txt",
                                   ".%2e/secret.txt",
                                   "js/%2e%2e/%2e%2e/secret.txt",
                                   "..\\secret.txt",
                                   "..%5csecret.txt",
                                   "%5c..%5csecret.txt",
                                   "%252e%252e/secret.txt",
                                   "/../secret.txt",
                                   "%2fetc/passwd",
                                   "/etc/passwd",
                                   "//etc/passwd",
                                   "app.css%00.txt",
                                   "%00",
                                   "app.css/../../secret.txt",
                                   "./app.css",
                                   "%2e/app.css",
                                   "js//app.js",
                                   "js/./app.js",
                                   "..;/secret.txt",
                                   "%c0%ae%c0%ae/secret.txt",
                                   "~/secret.txt",
                                   "..really.txt"})
        expect_nothing_at(drive, "/static/" + path);
    expect_nothing_at(drive, "/static/" + root.path("secret.txt"));
    expect_nothing_at(drive, "/static" + std::string(5000, '/') + "app.css");
    expect_nothing_at(drive, "/static/" + std::string(5000, 'a'));
    expect_nothing_at(drive, "/static/js" + std::string(300, 'b') + "/" + std::string(300, 'c'));
}

TEST_F(StaticFilesTest, HiddenFilesAndDirectoriesAreNotThere) {
    auto drive = serve();
    for (auto const* target :
         {"/static/.env", "/static/.git/config", "/static/%2Egit/config", "/static/js/.x", "/static/js", "/static/js/",
          "/static/empty/", "/static/", "/static/app.css/", "/static/app.css/x", "/static/nothing"}) {
        EXPECT_EQ(drive.send({"GET", target}).status(), 404) << target;
        expect_nothing_at(drive, target);
    }
}

TEST_F(StaticFilesTest, LinksDoNotLeadOut) {
    fs::create_symlink("../secret.txt", root / "public/relative.txt");
    fs::create_symlink(root / "secret.txt", root / "public/absolute.txt");
    fs::create_directory_symlink("..", root / "public/up");
    fs::create_symlink("/proc/self/environ", root / "public/environ");
    fs::create_symlink("loop", root / "public/loop");
    fs::create_symlink("../app.css", root / "public/js/inside.css");
    auto drive = serve();
    for (auto const* name : {"relative.txt", "absolute.txt", "up/secret.txt", "up/public/app.css", "environ", "loop"})
        EXPECT_EQ(drive.send({"GET", std::string("/static/") + name}).status(), 404) << name;
    EXPECT_EQ(body_of(drive.send({"GET", "/static/js/inside.css"})), "body{}")
        << "a link that stays inside is followed";
}

TEST_F(StaticFilesTest, WhatIsNoFileDoesNotHoldTheServer) {
    ASSERT_EQ(::mkfifo((root / "public/pipe").c_str(), 0600), 0);
    auto drive = serve();
    EXPECT_EQ(drive.send({"GET", "/static/pipe"}).status(), 404);
    root.write("public/locked.txt", "classified");
    fs::permissions(root / "public/locked.txt", fs::perms::none);
    if (::geteuid() != 0) expect_nothing_at(drive, "/static/locked.txt");
}

TEST_F(StaticFilesTest, ABigFileIsNotReadIntoMemory) {
    root.write("public/big.bin", "");
    fs::resize_file(root / "public/big.bin", std::uintmax_t{5} << 30);
    auto drive = serve();
    auto const big = drive.send({"GET", "/static/big.bin"});
    EXPECT_EQ(big.status(), 200);
    EXPECT_EQ(std::get<http::FileBody>(big.body()).size(), std::uint64_t{5} << 30);
    EXPECT_EQ(header_of(big, "Content-Type"), "application/octet-stream");
    auto const part = drive.send({"GET", "/static/big.bin", {{"Range", "bytes=4294967296-4294967297"}}});
    EXPECT_EQ(header_of(part, "Content-Range"), "bytes 4294967296-4294967297/5368709120");
    EXPECT_EQ(body_of(part), std::string(2, '\0'));
}

TEST_F(StaticFilesTest, AnEmptyFileIsAFile) {
    root.write("public/nothing.txt", "");
    auto drive = serve();
    EXPECT_EQ(drive.send({"GET", "/static/nothing.txt"}).status(), 200);
    EXPECT_EQ(drive.send({"GET", "/static/nothing.txt", {{"Range", "bytes=0-"}}}).status(), 416);
}

TEST_F(StaticFilesTest, ADirectoryMayStandForItsIndex) {
    root.write("public/index.html", "home");
    root.write("public/docs/index.html", "docs");
    auto drive = serve({.name = "site", .cache_control = "public, max-age=60", .html = true});
    auto const home = drive.send({"GET", "/static/"});
    EXPECT_EQ(body_of(home), "home");
    EXPECT_EQ(header_of(home, "Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(header_of(home, "Cache-Control"), "public, max-age=60");
    EXPECT_EQ(body_of(drive.send({"GET", "/static/docs/"})), "docs");
    EXPECT_EQ(drive.send({"GET", "/static/empty/"}).status(), 404);
    std::vector<UrlParameter> const parameters{{"path", "docs/a b.css"}};
    EXPECT_EQ(url_for(drive.dispatcher(), "site", parameters), "/static/docs/a%20b.css");
}

TEST_F(StaticFilesTest, ThePrefixMayEndInASlashOrBeNone) {
    auto slash = serve({}, "/files/");
    EXPECT_EQ(body_of(slash.send({"GET", "/files/app.css"})), "body{}");
    EXPECT_EQ(header_of(slash.send({"GET", "/files"}), "Location"), "/files/");
    auto none = serve({}, "");
    EXPECT_EQ(body_of(none.send({"GET", "/app.css"})), "body{}");
    expect_nothing_at(none, "/../secret.txt");
}

TEST_F(StaticFilesTest, ADirectoryThatIsMissingIsAnErrorAtOnce) {
    Router router;
    EXPECT_THROW(router.static_files("static", root.path("public")), std::invalid_argument)
        << "a prefix without a slash";
    try {
        router.static_files("/static", root.path("nowhere"));
        FAIL() << "it was accepted";
    } catch (std::system_error const& error) {
        EXPECT_THAT(error.what(), HasSubstr("nowhere"));
    }
}

TEST_F(StaticFilesTest, OneFileIsAnAnswerOfAHandler) {
    Router router;
    router.get("/report",
               [this](Request& request) { return file(request, root / "secret.txt", "Bericht für \"A\".txt"); });
    router.get("/inline", [this](Request& request) { return file(request, root / "public/app.css"); });
    router.get("/gone", [this](Request& request) { return file(request, root / "gone"); });
    router.get("/directory", [this](Request& request) { return file(request, root.path()); });
    Drive drive(std::move(router));
    auto const report = drive.send({"GET", "/report"});
    EXPECT_EQ(body_of(report), "classified");
    EXPECT_EQ(header_of(report, "Content-Disposition"),
              "attachment; filename*=UTF-8''Bericht%20f%C3%BCr%20%22A%22.txt");
    auto const again = drive.send({"GET", "/report", {{"If-None-Match", header_of(report, "ETag")}}});
    EXPECT_EQ(again.status(), 304);
    EXPECT_EQ(header_of(drive.send({"GET", "/inline"}), "Content-Disposition"), "(none)");
    EXPECT_EQ(drive.send({"GET", "/gone"}).status(), 404);
    EXPECT_EQ(drive.send({"GET", "/directory"}).status(), 404);
}

} // namespace
} // namespace hxx
