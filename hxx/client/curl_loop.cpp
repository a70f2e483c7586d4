#include "hxx/client/curl_loop.hpp"

#include "hxx/client/curl_transfer.hpp"

#include <signal.h>
#include <sys/epoll.h>

#include <array>
#include <cerrno>
#include <new>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace hxx::http {
namespace {

namespace asio = boost::asio;

/// OpenSSL writes to sockets without MSG_NOSIGNAL. A program that uses hxx may not ignore SIGPIPE, and whether it does
/// is not a library's business: the signal of a write in here is taken away before it reaches anyone.
class NoSigpipe {
  public:
    NoSigpipe() noexcept {
        sigemptyset(&pipe_);
        sigaddset(&pipe_, SIGPIPE);
        pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
    }
    ~NoSigpipe() {
        if (sigismember(&before_, SIGPIPE) != 0) return;
        timespec const at_once{};
        while (sigtimedwait(&pipe_, nullptr, &at_once) == -1 && errno == EINTR) continue;
        pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }
    NoSigpipe(NoSigpipe const&) = delete;
    NoSigpipe& operator=(NoSigpipe const&) = delete;

  private:
    sigset_t pipe_, before_;
};

int new_epoll() {
    int const descriptor = ::epoll_create1(EPOLL_CLOEXEC);
    if (descriptor < 0) throw std::system_error(errno, std::system_category(), "http::Client: epoll_create1");
    return descriptor;
}

} // namespace

void CurlLoop::Cleanup::operator()(CURLM* multi) const noexcept {
    NoSigpipe const guard; // connections say good-bye
    curl_multi_cleanup(multi);
}

CurlLoop::CurlLoop(asio::io_context& context, ClientOptions const& options)
    : poll_(context.get_executor(), new_epoll()), timer_(context.get_executor()), multi_(curl_multi_init()) {
    if (!multi_) throw std::bad_alloc();
    auto* const multi = multi_.get();
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, &CurlLoop::on_socket);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, &CurlLoop::on_timer);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
    curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, static_cast<long>(options.connections_per_host));
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, static_cast<long>(options.idle_connections));
}

CurlLoop::~CurlLoop() { close(); }

void CurlLoop::add(CurlTransfer& transfer) {
    if (!multi_) throw std::runtime_error("http::Client: the event loop is being destroyed");
    active_.insert(&transfer);
    NoSigpipe const guard;
    if (auto const code = curl_multi_add_handle(multi_.get(), transfer.easy()); code != CURLM_OK) {
        active_.erase(&transfer);
        throw std::runtime_error(std::string("http::Client: ") + curl_multi_strerror(code));
    }
    watch();
}

void CurlLoop::remove(CurlTransfer& transfer) noexcept {
    if (active_.erase(&transfer) == 0) return;
    NoSigpipe const guard;
    curl_multi_remove_handle(multi_.get(), transfer.easy());
    if (active_.empty()) rest();
}

void CurlLoop::close() noexcept {
    while (!active_.empty()) remove(**active_.begin());
    multi_.reset();
    boost::system::error_code ignored;
    poll_.close(ignored);
    timer_.cancel(); // what it throws would end the program; it has no reason to
}

// Nothing of this keeps the event loop from returning while no transfer runs.
void CurlLoop::rest() noexcept {
    boost::system::error_code ignored;
    poll_.cancel(ignored);
    timer_.cancel();
}

int CurlLoop::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) noexcept {
    int const poll = static_cast<CurlLoop*>(self)->poll_.native_handle();
    epoll_event event{};
    event.data.fd = socket;
    if (what == CURL_POLL_REMOVE) {
        ::epoll_ctl(poll, EPOLL_CTL_DEL, socket, &event);
        return 0;
    }
    if ((what & CURL_POLL_IN) != 0) event.events |= EPOLLIN;
    if ((what & CURL_POLL_OUT) != 0) event.events |= EPOLLOUT;
    if (::epoll_ctl(poll, EPOLL_CTL_MOD, socket, &event) == 0) return 0;
    return errno == ENOENT && ::epoll_ctl(poll, EPOLL_CTL_ADD, socket, &event) == 0 ? 0 : -1;
}

int CurlLoop::on_timer(CURLM*, long milliseconds, void* self) noexcept {
    auto& loop = *static_cast<CurlLoop*>(self);
    try {
        loop.timer_.cancel();
        if (milliseconds < 0) return 0;
        loop.timer_.expires_after(std::chrono::milliseconds(milliseconds));
        loop.timer_.async_wait([weak = loop.weak_from_this()](boost::system::error_code const& error) {
            auto const alive = weak.lock();
            if (alive && !error) alive->act(CURL_SOCKET_TIMEOUT, 0);
        });
        return 0;
    } catch (...) {
        return -1; // no memory: libcurl ends the transfers
    }
}

void CurlLoop::watch() {
    if (waiting_ || active_.empty()) return;
    poll_.async_wait(poll_.wait_read, [weak = weak_from_this()](boost::system::error_code const& error) {
        auto const alive = weak.lock();
        if (!alive) return;
        alive->waiting_ = false;
        if (!error) alive->on_ready();
        alive->watch();
    });
    waiting_ = true;
}

void CurlLoop::on_ready() noexcept {
    if (!multi_) return;
    std::array<epoll_event, 64> events;
    int const count = ::epoll_wait(poll_.native_handle(), events.data(), static_cast<int>(events.size()), 0);
    for (int i = 0; i < count; ++i) {
        auto const& event = events[static_cast<std::size_t>(i)];
        int what = 0;
        if ((event.events & (EPOLLIN | EPOLLHUP)) != 0) what |= CURL_CSELECT_IN;
        if ((event.events & EPOLLOUT) != 0) what |= CURL_CSELECT_OUT;
        if ((event.events & EPOLLERR) != 0) what |= CURL_CSELECT_ERR;
        // One that an earlier event has closed meanwhile is unknown to libcurl, which then does nothing.
        act(event.data.fd, what);
    }
}

void CurlLoop::act(curl_socket_t socket, int events) noexcept {
    if (!multi_) return;
    {
        NoSigpipe const guard;
        int running = 0;
        curl_multi_socket_action(multi_.get(), socket, events, &running);
    }
    take_ended();
}

void CurlLoop::take_ended() noexcept {
    int left = 0;
    while (auto const* const message = curl_multi_info_read(multi_.get(), &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        auto const code = message->data.result;
        void* owner = nullptr;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &owner);
        auto& transfer = *static_cast<CurlTransfer*>(owner);
        remove(transfer); // the message goes with it
        transfer.ended(code);
    }
}

} // namespace hxx::http
