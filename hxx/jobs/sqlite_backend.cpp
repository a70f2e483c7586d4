// Jobs in a SQLite database. Each operation is one statement, so each is atomic, and none holds the lock for writing
// while a job works.
#include "hxx/jobs/backend.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <utility>

namespace hxx {
namespace {

/// Step n takes the tables from version n to n + 1. A step that has been released does not change.
constexpr std::array<std::array<std::string_view, 4>, 1> schema = {{{
    "create table hxx_jobs ("
    "  seq integer primary key," // the order of enqueueing
    "  id text not null unique,"
    "  name text not null,"
    "  owner text not null,"
    "  key text not null,"
    "  state text not null,"
    "  arguments text not null,"
    "  percent integer not null default 0,"
    "  message text not null default '',"
    "  result text not null default 'null',"
    "  error text not null default '',"
    "  cause text not null default '',"
    "  attempts integer not null default 0,"
    "  max_attempts integer not null,"
    "  cancel_requested integer not null default 0,"
    "  lease text not null default '',"
    "  due_at integer not null," // times: milliseconds since 1970
    "  created_at integer not null,"
    "  started_at integer,"
    "  finished_at integer,"
    "  version integer not null default 1)",
    "create index hxx_jobs_open on hxx_jobs (due_at, seq) where finished_at is null",
    "create unique index hxx_jobs_key on hxx_jobs (name, owner, key) where finished_at is null and key <> ''",
    "create index hxx_jobs_finished on hxx_jobs (finished_at) where finished_at is not null",
}}};

std::int64_t number(JobTime time) { return time.time_since_epoch().count(); }
JobTime time(std::int64_t number) { return JobTime(std::chrono::milliseconds(number)); }

/// A row as it is stored: select *.
struct Row {
    std::string id, name, owner, key;
    JobState state;
    std::string arguments;
    int percent;
    std::string message, result, error, cause;
    int attempts, max_attempts;
    bool cancel_requested;
    std::string lease;
    std::int64_t due_at, created_at;
    std::optional<std::int64_t> started_at, finished_at;
    std::int64_t version;
};

JobRecord to_record(Row row) {
    JobRecord record;
    record.id = JobId(std::move(row.id));
    record.name = std::move(row.name);
    record.owner = std::move(row.owner);
    record.key = std::move(row.key);
    record.state = row.state;
    record.arguments = std::move(row.arguments);
    record.percent = row.percent;
    record.message = std::move(row.message);
    record.result = std::move(row.result);
    record.error = std::move(row.error);
    record.cause = std::move(row.cause);
    record.attempts = row.attempts;
    record.max_attempts = row.max_attempts;
    record.cancel_requested = row.cancel_requested;
    record.lease = std::move(row.lease);
    record.due_at = time(row.due_at);
    record.created_at = time(row.created_at);
    if (row.started_at) record.started_at = time(*row.started_at);
    if (row.finished_at) record.finished_at = time(*row.finished_at);
    record.version = row.version;
    return record;
}

Task<std::optional<JobRecord>> one(Task<std::optional<Row>> pending) {
    auto row = co_await std::move(pending);
    if (!row) co_return std::nullopt;
    co_return to_record(*std::move(row));
}

Task<std::vector<JobRecord>> all(Task<std::vector<Row>> pending) {
    auto rows = co_await std::move(pending);
    std::vector<JobRecord> records;
    records.reserve(rows.size());
    for (auto& row : rows) records.push_back(to_record(std::move(row)));
    co_return records;
}

/// Under the lock for writing, so that of several processes that start at once one makes the tables.
Task<void> make_tables(sql::Database database) {
    auto session = co_await database.session();
    co_await session.begin();
    co_await session.execute("create table if not exists hxx_jobs_schema (version integer not null)");
    auto const found = co_await session.query_one<std::int64_t>("select version from hxx_jobs_schema limit 1");
    auto const version = static_cast<std::size_t>(found.value_or(0));
    if (version > schema.size())
        throw sql::Error(sql::ErrorKind::Migration,
                         fmt::format("the job tables have version {}, this program knows them up to {}: a newer "
                                     "version of hxx made them, and has to run this program too",
                                     version, schema.size()));
    for (auto step = version; step < schema.size(); ++step)
        for (auto const statement : schema[step]) {
            auto const text = sql::unchecked(std::string(statement));
            co_await session.execute(text);
        }
    if (!found) co_await session.execute("insert into hxx_jobs_schema (version) values (0)");
    co_await session.execute("update hxx_jobs_schema set version = $1", static_cast<std::int64_t>(schema.size()));
    co_await session.commit();
}

/// Either the new job, or the one whose key it has: under the lock for writing, so that it is there in between.
Task<JobRecord> insert(sql::Database database, JobRecord job) {
    auto session = co_await database.session();
    co_await session.begin();
    auto row = co_await session.query_one<Row>(
        "insert into hxx_jobs (id, name, owner, key, state, arguments, max_attempts, due_at, created_at) "
        "values ($1, $2, $3, $4, 'Queued', $5, $6, $7, $8) "
        "on conflict (name, owner, key) where finished_at is null and key <> '' do nothing "
        "returning *",
        job.id.str(), job.name, job.owner, job.key, job.arguments, job.max_attempts, number(job.due_at),
        number(job.created_at));
    if (!row)
        row = co_await session.query_one<Row>("select * from hxx_jobs where name = $1 and owner = $2 "
                                              "and key = $3 and key <> '' and finished_at is null limit 1",
                                              job.name, job.owner, job.key);
    co_await session.commit();
    co_return to_record(std::move(row).value());
}

class SqliteJobs final : public JobBackend {
  public:
    explicit SqliteJobs(sql::Database database) noexcept : database_(std::move(database)) {}

