#include "hxx/client/address.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace hxx::http {
namespace {

struct Case {
    std::string_view address;
    bool is_public;
};

TEST(Address, OnlyPublicOnesArePublic) {
    // The ends of each block, and their neighbours outside.
    Case const cases[] = {
        {"0.0.0.0", false},
        {"0.255.255.255", false},
        {"1.0.0.0", true},
        {"8.8.8.8", true},
        {"9.255.255.255", true},
        {"10.0.0.0", false},
        {"10.255.255.255", false},
        {"11.0.0.0", true},
        {"100.63.255.255", true},
        {"100.64.0.0", false},
        {"100.127.255.255", false},
        {"100.128.0.0", true},
        {"126.255.255.255", true},
        {"127.0.0.1", false},
        {"127.255.255.255", false},
        {"128.0.0.0", true},
        {"169.253.255.255", true},
        {"169.254.169.254", false}, // where clouds keep credentials
        {"169.255.0.0", true},
        {"172.15.255.255", true},
        {"172.16.0.0", false},
        {"172.31.255.255", false},
        {"172.32.0.0", true},
        {"192.0.0.8", false},
        {"192.0.1.0", true},
        {"192.0.2.1", false},
        {"192.88.99.1", false},
        {"192.167.255.255", true},
        {"192.168.0.0", false},
        {"192.168.255.255", false},
        {"192.169.0.0", true},
        {"198.17.255.255", true},
        {"198.18.0.0", false},
        {"198.19.255.255", false},
        {"198.20.0.0", true},
        {"198.51.100.7", false},
        {"203.0.113.7", false},
        {"223.255.255.255", true},
        {"224.0.0.1", false},
        {"239.255.255.255", false},
        {"240.0.0.1", false},
        {"255.255.255.255", false},
        {"::", false},
        {"::1", false},
        {"::8.8.8.8", false}, // IPv4-compatible: long gone
        {"::ffff:8.8.8.8", true},
        {"::ffff:127.0.0.1", false},
        {"::ffff:10.1.2.3", false},
        {"::ffff:169.254.169.254", false},
        {"::ffff:0:127.0.0.1", false},
        {"64:ff9b::8.8.8.8", true},
        {"64:ff9b::192.168.1.1", false},
        {"64:ff9b:1::8.8.8.8", false},
        {"100::1", false},
        {"2001::1", false}, // Teredo
        {"2001:1ff:ffff::1", false},
        {"2001:200::1", true},
        {"2001:db8::1", false},
        {"2001:db9::1", true},
        {"2001:4860:4860::8888", true},
        {"2002:7f00:1::1", false},
        {"2002:a00:1::1", false},
        {"2002:808:808::1", true},
        {"2606:4700::1111", true},
        {"3fff:fff::1", false},
        {"3fff:1000::1", true},
        {"4000::1", false},
        {"5f00::1", false},
        {"fbff::1", false},
        {"fc00::1", false},
        {"fdff::1", false},
        {"fe80::1", false},
        {"febf::1", false},
        {"fec0::1", false},
        {"ff02::1", false},
    };
    for (auto const& [address, is_public] : cases) EXPECT_EQ(is_public_address(address), is_public) << address;
}

TEST(Address, WhatIsNoneIsNotPublic) {
    for (std::string_view const text :
         {"", "example.org", "8.8.8", "8.8.8.8.8", "[2606:4700::1111]", "fe80::1%eth0", "0x08080808", "134744072",
          "8.8.8.8 ", "2606:4700::1111:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1"})
        EXPECT_FALSE(is_public_address(text)) << text;
    EXPECT_FALSE(is_public_address(std::string_view("8.8.8.8\0.example", 16)));
}

} // namespace
} // namespace hxx::http
