// OpenSSL's objects with owners. For the sources of this room.
#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <memory>
#include <string>
#include <string_view>

namespace hxx::evp {

template <auto free_function>
struct Free {
    template <class T>
    void operator()(T* object) const noexcept {
        free_function(object);
    }
};
template <class T, auto free_function>
using Owner = std::unique_ptr<T, Free<free_function>>;

using Bio = Owner<BIO, BIO_free>;
using Number = Owner<BIGNUM, BN_clear_free>; // cleared: it may be a part of a private key
using Pkey = Owner<EVP_PKEY, EVP_PKEY_free>;
using PkeyContext = Owner<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using DigestContext = Owner<EVP_MD_CTX, EVP_MD_CTX_free>;
using ParameterBuilder = Owner<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using Parameters = Owner<OSSL_PARAM, OSSL_PARAM_free>;
using EcdsaSignature = Owner<ECDSA_SIG, ECDSA_SIG_free>;

/// What OpenSSL reports in this scope is taken from the thread's queue at its end; what others left there stays.
class Errors {
  public:
    Errors() noexcept { ERR_set_mark(); }
    ~Errors() { ERR_pop_to_mark(); }
    Errors(Errors const&) = delete;
    Errors& operator=(Errors const&) = delete;

    /// The latest reason, or "OpenSSL gives no reason".
    [[nodiscard]] static std::string reason() {
        char const* text = ERR_reason_error_string(ERR_peek_last_error());
        return text ? text : "OpenSSL gives no reason";
    }
};

[[nodiscard]] inline unsigned char const* bytes_of(std::string_view text) noexcept {
    return reinterpret_cast<unsigned char const*>(text.data());
}
[[nodiscard]] inline unsigned char* bytes_of(std::string& text) noexcept {
    return reinterpret_cast<unsigned char*>(text.data());
}

} // namespace hxx::evp
