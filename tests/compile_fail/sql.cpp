// Mistakes in SQL that the compiler must find; as in routes.cpp.
#include "hxx/sql/database.hpp"

using namespace hxx;

struct Unstorable {};
struct Row {
    int id;
    Unstorable member;
};

Task<void> statements(sql::Database database, std::string name) {
#if MISTAKE == 0 // none: the file itself is right
    co_await database.execute("update t set name = $1 where name = '$2' -- $3", name);
    co_await database.execute(sql::unchecked("delete from " + name));
#elif MISTAKE == 1
    co_await database.execute("delete from t where name = '" + name + "'");
#elif MISTAKE == 2
    co_await database.execute("update t set name = $1 where id = $2", name);
#elif MISTAKE == 3
    co_await database.execute("update t set name = $1", name, 5);
#elif MISTAKE == 4
    co_await database.execute("delete from t where name = ?", name);
#elif MISTAKE == 5
    co_await database.execute("delete from t where name = $1", Unstorable());
#elif MISTAKE == 6
    co_await database.query<Row>("select * from t");
#elif MISTAKE == 7
    co_await database.execute("delete from t where name = $name", name);
#endif
}
