#include "hxx/http/multipart.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/base/random.hpp"
#include "hxx/base/utf8.hpp"
#include "hxx/http/error.hpp"
#include "hxx/http/media_type.hpp"

#include <fmt/format.h>

#include <utility>

namespace hxx::http {
namespace {

constexpr std::string_view crlf = "\r\n";

[[noreturn]] void refuse(std::string_view why) {
    throw HttpError{400, fmt::format("malformed multipart body: {}", why)};
}

bool is_boundary_char(char c) noexcept {
    return ascii::is_alnum(c) || std::string_view("'()+_,-./:=? ").find(c) != std::string_view::npos;
}

// A value in quotes whose opening quote has been taken. Only \" and \\ are escapes: Internet Explorer sent whole
// Windows paths, in which a backslash stands for itself.
std::string take_quoted(std::string_view& text) {
    std::string value;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') {
            text.remove_prefix(i + 1);
            return value;
        }
        bool const escape = text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\');
        if (escape) ++i;
        value += text[i];
    }
    refuse("a quote in Content-Disposition is not closed");
}

std::string checked(std::string value, std::string_view what) {
    if (!utf8::is_valid(value)) refuse(fmt::format("a {} is not UTF-8", what));
    for (char const c : value)
        if (ascii::is_control(c)) refuse(fmt::format("a {} holds a control character", what));
    return value;
}

// Where the client keeps the file is not the server's business, and a path would be dangerous to use.
std::string base_name(std::string path) {
    auto const slash = path.find_last_of("/\\");
    if (slash != std::string::npos) path.erase(0, slash + 1);
    if (path == "." || path == "..") path.clear();
    return path;
}

class Parser {
  public:
    Parser(std::string_view body, std::string_view boundary, MultipartLimits const& limits)
        : rest_(body), delimiter_(fmt::format("\r\n--{}", boundary)), limits_(limits) {}

    std::vector<Part> parse() {
        skip_preamble();
        while (next_part_follows()) {
            auto& part = parts_.emplace_back();
            read_headers(part);
            part.data = take_until_delimiter();
            count(part);
        }
        return std::move(parts_);
    }

  private:
    // The first delimiter may stand at the very beginning, without its line end.
    void skip_preamble() {
        auto const first = std::string_view(delimiter_).substr(crlf.size());
        if (rest_.starts_with(first))
            rest_.remove_prefix(first.size());
        else
            take_until_delimiter();
    }

    std::string_view take_until_delimiter() {
        auto const at = rest_.find(delimiter_);
        if (at == std::string_view::npos) refuse("it ends before its closing boundary");
        auto const taken = rest_.substr(0, at);
        rest_.remove_prefix(at + delimiter_.size());
        return taken;
    }

    // Behind a delimiter: "--" at the end, else blanks and a line end (RFC 2046 5.1.1).
    bool next_part_follows() {
        if (rest_.starts_with("--")) return false;
        while (rest_.starts_with(' ') || rest_.starts_with('\t')) rest_.remove_prefix(1);
        if (!rest_.starts_with(crlf)) refuse("a boundary is not followed by a line end");
        rest_.remove_prefix(crlf.size());
        return true;
    }

    void read_headers(Part& part) {
        bool disposition = false;
        for (std::size_t count = 0;; ++count) {
            auto const line = take_line();
            if (line.empty()) break;
            if (count == limits_.part_headers) refuse(fmt::format("a part has more than {} headers", count));
            auto const [name, value] = ascii::cut(line, ':');
            if (!value || name.empty() || ascii::is_space(name.back()) || ascii::is_space(name.front()))
                refuse("a part's header has no name");
            auto const text = ascii::trim(*value);
            if (ascii::iequals(name, "content-disposition")) {
                if (std::exchange(disposition, true)) refuse("a part has two Content-Disposition headers");
                read_disposition(text, part);
            } else if (ascii::iequals(name, "content-type")) {
                part.content_type = text;
            } else if (ascii::iequals(name, "content-transfer-encoding") && !ascii::iequals(text, "binary") &&
                       !ascii::iequals(text, "8bit") && !ascii::iequals(text, "7bit")) {
                refuse("Content-Transfer-Encoding is not supported (RFC 7578 4.7)");
            }
        }
        if (!disposition) refuse("a part has no Content-Disposition");
    }

