// Scopes: what a route asks of whoever is logged in, collected on the way to the dependency that checks it (FastAPI's
// Security and SecurityScopes, fastapi.tiangolo.com/advanced/security/oauth2-scopes).
//
//     Task<User> current_user(OAuth2PasswordBearer token, SecurityScopes scopes, State<jwt::Keys> keys) {
//         auto const claims = keys->verify(token, {.algorithms = {"HS256"}});
//         if (!claims) throw HttpError(401);
//         scopes.require(claims->scopes());                        // 403 that names what is missing
//         …
//     }
//     Response read_items(Security<current_user, "items:read"> user) { … }
//     app.del("/items/{id}", delete_item, {.dependencies = {security<current_user, "items:write">}});
#pragma once

#include "hxx/base/fixed_string.hpp"
#include "hxx/web/depends.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hxx {

/// All scopes that Security<…> around this dependency asks for, outermost first, each once.
class SecurityScopes {
  public:
    /// What a dependency with this parameter makes depends on who asks for it.
    static constexpr bool depends_on_scopes = true;

    static SecurityScopes from_request(Request& request);

    [[nodiscard]] std::vector<std::string> const& names() const noexcept { return names_; }
    /// Separated by spaces.
    [[nodiscard]] std::string text() const;
    /// Throws HttpError 403 with the challenge of RFC 6750 section 3.1 (insufficient_scope) unless all of them are
    /// among `granted`.
    void require(std::span<std::string const> granted) const;

  private:
    std::vector<std::string> names_;
};

namespace scopes_detail {

/// Adds scopes for as long as it lives.
class Asking {
  public:
    Asking(Request& request, std::initializer_list<std::string_view> scopes);
    Asking(Asking const&) = delete;
    Asking& operator=(Asking const&) = delete;
    ~Asking();

  private:
    ActiveScopes* active_;
    std::size_t before_;
};

} // namespace scopes_detail

/// As Depends<Function>, with scopes for the SecurityScopes of Function and of what it depends on.
template <auto Function, FixedString... Scopes>
class Security : public Depends<Function> {
    using Base = Depends<Function>;

  public:
    static constexpr bool synchronous = Base::synchronous;

    static std::optional<Security> from_request(Request& request)
        requires synchronous
    {
        scopes_detail::Asking const asking(request, {Scopes.view()...});
        return wrap(Base::from_request(request));
    }
    static Task<std::optional<Security>> from_request_async(Request& request) {
        scopes_detail::Asking const asking(request, {Scopes.view()...});
        auto made = co_await Base::from_request_async(request);
        co_return wrap(std::move(made));
    }
    static void requirements(Requirements& all) { all.push_back(Base::requirement()); }

  private:
    explicit Security(Base base) noexcept : Base(std::move(base)) {}
    static std::optional<Security> wrap(std::optional<Base> made) {
        if (!made) return std::nullopt;
        return Security(*std::move(made));
    }
};

namespace scopes_detail {
template <auto Function, FixedString... Scopes>
void run(Request& request) {
    if constexpr (Security<Function, Scopes...>::synchronous)
        (void)Security<Function, Scopes...>::from_request(request);
}
template <auto Function, FixedString... Scopes>
Task<void> run_async(Request& request) {
    (void)co_await Security<Function, Scopes...>::from_request_async(request);
}
} // namespace scopes_detail

/// As depends<Function>: for its effect alone.
template <auto Function, FixedString... Scopes>
inline DependencyRef const security{Depends<Function>::synchronous,
                                    Depends<Function>::synchronous ? &scopes_detail::run<Function, Scopes...> : nullptr,
                                    &scopes_detail::run_async<Function, Scopes...>, Depends<Function>::requirement()};

template <auto Function, FixedString... Scopes>
struct pattern::PathNames<Security<Function, Scopes...>> : pattern::PathNames<Depends<Function>> {};

} // namespace hxx
