// jwt::Claims: what a token says (RFC 7519 section 4). The registered claims are members; others have a name.
//
//     auto const claims = jwt::Claims().subject("ada").audience("users").expires_in(15min).set("scope", "users:read");
//     if (claims.has_scope("users:read")) …
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace hxx::jwt {

class Claims {
  public:
    using Time = std::chrono::sys_seconds;

    std::optional<std::string> iss; // who made the token
    std::optional<std::string> sub; // whom it is about
    std::vector<std::string> aud;   // for whom it is; empty if it does not say
    std::optional<Time> exp;        // not valid at this time and afterwards
    std::optional<Time> nbf;        // not valid before
    std::optional<Time> iat;        // made at
    std::optional<std::string> jti; // its own name, by which it can be revoked

    Claims& issuer(std::string value);
    Claims& subject(std::string value);
    /// One more of those for whom it is.
    Claims& audience(std::string value);
    Claims& id(std::string value);
    Claims& expires(Time at);
    Claims& not_before(Time at);
    Claims& issued(Time at);
    /// Issued now, and valid for that long.
    Claims& expires_in(std::chrono::seconds lifetime);

    /// A claim with a name of its own. Throws std::invalid_argument for the name of a registered claim, whose place is
    /// above, and for a number that JSON cannot write.
    Claims& set(std::string_view name, std::string_view value);
    Claims& set(std::string_view name, char const* value) { return set(name, std::string_view(value)); }
    Claims& set(std::string_view name, std::string const& value) { return set(name, std::string_view(value)); }
    Claims& set(std::string_view name, std::vector<std::string> const& values);
    template <class V>
        requires(std::integral<V> || std::floating_point<V>)
    Claims& set(std::string_view name, V value) {
        if constexpr (std::same_as<V, bool>)
            return set_json(name, value ? "true" : "false");
        else if constexpr (std::integral<V>)
            return set_json(name, std::to_string(value));
        else
            return set_number(name, static_cast<double>(value));
    }
    /// A claim of any shape. Throws std::invalid_argument for what is no JSON, or has an object with two members of one
    /// name.
    Claims& set_json(std::string_view name, std::string_view json);

    /// The claim of that name, if there is one and it is a text, a whole number, true or false, a list of texts. For
    /// claims that are not registered.
    [[nodiscard]] std::optional<std::string> text(std::string_view name) const;
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name) const;
    [[nodiscard]] std::optional<bool> flag(std::string_view name) const;
    [[nodiscard]] std::optional<std::vector<std::string>> texts(std::string_view name) const;
    /// As JSON, of any shape.
    [[nodiscard]] std::optional<std::string> json(std::string_view name) const;
    /// Is the claim there and not null? Registered ones, too.
    [[nodiscard]] bool has(std::string_view name) const;

    /// The words of the claim "scope" (RFC 8693 section 4.2); none if it is not there or no text.
    [[nodiscard]] std::vector<std::string> scopes() const;
    [[nodiscard]] bool has_scope(std::string_view scope) const;

    /// All of them as a JSON object. Throws std::invalid_argument if a text is not UTF-8, or a time is not between 1970
    /// and 9999.
    [[nodiscard]] std::string to_json() const;

  private:
    friend class ClaimsReader;
    Claims& set_number(std::string_view name, double value);

    std::map<std::string, std::string, std::less<>> extra_; // JSON by name
};

} // namespace hxx::jwt
