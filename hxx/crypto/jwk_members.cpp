#include "hxx/crypto/jwk_members.hpp"

#include "hxx/base/encoding.hpp"
#include "hxx/crypto/json_object.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <openssl/core_names.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace hxx::jwt {
namespace {

namespace json = boost::json;

constexpr std::size_t coordinate_size = 32; // of P-256 and Ed25519 both

[[noreturn]] void refuse(std::string const& why) { throw std::invalid_argument("jwt: a JWK is refused: " + why); }

/// The bytes of a member in Base64url, which are wiped when they are done with.
class Bytes {
  public:
    Bytes(json::object const& jwk, std::string_view name) {
        auto const text = text_member(jwk, name);
        if (!text) refuse("\"" + std::string(name) + "\" is missing");
        auto bytes = from_base64url(*text);
        if (!bytes || bytes->empty()) refuse("\"" + std::string(name) + "\" is no Base64url");
        bytes_ = std::move(*bytes);
    }
    /// Of exactly that size, leading zeros included (RFC 7518 section 6.2.1.2, RFC 8037 section 2).
    Bytes(json::object const& jwk, std::string_view name, std::size_t size) : Bytes(jwk, name) {
        if (bytes_.size() != size)
            refuse("\"" + std::string(name) + "\" has " + std::to_string(bytes_.size()) + " bytes in place of " +
                   std::to_string(size));
    }
    ~Bytes() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }
    Bytes(Bytes const&) = delete;
    Bytes& operator=(Bytes const&) = delete;

    [[nodiscard]] std::string_view view() const noexcept { return bytes_; }
    [[nodiscard]] evp::Number number() const {
        evp::Number result(BN_bin2bn(evp::bytes_of(bytes_), static_cast<int>(bytes_.size()), nullptr));
        if (!result) throw std::bad_alloc();
        return result;
    }

  private:
    std::string bytes_;
};

/// OpenSSL's key of numbers and bytes with names. The builder keeps pointers until make(): so must who calls.
class PkeyBuilder {
  public:
    void add(char const* name, BIGNUM const* number) { check(OSSL_PARAM_BLD_push_BN(parameters_.get(), name, number)); }
    void add_bytes(char const* name, std::string_view bytes) {
        check(OSSL_PARAM_BLD_push_octet_string(parameters_.get(), name, bytes.data(), bytes.size()));
    }
    void add_text(char const* name, char const* text) {
        check(OSSL_PARAM_BLD_push_utf8_string(parameters_.get(), name, text, 0));
    }
    evp::Pkey make(char const* kind, bool is_private) {
        evp::Parameters const built(OSSL_PARAM_BLD_to_param(parameters_.get()));
        evp::PkeyContext const context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
        EVP_PKEY* made = nullptr;
        if (!built || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
            EVP_PKEY_fromdata(context.get(), &made, is_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, built.get()) !=
                1)
            refuse("the numbers make no key: " + evp::Errors::reason());
        return evp::Pkey(made);
    }

  private:
    static void check(int done) {
        if (done != 1) throw std::bad_alloc();
    }
    evp::ParameterBuilder parameters_{OSSL_PARAM_BLD_new()};
};

