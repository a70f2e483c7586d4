// TLS with certificates made here by the openssl tool, and names that this program resolves itself.
#include "hxx/async/sync_wait.hpp"
#include "hxx/base/temporary_directory_for_test.hpp"
#include "hxx/client/client.hpp"
#include "hxx/client/kind_of_for_test.hpp"
#include "hxx/client/servers_for_test.hpp"

#include <dlfcn.h>
#include <netdb.h>
#include <openssl/ssl.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <string>

namespace {

/// Holds look-ups of slow.test until it is opened.
struct Gate {
    std::mutex mutex;
    std::condition_variable changed;
    bool open = false;
    int waiting = 0;
    int through = 0;
} gate;

} // namespace

/// Found by libcurl before the C library's: names below .test have the addresses that tests need.
extern "C" int getaddrinfo(char const* name, char const* service, addrinfo const* hints, addrinfo** result) {
    static auto const real = reinterpret_cast<int (*)(char const*, char const*, addrinfo const*, addrinfo**)>(
        dlsym(RTLD_NEXT, "getaddrinfo"));
    std::string_view const host = name != nullptr ? name : "";
    if (host == "unknown.test") return EAI_NONAME;
    if (host == "slow.test") {
        std::unique_lock lock(gate.mutex);
        ++gate.waiting;
        gate.changed.notify_all();
        gate.changed.wait(lock, [] { return gate.open; });
        ++gate.through;
        gate.changed.notify_all();
        return EAI_NONAME;
    }
    return real(host.ends_with(".test") ? "127.0.0.1" : name, service, hints, result);
}

namespace hxx::http {
namespace {

using namespace std::chrono_literals;
using test::kind_of;
using test::Line;
using test::RawServer;
using testing::HasSubstr;

/// A certificate authority, and certificates that it has signed for good.test and for another name.
class Certificates {
  public:
    Certificates() {
        run("req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=Test-CA -keyout ca.key -out ca.pem");
        sign("good.test");
        sign("other.test");
    }
    [[nodiscard]] std::string path(std::string const& name) const { return directory_.path(name); }

  private:
    void sign(std::string const& name) {
        directory_.write(name + ".ext", "subjectAltName=DNS:" + name + "\n");
        run("req -newkey rsa:2048 -nodes -subj /CN=" + name + " -keyout " + name + ".key -out " + name + ".csr");
        run("x509 -req -days 30 -in " + name + ".csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile " + name +
            ".ext -out " + name + ".pem");
    }
    void run(std::string const& arguments) const {
        auto const command = "cd " + directory_.path() + " && openssl " + arguments + " 2>/dev/null";
        if (std::system(command.c_str()) != 0) throw std::runtime_error(command);
    }
    TemporaryDirectory directory_;
};

/// Speaks TLS with the certificate of that name, and answers each request with "ok".
class TlsServer {
  public:
    TlsServer(Certificates const& certificates, std::string const& name)
        : context_(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free), server_([this](Line& line) { serve(line); }) {
        auto const certificate = certificates.path(name + ".pem"), key = certificates.path(name + ".key");
        if (SSL_CTX_use_certificate_file(context_.get(), certificate.c_str(), SSL_FILETYPE_PEM) != 1 ||
            SSL_CTX_use_PrivateKey_file(context_.get(), key.c_str(), SSL_FILETYPE_PEM) != 1)
            throw std::runtime_error("cannot use " + certificate);
    }
    [[nodiscard]] std::string url(std::string const& host) const {
        return "https://" + host + ":" + std::to_string(server_.port()) + "/";
    }
    [[nodiscard]] int requests() const noexcept { return requests_; }

  private:
    void serve(Line& line) {
        std::unique_ptr<SSL, void (*)(SSL*)> const tls(SSL_new(context_.get()), &SSL_free);
        SSL_set_fd(tls.get(), line.socket());
        if (SSL_accept(tls.get()) != 1) return;
        char bytes[4096];
        while (SSL_read(tls.get(), bytes, sizeof bytes) > 0) {
            ++requests_;
            std::string_view const reply = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
            SSL_write(tls.get(), reply.data(), static_cast<int>(reply.size()));
        }
    }

    std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
    std::atomic<int> requests_ = 0;
    RawServer server_;
};

TEST(ClientTls, CertificatesAreVerified) {
    Certificates const certificates;
    TlsServer const server(certificates, "good.test");
    TlsServer const other(certificates, "other.test");
    std::string text;
    EXPECT_EQ(kind_of(Client().get(server.url("good.test")), &text), ClientErrorKind::Tls);
    EXPECT_THAT(text, HasSubstr("ca_file"));

    ClientOptions options;
    options.ca_file = certificates.path("ca.pem");
    Client const client(options);
    EXPECT_EQ(kind_of(client.get(other.url("good.test"))), ClientErrorKind::Tls); // another's certificate
    EXPECT_EQ(kind_of(client.get(server.url("127.0.0.1"))), ClientErrorKind::Tls);
    EXPECT_EQ(server.requests() + other.requests(), 0);

    auto const twice = [&]() -> Task<Reply> {
        co_await client.get(server.url("good.test"));
        co_return co_await client.get(server.url("good.test"));
    };
    EXPECT_EQ(sync_wait(twice()).text(), "ok");
    EXPECT_EQ(server.requests(), 2);
}

TEST(ClientTls, TlsToAServerWithoutIsAnError) {
    RawServer const plain([](Line& line) {
        line.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        line.wait();
    });
    auto url = plain.url();
    url.insert(4, "s");
    EXPECT_EQ(kind_of(Client().get(url)), ClientErrorKind::Tls);
}

TEST(ClientNames, AnUnknownNameIsAnError) {
    std::string text;
    EXPECT_EQ(kind_of(Client().get("http://unknown.test/"), &text), ClientErrorKind::Resolve);
    EXPECT_THAT(text, HasSubstr("unknown.test"));
}

TEST(ClientNames, ANameThatLeadsInsideIsRefused) {
    RawServer const server([](Line& line) { line.wait(); });
    EXPECT_EQ(kind_of(Client().get(server.url("/", "rebinding.test")).public_only()), ClientErrorKind::RefusedAddress);
    EXPECT_EQ(server.connections(), 0);
}

TEST(ClientNames, ASlowLookUpHoldsNobody) {
    {
        std::lock_guard const lock(gate.mutex);
        gate.open = false;
        gate.waiting = gate.through = 0;
    }
    // The look-up is not over when the request is; what asked for it goes on, and so does its loop.
    EXPECT_EQ(kind_of(Client().get("http://slow.test/").timeout(20ms)), ClientErrorKind::Timeout);
    std::unique_lock lock(gate.mutex);
    EXPECT_TRUE(gate.changed.wait_for(lock, 60s, [] { return gate.waiting == 1; }));
    EXPECT_EQ(gate.through, 0);
    gate.open = true;
    gate.changed.notify_all();
    EXPECT_TRUE(gate.changed.wait_for(lock, 60s, [] { return gate.through == 1; }));
}

} // namespace
} // namespace hxx::http
