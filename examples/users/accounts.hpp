// Who is logged in: the pages for it, and the dependencies that others ask.
#pragma once

#include "database.hpp"

#include <hxx/crypto/jwt.hpp>
#include <hxx/security/session.hpp>
#include <hxx/web/depends.hpp>
#include <hxx/web/router.hpp>

namespace hxx::jinja {
class Context;
}

/// The account of this request: that of its session, or of the token that a program sends. Without one the request is
/// answered with 401, which sends a browser to /login.
hxx::Task<Account> current_account(hxx::Request& request, hxx::Session session, hxx::State<hxx::jwt::Keys> keys,
                                   hxx::Depends<get_db> db);

/// The variable `account_name` of every template: empty for visitors.
void add_account_name(hxx::Request& request, hxx::jinja::Context& context);

/// /signup, /login, /logout, /dashboard, and /token for programs.
hxx::Router account_routes();
