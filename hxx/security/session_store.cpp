#include "hxx/security/session_store.hpp"

#include "hxx/base/clock.hpp"
#include "hxx/sql/database.hpp"

#include <atomic>
#include <cstdint>

namespace hxx {

namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr seconds between_purges{600};

std::int64_t number(sys_seconds time) noexcept { return time.time_since_epoch().count(); }

struct Row {
    std::string content;
    std::int64_t written = 0;
};

class SqliteSessions final : public SessionStore {
  public:
    explicit SqliteSessions(sql::Database database) : database_(std::move(database)) {
        database_.script_blocking("create table if not exists hxx_sessions ("
                                  "  key text primary key, content text not null, written integer not null,"
                                  "  expires integer not null) without rowid;"
                                  "create index if not exists hxx_sessions_expires on hxx_sessions (expires)");
    }

    Task<std::optional<StoredSession>> load(std::string key) override {
        auto const row = co_await database_.query_one<Row>(
            "select content, written from hxx_sessions where key = $1 and expires > $2", key,
            number(clock::now_in_seconds()));
        if (!row) co_return std::nullopt;
        co_return StoredSession{row->content, sys_seconds(seconds(row->written))};
    }

    Task<void> save(std::string key, StoredSession session, sys_seconds expires) override {
        co_await database_.execute("insert into hxx_sessions (key, content, written, expires) values ($1, $2, $3, $4) "
                                   "on conflict (key) do update set content = $2, written = $3, expires = $4",
                                   key, session.content, number(session.written), number(expires));
        auto const now = number(clock::now_in_seconds());
        auto last = last_purge_.load();
        // Whoever gets there first does it.
        if (now - last < between_purges.count() || !last_purge_.compare_exchange_strong(last, now)) co_return;
        co_await database_.execute("delete from hxx_sessions where expires <= $1", now);
    }

    Task<void> erase(std::string key) override {
        co_await database_.execute("delete from hxx_sessions where key = $1", key);
    }

  private:
    sql::Database database_;
    std::atomic<std::int64_t> last_purge_{0};
};

} // namespace

std::shared_ptr<SessionStore> sqlite_sessions(sql::Database const& database) {
    return std::make_shared<SqliteSessions>(database);
}

} // namespace hxx
