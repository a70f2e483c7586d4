// Handlers without a server.
#include "hxx/http/handler.hpp"

#include "hxx/async/sleep.hpp"
#include "hxx/async/sync_wait.hpp"
#include "hxx/http/error.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace hxx::http {
namespace {

using namespace std::chrono_literals;

TEST(WholeBody, IsGivenAsThePlanWantsIt) {
    std::string const bytes(40'000, 'x');
    Plan plan;
    plan.body_limit = 40'000;
    Request request;
    WholeBody whole(bytes, plan);
    EXPECT_TRUE(whole.give_to(request));
    EXPECT_EQ(request.body(), bytes);
    EXPECT_EQ(request.stream(), nullptr);

    request.reset();
    plan.stream_body = true;
    WholeBody stream(bytes, plan);
    EXPECT_TRUE(stream.give_to(request));
    EXPECT_TRUE(request.body().empty());
    ASSERT_NE(request.stream(), nullptr);
    std::string read;
    int pieces = 0;
    for (;;) {
        auto const piece = sync_wait(request.stream()->read());
        if (piece.empty()) break;
        read += piece;
        ++pieces;
    }
    EXPECT_EQ(read, bytes);
    EXPECT_GT(pieces, 1);
    EXPECT_TRUE(sync_wait(request.stream()->read()).empty());
}

TEST(WholeBody, KeepsTheLimit) {
    std::string const bytes(20'000, 'x');
    Plan plan;
    plan.body_limit = 19'999;
    Request request;
    EXPECT_FALSE(WholeBody(bytes, plan).give_to(request));
    EXPECT_TRUE(request.body().empty());
    plan.stream_body = true;
    WholeBody stream(bytes, plan);
    EXPECT_TRUE(stream.give_to(request));
    EXPECT_FALSE(sync_wait(stream.read()).empty());
    try {
        static_cast<void>(sync_wait(stream.read()));
        ADD_FAILURE() << "it was given all the same";
    } catch (HttpError const& error) {
        EXPECT_EQ(error.status(), 413);
    }
}

/// Waits for ever, but for "/quick".
class Slow final : public Handler {
  public:
    Plan plan(Request&) noexcept override { return {}; }
    void handle(Request&, Response&) noexcept override {}
    Task<void> handle_async(Request& request, Response& response) override {
        if (request.path() == "/quick") co_return response.set_body(std::string("quick"));
        if (request.path() == "/fails") throw TimeoutError("its own");
        co_await sleep_for(24h);
    }
};

int status_of(std::string_view target, std::chrono::milliseconds time) {
    Slow handler;
    Request request;
    EXPECT_TRUE(request.set_target(target));
    Response response;
    sync_wait(handle_within(time, handler, request, response));
    EXPECT_EQ(request.overdue(), response.status() == 503);
    return response.status();
}

TEST(HandleWithin, Answers503WhenTheTimeIsOver) {
    EXPECT_EQ(status_of("/", 1ms), 503);
    EXPECT_EQ(status_of("/quick", 1h), 200);
    EXPECT_EQ(status_of("/quick", std::chrono::milliseconds::max()), 200) << "that is for ever, and not over";
    EXPECT_EQ(status_of("/quick", 0ms), 200);
    EXPECT_THROW(status_of("/fails", 1h), TimeoutError);
}

} // namespace
} // namespace hxx::http
