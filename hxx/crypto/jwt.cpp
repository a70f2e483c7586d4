#include "hxx/crypto/jwt.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/base/clock.hpp"
#include "hxx/base/encoding.hpp"
#include "hxx/base/utf8.hpp"
#include "hxx/crypto/algorithm.hpp"
#include "hxx/crypto/json_object.hpp"
#include "hxx/crypto/jwt_claims_reader.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace hxx::jwt {
namespace {

namespace json = boost::json;
using std::chrono::seconds;
using Refusal = std::optional<Failure>;

constexpr seconds most_leeway{5 * 60};

void check(VerifyOptions const& options) {
    auto const refuse = [](char const* why) { throw std::invalid_argument(std::string("jwt: VerifyOptions::") + why); };
    if (options.algorithms.empty()) refuse("algorithms is empty; name those that are taken, such as {\"HS256\"}");
    for (auto const& name : options.algorithms) static_cast<void>(known_algorithm(name));
    if (options.audience && options.audience->empty()) refuse("audience is an empty text");
    if (options.issuer && options.issuer->empty()) refuse("issuer is an empty text");
    if (options.type && options.type->empty()) refuse("type is an empty text");
    if (options.leeway < seconds::zero() || options.leeway > most_leeway) refuse("leeway is not 0 to 5 minutes");
}

bool contains(std::vector<std::string> const& list, std::string_view text) {
    return std::find(list.begin(), list.end(), text) != list.end();
}

struct Parts {
    std::string_view header, payload, signature;
    std::string_view signed_input; // header "." payload, as they were sent
};

std::optional<Parts> split(std::string_view token) {
    auto const first = token.find('.');
    auto const second = first == std::string_view::npos ? first : token.find('.', first + 1);
    if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) return std::nullopt;
    return Parts{token.substr(0, first), token.substr(first + 1, second - first - 1), token.substr(second + 1),
                 token.substr(0, second)};
}

struct Header {
    std::string algorithm;
    std::optional<std::string> type, kid;
};

/// Members that are not read here are ignored (RFC 7515 section 4), among them those that bring or name a key.
Refusal read_header(std::string_view text, Header& header) {
    std::string why;
    auto const object = parse_object(text, why);
    if (!object) return Failure{Reason::BadHeader, "the header is refused: " + why};
    // What they do to a token would have to be undone: RFC 7797 section 3, RFC 7516 sections 4.1.2 and 4.1.3.
    for (char const* name : {"b64", "zip", "enc"})
        if (object->contains(name))
            return Failure{Reason::BadHeader, std::string("the header has \"") + name + "\", which is not supported"};
    try {
        auto algorithm = text_member(*object, "alg");
        if (!algorithm) return Failure{Reason::BadHeader, "the header has no \"alg\""};
        header.algorithm = std::move(*algorithm);
        header.type = text_member(*object, "typ");
        header.kid = text_member(*object, "kid");
    } catch (std::invalid_argument const& error) {
        return Failure{Reason::BadHeader, std::string("in the header, ") + error.what()};
    }
    if (object->contains("crit"))
        return Failure{Reason::UnsupportedCritical, "the header has \"crit\", and no extension is supported"};
    return {};
}

/// "typ" is a media type, in any case, whose "application/" may be left out (RFC 7515 section 4.1.9).
bool is_type(std::string_view given, std::string_view wanted) {
    constexpr std::string_view prefix = "application/";
    if (ascii::istarts_with(given, prefix)) given.remove_prefix(prefix.size());
    return ascii::iequals(given, wanted);
}

Refusal check_header(Header const& header, VerifyOptions const& options) {
    if (!algorithm_named(header.algorithm))
        return Failure{Reason::UnknownAlgorithm, "the header's algorithm is none of those that there are"};
    if (!contains(options.algorithms, header.algorithm))
        return Failure{Reason::AlgorithmNotAllowed, "the algorithm " + header.algorithm + " is not allowed"};
    bool const right = options.type ? header.type && is_type(*header.type, *options.type)
                                    : !header.type || is_type(*header.type, "JWT");
    if (!right) return Failure{Reason::WrongType, "\"typ\" is not " + options.type.value_or("JWT")};
    return {};
}

Refusal check_signature(std::vector<Key> const& keys, Header const& header, std::string_view input,
                        std::string_view signature) {
    bool tried = false;
    for (auto const& key : keys) {
        if (key.algorithm() != header.algorithm || (header.kid && *header.kid != key.kid())) continue;
        if (key.verify(input, signature)) return {};
        tried = true;
    }
    if (tried) return Failure{Reason::BadSignature, "the signature is not of a key that is known"};
    return Failure{Reason::KeyNotFound,
                   "there is no key for " + header.algorithm + (header.kid ? " with the token's \"kid\"" : "")};
}

