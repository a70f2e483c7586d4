// An application's settings: the process' environment, and a .env file for what the environment does not set.
//
//     struct Database { std::string url; int pool_size = 5; };
//     struct AppSettings {
//         Database database;                             // APP_DATABASE__URL, APP_DATABASE__POOL_SIZE
//         Annotated<int, Ge{1}, Le{65535}> port = 8000;  // APP_PORT
//         Annotated<std::string, Secret{}> api_key;      // APP_API_KEY; never shown in an error
//         std::vector<std::string> hosts;                // APP_HOSTS=a.example,b.example
//     };
//     auto settings = load_settings<AppSettings>({.prefix = "APP_"});
//
// or one at a time:
//
//     Settings settings;
//     auto url = settings.get("DATABASE_URL", "sqlite:app.db");
//     auto key = settings.secret("JWT_SECRET");
#pragma once

#include "hxx/base/form_fields.hpp"
#include "hxx/model/form.hpp"

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hxx {

/// Settings that are missing or wrong, one a line, each with its variable and where that was set:
/// "APP_PORT (.env:3) must be a whole number, not \"abc\"".
class SettingsError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

struct SettingsOptions {
    std::string env_file = ".env"; // empty for none; one that does not exist is as good as empty
    std::string prefix = {};       // before each name: "APP_"
};

class Settings {
  public:
    struct Variable {
        std::string name, value;
        std::string source; // "environment", ".env:3"
    };

    /// Reads the environment as it is now, and the file. Throws SettingsError for a file that cannot be read or has a
    /// mistake.
    explicit Settings(SettingsOptions options = {});
    [[nodiscard]] static Settings load(std::string env_file = ".env", std::string prefix = {}) {
        return Settings(SettingsOptions{std::move(env_file), std::move(prefix)});
    }
    /// Exactly these variables, for tests; no environment and no file.
    Settings(std::vector<std::pair<std::string, std::string>> variables, std::string prefix);

    /// A variable by its name without the prefix; nothing if it is not set. A set but empty one is "".
    [[nodiscard]] std::optional<std::string> find(std::string_view name) const;
    /// Throws SettingsError if the variable is not set.
    [[nodiscard]] std::string get(std::string_view name) const;
    [[nodiscard]] std::string get(std::string_view name, std::string_view otherwise) const;
    /// The variable NAME, or the content of the file that NAME_FILE names (as Docker and systemd hand secrets over),
    /// without a line end. Throws SettingsError if neither is set or the value is empty.
    [[nodiscard]] std::string secret(std::string_view name) const;

    /// A variable as a type: value<int>("PORT", 8000). Throws SettingsError if the text is not one.
    template <class T>
    [[nodiscard]] T value(std::string_view name, T otherwise) const {
        auto const text = find(name);
        if (!text || (text->empty() && empty_is_missing<T>)) return otherwise;
        ErrorReport report;
        auto parsed = parse_value<T>(*text, Where("setting"), report);
        if (!parsed) fail(name, report);
        return *std::move(parsed);
    }

    /// All members of a struct; names in upper case, a member's member after "__", items between commas. Required is
    /// what is required in a form. Throws SettingsError with all mistakes.
    template <reflect::Aggregate T>
    [[nodiscard]] T read() const {
        FormFields fields;
        collect<T>(fields, "");
        ErrorReport report;
        auto settings = parse_fields<T>(fields, "settings", report);
        if (!settings) fail(report);
        return *std::move(settings);
    }

  private:
    template <class T>
    void collect(FormFields& fields, std::string const& prefix) const {
        reflect::for_each_member_type<T>([&]<std::size_t I, class M>(std::string_view) {
            using Inner = model::inner_type<M>;
            auto const path = prefix + std::string(model::outside_name<T, I>());
            if constexpr (reflect::Aggregate<Inner> && !Scalar<Inner>)
                collect<Inner>(fields, path + ".");
            else
                collect_one(fields, path, model::Sequence<Inner>);
        });
    }
    void collect_one(FormFields& fields, std::string const& path, bool several) const;
    [[nodiscard]] Variable const* lookup(std::string_view full_name) const noexcept;
    [[nodiscard]] std::string missing(std::string_view full_name) const;
    [[noreturn]] void fail(std::string_view name, ErrorReport const& report) const;
    [[noreturn]] void fail(ErrorReport const& report) const;

    std::string prefix_, env_file_;
    std::vector<Variable> variables_; // ordered by name, the environment's before the file's
};

/// Reads the environment and the .env file into a struct. Throws SettingsError with all mistakes.
template <reflect::Aggregate T>
[[nodiscard]] T load_settings(SettingsOptions options = {}) {
    return Settings(std::move(options)).read<T>();
}

} // namespace hxx
