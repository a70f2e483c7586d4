// jwt::Keys as a set: how it is made, and what of it is published.
#include "hxx/crypto/json_object.hpp"
#include "hxx/crypto/jwk_members.hpp"
#include "hxx/crypto/jwt.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <set>
#include <stdexcept>
#include <utility>

namespace hxx::jwt {
namespace {

constexpr std::size_t most_keys = 100;           // each may have to be tried
constexpr std::size_t longest_set = 1024 * 1024; // bytes

std::vector<Key> all_of(Key current, std::vector<Key> former) {
    former.insert(former.begin(), std::move(current));
    return former;
}

} // namespace

Keys::Keys(std::vector<Key> keys) : keys_(std::move(keys)) {
    if (keys_.empty()) throw std::invalid_argument("jwt: a set without a key");
    if (keys_.size() > most_keys)
        throw std::invalid_argument("jwt: a set of " + std::to_string(keys_.size()) + " keys; at most " +
                                    std::to_string(most_keys) + " are taken");
    std::set<std::string> kids;
    for (auto const& key : keys_)
        if (!key.kid().empty() && !kids.insert(key.kid()).second)
            throw std::invalid_argument("jwt: two keys with the kid \"" + key.kid() + "\"");
}

Keys::Keys(Key current, std::vector<Key> former) : Keys(all_of(std::move(current), std::move(former))) {}

Keys Keys::from(std::string_view secret) { return Keys(Key::hs256(secret)); }

Keys Keys::from_jwks(std::string_view text) {
    if (text.size() > longest_set) throw std::invalid_argument("jwt: a JSON Web Key Set of more than a megabyte");
    std::string why;
    auto const set = parse_object(text, why);
    if (!set) throw std::invalid_argument("jwt: a JSON Web Key Set is refused: " + why);
    auto const* member = set->if_contains("keys");
    auto const* list = member ? member->if_array() : nullptr;
    if (!list) throw std::invalid_argument("jwt: a JSON Web Key Set has a list \"keys\" (RFC 7517 section 5.1)");
    std::vector<Key> keys;
    for (auto const& item : *list) {
        try {
            keys.push_back(Key::from_jwk(boost::json::serialize(item)));
        } catch (UnusableKey const&) {
        } // RFC 7517 section 5: keys that are not understood are ignored
    }
    if (keys.empty()) throw std::invalid_argument("jwt: a JSON Web Key Set without a key that can be used");
    return Keys(std::move(keys));
}

std::string Keys::public_jwks() const {
    std::string list;
    for (auto const& key : keys_)
        if (!key.is_secret()) list += (list.empty() ? "" : ",") + key.public_jwk();
    return "{\"keys\":[" + list + "]}";
}

} // namespace hxx::jwt
