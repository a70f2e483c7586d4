#include "test_server.hpp"
#include "hxx/async/generator.hpp"

#include "hxx/async/sleep.hpp"
#include "hxx/base/log.hpp"
#include "hxx/http/error.hpp"

#include <stdlib.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>

namespace hxx::http::test {
using namespace std::chrono_literals;
namespace {

struct Counted {
    explicit Counted(std::atomic<int>& ended) : ended_(&ended) {}
    Counted(Counted const&) = delete;
    Counted& operator=(Counted const&) = delete;
    ~Counted() { ++*ended_; }
    std::atomic<int>* ended_;
};

std::size_t number(std::string_view text) {
    return static_cast<std::size_t>(std::strtoull(std::string(text).c_str(), nullptr, 10));
}

StreamBody pieces(TestHandler& handler, std::size_t count) {
    Counted const counted(handler.streams_ended);
    for (std::size_t i = 0; i < count; ++i) {
        if (i % 3 == 1) co_await sleep_for(1ms);
        co_yield std::string();
        co_yield "piece " + std::to_string(i) + "\n";
    }
}

StreamBody events(TestHandler& handler) {
    Counted const counted(handler.streams_ended);
    co_yield "data: first\n\n";
    for (;;) {
        co_await sleep_for(24h);
        co_yield "data: never\n\n";
    }
}

/// Events that are ready at once, and some that are not.
StreamBody burst(TestHandler& handler, std::size_t count) {
    Counted const counted(handler.streams_ended);
    for (std::size_t i = 0; i < count; ++i) {
        if (handler.on_event) handler.on_event(i);
        if (i % 100 == 99) co_await sleep_for(1us);
        co_yield "data: event " + std::to_string(i) + "\n\n";
    }
}

StreamBody endless_bytes(TestHandler& handler) {
    Counted const counted(handler.streams_ended);
    for (;;) co_yield std::string(10'000, 'x');
}

StreamBody broken(TestHandler& handler) {
    Counted const counted(handler.streams_ended);
    co_yield "a beginning";
    throw std::runtime_error("no end");
}

StreamBody echo_stream(TestHandler& handler, BodyReader* reader) {
    Counted const counted(handler.streams_ended);
    while (reader != nullptr) {
        auto const piece = co_await reader->read();
        if (piece.empty()) break;
        co_yield std::string(piece);
    }
}

Task<void> upload(TestHandler& handler, Request& request, Response& response) {
    std::size_t size = 0;
    unsigned sum = 0;
    try {
        while (request.stream() != nullptr) {
            auto const piece = co_await request.stream()->read();
            if (piece.empty()) break;
            size += piece.size();
            handler.received += piece.size();
            for (char const c : piece) sum = sum * 31 + static_cast<unsigned char>(c);
        }
    } catch (HttpError const& error) {
        response.set_status(error.status());
        response.set_body(std::string(error.detail()));
        co_return;
    }
    response.set_body(std::to_string(size) + " " + std::to_string(sum));
}

} // namespace

// /sync /async: the body or "hello"; /upload /ignore /echo-stream: the body as a stream, used, not read, sent back;
// /hold: the same as /upload once released; /peer: its address and the Host;
// /small: 10 bytes at most; /stream?N; /events; /burst?N: events; /silent: an event
// stream with nothing but keep-alives; /endless; /broken; /file?N; /big?N; /wait: until release; /throw;
// /limited?N: of N ms, waits for ever; /limited-upload: of 200 ms, reads a stream;
// /204, /304, /status?N.
Plan TestHandler::plan(Request& request) noexcept {
    auto const path = request.path();
    Plan plan;
    plan.synchronous = path == "/" || path == "*" || path == "/sync" || path == "/file" || path == "/big" ||
                       path == "/peer" || path == "/204" || path == "/304" || path == "/status" || path == "/lazy";
    plan.stream_body = path == "/upload" || path == "/ignore" || path == "/hold" || path == "/echo-stream" ||
                       path == "/lazy" || path == "/limited-upload";
    if (path == "/limited") plan.time = std::chrono::milliseconds(number(request.query()));
    if (path == "/limited-upload") plan.time = 200ms;
    if (path == "/small") plan.body_limit = 10;
    if (path == "/upload" || path == "/hold") plan.body_limit = 100'000'000;
    return plan;
}

void TestHandler::handle(Request& request, Response& response) noexcept {
    ++handled;
    auto const path = request.path();
    response.headers().add("X-Path", path);
    if (path == "/file") {
        auto const size = number(request.query());
        response.set_body(FileBody(temporary_file(size + 7), 7, size));
    } else if (path == "/big") {
        response.set_body(letters(number(request.query())));
    } else if (path == "/204" || path == "/304") {
        response.set_status(path == "/204" ? 204 : 304);
        response.set_body(std::string("must not be sent"));
    } else if (path == "/peer") {
        response.set_body(request.peer().address + " " + std::string(request.host()));
    } else if (path == "/status") {
        response.set_status(static_cast<int>(number(request.query())));
    } else {
        response.set_body(request.body().empty() ? std::string("hello") : std::string(request.body()));
    }
    // What the server writes itself, a handler cannot forge.
    response.headers().add("Content-Length", "1");
    response.headers().add("Transfer-Encoding", "gzip");
    response.headers().add("Connection", "upgrade");
    response.headers().add("Date", "today");
}

Task<void> TestHandler::handle_async(Request& request, Response& response) {
    auto const path = request.path();
    if (path == "/wait") {
        ++handled;
        while (!release) co_await sleep_for(1ms);
        response.set_body(std::string("waited"));
        co_return;
    }
    if (path == "/limited") co_await sleep_for(24h);
    if (path == "/throw") throw std::runtime_error("secret");
    if (path == "/upload" || path == "/hold" || path == "/limited-upload") {
        ++handled;
        while (path == "/hold" && !release) co_await sleep_for(1ms);
        co_await upload(*this, request, response);
        co_return;
    }
    handle(request, response);
    if (path == "/stream") response.set_body(pieces(*this, number(request.query())));
    if (path == "/endless") response.set_body(endless_bytes(*this));
    if (path == "/broken") response.set_body(broken(*this));
    if (path == "/echo-stream") response.set_body(echo_stream(*this, request.stream()));
    if (path == "/events" || path == "/silent" || path == "/burst") {
        response.headers().set("Content-Type", "text/event-stream");
        auto body = path == "/burst" ? burst(*this, number(request.query())) : events(*this);
        if (path == "/silent") {
            body.keepalive = 1ms;
            body.keepalive_text = ":\n\n";
        }
        response.set_body(std::move(body));
    }
    if (path == "/async") co_await sleep_for(1ms);
}

TestServer::TestServer(Limits const& limits, std::size_t worker_count)
    : workers(worker_count), server(workers, handler, {.listen = {Address()}, .limits = limits}) {
    log::set_level(log::Level::Off);
    workers.start();
    server.start();
}

TestServer::~TestServer() {
    handler.release = true;
    server.stop(0ms);
    server.wait();
    workers.stop();
    workers.join();
    log::set_level(log::Level::Info);
}

std::string letters(std::size_t size) {
    std::string text(size, ' ');
    for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + i % 26);
    return text;
}

int temporary_file(std::size_t size) {
    char name[] = "/tmp/hxx-http-test-XXXXXX";
    int const file = ::mkstemp(name);
    ::unlink(name);
    auto const text = letters(size);
    if (::write(file, text.data(), size) != static_cast<ssize_t>(size)) throw std::runtime_error("cannot write");
    return file;
}

} // namespace hxx::http::test
