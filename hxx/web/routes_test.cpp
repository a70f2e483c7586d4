// Which handler a request finds, and what it is told when there is none.
#include "hxx/web/endpoint_async.hpp"
#include "hxx/web/extract_body.hpp"

#include "hxx/http/error.hpp"
#include "hxx/web/drive_for_test.hpp"
#include "hxx/web/extract.hpp"
#include "hxx/web/request.hpp"

#include <gmock/gmock.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace hxx {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string why_not(Router&& router) {
    try {
        Drive drive(std::move(router));
        return "it was accepted";
    } catch (std::logic_error const& error) {
        return error.what();
    }
}

// ── Methods ─────────────────────────────────────────────────────────────────────────────────────────────────────────

TEST(Routes, HeadIsAnsweredWhereverGetIs) {
    Router router;
    router.get("/plain", [] { return "plain"; });
    router.get("/task/{id}", [](Path<int, "id"> id) -> Task<Response> { co_return text(std::to_string(*id)); });
    router.get("/own", [] { return "own"; });
    router.route(http::Method::Head, "/own", [] { return empty_response().header("X-Own", "1"); });
    router.post("/post", [] {});
    Drive drive(std::move(router));
    EXPECT_EQ(drive.send({"HEAD", "/plain"}).status(), 200);
    auto const task = drive.send({"HEAD", "/task/7"});
    EXPECT_EQ(task.status(), 200);
    EXPECT_EQ(header_of(task, "Content-Type"), "text/plain; charset=utf-8");
    EXPECT_EQ(header_of(drive.send({"HEAD", "/own"}), "X-Own"), "1");
    EXPECT_EQ(drive.get("/own"), "own");
    EXPECT_EQ(drive.send({"HEAD", "/post"}).status(), 405);
    EXPECT_EQ(drive.send({"HEAD", "/nowhere"}).status(), 404);
}

TEST(Routes, EveryMethodHasItsHandler) {
    Router router;
    router.get("/x", [](Request& request) { return http::to_string(request.method()) == "GET" ? "get" : "?"; });
    router.post("/x", [] { return "post"; }).put("/x", [] { return "put"; });
    router.patch("/x", [] { return "patch"; }).del("/x", [] { return "delete"; });
    router.route(http::Method::Query, "/x", [] { return "query"; });
    router.route(http::Method::Options, "/x", [] { return "options"; });
    Drive drive(std::move(router));
    for (auto const* method : {"GET", "POST", "PUT", "PATCH", "DELETE", "QUERY", "OPTIONS"}) {
        std::string lower(method);
        for (char& c : lower) c = static_cast<char>(c | 0x20);
        EXPECT_EQ(drive.send({method, "/x"}).text(), lower);
    }
    auto const refused = drive.send({"TRACE", "/x"});
    EXPECT_EQ(refused.status(), 405);
    EXPECT_THAT(header_of(refused, "Allow"), AllOf(HasSubstr("GET"), HasSubstr("QUERY"), HasSubstr("DELETE")));
}

TEST(Routes, ThatShareAPathSayTogetherWhatIsAllowed) {
    Router users{"/users"};
    users.get("/{id:int}", [] {});
    Router root;
    root.mount(std::move(users));
    root.put("/users/{name}", [] {});
    root.del("/users/7", [] {});
    Drive drive(std::move(root));
    EXPECT_EQ(header_of(drive.send({"OPTIONS", "/users/7"}), "Allow"), "GET, HEAD, PUT, DELETE, OPTIONS");
    EXPECT_EQ(header_of(drive.send({"POST", "/users/8"}), "Allow"), "GET, HEAD, PUT, OPTIONS");
    EXPECT_EQ(header_of(drive.send({"POST", "/users/ada"}), "Allow"), "PUT, OPTIONS");
    EXPECT_EQ(drive.send({"DELETE", "/users/7"}).status(), 204);
    EXPECT_EQ(drive.send({"PUT", "/users/7"}).status(), 204) << "the wider pattern has the method";
    EXPECT_EQ(drive.send({"OPTIONS", "*"}).status(), 204);
}

// ── Paths ───────────────────────────────────────────────────────────────────────────────────────────────────────────

TEST(Routes, NarrowPatternsGoBeforeWideOnes) {
    Router router;
    router.get("/{rest:path}", [](Path<std::string, "rest"> rest) { return "path " + *rest; });
    router.get("/a/{x}", [] { return "text"; });
    router.get("/a/{x:float}", [] { return "float"; });
    router.get("/a/{x:int}", [] { return "int"; });
    router.get("/a/{x:uuid}", [] { return "uuid"; });
    router.get("/a/{x}.csv", [](Path<std::string, "x"> x) { return "csv " + *x; });
    router.get("/a/me", [] { return "static"; });
    Drive drive(std::move(router));
    for (auto const& [target, answer] : {std::pair{"/a/me", "static"},
                                         {"/a/7", "int"},
                                         {"/a/7.5", "float"},
                                         {"/a/12345678-1234-1234-1234-123456789abc", "uuid"},
                                         {"/a/x.csv", "csv x"},
                                         {"/a/x", "text"},
                                         {"/a/m%65", "static"},
                                         {"/a/x/y", "path a/x/y"},
                                         {"/", "path "},
                                         {"/a", "path a"},
                                         {"/a/", "path a/"}})
        EXPECT_EQ(drive.get(target), answer) << target;
}