    Task<void> prepare() override { return make_tables(database_); }

    Task<JobRecord> enqueue(JobRecord job) override { return insert(database_, std::move(job)); }

    Task<std::optional<JobRecord>> claim(JobClaim claim) override {
        return one(database_.query_one<Row>(
            "update hxx_jobs set state = 'Running', lease = $3, due_at = $2, attempts = attempts + 1, percent = 0, "
            "message = '', started_at = coalesce(started_at, $1), version = version + 1 "
            "where seq = (select seq from hxx_jobs where finished_at is null and due_at <= $1 "
            "and name in (select value from json_each($4)) order by due_at, seq limit 1) "
            "returning *",
            number(claim.now), number(claim.until), claim.lease, to_json(claim.names)));
    }

    Task<std::optional<JobTime>> next_due(std::vector<std::string> names) override {
        auto read = [](Task<std::optional<std::int64_t>> pending) -> Task<std::optional<JobTime>> {
            auto const due = co_await std::move(pending);
            if (!due) co_return std::nullopt;
            co_return time(*due);
        };
        return read(database_.query_one<std::int64_t>(
            "select due_at from hxx_jobs where finished_at is null and name in (select value from json_each($1)) "
            "order by due_at, seq limit 1",
            to_json(names)));
    }

    Task<std::vector<JobRecord>> renew(std::vector<JobLease> held, JobTime until) override {
        std::vector<std::string> ids, leases;
        for (auto const& one : held) {
            ids.push_back(one.id.str());
            leases.push_back(one.lease);
        }
        return all(database_.query<Row>("update hxx_jobs set due_at = $1 "
                                        "where id in (select value from json_each($2)) and state = 'Running' "
                                        "and lease in (select value from json_each($3)) returning *",
                                        number(until), to_json(ids), to_json(leases)));
    }

    Task<std::optional<JobRecord>> progress(JobLease held, int percent, std::string message) override {
        return one(database_.query_one<Row>("update hxx_jobs set percent = $3, message = $4, version = version + 1 "
                                            "where id = $1 and lease = $2 and state = 'Running' returning *",
                                            held.id.str(), held.lease, percent, message));
    }

    Task<std::optional<JobRecord>> end(JobOutcome outcome) override {
        return one(database_.query_one<Row>(
            "update hxx_jobs set state = iif($3 = 'Queued' and cancel_requested, 'Cancelled', $3), result = $4, "
            "error = $5, cause = $6, lease = '', due_at = $7, percent = iif($3 = 'Done', 100, percent), "
            "attempts = attempts - $8, finished_at = iif($3 = 'Queued' and not cancel_requested, null, $9), "
            "version = version + 1 "
            "where id = $1 and lease = $2 and state = 'Running' returning *",
            outcome.held.id.str(), outcome.held.lease, outcome.state, outcome.result, outcome.error, outcome.cause,
            number(outcome.due_at), outcome.handed_back, number(outcome.now)));
    }

    Task<std::optional<JobRecord>> cancel(JobId id, JobTime now) override {
        return one(database_.query_one<Row>(
            "update hxx_jobs set cancel_requested = iif(finished_at is null, 1, cancel_requested), "
            "version = iif(finished_at is null, version + 1, version), "
            "finished_at = iif(state = 'Queued', $2, finished_at), "
            "state = iif(state = 'Queued', 'Cancelled', state) where id = $1 returning *",
            id.str(), number(now)));
    }

    Task<std::optional<JobRecord>> find(JobId id) override {
        return one(database_.query_one<Row>("select * from hxx_jobs where id = $1", id.str()));
    }

    Task<std::vector<JobRecord>> list(JobFilter filter) override {
        return all(database_.query<Row>(
            "select * from hxx_jobs where ($1 is null or owner = $1) and ($2 is null or state = $2) "
            "and ($3 is null or name = $3) order by seq desc limit $4",
            filter.owner, filter.state, filter.name, static_cast<std::int64_t>(filter.limit)));
    }

    Task<std::size_t> purge(JobTime finished_before, std::size_t limit) override {
        auto count = [](Task<sql::Result> pending) -> Task<std::size_t> {
            auto const result = co_await std::move(pending);
            co_return static_cast<std::size_t>(result.changes);
        };
        return count(database_.execute("delete from hxx_jobs where seq in "
                                       "(select seq from hxx_jobs where finished_at < $1 limit $2)",
                                       number(finished_before), static_cast<std::int64_t>(limit)));
    }

  private:
    sql::Database database_;
};

} // namespace

std::shared_ptr<JobBackend> sqlite_jobs(sql::Database database) {
    return std::make_shared<SqliteJobs>(std::move(database));
}

} // namespace hxx
