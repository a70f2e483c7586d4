// The transport over the network.
#include "hxx/client/curl_pools.hpp"
#include "hxx/client/curl_transfer.hpp"
#include "hxx/client/transport.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <fstream>
#include <stdexcept>

namespace hxx::http {
namespace {

/// Once for the process. It is never undone: loops and resolver threads may outlive any moment to do so.
void start_libcurl() {
    static CURLcode const code = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (code != CURLE_OK) throw std::runtime_error(std::string("http::Client: libcurl: ") + curl_easy_strerror(code));
}

[[noreturn]] void refuse_proxy() {
    throw std::invalid_argument(
        "http::Client: public_only cannot be had through a proxy, which connects in the client's "
        "place; have the proxy refuse private addresses, or ask without it");
}

class CurlTransport final : public Transport {
  public:
    explicit CurlTransport(ClientOptions const& options) : pools_(options) {}

    Task<Reply> send(ClientRequest const& request, SendLimits limits) const override {
        auto const& options = pools_.options();
        if (limits.public_only() && uses_proxy(options)) refuse_proxy();
        auto const executor = co_await boost::asio::this_coro::executor;
        auto const transfer = std::make_shared<CurlTransfer>(pools_.of(executor), request, limits, options);
        transfer->start();
        auto const left = limits.until() - SendLimits::Clock::now();
        bool const done = co_await transfer->done().wait_for(left, transfer);
        if (transfer->cancelled())
            throw boost::system::system_error(boost::asio::error::operation_aborted, "http::Client");
        if (!done) transfer->time_out();
        co_return transfer->take_reply();
    }

    static bool uses_proxy(ClientOptions const& options) noexcept {
        return !options.proxy.empty() || options.proxy_from_environment;
    }

  private:
    mutable CurlPools pools_; // has a part for each loop
};

} // namespace

std::shared_ptr<Transport const> curl_transport(ClientOptions const& options) {
    if (options.public_only && CurlTransport::uses_proxy(options)) refuse_proxy();
    if (!options.ca_file.empty() && !std::ifstream(options.ca_file).good())
        throw std::invalid_argument("http::ClientOptions::ca_file: " + options.ca_file + " cannot be read");
    start_libcurl();
    return std::make_shared<CurlTransport>(options);
}

} // namespace hxx::http
