// Structured logging: a level, a message, and named fields. One line a record on standard error, as text or as JSON.
// Values are escaped (a control character in a request's path cannot forge a line). Safe from any thread.
//
//     log::warn("slow handler", {{"route", route}, {"held_ms", held}});
#pragma once

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>

namespace hxx::log {

enum class Level : unsigned char { Debug, Info, Warning, Error, Off };
enum class Format : unsigned char { Text, Json };

/// One named value of a record. Numbers stay numbers in JSON.
class Field {
  public:
    Field(std::string_view name, std::string_view value) : name_(name), text_(value) {}
    Field(std::string_view name, std::string const& value) : Field(name, std::string_view(value)) {}
    Field(std::string_view name, char const* value) : Field(name, std::string_view(value)) {}
    Field(std::string_view name, bool value) : name_(name), text_(value ? "true" : "false"), bare_(true) {}
    template <class N>
        requires(std::integral<N> || std::floating_point<N>)
    Field(std::string_view name, N value) : name_(name), number_(to_text(value)), bare_(true) {}

    [[nodiscard]] std::string_view name() const noexcept { return name_; }
    [[nodiscard]] std::string_view value() const noexcept { return number_.empty() ? text_ : number_; }
    /// True for numbers and booleans, which JSON writes without quotes.
    [[nodiscard]] bool bare() const noexcept { return bare_; }

  private:
    static std::string to_text(double value);
    static std::string to_text(long long value) { return std::to_string(value); }
    template <std::integral N>
    static std::string to_text(N value) {
        return std::to_string(value);
    }
    template <std::floating_point N>
    static std::string to_text(N value) {
        return to_text(static_cast<double>(value));
    }

    std::string_view name_, text_;
    std::string number_;
    bool bare_ = false;
};

using Fields = std::initializer_list<Field>;

void write(Level level, std::string_view message, Fields fields = {});
inline void debug(std::string_view message, Fields fields = {}) { write(Level::Debug, message, fields); }
inline void info(std::string_view message, Fields fields = {}) { write(Level::Info, message, fields); }
inline void warn(std::string_view message, Fields fields = {}) { write(Level::Warning, message, fields); }
inline void error(std::string_view message, Fields fields = {}) { write(Level::Error, message, fields); }

/// Records below this level are dropped. Default: Info.
void set_level(Level level) noexcept;
void set_format(Format format) noexcept;
[[nodiscard]] bool enabled(Level level) noexcept;

/// Where finished lines (without their newline) go; null restores standard error. For tests and embedders. Calls come
/// one at a time, from whichever thread logs; once set_sink returns, the sink before it is not called any more. What a
/// sink logs itself goes to standard error.
using Sink = void (*)(void* context, Level level, std::string_view line);
void set_sink(Sink sink, void* context) noexcept;

} // namespace hxx::log
