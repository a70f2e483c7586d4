#include "database.hpp"

#include <hxx/http/error.hpp>

#include <algorithm>

using namespace hxx;

namespace {

constexpr int page_size = 10;

/// For `like … escape '\'`: a % or _ that was typed stands for itself.
std::string containing(std::string const& text) {
    std::string pattern = "%";
    for (char const c : text) {
        if (c == '%' || c == '_' || c == '\\') pattern += '\\';
        pattern += c;
    }
    return pattern + '%';
}

} // namespace

Task<sql::Session> get_db(State<sql::Database> database) { co_return co_await database->session(); }

Task<User> get_user(Path<std::int64_t, "user_id"> id, Depends<get_db> db) {
    auto user = co_await db->query_one<User>("select id, name, email, age from users where id = $1", id);
    if (!user) throw HttpError(404, "There is no user " + std::to_string(*id) + ".");
    co_return *std::move(user);
}

Task<UsersPage> find_users(sql::Session const& db, std::string q, int page) {
    auto const pattern = containing(q);
    UsersPage found;
    found.q = std::move(q);
    found.total = co_await db.query_value<int>(
        R"(select count(*) from users where name like $1 escape '\' or email like $1 escape '\')", pattern);
    found.pages = std::max(1, (found.total + page_size - 1) / page_size);
    found.page = std::min(page, found.pages);
    found.users = co_await db.query<User>(
        R"(select id, name, email, age from users where name like $1 escape '\' or email like $1 escape '\'
           order by name, id limit $2 offset $3)",
        pattern, page_size, (found.page - 1) * page_size);
    co_return found;
}
