// Where a server listens.
#include "raw_client.hpp"
#include "test_server.hpp"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <system_error>
#include <unistd.h>

namespace hxx::http::test {
namespace {

class Listen : public testing::Test {
  protected:
    Listen() { workers.start(); }
    ~Listen() override {
        workers.stop();
        workers.join();
        std::filesystem::remove(path);
    }
    std::string ask(RawClient client) {
        client.send("GET /peer HTTP/1.1\r\nHost: name\r\n\r\n");
        return client.read()->body;
    }
    std::string why_not(Address const& address) {
        Server server(workers, handler, {.listen = {address}});
        try {
            server.start();
        } catch (std::system_error const& error) {
            return error.what();
        }
        return "it listens";
    }

    TestHandler handler;
    Workers workers{2};
    std::string path = std::filesystem::temp_directory_path() / ("hxx-listen-" + std::to_string(::getpid()) + ".sock");
};

TEST_F(Listen, Ipv4) {
    Server server(workers, handler, {.listen = {Address::tcp("127.0.0.1", 0)}});
    server.start();
    EXPECT_NE(server.port(), 0);
    EXPECT_EQ(ask(RawClient(server.port())), "127.0.0.1 name");
}

TEST_F(Listen, Ipv6) {
    Server server(workers, handler, {.listen = {Address::tcp("::1", 0)}});
    server.start();
    EXPECT_EQ(ask(RawClient::ipv6(server.port())), "::1 name");
}

TEST_F(Listen, BothOnOneSocket) {
    Server server(workers, handler, {.listen = {Address::tcp("::", 0)}});
    server.start();
    EXPECT_EQ(ask(RawClient::ipv6(server.port())), "::1 name");
    EXPECT_EQ(ask(RawClient(server.port())), "127.0.0.1 name");
}

TEST_F(Listen, ByName) {
    Server server(workers, handler, {.listen = {Address::tcp("localhost", 0)}});
    server.start();
    EXPECT_NE(server.port(), 0);
}

TEST_F(Listen, UnixSocket) {
    {
        Server server(workers, handler, {.listen = {Address::unix_socket(path)}});
        server.start();
        EXPECT_EQ(server.port(), 0);
        for (int i = 0; i < 20; ++i) EXPECT_EQ(ask(RawClient::unix_socket(path)), "unix name");
        EXPECT_EQ(why_not(Address::unix_socket(path)), "cannot listen on unix:" + path + ": Address already in use");
    }
    EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(Listen, UnixSocketThatWasLeftBehindIsReplaced) {
    {
        Server server(workers, handler, {.listen = {Address::unix_socket(path)}});
        server.start();
        std::filesystem::rename(path, path + "-kept");
    }
    std::filesystem::rename(path + "-kept", path);
    Server server(workers, handler, {.listen = {Address::unix_socket(path)}});
    server.start();
    EXPECT_EQ(ask(RawClient::unix_socket(path)), "unix name");
}

TEST_F(Listen, FileIsNotReplacedByAUnixSocket) {
    std::ofstream(path) << "precious";
    EXPECT_NE(why_not(Address::unix_socket(path)).find("a file is in the way"), std::string::npos);
    EXPECT_TRUE(std::filesystem::is_regular_file(path));
}

TEST_F(Listen, SeveralAddresses) {
    Server server(workers, handler,
                  {.listen = {Address::tcp("127.0.0.1", 0), Address::unix_socket(path), Address::tcp("::1", 0)}});
    server.start();
    EXPECT_EQ(ask(RawClient(server.port(0))), "127.0.0.1 name");
    EXPECT_EQ(ask(RawClient::unix_socket(path)), "unix name");
    EXPECT_EQ(ask(RawClient::ipv6(server.port(2))), "::1 name");
}

// SO_REUSEPORT alone would let the second one take half of the first one's connections.
TEST_F(Listen, PortThatIsTakenIsAnError) {
    Server server(workers, handler);
    server.start();
    auto const address = "127.0.0.1:" + std::to_string(server.port());
    EXPECT_EQ(why_not(Address::tcp("127.0.0.1", server.port())),
              "cannot listen on " + address + ": Address already in use");
}

TEST_F(Listen, AddressThatIsNotOursIsAnError) {
    EXPECT_NE(why_not(Address::tcp("192.0.2.1", 0)).find("cannot listen on 192.0.2.1:0"), std::string::npos);
    EXPECT_NE(why_not(Address::tcp("no.such.host.invalid", 0)).find("no.such.host.invalid"), std::string::npos);
}

TEST_F(Listen, PortIsFreeAgainAfterwards) {
    std::uint16_t port = 0;
    for (int i = 0; i < 5; ++i) {
        Server server(workers, handler, {.listen = {Address::tcp("127.0.0.1", port)}});
        server.start();
        port = server.port();
        EXPECT_EQ(ask(RawClient(port)), "127.0.0.1 name");
    }
}

} // namespace
} // namespace hxx::http::test
