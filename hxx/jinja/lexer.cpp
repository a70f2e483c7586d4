#include "hxx/jinja/lexer.hpp"

#include "hxx/jinja/unicode.hpp"

#include <algorithm>

namespace hxx::jinja {

std::string normalise_source(std::string_view source, bool keep_trailing_newline) {
    std::string result;
    result.reserve(source.size());
    for (std::size_t i = 0; i < source.size(); ++i) {
        if (source[i] != '\r') {
            result += source[i];
            continue;
        }
        result += '\n';
        if (i + 1 < source.size() && source[i + 1] == '\n') ++i;
    }
    if (!keep_trailing_newline && !result.empty() && result.back() == '\n') result.pop_back();
    return result;
}

Lexer::Lexer(Options const& options, std::string_view source, std::deque<std::string>& texts)
    : options_(options), source_(source), texts_(texts) {
    // Of equally long ones this is the order in which Jinja2 tries them.
    for (Delimiter const& delimiter :
         {Delimiter{Begin::Variable, options.variable_start},
          Delimiter{Begin::LineStatement, options.line_statement_prefix},
          Delimiter{Begin::LineComment, options.line_comment_prefix}, Delimiter{Begin::Comment, options.comment_start},
          Delimiter{Begin::Block, options.block_start}}) {
        if (delimiter.text.empty()) continue;
        auto const longer = [&](Delimiter const& other) { return other.text.size() >= delimiter.text.size(); };
        delimiters_.insert(std::find_if_not(delimiters_.begin(), delimiters_.end(), longer), delimiter);
    }
    for (auto const& delimiter : delimiters_) {
        first_bytes_[static_cast<unsigned char>(delimiter.text.front())] = true;
        if (delimiter.begin == Begin::LineStatement || delimiter.begin == Begin::LineComment) has_line_rules_ = true;
    }
}

void Lexer::fail(std::string message, std::size_t offset) {
    advance(std::max(offset, counted_));
    error_offset_ = static_cast<std::uint32_t>(offset);
    throw Error(ErrorKind::TemplateSyntaxError, std::move(message));
}

void Lexer::advance(std::size_t to) {
    for (; counted_ < to && counted_ < source_.size(); ++counted_)
        if (source_[counted_] == '\n') ++line_;
}

Token Lexer::make(TokenKind kind, std::size_t start, std::string_view text) {
    advance(start);
    last_line_ = line_;
    return Token{kind, line_, static_cast<std::uint32_t>(start), text};
}

std::string_view Lexer::store(std::string text) { return texts_.emplace_back(std::move(text)); }

std::string_view Lexer::data_text(std::string_view text) {
    if (options_.newline_sequence == "\n" || text.find('\n') == std::string_view::npos) return text;
    std::string result;
    for (char c : text) {
        if (c == '\n')
            result += options_.newline_sequence;
        else
            result += c;
    }
    return store(std::move(result));
}

Token Lexer::next() {
    for (;;) {
        if (!pending_.empty()) {
            Token token = pending_.front();
            pending_.pop_front();
            return token;
        }
        if (position_ >= source_.size() && mode_ != Mode::LineStatement)
            return Token{TokenKind::Eof, last_line_, static_cast<std::uint32_t>(source_.size()), {}};
        Token token;
        bool const found = raw_ ? lex_raw_body(token) : mode_ == Mode::Root ? lex_root(token) : lex_tag(token);
        if (found) return token;
    }
}

// ── Outside of tags ─────────────────────────────────────────────────────────────────────────────────────────────

bool Lexer::match_raw(std::size_t at, Match& match) const {
    if (!starts(at, options_.block_start)) return false;
    std::size_t i = at + options_.block_start.size();
    char sign = 0;
    if (i < source_.size() && (source_[i] == '-' || source_[i] == '+')) sign = source_[i++];
    i = skip_space(i);
    if (!starts(i, "raw")) return false;
    i = skip_space(i + 3);
    if (i < source_.size() && source_[i] == '-' && starts(i + 1, options_.block_end))
        i = skip_space(i + 1 + options_.block_end.size());
    else if (starts(i, options_.block_end))
        i += options_.block_end.size();
    else
        return false;
    match = {Begin::Raw, at, i, sign};
    return true;
}

// Does a character of white space end at `at`?
bool Lexer::space_before(std::size_t at) const {
    do --at;
    while (at > 0 && (static_cast<unsigned char>(source_[at]) & 0xC0) == 0x80);
    return is_space(next_code_point(source_, at));
}

bool Lexer::match_begin(std::size_t at, Match& match) const {
    if (match_raw(at, match)) return true;
    bool const line_start = at == 0 || source_[at - 1] == '\n';
    for (auto const& [begin, text] : delimiters_) {
        std::size_t i = at;
        if (begin == Begin::LineStatement) {
            if (!line_start) continue;
            while (i < source_.size() && (source_[i] == ' ' || source_[i] == '\t' || source_[i] == '\v')) ++i;
        } else if (begin == Begin::LineComment) {
            if (!line_start && space_before(at)) continue;
            for (std::size_t next = i; i < source_.size() && source_[i] != '\n' && source_[i] != '\r'; i = next)
                if (!is_space(next_code_point(source_, next))) break;
        }
        if (!starts(i, text)) continue;
        i += text.size();
        char sign = 0;
        if (i < source_.size() && (source_[i] == '-' || source_[i] == '+')) sign = source_[i++];
        match = {begin, at, i, sign};
        return true;
    }
    return false;
}

bool Lexer::find_begin(Match& match) const {
    for (std::size_t at = position_; at < source_.size(); ++at) {
        bool const possible = first_bytes_[static_cast<unsigned char>(source_[at])] ||
                              (has_line_rules_ && (at == 0 || source_[at - 1] == '\n' || !space_before(at)));
        if (possible && match_begin(at, match)) return true;
    }
    return false;
}

std::string_view Lexer::strip_before(std::string_view text, char sign, bool variable) const {
    if (sign == '-') return rstrip(text);
    if (sign == '+' || !options_.lstrip_blocks || variable) return text;
    std::size_t const newline = text.rfind('\n');
    std::size_t const line = newline == std::string_view::npos ? 0 : newline + 1;
    if (line == 0 && !line_starting_) return text;
    return strip(text.substr(line)).empty() ? text.substr(0, line) : text;
}

bool Lexer::lex_root(Token& token) {
    Match match;
    if (!find_begin(match)) {
        token = make(TokenKind::Data, position_, data_text(source_.substr(position_)));
        position_ = source_.size();
        return true;
    }
    std::size_t const start = position_;
    std::string_view const data =
        strip_before(source_.substr(start, match.start - start), match.sign, match.begin == Begin::Variable);
    if (!data.empty()) pending_.push_back(make(TokenKind::Data, start, data_text(data)));
    position_ = match.end;
    line_starting_ = source_[match.end - 1] == '\n';
    switch (match.begin) {
    case Begin::Raw: raw_ = true; break;
    case Begin::Comment:
        advance(match.start);
        skip_comment();
        break;
    case Begin::LineComment: {
        std::size_t const newline = source_.find('\n', position_);
        position_ = newline == std::string_view::npos ? source_.size() : newline;
        break;
    }
    case Begin::Variable:
        mode_ = Mode::Variable;
        pending_.push_back(make(TokenKind::VariableBegin, match.start, {}));
        break;
    case Begin::Block:
    case Begin::LineStatement:
        mode_ = match.begin == Begin::Block ? Mode::Block : Mode::LineStatement;
        pending_.push_back(make(TokenKind::BlockBegin, match.start, {}));
        break;
    }
    return false;
}

// Where a tag that ends at `at` with `end` lets the following text start.
std::size_t Lexer::after_tag_end(std::size_t at, std::string_view end) const noexcept {
    at += end.size();
    return options_.trim_blocks && at < source_.size() && source_[at] == '\n' ? at + 1 : at;
}

std::size_t Lexer::skip_space(std::size_t at) const noexcept {
    return source_.size() - lstrip(source_.substr(std::min(at, source_.size()))).size();
}

void Lexer::skip_comment() {
    std::string_view const end = options_.comment_end;
    std::size_t const start = position_;
    if (start >= source_.size()) return;
    for (std::size_t at = start; at < source_.size(); ++at) {
        if (source_[at] == '+' && starts(at + 1, end))
            position_ = at + 1 + end.size();
        else if (source_[at] == '-' && starts(at + 1, end))
            position_ = skip_space(at + 1 + end.size());
        else if (starts(at, end))
            position_ = after_tag_end(at, end);
        else
            continue;
        line_starting_ = source_[position_ - 1] == '\n';
        return;
    }
    fail("Missing end of comment tag", start);
}

bool Lexer::lex_raw_body(Token& token) {
    std::size_t const start = position_;
    for (std::size_t at = start; at < source_.size(); ++at) {
        if (!starts(at, options_.block_start)) continue;
        std::size_t i = at + options_.block_start.size();
        char sign = 0;
        if (i < source_.size() && (source_[i] == '-' || source_[i] == '+')) sign = source_[i++];
        i = skip_space(i);
        if (!starts(i, "endraw")) continue;
        i = skip_space(i + 6);
        std::string_view const end = options_.block_end;
        std::size_t after = 0;
        if (i < source_.size() && source_[i] == '+' && starts(i + 1, end))
            after = i + 1 + end.size();
        else if (i < source_.size() && source_[i] == '-' && starts(i + 1, end))
            after = skip_space(i + 1 + end.size());
        else if (starts(i, end))
            after = after_tag_end(i, end);
        else
            continue;
        auto const data = strip_before(source_.substr(start, at - start), sign, false);
        raw_ = false;
        if (!data.empty()) token = make(TokenKind::Data, start, data_text(data));
        position_ = after;
        line_starting_ = source_[after - 1] == '\n';
        return !data.empty();
    }
    fail("Missing end of raw directive", start);
}

} // namespace hxx::jinja
