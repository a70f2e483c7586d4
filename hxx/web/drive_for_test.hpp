// Sends requests to a Dispatcher without a socket, for this room's own tests (a program's tests use hxx::TestClient).
#pragma once

#include "hxx/web/dispatcher.hpp"
#include "hxx/web/router.hpp"
#include "hxx/web/view_globals.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hxx {

/// The first field of that name, or "(none)".
inline std::string header_of(http::Response const& response, std::string_view name) {
    return std::string(response.headers().get_or(name, "(none)"));
}

struct Sent {
    std::string_view method;
    std::string_view target;
    std::initializer_list<std::pair<std::string_view, std::string_view>> headers = {};
    std::string_view body = {};
};

/// What an App adds to a Dispatcher, for tests of one thing of it.
struct DriveExtras {
    std::vector<StateEntry> states = {};
    jinja::Options templates = {};
    void (*globals)(jinja::Environment::Builder&) = nullptr;
    std::optional<UnsafeGuard> guard = {};
    std::vector<ResponseHook> response_hooks = {};
};

class Drive {
  public:
    Drive(Router&& router, DriveExtras&& extras)
        : dispatcher_(Blueprint{std::move(router),
                                std::move(extras.states),
                                {},
                                {},
                                environment(std::move(extras.templates), cell_, extras.globals),
                                quiet({}),
                                std::move(extras.guard),
                                std::move(extras.response_hooks)}) {
        *cell_ = &dispatcher_;
    }
    explicit Drive(Router&& router, DispatcherOptions options = {}, std::vector<StateEntry> states = {},
                   jinja::Options templates = {}, std::vector<ContextProcessor> processors = {})
        : dispatcher_(Blueprint{std::move(router),
                                std::move(states),
                                {},
                                std::move(processors),
                                environment(std::move(templates), cell_),
                                quiet(std::move(options))}) {
        *cell_ = &dispatcher_;
    }

    /// The response; the whole exchange is over when this returns, background tasks included.
    http::Response send(Sent const& sent) {
        auto request = dispatcher_.make_request();
        request->set_method(*http::parse_method(sent.method));
        EXPECT_TRUE(request->set_target(sent.target)) << sent.target;
        request->set_host("testserver");
        request->set_secure(secure);
        for (auto const& [name, value] : sent.headers) request->mutable_headers().add(name, value);
        plan = dispatcher_.plan(*request);
        request->set_body(sent.body);
        http::Response response;
        synchronous = plan.synchronous;
        if (plan.synchronous)
            dispatcher_.handle(*request, response);
        else
            run(*request, response);
        dispatcher_.sent(*request);
        loop_.restart();
        loop_.run();
        return response;
    }
    std::string get(std::string_view target) { return std::string(send({"GET", target}).text()); }
    Dispatcher& dispatcher() { return dispatcher_; }

    bool secure = false;      // whether requests come by TLS
    bool synchronous = false; // how the last request was handled
    http::Plan plan;          // of the last request

  private:
    static jinja::Environment environment(jinja::Options&& options, DispatcherCell const& cell,
                                          void (*globals)(jinja::Environment::Builder&) = nullptr) {
        jinja::Environment::Builder builder(std::move(options));
        add_template_globals(builder, cell);
        if (globals) globals(builder);
        return builder.build();
    }
    static DispatcherOptions quiet(DispatcherOptions options) {
        options.access_log = false;
        return options;
    }
    void run(http::Request& request, http::Response& response) {
        auto task = http::handle_within(plan.time, dispatcher_, request, response);
        boost::asio::co_spawn(loop_, std::move(task), boost::asio::detached);
        loop_.restart();
        loop_.run();
    }

    boost::asio::io_context loop_;
    DispatcherCell cell_ = std::make_shared<Dispatcher const*>(nullptr);
    Dispatcher dispatcher_;
};

} // namespace hxx
