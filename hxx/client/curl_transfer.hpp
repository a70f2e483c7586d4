// One request over the network: libcurl's easy handle with its callbacks, and what came of it. For this room's sources.
#pragma once

#include "hxx/async/signal.hpp"
#include "hxx/client/curl_loop.hpp"
#include "hxx/client/transport.hpp"

#include <curl/curl.h>

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace hxx::http {

/// Belongs to the coroutine that awaits it, and is broken off when that is destroyed.
class CurlTransfer final : public Cancellable {
  public:
    /// The request outlives it.
    CurlTransfer(std::shared_ptr<CurlLoop> loop, ClientRequest const& request, SendLimits const& limits,
                 ClientOptions const& options);
    ~CurlTransfer();
    CurlTransfer(CurlTransfer const&) = delete;
    CurlTransfer& operator=(CurlTransfer const&) = delete;

    void start() { loop_->add(*this); }
    [[nodiscard]] Signal const& done() const noexcept { return done_; }
    void cancel() noexcept override;
    [[nodiscard]] bool cancelled() const noexcept { return cancelled_; }
    /// After done(); throws ClientError for what went wrong.
    [[nodiscard]] Reply take_reply();
    /// Breaks it off, for it was not done in time.
    [[noreturn]] void time_out();

    // For CurlLoop.
    [[nodiscard]] CURL* easy() const noexcept { return easy_.get(); }
    void ended(CURLcode code) noexcept;

  private:
    struct EasyCleanup {
        void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
    };
    struct ListCleanup {
        void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
    };

    static std::size_t on_body(char* data, std::size_t one, std::size_t size, void* self) noexcept;
    static std::size_t on_header(char* data, std::size_t one, std::size_t size, void* self) noexcept;
    static curl_socket_t on_open(void* self, curlsocktype purpose, curl_sockaddr* address) noexcept;
    static int on_request(void* self, char* address, char* local, int port, int local_port) noexcept;

    template <class T>
    void set(CURLoption option, T value);
    void set_method();
    void set_headers();
    void set_connection();
    void set_callbacks();
    void add_header(std::string const& line);
    void read_headers(Headers& headers) const;
    [[noreturn]] void fail() const;
    [[noreturn]] void fail(ClientErrorKind kind, std::string const& message) const;
    [[nodiscard]] std::string detail() const;

    std::shared_ptr<CurlLoop> loop_;
    ClientRequest const& request_;
    SendLimits const limits_;
    ClientOptions const& options_;
    // In this order: the handle goes before what it refers to.
    std::array<char, CURL_ERROR_SIZE> error_{};
    std::unique_ptr<curl_slist, ListCleanup> headers_;
    std::unique_ptr<CURL, EasyCleanup> easy_;

    Signal done_;
    CURLcode code_ = CURLE_OK;
    std::string body_;
    std::size_t header_bytes_ = 0;
    std::optional<std::string> refused_; // the address
    int sent_ = 0;                       // how often the request has been begun
    bool head_ended_ = false;
    bool cancelled_ = false;
    bool too_large_ = false;
    bool repeated_ = false; // would have been
};

} // namespace hxx::http
