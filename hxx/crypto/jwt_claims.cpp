#include "hxx/crypto/jwt_claims.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/base/clock.hpp"
#include "hxx/base/utf8.hpp"
#include "hxx/crypto/json_object.hpp"
#include "hxx/crypto/jwt_claims_reader.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace hxx::jwt {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 7> registered{"iss", "sub", "aud", "exp", "nbf", "iat", "jti"};

bool is_registered(std::string_view name) {
    return std::find(registered.begin(), registered.end(), name) != registered.end();
}

json::value seconds_of(Claims::Time time) {
    auto const seconds = time.time_since_epoch().count();
    if (seconds < 0 || seconds > latest_date)
        throw std::invalid_argument("jwt: a time that is not between 1970 and 9999 is no time of a token");
    return seconds;
}

json::value read(std::string const& text) { return json::parse(text); }

} // namespace

Claims& Claims::issuer(std::string value) { return iss = std::move(value), *this; }
Claims& Claims::subject(std::string value) { return sub = std::move(value), *this; }
Claims& Claims::audience(std::string value) { return aud.push_back(std::move(value)), *this; }
Claims& Claims::id(std::string value) { return jti = std::move(value), *this; }
Claims& Claims::expires(Time at) { return exp = at, *this; }
Claims& Claims::not_before(Time at) { return nbf = at, *this; }
Claims& Claims::issued(Time at) { return iat = at, *this; }

Claims& Claims::expires_in(std::chrono::seconds lifetime) {
    auto const now = clock::now_in_seconds();
    return issued(now).expires(now + lifetime);
}

Claims& Claims::set(std::string_view name, std::string_view value) {
    return set_json(name, json::serialize(json::string_view(value)));
}

Claims& Claims::set(std::string_view name, std::vector<std::string> const& values) {
    return set_json(name, json::serialize(json::array(values.begin(), values.end())));
}

Claims& Claims::set_number(std::string_view name, double value) {
    if (!std::isfinite(value)) throw std::invalid_argument("jwt: the claim \"" + std::string(name) + "\" is no number");
    return set_json(name, json::serialize(json::value(value)));
}

Claims& Claims::set_json(std::string_view name, std::string_view text) {
    if (is_registered(name))
        throw std::invalid_argument("jwt: the claim \"" + std::string(name) + "\" has a member of Claims to itself");
    // As a member of an object, which is what it is going to be.
    std::string why;
    auto const object = parse_object("{\"claim\":" + std::string(text) + "}", why);
    if (!object || object->size() != 1)
        throw std::invalid_argument("jwt: the claim \"" + std::string(name) + "\" is no JSON value: " + why);
    extra_.insert_or_assign(std::string(name), json::serialize(object->at("claim")));
    return *this;
}

std::optional<std::string> Claims::json(std::string_view name) const {
    auto const at = extra_.find(name);
    if (at == extra_.end()) return std::nullopt;
    return at->second;
}

std::optional<std::string> Claims::text(std::string_view name) const {
    auto const claim = json(name);
    if (!claim || !claim->starts_with('"')) return std::nullopt;
    auto const value = read(*claim);
    return std::string(value.get_string().data(), value.get_string().size());
}

std::optional<std::int64_t> Claims::integer(std::string_view name) const {
    auto const claim = json(name);
    if (!claim) return std::nullopt;
    auto const value = read(*claim);
    return value.is_int64() ? std::optional(value.get_int64()) : std::nullopt;
}

std::optional<bool> Claims::flag(std::string_view name) const {
    auto const claim = json(name);
    if (!claim || (*claim != "true" && *claim != "false")) return std::nullopt;
    return *claim == "true";
}

std::optional<std::vector<std::string>> Claims::texts(std::string_view name) const {
    auto const claim = json(name);
    if (!claim || !claim->starts_with('[')) return std::nullopt;
    auto const value = read(*claim);
    std::vector<std::string> result;
    for (auto const& item : value.get_array()) {
        auto const* text = item.if_string();
        if (!text) return std::nullopt;
        result.emplace_back(text->data(), text->size());
    }
    return result;
}

bool Claims::has(std::string_view name) const {
    if (name == "iss") return iss.has_value();
    if (name == "sub") return sub.has_value();
    if (name == "aud") return !aud.empty();
    if (name == "exp") return exp.has_value();
    if (name == "nbf") return nbf.has_value();
    if (name == "iat") return iat.has_value();
    if (name == "jti") return jti.has_value();
    auto const at = extra_.find(name);
    return at != extra_.end() && at->second != "null";
}

std::vector<std::string> Claims::scopes() const {
    auto const scope = text("scope");
    std::vector<std::string> result;
    if (!scope) return result;
    for (auto const word : ascii::split(*scope, ' '))
        if (!word.empty()) result.emplace_back(word);
    return result;
}

bool Claims::has_scope(std::string_view scope) const {
    auto const all = scopes();
    return std::find(all.begin(), all.end(), scope) != all.end();
}

std::string Claims::to_json() const {
    json::object object;
    auto const put = [&](char const* name, std::optional<std::string> const& value) {
        if (value) object[name] = *value;
    };
    auto const put_time = [&](char const* name, std::optional<Time> value) {
        if (value) object[name] = seconds_of(*value);
    };
    put("iss", iss);
    put("sub", sub);
    if (aud.size() == 1)
        object["aud"] = aud.front(); // RFC 7519 section 4.1.3 lets one go without a list
    else if (!aud.empty())
        object["aud"] = json::array(aud.begin(), aud.end());
    put_time("exp", exp);
    put_time("nbf", nbf);
    put_time("iat", iat);
    put("jti", jti);
    for (auto const& [name, value] : extra_) object[name] = read(value);
    auto text = json::serialize(object);
    if (!utf8::is_valid(text)) throw std::invalid_argument("jwt: a claim is not UTF-8");
    return text;
}

} // namespace hxx::jwt
