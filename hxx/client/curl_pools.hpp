// The CurlLoops of one client, one for each event loop it is used on. For this room's sources.
#pragma once

#include "hxx/client/curl_loop.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace hxx::http {

class CurlService;

/// How a client that ends, on whichever thread, reaches a loop that may have gone before it: who posts to the loop
/// holds the mutex and finds `service` not null; the loop's destruction needs the mutex too.
struct CurlLink {
    std::mutex mutex;
    CurlService* service = nullptr; // null once the loop is being destroyed
};

class CurlPools {
  public:
    explicit CurlPools(ClientOptions const& options);
    /// Has each loop close its connections. No transfer runs any more: each keeps its client.
    ~CurlPools();
    CurlPools(CurlPools const&) = delete;
    CurlPools& operator=(CurlPools const&) = delete;

    [[nodiscard]] ClientOptions const& options() const noexcept { return options_; }
    /// That of the executor's loop, made at the first call. Without a lock but for the one of Asio's own list of
    /// services, of that loop alone. Throws std::logic_error if it is no loop with one thread.
    [[nodiscard]] std::shared_ptr<CurlLoop> of(boost::asio::any_io_executor const& executor);

  private:
    friend class CurlService;
    std::uint64_t const id_; // an address would come again
    ClientOptions const options_;
    std::mutex mutex_;
    std::vector<std::shared_ptr<CurlLink>> links_; // guarded by mutex_
};

} // namespace hxx::http
