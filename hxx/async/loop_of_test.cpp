#include "hxx/async/loop_of.hpp"

#include "hxx/async/watchdog.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <gtest/gtest.h>

namespace hxx {
namespace {

namespace asio = boost::asio;

TEST(LoopOf, FindsTheLoopBehindAnyOfItsExecutors) {
    HandlerInfo const info = {"GET /", "test.cpp", 1};
    asio::io_context loop(1);
    asio::any_io_executor const plain = loop.get_executor();
    auto const tracked = asio::prefer(plain, asio::execution::outstanding_work.tracked);
    auto const never = asio::require(plain, asio::execution::blocking.never);
    for (auto const& executor : {plain, tracked, never, watched(plain, &info), watched(tracked, &info),
                                 watched(watched(plain, &info), &info)}) {
        EXPECT_EQ(loop_of(executor), &loop);
        EXPECT_EQ(loop_of(asio::prefer(executor, asio::execution::outstanding_work.tracked)), &loop);
    }
}

TEST(LoopOf, OthersHaveNone) {
    asio::io_context loop(1);
    asio::thread_pool pool(1);
    EXPECT_EQ(loop_of(pool.get_executor()), nullptr);
    EXPECT_EQ(loop_of(asio::make_strand(loop.get_executor())), nullptr);
    EXPECT_EQ(loop_of(asio::any_io_executor()), nullptr);
}

} // namespace
} // namespace hxx
