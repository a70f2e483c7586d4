// Prints tokens: ALGORITHM KEY TOKEN a line, the key as a JWK. Its arguments are PEM files: ALGORITHM=FILE.
#include "hxx/base/encoding.hpp"
#include "hxx/base/random.hpp"
#include "hxx/crypto/jwt.hpp"

#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>

namespace {

using hxx::jwt::Claims;
using hxx::jwt::Key;
using hxx::jwt::Keys;

void print(Key const& key, std::string const& jwk) {
    auto const token = Keys(key).sign(Claims().subject("ада").expires_in(std::chrono::hours(1)).set("n", 7));
    std::cout << key.algorithm() << ' ' << jwk << ' ' << token << '\n';
}

void print_secret(Key (*make)(std::string_view, std::string), std::size_t size) {
    auto const secret = hxx::random_token(size);
    print(make(secret, ""), R"({"k":")" + hxx::to_base64url(secret) + "\"}");
}

} // namespace

int main(int argc, char** argv) {
    print_secret(Key::hs256, 32);
    print_secret(Key::hs384, 48);
    print_secret(Key::hs512, 64);
    for (int i = 1; i < argc; ++i) {
        std::string const argument = argv[i];
        auto const equals = argument.find('=');
        std::ifstream file(argument.substr(equals + 1));
        std::string const pem{std::istreambuf_iterator<char>(file), {}};
        auto const key = Key::from_pem(pem, argument.substr(0, equals), "k");
        print(key, key.public_jwk());
    }
}