evp::Pkey read_rsa(json::object const& jwk, bool is_private) {
    static constexpr std::array<std::pair<std::string_view, char const*>, 5> factors{{
        {"p", OSSL_PKEY_PARAM_RSA_FACTOR1},
        {"q", OSSL_PKEY_PARAM_RSA_FACTOR2},
        {"dp", OSSL_PKEY_PARAM_RSA_EXPONENT1},
        {"dq", OSSL_PKEY_PARAM_RSA_EXPONENT2},
        {"qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1},
    }};
    std::vector<evp::Number> numbers;
    PkeyBuilder builder;
    auto const add = [&](std::string_view name, char const* parameter) {
        numbers.push_back(Bytes(jwk, name).number());
        builder.add(parameter, numbers.back().get());
    };
    add("n", OSSL_PKEY_PARAM_RSA_N);
    add("e", OSSL_PKEY_PARAM_RSA_E);
    if (is_private) {
        if (jwk.contains("oth")) refuse("\"oth\" stands for an RSA key of more than two primes, which is not read");
        add("d", OSSL_PKEY_PARAM_RSA_D);
        // All of them or none (RFC 7518 section 6.3.2).
        if (std::any_of(factors.begin(), factors.end(), [&](auto const& f) { return jwk.contains(f.first); }))
            for (auto const& [name, parameter] : factors) add(name, parameter);
    }
    return builder.make("RSA", is_private);
}

evp::Pkey read_ec(json::object const& jwk, bool is_private) {
    Bytes const x(jwk, "x", coordinate_size);
    Bytes const y(jwk, "y", coordinate_size);
    std::string const point = '\x04' + std::string(x.view()) + std::string(y.view()); // SEC 1 section 2.3.3
    PkeyBuilder builder;
    builder.add_text(OSSL_PKEY_PARAM_GROUP_NAME, SN_X9_62_prime256v1);
    builder.add_bytes(OSSL_PKEY_PARAM_PUB_KEY, point);
    evp::Number d;
    if (is_private) {
        d = Bytes(jwk, "d", coordinate_size).number();
        builder.add(OSSL_PKEY_PARAM_PRIV_KEY, d.get());
    }
    return builder.make("EC", is_private);
}

evp::Pkey read_ed25519(json::object const& jwk, bool is_private) {
    Bytes const x(jwk, "x", coordinate_size);
    if (!is_private)
        return evp::Pkey(
            EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, evp::bytes_of(x.view()), x.view().size()));
    Bytes const d(jwk, "d", coordinate_size);
    evp::Pkey key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, evp::bytes_of(d.view()), d.view().size()));
    // The public half is computed; signing with another one would give the private key away.
    std::string computed(coordinate_size, '\0');
    std::size_t size = computed.size();
    if (!key || EVP_PKEY_get_raw_public_key(key.get(), evp::bytes_of(computed), &size) != 1 || computed != x.view())
        refuse("\"x\" is not the public half of \"d\"");
    return key;
}

Algorithm algorithm_of(json::object const& jwk, std::string_view kind, std::string_view asked) {
    auto const stated = text_member(jwk, "alg");
    if (stated && !asked.empty() && *stated != asked)
        refuse("\"alg\" is \"" + *stated + "\", and \"" + std::string(asked) + "\" was asked for");
    std::string_view const name = stated ? std::string_view(*stated) : asked;
    if (name.empty()) {
        if (kind == "RSA") return Algorithm::RS256;
        if (kind == "EC") return Algorithm::ES256;
        if (kind == "OKP") return Algorithm::EdDSA;
        refuse("\"alg\" is missing: a secret may be for HS256, HS384 or HS512");
    }
    if (auto const algorithm = algorithm_named(name)) return *algorithm;
    throw UnusableKey("jwt: a JWK for the algorithm \"" + std::string(name) + "\", which is not done here");
}

void check_kind(json::object const& jwk, std::string_view kind, Algorithm algorithm) {
    auto const need = [&](std::string_view kty, std::string_view curve) {
        if (kind != kty) refuse("\"alg\" is " + std::string(name_of(algorithm)) + ", and \"kty\" another kind of key");
        if (!curve.empty() && text_member(jwk, "crv") != curve)
            throw UnusableKey("jwt: a JWK on another curve than " + std::string(curve));
    };
    switch (algorithm) {
    case Algorithm::RS256: return need("RSA", "");
    case Algorithm::ES256: return need("EC", "P-256");
    case Algorithm::EdDSA: return need("OKP", "Ed25519");
    default: return need("oct", "");
    }
}

// "use" and "key_ops": RFC 7517 sections 4.2 and 4.3.
void read_purpose(json::object const& jwk, JwkMembers& members) {
    if (auto const use = text_member(jwk, "use"); use && *use != "sig")
        throw UnusableKey("jwt: a JWK whose \"use\" is \"" + *use + "\" and not \"sig\"");
    auto const* listed = jwk.if_contains("key_ops");
    if (!listed) return;
    auto const* operations = listed->if_array();
    if (!operations) refuse("\"key_ops\" is no list");
    std::set<std::string> seen;
    for (auto const& operation : *operations) {
        auto const* text = operation.if_string();
        if (!text || !seen.emplace(text->data(), text->size()).second)
            refuse("\"key_ops\" is no list of different texts");
    }
    members.may_sign = seen.contains("sign");
    members.may_verify = seen.contains("verify");
    if (!members.may_sign && !members.may_verify)
        throw UnusableKey("jwt: a JWK whose \"key_ops\" have neither \"sign\" nor \"verify\"");
}

