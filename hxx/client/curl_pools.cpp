#include "hxx/client/curl_pools.hpp"

#include "hxx/async/loop_of.hpp"

#include <boost/asio/execution_context.hpp>
#include <boost/asio/post.hpp>

#include <atomic>
#include <stdexcept>
#include <unordered_map>
#include <utility>

namespace hxx::http {
namespace asio = boost::asio;

/// What clients have on one event loop.
class CurlService final : public asio::execution_context::service {
  public:
    using key_type = CurlService;
    static asio::execution_context::id id;

    explicit CurlService(asio::execution_context& context) : service(context) { link_->service = this; }

    std::shared_ptr<CurlLoop> loop(CurlPools& pools, asio::io_context& context) {
        auto& loop = loops_[pools.id_];
        if (!loop) {
            context_ = &context;
            loop = std::make_shared<CurlLoop>(context, pools.options_);
            std::lock_guard const lock(pools.mutex_);
            pools.links_.push_back(link_);
        }
        return loop;
    }

    /// Any thread; the link's mutex is held.
    void post_end(std::uint64_t client) {
        asio::post(*context_, [this, client] { loops_.erase(client); });
    }

  private:
    void shutdown() override {
        {
            std::lock_guard const lock(link_->mutex);
            link_->service = nullptr;
        }
        for (auto const& [client, loop] : loops_)
            if (loop) loop->close(); // transfers of coroutines that still wait hold on to it
        loops_.clear();
    }

    std::shared_ptr<CurlLink> const link_ = std::make_shared<CurlLink>();
    asio::io_context* context_ = nullptr;
    std::unordered_map<std::uint64_t, std::shared_ptr<CurlLoop>> loops_;
};

asio::execution_context::id CurlService::id;

namespace {

std::uint64_t next_id() noexcept {
    static std::atomic<std::uint64_t> last = 0;
    return ++last;
}

} // namespace

CurlPools::CurlPools(ClientOptions const& options) : id_(next_id()), options_(options) {}

CurlPools::~CurlPools() {
    for (auto const& link : links_) {
        std::lock_guard const lock(link->mutex);
        if (link->service != nullptr) link->service->post_end(id_);
    }
}

std::shared_ptr<CurlLoop> CurlPools::of(asio::any_io_executor const& executor) {
    auto* const context = loop_of(executor);
    if (context == nullptr)
        throw std::logic_error(
            "http::Client is awaited on an executor that is no event loop's (a thread pool, a strand); "
            "run the coroutine on a boost::asio::io_context with one thread, or on hxx::Workers");
    return asio::use_service<CurlService>(*context).loop(*this, *context);
}

} // namespace hxx::http
