// multipart/form-data (RFC 7578): forms with files, read from a complete body and written by a client.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hxx::http {

/// One field of the form. content_type and data are views into the body that was parsed.
struct Part {
    std::string name;
    /// The last component of what the client sent, never a path; nothing for a field that is no file.
    std::optional<std::string> filename;
    std::string_view content_type; // empty where the part has none
    std::string_view data;

    [[nodiscard]] bool is_file() const noexcept { return filename.has_value(); }
    /// What browsers send for a file input that was left empty.
    [[nodiscard]] bool is_empty_file() const noexcept { return filename && filename->empty() && data.empty(); }
};

struct MultipartLimits {
    std::size_t fields = 1000;
    std::size_t files = 1000;
    std::size_t part_headers = 8;
    std::size_t header_line = 4096; // bytes
};

/// The boundary of a Content-Type field; nothing unless it is multipart/form-data with a boundary of 1 to 70 characters
/// (RFC 2046 5.1.1).
[[nodiscard]] std::optional<std::string> multipart_boundary(std::string_view content_type);

/// The parts of a body, in order. Names and file names are read as browsers write them: UTF-8, a quote as %22 (which
/// stays as it is) or \". Throws HttpError 400 with the reason for a body that is malformed, over a limit, or encoded
/// (Content-Transfer-Encoding: base64), which no browser sends.
[[nodiscard]] std::vector<Part> parse_multipart(std::string_view body, std::string_view boundary,
                                                MultipartLimits const& limits = {});

/// Writes such a body, as a browser does (HTML standard, "multipart/form-data encoding algorithm").
class MultipartWriter {
  public:
    MultipartWriter();
    void field(std::string_view name, std::string_view value);
    void file(std::string_view name, std::string_view filename, std::string_view content_type, std::string_view data);

    /// The Content-Type to send with it.
    [[nodiscard]] std::string content_type() const;
    /// Ends the body and returns it.
    [[nodiscard]] std::string finish() &&;

  private:
    void begin_part(std::string_view name);

    std::string boundary_, body_;
};

} // namespace hxx::http