TEST(Routes, PrefixesWithParametersNest) {
    Router files{"/files/{file}"};
    files.get("/raw", [](Path<int, "team", from_prefix> team, Path<std::string, "user", from_prefix> user,
                         Path<std::string, "file", from_prefix> file) {
        return std::to_string(*team) + ' ' + *user + ' ' + *file;
    });
    files.get("", [](Path<std::string, "file", from_prefix> file) { return *file; }, {.name = "file"});
    Router users{"/users/"};
    users.mount("/{user}/", std::move(files));
    Router root;
    root.mount("/teams/{team:int}", std::move(users));
    root.get("/url", [](Request& request) {
        return request.url_for("file", {{"team", 1}, {"user", "a/b"}, {"file", "x"}, {"more", "y"}});
    });
    Drive drive(std::move(root));
    EXPECT_EQ(drive.get("/teams/7/users/ada/files/a%2Fb/raw"), "7 ada a/b");
    EXPECT_EQ(drive.get("/teams/7/users/ada/files/x"), "x");
    EXPECT_EQ(drive.send({"GET", "/teams/x/users/ada/files/x"}).status(), 404);
    EXPECT_EQ(drive.get("/url"), "/teams/1/users/a%2Fb/files/x?more=y");
}

TEST(Routes, APrefixIsChecked) {
    EXPECT_THROW(Router{"users"}, std::invalid_argument);
    EXPECT_THROW(Router{"/{a"}, std::invalid_argument);
    EXPECT_THROW(Router{"/{a}/{a}"}, std::invalid_argument);
    EXPECT_THROW(Router{"/{rest:path}"}, std::invalid_argument);
    EXPECT_THROW(Router().mount("x", Router()), std::invalid_argument);
    Router inner{"/{id}"};
    inner.get("/{id}", [] {});
    EXPECT_THAT(why_not(std::move(Router{"/a"}.mount(std::move(inner)))),
                AllOf(HasSubstr("GET /a/{id}/{id}"), HasSubstr("routes_test.cpp:")));
}

TEST(Routes, RedirectsOfSlashesCanBeSwitchedOff) {
    auto const routes = [] {
        Router router;
        router.get("/users", [] { return "users"; });
        return router;
    };
    DispatcherOptions options;
    options.redirect_slashes = false;
    EXPECT_EQ(Drive(routes(), options).send({"GET", "/users/"}).status(), 404);
    EXPECT_EQ(Drive(routes()).send({"HEAD", "/users/"}).status(), 307);
}

// ── Names ───────────────────────────────────────────────────────────────────────────────────────────────────────────

TEST(Routes, OfOnePatternMayShareAName) {
    Router router;
    router.get("/users", [] {}, {.name = "users"});
    router.post("/users", [] {}, {.name = "users"});
    EXPECT_EQ(why_not(std::move(router)), "it was accepted");
    Router two;
    two.get("/users", [] {}, {.name = "users"});
    two.get("/people", [] {}, {.name = "users"});
    EXPECT_THAT(why_not(std::move(two)), AllOf(HasSubstr("two routes are named 'users'"), HasSubstr("GET /people (")));
}

TEST(Routes, KnowWhereTheyWereRegistered) {
    Router router;
    auto const line = __LINE__ + 1;
    router.static_files("/static", "/tmp");
    Drive drive(std::move(router));
    auto const& where = drive.dispatcher().routes().front()->where;
    EXPECT_EQ(static_cast<int>(where.line()), line);
    EXPECT_THAT(where.file_name(), HasSubstr("routes_test.cpp"));
}

// ── Bodies ──────────────────────────────────────────────────────────────────────────────────────────────────────────

struct Note {
    std::string title;
};

TEST(Routes, MayTakeLargerOrSmallerBodies) {
    DispatcherOptions options;
    options.body_limit = 1000;
    Router router;
    router.post("/usual", [](Json<Note>) {});
    router.post("/large", [](Json<Note>) {}, {.body_limit = 50'000'000});
    router.post("/small", [](Json<Note>) {}, {.body_limit = 10});
    Drive drive(std::move(router), options);
    for (auto const& [target, limit] : {std::pair{"/usual", 1000u}, {"/large", 50'000'000u}, {"/small", 10u}}) {
        static_cast<void>(drive.send({"POST", target}));
        EXPECT_EQ(drive.plan.body_limit, limit) << target;
        EXPECT_FALSE(drive.plan.stream_body) << target;
    }
    static_cast<void>(drive.send({"POST", "/nowhere"}));
    EXPECT_TRUE(drive.plan.stream_body) << "nobody will read it";
}

} // namespace
} // namespace hxx
