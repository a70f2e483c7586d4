#include "hxx/web/depends.hpp"

#include "hxx/http/error.hpp"
#include "hxx/web/drive_for_test.hpp"
#include "hxx/web/extract.hpp"

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace hxx {
namespace {

std::vector<std::string> events;

/// Says when it is made and when it goes; counts only while it holds a value.
class Resource {
  public:
    explicit Resource(std::string name) : name_(std::make_unique<std::string>(std::move(name))) {
        events.push_back("make " + *name_);
    }
    Resource(Resource&&) noexcept = default;
    Resource& operator=(Resource&&) noexcept = default;
    ~Resource() {
        if (name_) events.push_back("drop " + *name_);
    }
    std::string const& name() const { return *name_; }

  private:
    std::unique_ptr<std::string> name_;
};

Resource connection() { return Resource("connection"); }
Task<Resource> session(Depends<connection> from) {
    EXPECT_EQ(from->name(), "connection");
    co_return Resource("session");
}
Resource user(Depends<session> from, Depends<connection> again) {
    EXPECT_EQ(from->name(), "session");
    EXPECT_EQ(again->name(), "connection");
    return Resource("user");
}

TEST(Depends, RunsEachOnceARequestAndTearsDownInReverse) {
    Router router;
    router.get("/", [](Depends<user> me, Depends<session> db, Depends<connection>) -> Task<Response> {
        events.push_back("handler");
        co_return text(me->name() + ' ' + db->name());
    });
    Drive drive(std::move(router));
    events.clear();
    EXPECT_EQ(drive.get("/"), "user session");
    EXPECT_EQ(events, (std::vector<std::string>{"make connection", "make session", "make user", "handler", "drop user",
                                                "drop session", "drop connection"}));
}

TEST(Depends, ASynchronousChainNeedsNoCoroutine) {
    Router router;
    router.get("/", [](Depends<connection> from) { return from->name(); });
    Drive drive(std::move(router));
    events.clear();
    EXPECT_EQ(drive.get("/"), "connection");
    EXPECT_TRUE(drive.synchronous);
    EXPECT_EQ(events, (std::vector<std::string>{"make connection", "drop connection"}));
}

TEST(Depends, UncachedRunsAgain) {
    Router router;
    router.get("/", [](Depends<connection, uncached>, Depends<connection, uncached>) { return "ok"; });
    Drive drive(std::move(router));
    events.clear();
    drive.get("/");
    EXPECT_EQ(events,
              (std::vector<std::string>{"make connection", "make connection", "drop connection", "drop connection"}));
}

int page_size(Query<int, "size"> size) {
    events.push_back("page_size");
    return size;
}

TEST(Depends, DoesNotRunWhenItsParametersAreWrong) {
    Router router;
    router.get("/", [](Depends<page_size> size, Depends<connection>, Query<int, "page"> page) {
        events.push_back("handler");
        return std::to_string(*size * *page);
    });
    Drive drive(std::move(router));
    events.clear();
    auto const response = drive.send({"GET", "/?size=x&page=y"});
    EXPECT_EQ(response.status(), 422);
    EXPECT_NE(response.text().find("\"size\""), std::string::npos) << response.text();
    EXPECT_NE(response.text().find("\"page\""), std::string::npos) << response.text();
    EXPECT_EQ(events, (std::vector<std::string>{"make connection", "drop connection"}));
    EXPECT_EQ(drive.get("/?size=6&page=7"), "42");
}

void require_key(Header<std::optional<std::string>, "X-Key"> key) {
    events.push_back("require_key");
    if (key.get() != "secret") throw HttpError{401}.header("WWW-Authenticate", "Key");
}
Task<void> count(Request& request) {
    events.push_back("count");
    request.response().header("X-Count", "1");
    co_return;
}

TEST(Depends, RunsForItsEffectOnRouterAndRoute) {
    Router inner{"/in"};
    inner.depend_on({depends<require_key>});
    inner.get("/", [] { return "inside"; }, {.dependencies = {depends<count>}});
    Router root;
    root.mount(std::move(inner));
    root.get("/out", [] { return "outside"; });
    Drive drive(std::move(root));
    events.clear();
    EXPECT_EQ(drive.send({"GET", "/in/"}).status(), 401);
    EXPECT_EQ(events, (std::vector<std::string>{"require_key"}));
    auto const response = drive.send({"GET", "/in/", {{"X-Key", "secret"}}});
    EXPECT_EQ(response.text(), "inside");
    EXPECT_EQ(response.headers().get_or("X-Count", ""), "1");
    EXPECT_EQ(drive.get("/out"), "outside");
}

int counter(State<int> state) { return *state; }

std::vector<StateEntry> one_state(int value) { return {{type_key<int>, "int", std::make_shared<int>(value)}}; }

TEST(Depends, FindsTheAppsState) {
    Router router;
    router.get("/", [](Depends<counter> value) { return std::to_string(*value); });
    Drive drive(std::move(router), {}, one_state(42));
    EXPECT_EQ(drive.get("/"), "42");
}

int twice(Depends<counter> value) { return *value * 2; }

TEST(Depends, NamesTheChainToAMissingState) {
    Router router;
    router.get("/", [](Depends<twice> value) { return std::to_string(*value); });
    try {
        Drive drive(std::move(router));
        FAIL() << "it was accepted";
    } catch (std::logic_error const& error) {
        std::string const what = error.what();
        EXPECT_NE(what.find("GET / ("), std::string::npos) << what;
        EXPECT_NE(what.find("twice → "), std::string::npos) << what;
        EXPECT_NE(what.find("counter → State<int>: the app has no state of this type"), std::string::npos) << what;
    }
}

TEST(Depends, AnOverrideStandsInForTheWholeBranch) {
    Router router;
    router.get("/", [](Depends<twice> value) { return std::to_string(*value); });
    Drive drive(std::move(router), {}, one_state(1));
    EXPECT_EQ(drive.get("/"), "2");
    drive.dispatcher().add_override(make_override<counter>([]() -> Task<int> { co_return 21; }));
    EXPECT_EQ(drive.get("/"), "42");
    EXPECT_FALSE(drive.synchronous);
    drive.dispatcher().add_override(make_override<twice>([](Query<int, "n", 5> n) { return *n; }));
    EXPECT_EQ(drive.get("/?n=9"), "9");
}

TEST(Depends, NamesACycleThatAnOverrideMakes) {
    Router router;
    router.get("/", [](Depends<twice> value) { return std::to_string(*value); });
    Drive drive(std::move(router), {}, one_state(1));
    try {
        drive.dispatcher().add_override(make_override<counter>([](Depends<twice> value) { return *value; }));
        FAIL() << "it was accepted";
    } catch (std::logic_error const& error) {
        std::string const what = error.what();
        EXPECT_NE(what.find("twice → "), std::string::npos) << what;
        EXPECT_NE(what.find("this dependency depends on itself"), std::string::npos) << what;
    }
}

struct Tenant {
    std::string name;
    static std::optional<Tenant> from_request(Request& request) {
        auto const host = request.headers().get("X-Tenant");
        if (!host) return request.errors().add("header.X-Tenant", "missing", std::string("is required")), std::nullopt;
        return Tenant{std::string(*host)};
    }
};
struct Slow {
    int value;
    static Task<Slow> from_request(Request&) { co_return Slow{7}; }
};

TEST(Depends, TypesOfOnesOwnAreInjected) {
    Router router;
    router.get("/", [](Tenant tenant) { return tenant.name; });
    router.get("/slow", [](Slow const& slow) { return std::to_string(slow.value); });
    Drive drive(std::move(router));
    EXPECT_EQ(drive.send({"GET", "/", {{"X-Tenant", "acme"}}}).text(), "acme");
    EXPECT_EQ(drive.send({"GET", "/"}).status(), 422);
    EXPECT_EQ(drive.get("/slow"), "7");
}

} // namespace
} // namespace hxx
