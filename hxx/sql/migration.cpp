#include "hxx/sql/migration.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/sql/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>
#include <utility>

namespace hxx::sql {
namespace {

[[noreturn]] void fail(std::string message) { throw Error(ErrorKind::Migration, std::move(message)); }

std::string read_file(std::filesystem::path const& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (!file) fail(fmt::format("cannot read the migration {}", path.string()));
    return text;
}

/// 007_add_email → 7 and add_email.
std::optional<Migration> parse_name(std::string_view stem) {
    std::size_t digits = 0;
    int number = 0;
    for (; digits < stem.size() && ascii::is_digit(stem[digits]) && digits < 9; ++digits)
        number = number * 10 + (stem[digits] - '0');
    if (digits == 0 || digits + 1 >= stem.size() || stem[digits] != '_') return std::nullopt;
    Migration migration;
    migration.number = number;
    migration.name = stem.substr(digits + 1);
    return migration;
}

bool is_migration(std::filesystem::path const& path) { return path.extension() == ".sql"; }

Migration make_migration(std::filesystem::path const& path, std::string sql) {
    auto migration = parse_name(path.stem().string());
    if (!migration)
        fail(fmt::format("{} is not named like a migration: NUMBER_NAME.sql, as in 001_users.sql", path.string()));
    migration->sql = std::move(sql);
    return *std::move(migration);
}

} // namespace

std::vector<Migration> read_migrations(std::string_view directory) {
    std::error_code error;
    std::filesystem::directory_iterator const entries(std::filesystem::path(directory), error);
    if (error)
        fail(fmt::format("cannot read the directory of migrations \"{}\": {} (the working directory is {})", directory,
                         error.message(), std::filesystem::current_path(error).string()));
    std::vector<Migration> migrations;
    for (auto const& entry : entries)
        if (is_migration(entry.path())) migrations.push_back(make_migration(entry.path(), read_file(entry.path())));
    put_in_order(migrations);
    return migrations;
}

std::vector<Migration> read_migrations(EmbeddedFiles directory) {
    std::vector<Migration> migrations;
    for (auto const& file : directory) {
        std::filesystem::path const path(file.name);
        if (path.has_parent_path()) continue; // directories in a directory are not looked into either
        if (is_migration(path)) migrations.push_back(make_migration(path, std::string(file.content)));
    }
    put_in_order(migrations);
    return migrations;
}

void put_in_order(std::vector<Migration>& migrations) {
    std::sort(migrations.begin(), migrations.end(),
              [](Migration const& a, Migration const& b) { return a.number < b.number; });
    int next = 1;
    for (auto const& migration : migrations) {
        if (migration.number < next && next > 1)
            fail(fmt::format("two migrations have the number {}; one of them is {}", migration.number,
                             full_name(migration)));
        if (migration.number != next)
            fail(fmt::format("a migration with the number {} is missing: numbers are 1, 2, 3 … without a gap, and the "
                             "next there is {}",
                             next, full_name(migration)));
        ++next;
    }
}

std::string full_name(Migration const& migration) { return fmt::format("{:03}_{}", migration.number, migration.name); }

std::string checksum(std::string_view sql) {
    // FNV-1a; it notices an edit, and is no defence against somebody who may edit the record as well.
    std::uint64_t hash = 14695981039346656037u;
    for (char const c : sql)
        if (c != '\r') hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
    return fmt::format("{:016x}", hash);
}

} // namespace hxx::sql
