#include "hxx/testing/encode.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/http/multipart.hpp"
#include "hxx/http/url.hpp"

#include <algorithm>

namespace hxx {

RequestBody& RequestBody::file(std::string_view field, std::string_view filename, std::string_view data,
                               std::string_view content_type) {
    is_form_ = multipart_ = true;
    files_.push_back({std::string(field), std::string(filename), std::string(content_type), std::string(data)});
    return *this;
}

RequestBody form_of(std::vector<FormField> fields) {
    RequestBody body;
    body.is_form_ = true;
    body.fields_ = std::move(fields);
    return body;
}

namespace testing_detail {
namespace {

std::string encode(std::string_view text, std::string_view unescaped, bool plus) {
    std::string result;
    for (char const c : text) {
        if (ascii::is_alnum(c) || unescaped.find(c) != std::string_view::npos)
            result += c;
        else if (c == ' ' && plus)
            result += '+';
        else if (c == '~')
            result += "%7E"; // unreserved in RFC 3986, but not in a form
        else
            result += url_quote({&c, 1});
    }
    return result;
}

std::string decoded_name(std::string_view text) {
    std::string plain(text);
    std::replace(plain.begin(), plain.end(), '+', ' ');
    return http::decode_segment(plain).value_or(plain);
}

} // namespace

std::string encode_fields(std::span<FormField const> fields, Spaces spaces) {
    bool const plus = spaces == Spaces::Plus;
    std::string_view const unescaped = plus ? "*-._" : "-_.!~*'()";
    std::string result;
    for (auto const& field : fields) {
        if (!result.empty()) result += '&';
        result += encode(field.name, unescaped, plus) + '=' + encode(field.value, unescaped, plus);
    }
    return result;
}

std::string encode_uri(std::string_view text) { return encode(text, "-_.!~*'();/?:@&=+$,#", false); }

Encoded encode_multipart(RequestBody const& body) {
    http::MultipartWriter writer;
    for (auto const& field : body.fields()) writer.field(field.name, field.value);
    for (auto const& file : body.files()) writer.file(file.field, file.filename, file.content_type, file.data);
    auto content_type = writer.content_type();
    return {std::move(content_type), std::move(writer).finish()};
}

std::string without_fields(std::string_view query, std::span<FormField const> names) {
    std::string result;
    if (query.empty()) return result;
    for (auto const pair : ascii::split(query, '&')) {
        auto const name = decoded_name(ascii::cut(pair, '=').before);
        if (std::any_of(names.begin(), names.end(), [&name](FormField const& field) { return field.name == name; }))
            continue;
        if (!result.empty()) result += '&';
        result += pair;
    }
    return result;
}

} // namespace testing_detail
} // namespace hxx
