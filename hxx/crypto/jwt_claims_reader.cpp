#include "hxx/crypto/jwt_claims_reader.hpp"

#include "hxx/crypto/json_object.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <cmath>

namespace hxx::jwt {
namespace {

namespace json = boost::json;

using Fault = std::optional<std::string>;

std::string text_of(json::string const& text) { return {text.data(), text.size()}; }

Fault take_text(std::optional<std::string>& into, json::value const& value) {
    auto const* text = value.if_string();
    if (!text) return "is no text";
    into = text_of(*text);
    return {};
}

Fault take_audience(std::vector<std::string>& into, json::value const& value) {
    if (auto const* text = value.if_string()) {
        into.push_back(text_of(*text));
        return {};
    }
    auto const* list = value.if_array();
    if (!list || list->empty()) return "is neither a text nor a list of texts";
    for (auto const& item : *list) {
        auto const* text = item.if_string();
        if (!text) return "holds something that is no text";
        into.push_back(text_of(*text));
    }
    return {};
}

// RFC 7519 section 2, NumericDate: seconds, maybe with a fraction, which goes where it makes the token valid for less.
enum class Round : bool { Down, Up };

Fault take_date(std::optional<Claims::Time>& into, json::value const& value, Round round) {
    double seconds = 0;
    if (auto const* whole = value.if_int64())
        seconds = static_cast<double>(*whole); // exact for all that pass the next test
    else if (auto const* fraction = value.if_double())
        seconds = round == Round::Down ? std::floor(*fraction) : std::ceil(*fraction);
    else
        return value.is_uint64() ? "is no date before the year 10000" : "is no number";
    if (!(seconds >= 0 && seconds <= static_cast<double>(latest_date))) return "is no date between 1970 and 9999";
    into = Claims::Time(std::chrono::seconds(static_cast<std::int64_t>(seconds)));
    return {};
}

} // namespace

ClaimsReader::Member ClaimsReader::take(Claims& claims, std::string_view name, json::value const& value) {
    if (name == "iss") return take_text(claims.iss, value);
    if (name == "sub") return take_text(claims.sub, value);
    if (name == "jti") return take_text(claims.jti, value);
    if (name == "aud") return take_audience(claims.aud, value);
    if (name == "exp") return take_date(claims.exp, value, Round::Down);
    if (name == "nbf") return take_date(claims.nbf, value, Round::Up);
    if (name == "iat") return take_date(claims.iat, value, Round::Up);
    claims.extra_.emplace(name, json::serialize(value));
    return {};
}

std::variant<Claims, Failure> ClaimsReader::read(std::string_view payload) {
    std::string why;
    auto const object = parse_object(payload, why);
    if (!object) return Failure{Reason::BadPayload, "the payload is refused: " + why};
    Claims claims;
    for (auto const& [key, value] : *object) {
        std::string_view const name(key.data(), key.size());
        if (auto const fault = take(claims, name, value))
            return Failure{Reason::BadClaim, "the claim \"" + std::string(name) + "\" " + *fault};
    }
    return claims;
}

} // namespace hxx::jwt
