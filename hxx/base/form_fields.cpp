#include "hxx/base/form_fields.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/base/utf8.hpp"

#include <algorithm>

namespace hxx {
namespace {

std::string decode(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '+') {
            c = ' ';
        } else if (c == '%') {
            int const high = i + 2 < text.size() ? ascii::hex_digit(text[i + 1]) : -1;
            int const low = i + 2 < text.size() ? ascii::hex_digit(text[i + 2]) : -1;
            if (high < 0 || low < 0) throw FormError("a % is not followed by two hexadecimal digits");
            c = static_cast<char>(high * 16 + low);
            i += 2;
        }
        if (c == '\0') throw FormError("a NUL character is not allowed");
        out += c;
    }
    if (!utf8::is_valid(out)) throw FormError("the text is not UTF-8");
    return out;
}

void encode_to(std::string& out, std::string_view text) {
    constexpr char digits[] = "0123456789ABCDEF";
    for (char const c : text) {
        if (ascii::is_alnum(c) || c == '*' || c == '-' || c == '.' || c == '_') {
            out += c;
        } else if (c == ' ') {
            out += '+';
        } else {
            auto const byte = static_cast<unsigned char>(c);
            out += {'%', digits[byte >> 4], digits[byte & 15]};
        }
    }
}

} // namespace

// Here and not in the header, which every application includes and would instantiate them in.
FormFields::FormFields() noexcept = default;
FormFields::FormFields(FormFields const&) = default;
FormFields::FormFields(FormFields&&) noexcept = default;
FormFields& FormFields::operator=(FormFields const&) = default;
FormFields& FormFields::operator=(FormFields&&) noexcept = default;
FormFields::~FormFields() = default;
FormFields::FormFields(std::initializer_list<Field> fields) : fields_(fields) {}
bool FormFields::operator==(FormFields const&) const = default;

void FormFields::add(std::string name, std::string value) { fields_.push_back({std::move(name), std::move(value)}); }

FormFields FormFields::parse(std::string_view text, Limits limits) {
    FormFields result;
    while (!text.empty()) {
        auto const end = text.find('&');
        auto const piece = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
        if (piece.empty()) continue;
        if (result.size() == limits.max_fields)
            throw FormError("more than " + std::to_string(limits.max_fields) + " fields");
        auto const [name, value] = ascii::cut(piece, '=');
        result.add(decode(name), decode(value.value_or("")));
    }
    return result;
}

void FormFields::set(std::string_view name, std::string value) {
    auto const first = std::find_if(fields_.begin(), fields_.end(), [&](Field const& f) { return f.name == name; });
    if (first == fields_.end()) return add(std::string(name), std::move(value));
    first->value = std::move(value);
    fields_.erase(std::remove_if(first + 1, fields_.end(), [&](Field const& f) { return f.name == name; }),
                  fields_.end());
}

std::size_t FormFields::erase(std::string_view name) {
    return std::erase_if(fields_, [&](Field const& f) { return f.name == name; });
}

std::string const* FormFields::get(std::string_view name) const noexcept {
    auto const last = std::find_if(fields_.rbegin(), fields_.rend(), [&](Field const& f) { return f.name == name; });
    return last == fields_.rend() ? nullptr : &last->value;
}

std::string_view FormFields::get_or(std::string_view name, std::string_view otherwise) const noexcept {
    auto const* value = get(name);
    return value ? std::string_view(*value) : otherwise;
}

std::vector<std::string> FormFields::get_all(std::string_view name) const {
    std::vector<std::string> values;
    for (auto const& field : fields_)
        if (field.name == name) values.push_back(field.value);
    return values;
}

std::string FormFields::encode() const {
    std::string out;
    for (auto const& field : fields_) {
        if (!out.empty()) out += '&';
        encode_to(out, field.name);
        out += '=';
        encode_to(out, field.value);
    }
    return out;
}

} // namespace hxx
