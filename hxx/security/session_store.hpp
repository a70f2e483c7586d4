// Where the values of sessions are kept when they are kept on the server: a session can be ended there, its values are
// nobody's but the server's, and may be as large as they like. The cookie then holds the signed id alone.
//
//     app.use(sessions({.store = sqlite_sessions(database)}));
#pragma once

#include "hxx/async/coroutine_types.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace hxx {

namespace sql {
class Database;
}

/// What a store keeps of a session.
struct StoredSession {
    std::string content; // JSON
    std::chrono::sys_seconds written;
};

/// The keys are SHA-256 digests of the ids: who reads the store can take over no session. All functions may be called
/// from several loops at once, and throw what the store's own errors are.
class SessionStore {
  public:
    virtual ~SessionStore() = default;
    /// Nothing for a key that was never saved or has been erased, and after `expires`.
    virtual Task<std::optional<StoredSession>> load(std::string key) = 0;
    /// Replaces what is there.
    virtual Task<void> save(std::string key, StoredSession session, std::chrono::sys_seconds expires) = 0;
    virtual Task<void> erase(std::string key) = 0;
};

/// In the table hxx_sessions of a SQLite database, which is made if it is not there: blocks, so call it before the app
/// starts. Sessions whose time is over are deleted now and then. Throws sql::Error.
[[nodiscard]] std::shared_ptr<SessionStore> sqlite_sessions(sql::Database const& database);

} // namespace hxx
