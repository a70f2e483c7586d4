#include "hxx/http/media_type.hpp"

#include "hxx/base/ascii.hpp"

#include <algorithm>
#include <cstddef>

namespace hxx::http {
namespace {

constexpr bool is_token_char(char c) noexcept {
    return ascii::is_alnum(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

std::string_view take_token(std::string_view& text) noexcept {
    std::size_t size = 0;
    while (size < text.size() && is_token_char(text[size])) ++size;
    auto const token = text.substr(0, size);
    text.remove_prefix(size);
    return token;
}

bool take(std::string_view& text, char c) noexcept {
    if (!text.starts_with(c)) return false;
    text.remove_prefix(1);
    return true;
}

// The rest of a quoted-string (RFC 9110 5.6.4) whose opening quote has been taken.
std::optional<std::string> take_quoted(std::string_view& text) {
    std::string value;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') {
            text.remove_prefix(i + 1);
            return value;
        }
        if (text[i] == '\\' && ++i == text.size()) break;
        value += text[i];
    }
    return std::nullopt;
}

std::optional<std::pair<std::string, std::string>> take_parameter(std::string_view& text) {
    auto name = ascii::lowered(take_token(text));
    if (name.empty() || !take(text, '=')) return std::nullopt;
    if (take(text, '"')) {
        auto value = take_quoted(text);
        if (!value) return std::nullopt;
        return std::pair(std::move(name), std::move(*value));
    }
    auto const value = take_token(text);
    if (value.empty()) return std::nullopt;
    return std::pair(std::move(name), std::string(value));
}

// The elements of a list whose commas may also stand inside quotes.
std::vector<std::string_view> list_elements(std::string_view list) {
    std::vector<std::string_view> elements;
    std::size_t start = 0;
    bool quoted = false;
    for (std::size_t i = 0; i <= list.size(); ++i) {
        if (i == list.size() || (list[i] == ',' && !quoted)) {
            auto const element = ascii::trim(list.substr(start, i - start));
            if (!element.empty()) elements.push_back(element);
            start = i + 1;
        } else if (list[i] == '"') {
            quoted = !quoted;
        } else if (quoted && list[i] == '\\') {
            if (++i == list.size()) break;
        }
    }
    return elements;
}

// A qvalue (RFC 9110 12.4.2) in thousandths; -1 for what is none.
int parse_quality(std::string_view text) noexcept {
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return -1;
    if (text.size() > 1 && text[1] != '.') return -1;
    int value = (text[0] - '0') * 1000;
    int unit = 100;
    for (char const c : text.substr(std::min<std::size_t>(text.size(), 2))) {
        if (!ascii::is_digit(c)) return -1;
        value += (c - '0') * unit;
        unit /= 10;
    }
    return value <= 1000 ? value : -1;
}

struct Range {
    MediaType media;
    int quality = 1000;
    int specificity = 0; // 0 for */*, 1 for type/*, 2 for type/subtype, 1 more for each parameter
};

std::optional<Range> parse_range(std::string_view text) {
    auto media = parse_media_type(text);
    if (!media) return std::nullopt;
    Range range{std::move(*media)};
    auto& parameters = range.media.parameters;
    // What follows the weight is an extension of the field (RFC 7231), and none of the type.
    auto const weight =
        std::find_if(parameters.begin(), parameters.end(), [](auto const& p) { return p.first == "q"; });
    if (weight != parameters.end()) {
        range.quality = parse_quality(weight->second);
        if (range.quality < 0) return std::nullopt;
        parameters.erase(weight, parameters.end());
    }
    bool const any_type = range.media.type() == "*", any_subtype = range.media.subtype() == "*";
    if (any_type && !any_subtype) return std::nullopt;
    range.specificity = (any_type ? 0 : any_subtype ? 1 : 2) + static_cast<int>(parameters.size());
    return range;
}

std::vector<Range> parse_accept(std::string_view accept) {
    std::vector<Range> ranges;
    for (auto const element : list_elements(accept))
        if (auto range = parse_range(element)) ranges.push_back(std::move(*range));
    return ranges;
}

bool covers(Range const& range, MediaType const& type) {
    if (range.media.type() != "*" && range.media.type() != type.type()) return false;
    if (range.media.subtype() != "*" && range.media.subtype() != type.subtype()) return false;
    return std::all_of(range.media.parameters.begin(), range.media.parameters.end(), [&type](auto const& wanted) {
        auto const value = type.parameter(wanted.first);
        return value && ascii::iequals(*value, wanted.second);
    });
}

struct Wish {
    int quality, specificity;
};

Wish wish_for(std::vector<Range> const& ranges, std::string_view text) {
    auto const type = parse_media_type(text);
    if (!type) return {0, -1};
    if (ranges.empty()) return {1000, 0};
    Wish wish{0, -1};
    for (auto const& range : ranges)
        if (range.specificity > wish.specificity && covers(range, *type)) wish = {range.quality, range.specificity};
    return wish;
}

struct Extension {
    std::string_view name, type;
};

constexpr Extension extensions[] = {
    {"7z", "application/x-7z-compressed"},
    {"aac", "audio/aac"},
    {"apng", "image/apng"},
    {"avif", "image/avif"},
    {"bmp", "image/bmp"},
    {"bz2", "application/x-bzip2"},
    {"css", "text/css; charset=utf-8"},
    {"csv", "text/csv; charset=utf-8"},
    {"doc", "application/msword"},
    {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {"epub", "application/epub+zip"},
    {"flac", "audio/flac"},
    {"gif", "image/gif"},
    {"gz", "application/gzip"},
    {"htm", "text/html; charset=utf-8"},
    {"html", "text/html; charset=utf-8"},
    {"ico", "image/vnd.microsoft.icon"},
    {"ics", "text/calendar; charset=utf-8"},
    {"jpeg", "image/jpeg"},
    {"jpg", "image/jpeg"},
    {"js", "text/javascript; charset=utf-8"},
    {"json", "application/json"},
    {"jsonld", "application/ld+json"},
    {"m4a", "audio/mp4"},
    {"map", "application/json"},
    {"md", "text/markdown; charset=utf-8"},
    {"mjs", "text/javascript; charset=utf-8"},
    {"mp3", "audio/mpeg"},
    {"mp4", "video/mp4"},
    {"mpeg", "video/mpeg"},
    {"odp", "application/vnd.oasis.opendocument.presentation"},
    {"ods", "application/vnd.oasis.opendocument.spreadsheet"},
    {"odt", "application/vnd.oasis.opendocument.text"},
    {"oga", "audio/ogg"},
    {"ogg", "audio/ogg"},
    {"ogv", "video/ogg"},
    {"opus", "audio/ogg"},
    {"otf", "font/otf"},
    {"pdf", "application/pdf"},
    {"png", "image/png"},
    {"ppt", "application/vnd.ms-powerpoint"},
    {"pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
    {"rtf", "application/rtf"},
    {"svg", "image/svg+xml"},
    {"tar", "application/x-tar"},
    {"tif", "image/tiff"},
    {"tiff", "image/tiff"},
    {"ttf", "font/ttf"},
    {"txt", "text/plain; charset=utf-8"},
    {"vtt", "text/vtt; charset=utf-8"},
    {"wasm", "application/wasm"},
    {"wav", "audio/wav"},
    {"weba", "audio/webm"},
    {"webm", "video/webm"},
    {"webmanifest", "application/manifest+json"},
    {"webp", "image/webp"},
    {"woff", "font/woff"},
    {"woff2", "font/woff2"},
    {"xhtml", "application/xhtml+xml"},
    {"xls", "application/vnd.ms-excel"},
    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {"xml", "application/xml"},
    {"yaml", "application/yaml"},
    {"yml", "application/yaml"},
    {"zip", "application/zip"},
    {"zst", "application/zstd"},
};
static_assert(std::is_sorted(std::begin(extensions), std::end(extensions),
                             [](Extension const& a, Extension const& b) { return a.name < b.name; }));

} // namespace

std::optional<std::string_view> MediaType::parameter(std::string_view name) const noexcept {
    for (auto const& [key, value] : parameters)
        if (key == name) return value;
    return std::nullopt;
}

std::optional<MediaType> parse_media_type(std::string_view text) {
    text = ascii::trim(text);
    auto const type = take_token(text);
    if (type.empty() || !take(text, '/')) return std::nullopt;
    auto const subtype = take_token(text);
    if (subtype.empty()) return std::nullopt;
    MediaType media{ascii::lowered(type) + '/' + ascii::lowered(subtype), {}};
    for (;;) {
        text = ascii::trim(text);
        if (text.empty()) return media;
        if (!take(text, ';')) return std::nullopt;
        text = ascii::trim(text);
        if (text.empty() || text.front() == ';') continue; // empty parameters are allowed (RFC 9110 5.6.6)
        auto parameter = take_parameter(text);
        if (!parameter) return std::nullopt;
        media.parameters.push_back(std::move(*parameter));
    }
}

bool is_media_type(std::string_view content_type, std::string_view essence) noexcept {
    return ascii::iequals(ascii::trim(ascii::cut(content_type, ';').before), essence);
}

int accept_quality(std::string_view accept, std::string_view type) {
    return wish_for(parse_accept(accept), type).quality;
}

std::optional<std::string_view> preferred_type(std::string_view accept,
                                               std::initializer_list<std::string_view> offers) {
    auto const ranges = parse_accept(accept);
    std::optional<std::string_view> best;
    Wish best_wish{0, -1};
    for (auto const offer : offers) {
        auto const wish = wish_for(ranges, offer);
        if (wish.quality == 0) continue;
        if (wish.quality > best_wish.quality ||
            (wish.quality == best_wish.quality && wish.specificity > best_wish.specificity)) {
            best = offer;
            best_wish = wish;
        }
    }
    return best;
}

bool accepts_explicitly(std::string_view accept, std::string_view type) {
    auto const wish = wish_for(parse_accept(accept), type);
    return wish.quality > 0 && wish.specificity > 0;
}

std::string_view content_type_of_file(std::string_view path) noexcept {
    constexpr std::string_view unknown = "application/octet-stream";
    auto const name = path.substr(path.find_last_of('/') + 1);
    auto const dot = name.find_last_of('.');
    if (dot == std::string_view::npos || name.size() - dot > 16) return unknown;
    char lower[16];
    std::size_t size = 0;
    for (char const c : name.substr(dot + 1)) lower[size++] = ascii::to_lower(c);
    std::string_view const wanted(lower, size);
    auto const* const found = std::lower_bound(std::begin(extensions), std::end(extensions), wanted,
                                               [](Extension const& a, std::string_view b) { return a.name < b; });
    return found != std::end(extensions) && found->name == wanted ? found->type : unknown;
}

} // namespace hxx::http
