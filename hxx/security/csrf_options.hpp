// What an application may say of its protection against cross-site request forgery (hxx/security/csrf.hpp).
#pragma once

#include <string>
#include <vector>

namespace hxx {

/// Has a cookie Secure, and its name the prefix __Host- (RFC 6265bis 4.1.3)?
enum class SecureCookie : unsigned char {
    BehindTls, // if the request came by TLS
    Always     // also if a proxy speaks TLS for this server
};

struct CsrfOptions {
    /// Off: no request is refused. Templates that print tokens stay as they are.
    bool on = true;
    /// Routes that anybody may call from anywhere, by their names: a web hook that checks a signature of its own. `app
    /// routes` lists them. A name that no route has is an error when the app is built.
    std::vector<std::string> exempt = {};
    /// Other origins whose pages may send requests: "https://admin.example.org". They need a token all the same.
    std::vector<std::string> trusted_origins = {};
    /// For the cookie that visitors without a session get.
    SecureCookie secure = SecureCookie::BehindTls;
};

} // namespace hxx
