#include "hxx/http/conditional.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/http/date.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace hxx::http {
namespace {

bool is_weak(std::string_view etag) noexcept { return etag.starts_with("W/"); }
std::string_view opaque_of(std::string_view etag) noexcept { return is_weak(etag) ? etag.substr(2) : etag; }

bool is_etag_char(char c) noexcept { return c != '"' && c != ' ' && !ascii::is_control(c); }

// Takes the next entity tag of a list; empty at the end, and at what is none.
std::string_view take_etag(std::string_view& list) noexcept {
    while (!list.empty() && (list.front() == ',' || ascii::is_space(list.front()))) list.remove_prefix(1);
    std::size_t end = is_weak(list) ? 2 : 0;
    if (end >= list.size() || list[end] != '"') return {};
    for (++end; end < list.size() && is_etag_char(list[end]);) ++end;
    if (end == list.size() || list[end] != '"') return {};
    auto const etag = list.substr(0, end + 1);
    list.remove_prefix(end + 1);
    return etag;
}

using Match = bool (*)(std::string_view, std::string_view) noexcept;

bool any_matches(std::string_view list, std::string_view etag, Match match) noexcept {
    for (auto next = take_etag(list); !next.empty(); next = take_etag(list))
        if (match(next, etag)) return true;
    return false;
}

// Whether one of the request's fields of this name lists the etag, or is "*" for something that exists.
bool lists_etag(Headers const& request, std::string_view name, std::string_view etag, bool exists,
                Match match) noexcept {
    for (auto const& [field, value] : request) {
        if (!ascii::iequals(field, name)) continue;
        if (ascii::trim(value) == "*" ? exists : exists && any_matches(value, etag, match)) return true;
    }
    return false;
}

std::optional<std::int64_t> date_of(Headers const& request, std::string_view name) noexcept {
    auto const value = request.get(name);
    return value ? parse_date(*value) : std::nullopt;
}

bool is_get_or_head(Method method) noexcept { return method == Method::Get || method == Method::Head; }

bool range_still_applies(std::string_view if_range, Validators const& current) noexcept {
    if (if_range.starts_with('"') || is_weak(if_range)) return etags_match_strongly(if_range, current.etag);
    // A date in whole seconds tells states apart only if it is exact.
    auto const date = parse_date(if_range);
    return date && current.last_modified == date;
}

std::optional<std::uint64_t> parse_number(std::string_view digits) noexcept {
    if (digits.empty() || !ascii::is_digit(digits.front())) return std::nullopt;
    std::uint64_t value = 0;
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (end != digits.data() + digits.size()) return std::nullopt;
    return error == std::errc::result_out_of_range ? UINT64_MAX : value;
}

// One range of the set: read into `range`, whose size stays 0 where it lies beyond the end. False if it is malformed.
bool parse_range(std::string_view text, std::uint64_t size, ByteRange& range) noexcept {
    auto const [first_text, last_text] = ascii::cut(text, '-');
    if (!last_text) return false;
    if (first_text.empty()) { // the last so many bytes
        auto const count = parse_number(*last_text);
        if (!count) return false;
        range.size = std::min(*count, size);
        range.first = size - range.size;
        return true;
    }
    auto const first = parse_number(first_text);
    if (!first) return false;
    std::uint64_t last = UINT64_MAX;
    if (!last_text->empty()) {
        auto const number = parse_number(*last_text);
        if (!number || *number < *first) return false;
        last = *number;
    }
    range.first = *first;
    if (*first < size) range.size = std::min(last, size - 1) - *first + 1;
    return true;
}

void join_overlapping(std::vector<ByteRange>& ranges) {
    auto sorted = ranges;
    std::sort(sorted.begin(), sorted.end(), [](ByteRange const& a, ByteRange const& b) { return a.first < b.first; });
    std::vector<ByteRange> joined;
    for (auto const& range : sorted) {
        if (joined.empty() || range.first > joined.back().last() + 1)
            joined.push_back(range);
        else
            joined.back().size = std::max(joined.back().last(), range.last()) - joined.back().first + 1;
    }
    if (joined.size() < ranges.size()) ranges = std::move(joined);
}

} // namespace

std::string make_etag(std::string_view opaque, bool weak) {
    if (!std::all_of(opaque.begin(), opaque.end(), is_etag_char))
        throw std::invalid_argument("an entity tag may not hold quotes, spaces or control characters");
    return fmt::format("{}\"{}\"", weak ? "W/" : "", opaque);
}

bool etags_match_strongly(std::string_view a, std::string_view b) noexcept {
    return !is_weak(a) && !a.empty() && a == b;
}
bool etags_match_weakly(std::string_view a, std::string_view b) noexcept {
    return !a.empty() && opaque_of(a) == opaque_of(b);
}

Precondition evaluate_preconditions(Method method, Headers const& request, Validators const& current,
                                    bool exists) noexcept {
    if (request.contains("If-Match")) {
        if (!lists_etag(request, "If-Match", current.etag, exists, etags_match_strongly)) return Precondition::Failed;
    } else if (auto const date = date_of(request, "If-Unmodified-Since"); date && current.last_modified) {
        if (*current.last_modified > *date) return Precondition::Failed;
    }
    if (request.contains("If-None-Match")) {
        if (lists_etag(request, "If-None-Match", current.etag, exists, etags_match_weakly))
            return is_get_or_head(method) ? Precondition::NotModified : Precondition::Failed;
    } else if (is_get_or_head(method)) {
        auto const date = date_of(request, "If-Modified-Since");
        if (date && current.last_modified && *current.last_modified <= *date) return Precondition::NotModified;
    }
    return Precondition::Proceed;
}

RangeRequest requested_ranges(Method method, Headers const& request, Validators const& current, std::uint64_t size,
                              std::size_t max_ranges) {
    RangeRequest result;
    auto const field = request.get("Range");
    if (!field || method != Method::Get) return result; // RFC 9110 14.2: only GET has ranges
    auto const [unit, set] = ascii::cut(*field, '=');
    if (!set || !ascii::iequals(ascii::trim(unit), "bytes")) return result;
    if (auto const if_range = request.get("If-Range"); if_range && !range_still_applies(*if_range, current))
        return result;

    std::vector<ByteRange> ranges;
    std::size_t count = 0;
    for (auto const element : ascii::split(*set, ',')) {
        auto const text = ascii::trim(element);
        if (text.empty()) continue;
        ByteRange range;
        if (++count > max_ranges || !parse_range(text, size, range)) return result;
        if (range.size > 0) ranges.push_back(range);
    }
    if (count == 0) return result;
    join_overlapping(ranges);
    result.answer = ranges.empty() ? RangeRequest::Answer::Unsatisfiable : RangeRequest::Answer::Partial;
    result.ranges = std::move(ranges);
    return result;
}

std::string content_range(ByteRange const& range, std::uint64_t size) {
    return fmt::format("bytes {}-{}/{}", range.first, range.last(), size);
}

} // namespace hxx::http
