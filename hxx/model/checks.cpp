#include "hxx/model/checks.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/base/utf8.hpp"

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>
#include <cmath>
#include <memory>
#include <re2/re2.h>
#include <stdexcept>
#include <utf8proc.h>

namespace hxx::model {
namespace {

bool is_white_space(char32_t c) {
    if (c < 0x80) return ascii::is_space(static_cast<char>(c));
    if (c == 0x85) return true; // next line
    auto const category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
    return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP;
}

template <class Map>
void map_code_points(std::string& text, Map map) {
    std::string out;
    out.reserve(text.size());
    for (std::string_view rest = text; !rest.empty();) {
        auto const decoded = utf8::decode(rest);
        utf8::append(out, static_cast<char32_t>(map(static_cast<utf8proc_int32_t>(decoded.code_point))));
        rest.remove_prefix(decoded.size);
    }
    text = std::move(out);
}

std::unique_ptr<re2::RE2> compile(std::string_view expression) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    auto regex = std::make_unique<re2::RE2>(re2::StringPiece(expression.data(), expression.size()), options);
    if (!regex->ok())
        throw std::logic_error("Pattern{\"" + std::string(expression) + "\"} is no RE2 expression: " + regex->error());
    return regex;
}

bool matches(re2::RE2 const& regex, std::string_view text) {
    return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), regex);
}

template <class N>
std::string shortest_text(N value) {
    char buffer[32];
    auto const [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
    return {buffer, end};
}

} // namespace

void trim(std::string& text) {
    std::string_view rest = text;
    while (!rest.empty()) {
        auto const decoded = utf8::decode(rest);
        if (!decoded.valid || !is_white_space(decoded.code_point)) break;
        rest.remove_prefix(decoded.size);
    }
    while (!rest.empty()) {
        std::size_t start = rest.size() - 1;
        while (start > 0 && rest.size() - start < 4 && (static_cast<unsigned char>(rest[start]) & 0xC0) == 0x80)
            --start;
        auto const decoded = utf8::decode(rest.substr(start));
        if (!decoded.valid || !is_white_space(decoded.code_point)) break;
        rest.remove_suffix(rest.size() - start);
    }
    text = std::string(rest);
}

void to_lower(std::string& text) { map_code_points(text, utf8proc_tolower); }
void to_upper(std::string& text) { map_code_points(text, utf8proc_toupper); }

bool check_text_length(std::string_view text, std::size_t min, std::size_t max, FieldContext const& context) {
    auto const length = utf8::length(text);
    if (length < min) return context.fail("string_too_short", {{"min_length", std::to_string(min)}});
    if (length > max) return context.fail("string_too_long", {{"max_length", std::to_string(max)}});
    return true;
}

bool check_item_count(std::size_t count, std::size_t min, std::size_t max, FieldContext const& context) {
    if (count < min) return context.fail("too_short", {{"min_length", std::to_string(min)}});
    if (count > max) return context.fail("too_long", {{"max_length", std::to_string(max)}});
    return true;
}

bool check_email(std::string_view text, FieldContext const& context) {
    // What a browser takes for <input type=email> (HTML 4.10.5.1.5), but with a dot in the domain and none at either
    // end of the local part or beside another. The lengths are RFC 5321's.
    static auto const address = compile(
        R"(^[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+)*@)"
        R"((?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$)");
    bool const right = text.size() <= 254 && text.find('@') <= 64 && matches(*address, text);
    return right || context.fail("email_parsing");
}

bool check_url(std::string_view text, FieldContext const& context) {
    auto const url = boost::urls::parse_uri({text.data(), text.size()});
    bool right = text.size() <= 2083 && url.has_value();
    if (right) {
        std::string_view const scheme(url->scheme().data(), url->scheme().size());
        right = (ascii::iequals(scheme, "http") || ascii::iequals(scheme, "https")) && url->has_authority() &&
                !url->encoded_host().empty();
    }
    return right || context.fail("url_parsing");
}

bool check_choice(std::string_view text, std::string_view joined, FieldContext const& context) {
    std::string expected;
    for (auto rest = joined; !rest.empty();) {
        auto const choice = rest.substr(0, rest.find('\0'));
        if (choice == text) return true;
        if (!expected.empty()) expected += ", ";
        expected += choice;
        rest.remove_prefix(choice.size() + 1);
    }
    return context.fail("literal_error", {{"expected", expected}});
}

bool is_multiple(double value, double of) noexcept {
    if (of == 0) return false;
    double const quotient = value / of;
    double const nearest = std::round(quotient);
    return std::fabs(quotient - nearest) <= 1e-9 * std::fmax(1.0, std::fabs(nearest));
}

bool has_duplicates(std::vector<void const*> items, bool (*less)(void const*, void const*)) {
    std::sort(items.begin(), items.end(), less);
    auto const equal = [&](void const* a, void const* b) { return !less(a, b); };
    return std::adjacent_find(items.begin(), items.end(), equal) != items.end();
}

std::string number_text(long long value) { return shortest_text(value); }
std::string number_text(unsigned long long value) { return shortest_text(value); }
std::string number_text(double value) { return shortest_text(value); }

CompiledPattern::~CompiledPattern() { delete static_cast<re2::RE2 const*>(regex_.load(std::memory_order_acquire)); }

bool CompiledPattern::check(std::string_view text, FieldContext const& context) const {
    auto const* regex = static_cast<re2::RE2 const*>(regex_.load(std::memory_order_acquire));
    if (!regex) {
        // Two threads may compile it at the same time; the one that comes second drops its own.
        auto mine = compile(expression_);
        void const* expected = nullptr;
        if (regex_.compare_exchange_strong(expected, mine.get(), std::memory_order_acq_rel))
            regex = mine.release();
        else
            regex = static_cast<re2::RE2 const*>(expected);
    }
    return matches(*regex, text) || context.fail("string_pattern_mismatch", {{"pattern", expression_}});
}

} // namespace hxx::model
