// The templates are compiled into the program; what they were compiled from makes the same pages, byte by byte.
#include "app.hpp"

#include <hxx/base/ascii.hpp>
#include <hxx/client/client.hpp>
#include <hxx/testing/test_client.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace hxx;

namespace {

App make_app_with(bool interpreted) {
    auto app = make_app({.database_url = "sqlite::memory:"});
    app.set_interpreted_templates(interpreted);
    app.state(http::Client::with_transport([](http::ClientRequest const& request) {
        if (request.url().ends_with("nowhere")) return http::Reply(404, "text/plain", "");
        return http::Reply(200, "application/json", R"({"city":"Oslo","sky":"<snow>","celsius":-4})");
    }));
    return app;
}

/// Ids and tokens are random: words of 22 letters and more.
std::string without_random(std::string text) {
    auto const in_word = [](char c) { return ascii::is_alnum(c) || c == '-' || c == '_'; };
    for (auto begin = text.begin(); begin != text.end();) {
        begin = std::find_if(begin, text.end(), in_word);
        auto const end = std::find_if_not(begin, text.end(), in_word);
        begin = end - begin < 22 ? end : text.erase(begin, end);
    }
    return text;
}

/// What somebody is sent who goes through all of the program, as a browser and as htmx.
std::vector<std::string> walk(TestClient client) {
    std::vector<std::string> seen;
    auto see = [&seen](TestReply reply) {
        seen.push_back(without_random(reply.url() + ' ' + std::to_string(reply.status()) + '\n' + reply.text()));
        return reply;
    };
    auto get = [&](std::string const& path) {
        see(client.htmx().get(path));
        return see(client.browser().get(path));
    };
    auto const mistakes = form({{"name", "<b>"}, {"email", "nobody"}, {"age", "old"}, {"password", "1"}});
    for (auto const* path : {"/", "/users", "/users?q=e%26", "/users?page=2", "/users?page=0", "/users/99", "/users/1",
                             "/users/new", "/weather", "/weather/Oslo", "/weather/nowhere", "/process", "/operations",
                             "/signup", "/login?next=/users/1/edit", "/dashboard"})
        get(path);
    for (auto const* path : {"/signup", "/login", "/users", "/process"}) {
        see(client.browser().post(path, mistakes));
        see(client.htmx().post(path, mistakes));
    }
    client.browser().post("/signup", form({{"name", "K & Co"}, {"email", "k@example.org"}, {"password", "12345678"}}));
    for (auto const* path : {"/dashboard", "/users/1/edit", "/users/1/delete"}) get(path);
    see(client.browser().post("/users/1/edit", mistakes));
    see(client.htmx().put("/users/1", form({{"name", "<Ada>"}, {"email", "a@example.org"}, {"age", 37}})));
    see(client.htmx().post("/users", form({{"name", "Mary"}, {"email", "mary@example.org"}, {"age", 80}})));
    auto const task = see(client.htmx().post("/process", form({{"dataset", "a<b"}})));
    get(task.html().attr("#task", "hx-get").value());
    auto const operation = see(client.htmx().post("/operations", form({})));
    auto steps = client.htmx().stream(operation.html().attr("#steps", "sse-connect").value());
    seen.push_back(steps.next_event()->data);
    return seen;
}

TEST(Templates, MakeTheSamePagesCompiledAndInterpreted) {
    auto const compiled = walk(TestClient(make_app_with(false)));
    auto const interpreted = walk(TestClient(make_app_with(true)));
    ASSERT_EQ(compiled.size(), interpreted.size());
    for (std::size_t i = 0; i < compiled.size(); ++i) EXPECT_EQ(compiled[i], interpreted[i]);
}

} // namespace
