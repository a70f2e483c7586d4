// Text made safe for the place where it is written: HTML, and strings in JSON.
#pragma once

#include <string>
#include <string_view>

namespace hxx {

/// & < > " ' as &amp; &lt; &gt; &#34; &#39;: safe as an element's text and in an attribute's quotes.
[[nodiscard]] std::string escape_html(std::string_view text);
void append_html(std::string& out, std::string_view text);

enum class JsonCharacters : unsigned char {
    Unicode, // UTF-8 stays as it is
    Ascii,   // everything over U+007F as \uXXXX, for HTTP headers
};
/// Appends the text with its quotes as a JSON string (RFC 8259 section 7). What is not valid UTF-8 becomes U+FFFD.
void append_json_string(std::string& out, std::string_view text, JsonCharacters characters = JsonCharacters::Unicode);

} // namespace hxx
