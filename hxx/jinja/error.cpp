#include "hxx/jinja/error.hpp"

#include <algorithm>
#include <utility>

namespace hxx::jinja {

std::string_view error_name(ErrorKind kind) noexcept {
    switch (kind) {
    case ErrorKind::TemplateSyntaxError: return "TemplateSyntaxError";
    case ErrorKind::TemplateAssertionError: return "TemplateAssertionError";
    case ErrorKind::TemplateNotFound: return "TemplateNotFound";
    case ErrorKind::TemplatesNotFound: return "TemplatesNotFound";
    case ErrorKind::TemplateRuntimeError: return "TemplateRuntimeError";
    case ErrorKind::UndefinedError: return "UndefinedError";
    case ErrorKind::FilterArgumentError: return "FilterArgumentError";
    case ErrorKind::SecurityError: return "SecurityError";
    case ErrorKind::LimitError: return "LimitError";
    case ErrorKind::TypeError: return "TypeError";
    case ErrorKind::ValueError: return "ValueError";
    case ErrorKind::ZeroDivisionError: return "ZeroDivisionError";
    case ErrorKind::OverflowError: return "OverflowError";
    case ErrorKind::KeyError: return "KeyError";
    case ErrorKind::IndexError: return "IndexError";
    case ErrorKind::AttributeError: return "AttributeError";
    }
    return "TemplateError";
}

Error::Error(ErrorKind kind, std::string message) : kind_(kind), message_(std::move(message)) { write_report(); }

void Error::set_place(std::string_view template_name, std::size_t line, std::size_t column,
                      std::string_view source_line) {
    placed_ = true;
    place_ = {std::string(template_name), line, column, {}};
    source_line_ = source_line;
    write_report();
}

void Error::add_caller(Place place) {
    // Of a runaway recursion, the innermost callers say enough.
    constexpr std::size_t longest_chain = 50;
    if (chain_.size() >= longest_chain) return;
    chain_.push_back(std::move(place));
    write_report();
}

void Error::set_hint(std::string hint) {
    hint_ = std::move(hint);
    write_report();
}

void Error::set_missing(std::vector<std::string> names) { missing_ = std::move(names); }

void Error::write_report() {
    report_.clear();
    if (placed_) {
        report_ += place_.template_name;
        report_ += ':' + std::to_string(place_.line);
        if (place_.column > 0) report_ += ':' + std::to_string(place_.column);
        report_ += ": ";
    }
    report_ += error_name(kind_);
    report_ += ": " + message_;
    if (!hint_.empty()) report_ += "; " + hint_;
    if (placed_ && !source_line_.empty()) {
        std::string const number = std::to_string(place_.line);
        report_ += "\n " + number + " | " + source_line_;
        if (place_.column > 0) {
            report_ += "\n " + std::string(number.size(), ' ') + " | ";
            // Tabs are kept so that the caret stands below its character; columns count code points.
            std::size_t column = 1;
            for (char c : source_line_) {
                if (column >= place_.column) break;
                bool const starts_code_point = (static_cast<unsigned char>(c) & 0xC0) != 0x80;
                if (!starts_code_point) continue;
                report_ += c == '\t' ? '\t' : ' ';
                ++column;
            }
            report_ += '^';
        }
    }
    for (auto const& place : chain_) {
        report_ += "\n  " + place.what + " at " + place.template_name + ':' + std::to_string(place.line);
        if (place.column > 0) report_ += ':' + std::to_string(place.column);
    }
}

} // namespace hxx::jinja