Refusal check_presence(Claims const& claims, VerifyOptions const& options) {
    auto names = options.required;
    if (options.issuer) names.emplace_back("iss");
    if (options.audience) names.emplace_back("aud");
    for (auto const& name : names)
        if (!claims.has(name)) return Failure{Reason::MissingClaim, "the claim \"" + name + "\" is missing"};
    return {};
}

Refusal check_parties(Claims const& claims, VerifyOptions const& options) {
    if (options.issuer && claims.iss != options.issuer)
        return Failure{Reason::WrongIssuer, "the token is of another issuer"};
    if (options.audience && !contains(claims.aud, *options.audience))
        return Failure{Reason::WrongAudience, "the token is for another audience"};
    if (!options.audience && !claims.aud.empty())
        return Failure{Reason::WrongAudience, "the token is for an audience, and VerifyOptions names none"};
    return {};
}

Refusal check_times(Claims const& claims, VerifyOptions const& options) {
    auto const now = options.now.value_or(clock::now_in_seconds());
    auto const ago = [](seconds time) { return std::to_string(time.count()) + " seconds"; };
    if (claims.exp && now >= *claims.exp + options.leeway)
        return Failure{Reason::Expired, "the token expired " + ago(now - *claims.exp) + " ago"};
    if (claims.nbf && now + options.leeway < *claims.nbf)
        return Failure{Reason::NotYetValid, "the token is valid in " + ago(*claims.nbf - now)};
    if (claims.iat && now + options.leeway < *claims.iat)
        return Failure{Reason::IssuedInFuture, "the token was issued " + ago(*claims.iat - now) + " from now"};
    return {};
}

} // namespace

std::string_view name_of(Reason reason) noexcept {
    static constexpr std::array<std::string_view, 17> names{
        "TooLarge",         "Malformed",           "BadHeader", "UnsupportedCritical",
        "UnknownAlgorithm", "AlgorithmNotAllowed", "WrongType", "KeyNotFound",
        "BadSignature",     "BadPayload",          "BadClaim",  "MissingClaim",
        "WrongIssuer",      "WrongAudience",       "Expired",   "NotYetValid",
        "IssuedInFuture"};
    return names[static_cast<std::size_t>(reason)];
}

Verified::Verified(Claims claims) : result_(std::move(claims)) {}
Verified::Verified(Failure failure) : result_(std::move(failure)) {}

Claims const& Verified::claims() const {
    if (auto const* claims = std::get_if<Claims>(&result_)) return *claims;
    throw std::logic_error("jwt: the claims of a token that was refused: " + failure().message);
}

Failure const& Verified::failure() const {
    if (auto const* failure = std::get_if<Failure>(&result_)) return *failure;
    throw std::logic_error("jwt: the failure of a token that was not refused");
}

std::string Keys::sign(Claims const& claims, std::string_view type) const {
    if (!utf8::is_valid(type)) throw std::invalid_argument("jwt: the token's type is not UTF-8");
    auto const& key = keys_.front();
    json::object header{{"alg", json::string_view(key.algorithm())}, {"typ", json::string_view(type)}};
    if (!key.kid().empty()) header["kid"] = key.kid();
    auto token = to_base64url(json::serialize(header)) + "." + to_base64url(claims.to_json());
    token += "." + to_base64url(key.sign(token));
    if (token.size() > longest_token)
        throw std::length_error("jwt: a token of " + std::to_string(token.size()) + " bytes; at most " +
                                std::to_string(longest_token) + " are taken");
    return token;
}

Verified Keys::verify(std::string_view token, VerifyOptions const& options) const {
    check(options);
    if (token.size() > longest_token)
        return Failure{Reason::TooLarge, "a token of " + std::to_string(token.size()) + " bytes"};
    auto const parts = split(token);
    if (!parts) return Failure{Reason::Malformed, "a token has three parts"};
    auto const header_text = from_base64url(parts->header);
    auto const payload = from_base64url(parts->payload);
    auto const signature = from_base64url(parts->signature);
    if (!header_text || !payload || !signature) return Failure{Reason::Malformed, "a part is no Base64url"};

    Header header;
    if (auto refusal = read_header(*header_text, header)) return *refusal;
    if (auto refusal = check_header(header, options)) return *refusal;
    if (auto refusal = check_signature(keys_, header, parts->signed_input, *signature)) return *refusal;

    auto read = ClaimsReader::read(*payload);
    if (auto* failure = std::get_if<Failure>(&read)) return std::move(*failure);
    auto& claims = std::get<Claims>(read);
    if (auto refusal = check_presence(claims, options)) return *refusal;
    if (auto refusal = check_parties(claims, options)) return *refusal;
    if (auto refusal = check_times(claims, options)) return *refusal;
    return std::move(claims);
}

} // namespace hxx::jwt
