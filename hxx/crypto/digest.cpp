#include "hxx/crypto/digest.hpp"

#include <sodium.h>

namespace hxx {

std::string sha256(std::string_view text) {
    std::string digest(crypto_hash_sha256_BYTES, '\0');
    crypto_hash_sha256(reinterpret_cast<unsigned char*>(digest.data()),
                       reinterpret_cast<unsigned char const*>(text.data()), text.size());
    return digest;
}

} // namespace hxx