std::string base64url_of(BIGNUM const* number, std::size_t size) {
    std::string bytes(size, '\0');
    BN_bn2binpad(number, evp::bytes_of(bytes), static_cast<int>(size));
    return to_base64url(bytes);
}

evp::Number number_of(EVP_PKEY* key, char const* parameter) {
    BIGNUM* number = nullptr;
    if (EVP_PKEY_get_bn_param(key, parameter, &number) != 1)
        throw std::runtime_error("jwt: OpenSSL does not tell a key's " + std::string(parameter));
    return evp::Number(number);
}

std::string base64url_of(EVP_PKEY* key, char const* parameter, std::size_t size = 0) {
    auto const number = number_of(key, parameter);
    return base64url_of(number.get(), size != 0 ? size : static_cast<std::size_t>(BN_num_bytes(number.get())));
}

/// The members that make the public key, in the order of RFC 7638 section 3.3.
json::object public_members(KeyMaterial const& material) {
    auto* const key = material.pkey();
    evp::Errors const errors;
    switch (material.algorithm()) {
    case Algorithm::RS256:
        return {{"e", base64url_of(key, OSSL_PKEY_PARAM_RSA_E)},
                {"kty", "RSA"},
                {"n", base64url_of(key, OSSL_PKEY_PARAM_RSA_N)}};
    case Algorithm::ES256:
        return {{"crv", "P-256"},
                {"kty", "EC"},
                {"x", base64url_of(key, OSSL_PKEY_PARAM_EC_PUB_X, coordinate_size)},
                {"y", base64url_of(key, OSSL_PKEY_PARAM_EC_PUB_Y, coordinate_size)}};
    case Algorithm::EdDSA: {
        std::string point(coordinate_size, '\0');
        std::size_t size = point.size();
        EVP_PKEY_get_raw_public_key(key, evp::bytes_of(point), &size);
        return {{"crv", "Ed25519"}, {"kty", "OKP"}, {"x", to_base64url(point)}};
    }
    default:
        throw std::logic_error("jwt: the key of " + std::string(name_of(material.algorithm())) +
                               " is a secret, and has no public half");
    }
}

} // namespace

JwkMembers read_jwk(std::string_view text, std::string_view asked) {
    std::string why;
    auto const jwk = parse_object(text, why);
    if (!jwk) refuse(why);
    auto const kind = text_member(*jwk, "kty");
    if (!kind) refuse("\"kty\" is missing");
    if (*kind != "RSA" && *kind != "EC" && *kind != "OKP" && *kind != "oct")
        throw UnusableKey("jwt: a JWK of the kind \"" + *kind + "\", which is not known here");
    JwkMembers members;
    read_purpose(*jwk, members);
    if (!asked.empty()) static_cast<void>(known_algorithm(asked));
    auto const algorithm = algorithm_of(*jwk, *kind, asked);
    check_kind(*jwk, *kind, algorithm);
    members.kid = text_member(*jwk, "kid").value_or("");

    evp::Errors const errors;
    bool const is_private = jwk->contains("d");
    auto const with = [&](evp::Pkey key) {
        members.material = std::make_shared<KeyMaterial const>(algorithm, std::move(key), is_private);
    };
    switch (algorithm) {
    case Algorithm::RS256: with(read_rsa(*jwk, is_private)); break;
    case Algorithm::ES256: with(read_ec(*jwk, is_private)); break;
    case Algorithm::EdDSA: with(read_ed25519(*jwk, is_private)); break;
    default: members.material = std::make_shared<KeyMaterial const>(algorithm, Bytes(*jwk, "k").view());
    }
    return members;
}

std::string write_public_jwk(KeyMaterial const& material, std::string const& kid) {
    auto jwk = public_members(material);
    jwk["use"] = "sig";
    jwk["alg"] = json::string_view(name_of(material.algorithm()));
    if (!kid.empty()) jwk["kid"] = kid;
    return json::serialize(jwk);
}

std::string jwk_thumbprint(KeyMaterial const& material) {
    auto const canonical = json::serialize(public_members(material));
    std::string hash(static_cast<std::size_t>(EVP_MD_get_size(EVP_sha256())), '\0');
    if (EVP_Digest(canonical.data(), canonical.size(), evp::bytes_of(hash), nullptr, EVP_sha256(), nullptr) != 1)
        throw std::runtime_error("jwt: OpenSSL cannot compute SHA-256");
    return to_base64url(hash);
}

} // namespace hxx::jwt