    std::string_view take_line() {
        auto const end = rest_.substr(0, limits_.header_line + crlf.size()).find(crlf);
        if (end == std::string_view::npos)
            refuse(rest_.size() > limits_.header_line ? "a part's header is too long" : "a part's headers do not end");
        auto const line = rest_.substr(0, end);
        for (char const c : line)
            if (ascii::is_control(c) && c != '\t') refuse("a part's header holds a control character");
        rest_.remove_prefix(end + crlf.size());
        return line;
    }

    static void read_disposition(std::string_view text, Part& part) {
        auto const type = text.substr(0, text.find(';'));
        if (!ascii::iequals(ascii::trim(type), "form-data")) refuse("a part's Content-Disposition is not form-data");
        text.remove_prefix(type.size());
        bool named = false;
        while (!(text = ascii::trim(text)).empty()) {
            if (text.front() != ';') refuse("Content-Disposition cannot be read");
            text = ascii::trim(text.substr(1));
            auto const name = text.substr(0, text.find_first_of("=;"));
            text.remove_prefix(name.size());
            if (!text.starts_with('=')) continue; // a parameter without a value says nothing
            text.remove_prefix(1);
            auto value = take_value(text);
            auto const key = ascii::trim(name);
            if (ascii::iequals(key, "name")) {
                if (std::exchange(named, true)) refuse("a part has two names");
                part.name = checked(std::move(value), "name");
            } else if (ascii::iequals(key, "filename")) {
                if (part.filename) refuse("a part has two file names");
                part.filename = base_name(checked(std::move(value), "file name"));
            }
        }
        if (!named) refuse("a part has no name");
    }

    static std::string take_value(std::string_view& text) {
        text = ascii::trim(text);
        if (text.starts_with('"')) {
            text.remove_prefix(1);
            return take_quoted(text);
        }
        auto const value = text.substr(0, text.find(';'));
        text.remove_prefix(value.size());
        return std::string(ascii::trim(value));
    }

    void count(Part const& part) {
        auto& counted = part.is_file() ? files_ : fields_;
        auto const limit = part.is_file() ? limits_.files : limits_.fields;
        if (++counted > limit) refuse(fmt::format("more than {} {}", limit, part.is_file() ? "files" : "fields"));
    }

    std::string_view rest_;
    std::string delimiter_;
    MultipartLimits limits_;
    std::vector<Part> parts_;
    std::size_t fields_ = 0, files_ = 0;
};

// In quotes, a browser writes these three as percent escapes and nothing else.
std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (char const c : text) {
        if (c == '"')
            result += "%22";
        else if (c == '\r')
            result += "%0D";
        else if (c == '\n')
            result += "%0A";
        else
            result += c;
    }
    return result += '"';
}

} // namespace

std::optional<std::string> multipart_boundary(std::string_view content_type) {
    auto const media = parse_media_type(content_type);
    if (!media || media->essence != "multipart/form-data") return std::nullopt;
    auto const boundary = media->parameter("boundary");
    if (!boundary || boundary->empty() || boundary->size() > 70 || boundary->back() == ' ') return std::nullopt;
    for (char const c : *boundary)
        if (!is_boundary_char(c)) return std::nullopt;
    return std::string(*boundary);
}

std::vector<Part> parse_multipart(std::string_view body, std::string_view boundary, MultipartLimits const& limits) {
    return Parser(body, boundary, limits).parse();
}

MultipartWriter::MultipartWriter() : boundary_(fmt::format("----hxx{}", Id::random().view())) {}

void MultipartWriter::begin_part(std::string_view name) {
    body_ += fmt::format("--{}\r\nContent-Disposition: form-data; name={}", boundary_, quoted(name));
}

void MultipartWriter::field(std::string_view name, std::string_view value) {
    begin_part(name);
    ((body_ += "\r\n\r\n") += value) += crlf;
}

void MultipartWriter::file(std::string_view name, std::string_view filename, std::string_view content_type,
                           std::string_view data) {
    begin_part(name);
    body_ += fmt::format("; filename={}\r\nContent-Type: {}\r\n\r\n", quoted(filename), content_type);
    (body_ += data) += crlf;
}

std::string MultipartWriter::content_type() const { return "multipart/form-data; boundary=" + boundary_; }

std::string MultipartWriter::finish() && {
    body_ += fmt::format("--{}--\r\n", boundary_);
    return std::move(body_);
}

} // namespace hxx::http
