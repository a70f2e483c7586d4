// One call of a client while it is built, and how it is carried out. For this room's sources.
#pragma once

#include "hxx/async/task.hpp"
#include "hxx/client/client.hpp"
#include "hxx/client/transport.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace hxx::http {

struct Client::State {
    ClientOptions options;
    std::shared_ptr<Transport const> transport;
};

namespace client_detail {

struct Call {
    enum class Body : unsigned char { None, Bytes, Form };

    std::shared_ptr<Client::State const> client;
    std::string method;
    std::string url;
    std::string query; // encoded, to be added to the URL's
    Headers headers;
    std::string body;
    Body body_kind = Body::None;
    std::chrono::nanoseconds timeout{0};
    std::optional<std::chrono::steady_clock::time_point> deadline; // of this call
    Deadline shared_deadline;                                      // of the client
    int redirects = 0;
    std::size_t max_body = 0;
    bool public_only = false;
};

/// Sends it, follows redirects, and gives the last reply.
Task<Reply> carry_out(std::shared_ptr<Call> call);

} // namespace client_detail
} // namespace hxx::http
