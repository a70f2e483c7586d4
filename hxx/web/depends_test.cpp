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

// ── When something fails ────────────────────────────────────────────────────────────────────────────────────────────

Resource fails_in_the_middle(Depends<connection>) { throw HttpError{503, "no server"}; }
std::vector<std::string> const made_and_dropped{"make connection", "make session", "drop session", "drop connection"};

TEST(Depends, TearsDownInReverseWhenTheHandlerThrows) {
    Router router;
    router.get("/plain", [](Depends<session>) -> Response { throw HttpError{409}; });
    router.get("/task", [](Depends<session>) -> Task<Response> {
        throw HttpError{409};
        co_return Response();
    });
    router.get("/sync", [](Depends<connection>) -> Response { throw HttpError{409}; });
    Drive drive(std::move(router));
    for (auto const* path : {"/plain", "/task"}) {
        events.clear();
        EXPECT_EQ(drive.send({"GET", path}).status(), 409);
        EXPECT_EQ(events, made_and_dropped) << path;
    }
    events.clear();
    EXPECT_EQ(drive.send({"GET", "/sync"}).status(), 409);
    EXPECT_TRUE(drive.synchronous);
    EXPECT_EQ(events, (std::vector<std::string>{"make connection", "drop connection"}));
}

TEST(Depends, TearsDownWhatThereWasWhenADependencyThrows) {
    Router router;
    router.get("/", [](Depends<session>, Depends<fails_in_the_middle>) {
        events.push_back("handler");
        return "ok";
    });
    router.exception(503, [](HttpError const&, Depends<session> again) { return text(again->name()).status(503); });
    Drive drive(std::move(router));
    events.clear();
    EXPECT_EQ(drive.get("/"), "session") << "what was made is there for the exception handler too";
    EXPECT_EQ(events, made_and_dropped);
}

// ── For their effect alone ──────────────────────────────────────────────────────────────────────────────────────────

void of_the_app() { events.push_back("app"); }
Task<void> of_the_router() {
    events.push_back("router");
    co_return;
}
Resource of_the_route() { return Resource("route"); }

TEST(Depends, ForTheirEffectRunOutermostFirstAndOnce) {
    Router inner{"/in"};
    inner.depend_on({depends<of_the_router>, depends<of_the_app>});
    inner.get("/", [](Depends<of_the_route> route) { return events.push_back("handler"), route->name(); },
              {.dependencies = {depends<of_the_route>}});
    Router root;
    root.depend_on({depends<of_the_app>});
    root.mount(std::move(inner));
    Drive drive(std::move(root));
    events.clear();
    EXPECT_EQ(drive.get("/in/"), "route");
    EXPECT_EQ(events, (std::vector<std::string>{"app", "router", "make route", "handler", "drop route"}));
    events.clear();
    EXPECT_EQ(drive.send({"GET", "/nowhere"}).status(), 404);
    EXPECT_TRUE(events.empty());
}

void needs_a_page(Query<int, "page">) { events.push_back("needs_a_page"); }

TEST(Depends, ForTheirEffectWhoseInputIsWrongEndTheRequest) {
    Router root;
    root.depend_on({depends<needs_a_page>});
    root.get("/sync", [] { return events.push_back("handler"), "ok"; });
    root.get("/task", []() -> Task<Response> {
        events.push_back("handler");
        co_return text("ok");
    });
    Drive drive(std::move(root));
    events.clear();
    EXPECT_EQ(drive.send({"GET", "/sync?page=x"}).status(), 422);
    EXPECT_EQ(drive.send({"GET", "/task"}).status(), 422);
    EXPECT_TRUE(events.empty());
    EXPECT_EQ(drive.get("/sync?page=1"), "ok");
}

// ── Overrides ───────────────────────────────────────────────────────────────────────────────────────────────────────

TEST(Depends, AnOverrideMayRefuse) {
    Router router;
    router.depend_on({depends<require_key>});
    router.get("/", [](Depends<connection> from) { return from->name(); });
    Drive drive(std::move(router));
    EXPECT_EQ(drive.send({"GET", "/"}).status(), 401);
    drive.dispatcher().add_override(make_override<require_key>([] {}));
    EXPECT_EQ(drive.get("/"), "connection");
    drive.dispatcher().add_override(make_override<connection>([]() -> Task<Resource> {
        throw HttpError{503};
        co_return Resource("never");
    }));
    EXPECT_EQ(drive.send({"GET", "/"}).status(), 503);
    events.clear();
    drive.dispatcher().add_override(make_override<connection>([] { return Resource("test"); }));
    EXPECT_EQ(drive.get("/"), "test");
    EXPECT_EQ(events, (std::vector<std::string>{"make test", "drop test"}));
}

// ── What is checked at the start ────────────────────────────────────────────────────────────────────────────────────

std::string why_not(Router&& router) {
    try {
        Drive drive(std::move(router));
        return "it was accepted";
    } catch (std::logic_error const& error) {
        return error.what();
    }
}
int team(Path<int, "team", from_prefix> id) { return *id; }
void needs_a_counter(Depends<counter>) {}

TEST(Depends, WhatAMissingStateIsNeededForIsNamed) {
    Router effect;
    effect.depend_on({depends<needs_a_counter>});
    effect.get("/", [] {});
    auto what = why_not(std::move(effect));
    EXPECT_NE(what.find("needs_a_counter → "), std::string::npos) << what;
    EXPECT_NE(what.find("State<int>"), std::string::npos) << what;
    Router exception;
    exception.exception<std::exception>([](std::exception const&, State<int> state) { return std::to_string(*state); });
    exception.get("/", [] {});
    what = why_not(std::move(exception));
    EXPECT_NE(what.find("State<int>"), std::string::npos) << what;
}

TEST(Depends, ThePathParameterOfAPrefixIsLookedForAtTheStart) {
    auto const routes = [] {
        Router router;
        router.get("/", [](Depends<team> id) { return std::to_string(*id); });
        return router;
    };
    Router root;
    root.mount("/teams/{team:int}", routes());
    EXPECT_EQ(Drive(std::move(root)).get("/teams/7/"), "7");
    auto const what = why_not(routes());
    EXPECT_NE(what.find("team → "), std::string::npos) << what;
    EXPECT_NE(what.find("the pattern has no such parameter"), std::string::npos) << what;
}

} // namespace
} // namespace hxx
