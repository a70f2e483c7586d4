#include "hxx/base/log.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/base/escape.hpp"
#include "hxx/base/utf8.hpp"

#include <fmt/format.h>

#include <atomic>
#include <cerrno>
#include <ctime>
#include <iterator>
#include <mutex>
#include <new>
#include <unistd.h>

namespace hxx::log {
namespace {

std::atomic<Level> lowest{Level::Info};
std::atomic<Format> chosen_format{Format::Text};

struct Destination {
    std::mutex mutex;
    Sink sink = nullptr;
    void* context = nullptr;
    std::atomic<bool> present{false}; // spares the lock while records go to standard error
};
// Never destroyed: a thread may log while the program ends.
Destination& destination() {
    alignas(Destination) static unsigned char memory[sizeof(Destination)];
    static auto* const instance = ::new (memory) Destination;
    return *instance;
}
thread_local bool inside_sink = false;

std::string_view name_of(Level level) noexcept {
    switch (level) {
    case Level::Debug: return "DEBUG";
    case Level::Info: return "INFO";
    case Level::Warning: return "WARN";
    default: return "ERROR";
    }
}

// RFC 3339 in UTC with milliseconds. The calendar of a second is computed once a thread and second.
void append_time(std::string& line) {
    std::timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    static thread_local std::time_t second = -1;
    static thread_local char text[32] = "";
    if (now.tv_sec != second) {
        std::tm parts{};
        gmtime_r(&now.tv_sec, &parts);
        std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
        second = now.tv_sec;
    }
    fmt::format_to(std::back_inserter(line), "{}.{:03}Z", text, now.tv_nsec / 1000000);
}

// Control characters as \n or \xNN, a backslash doubled, a byte that is not UTF-8 as U+FFFD. U+0080 to U+009F and the
// line and paragraph separators are escaped too: terminals and log viewers act on them.
void append_escaped(std::string& line, std::string_view text, bool quoted) {
    while (!text.empty()) {
        auto const next = utf8::decode(text);
        auto const c = next.code_point;
        if (c == '\n')
            line += "\\n";
        else if (c == '\r')
            line += "\\r";
        else if (c == '\t')
            line += "\\t";
        else if (c == '\\' || (quoted && c == '"'))
            (line += '\\') += static_cast<char>(c);
        else if (c < 0x20 || c == 0x7F)
            fmt::format_to(std::back_inserter(line), "\\x{:02x}", static_cast<unsigned>(c));
        else if ((c >= 0x80 && c < 0xA0) || c == 0x2028 || c == 0x2029 || (c >= 0x202A && c <= 0x202E))
            fmt::format_to(std::back_inserter(line), "\\u{:04x}", static_cast<unsigned>(c));
        else
            utf8::append(line, c);
        text.remove_prefix(next.size);
    }
}

bool needs_quotes(std::string_view value) noexcept {
    if (value.empty()) return true;
    for (char const c : value)
        if (ascii::is_space(c) || ascii::is_control(c) || c == '"' || c == '=' || c == '\\') return true;
    return false;
}

void append_text(std::string& line, Level level, std::string_view message, Fields fields) {
    append_time(line);
    (line += ' ') += name_of(level);
    line += ' ';
    append_escaped(line, message, false);
    for (auto const& field : fields) {
        line += ' ';
        append_escaped(line, field.name(), false);
        line += '=';
        bool const quoted = !field.bare() && needs_quotes(field.value());
        if (quoted) line += '"';
        append_escaped(line, field.value(), quoted);
        if (quoted) line += '"';
    }
}

// JSON has no word for infinity and not-a-number: they are written as strings.
bool is_json(std::string_view bare) noexcept { return !bare.ends_with("inf") && !bare.ends_with("nan"); }

void append_json(std::string& line, Level level, std::string_view message, Fields fields) {
    line += R"({"time":")";
    append_time(line);
    fmt::format_to(std::back_inserter(line), R"(","level":"{}","message":)", ascii::lowered(name_of(level)));
    append_json_string(line, message);
    for (auto const& field : fields) {
        line += ',';
        append_json_string(line, field.name());
        line += ':';
        if (field.bare() && is_json(field.value()))
            line += field.value();
        else
            append_json_string(line, field.value());
    }
    line += '}';
}

// One write a line, so that lines of several threads do not mix. What cannot be written is lost: logging never fails.
void write_all(std::string_view line) noexcept {
    while (!line.empty()) {
        auto const written = ::write(STDERR_FILENO, line.data(), line.size());
        if (written >= 0)
            line.remove_prefix(static_cast<std::size_t>(written));
        else if (errno != EINTR)
            return;
    }
}

bool write_to_sink(Level level, std::string_view line) {
    auto& to = destination();
    if (!to.present.load(std::memory_order_acquire) || inside_sink) return false;
    std::lock_guard const lock(to.mutex);
    if (to.sink == nullptr) return false;
    struct Inside {
        Inside() noexcept { inside_sink = true; }
        ~Inside() { inside_sink = false; }
    } const inside;
    to.sink(to.context, level, line);
    return true;
}

} // namespace

std::string Field::to_text(double value) { return fmt::format("{}", value); }

void write(Level level, std::string_view message, Fields fields) {
    if (!enabled(level)) return;
    std::string line;
    line.reserve(256);
    if (chosen_format.load(std::memory_order_relaxed) == Format::Json)
        append_json(line, level, message, fields);
    else
        append_text(line, level, message, fields);
    if (write_to_sink(level, line)) return;
    line += '\n';
    write_all(line);
}

void set_level(Level level) noexcept { lowest.store(level, std::memory_order_relaxed); }
void set_format(Format format) noexcept { chosen_format.store(format, std::memory_order_relaxed); }
bool enabled(Level level) noexcept { return level != Level::Off && level >= lowest.load(std::memory_order_relaxed); }

void set_sink(Sink sink, void* context) noexcept {
    auto& to = destination();
    std::lock_guard const lock(to.mutex);
    to.sink = sink;
    to.context = context;
    to.present.store(sink != nullptr, std::memory_order_release);
}

} // namespace hxx::log
