// For this room's tests: apps that serve, and a client that asks them over a socket.
#pragma once

#include "hxx/app/app.hpp"
#include "hxx/base/eventually_for_test.hpp"
#include "tests/http/raw_client.hpp"

#include <cstdint>
#include <string>
#include <system_error>
#include <utility>

namespace hxx {

inline Listen const anywhere{.host = "127.0.0.1", .port = 0, .workers = 2};

inline AppOptions quiet() {
    AppOptions options;
    options.access_log = false;
    options.env_file = "";
    return options;
}

inline App hello(std::string text = "hello") {
    App app(quiet());
    app.get("/", [text] { return text; });
    return app;
}

inline std::string get(http::test::RawClient client, std::string const& path = "/") {
    client.send("GET " + path + " HTTP/1.1\r\nHost: test\r\n\r\n");
    auto const response = client.read();
    return response ? response->body : "(closed)";
}

inline bool refuses(std::uint16_t port) {
    try {
        http::test::RawClient client(port);
        client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
        return !client.read();
    } catch (std::system_error const&) {
        return true;
    }
}

} // namespace hxx
