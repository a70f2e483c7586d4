// Python's pprint.pformat: what is wider than a line is broken, and the keys of dicts are sorted.
#include "hxx/jinja/access.hpp"
#include "hxx/jinja/builtins.hpp"
#include "hxx/jinja/error.hpp"
#include "hxx/jinja/number.hpp"
#include "hxx/jinja/operators.hpp"
#include "hxx/jinja/text.hpp"
#include "hxx/jinja/text_algorithms.hpp"
#include "hxx/jinja/unicode.hpp"

#include <algorithm>

namespace hxx::jinja {
namespace {

constexpr int deepest = 200;
constexpr std::size_t most = 1'000'000;
constexpr std::int64_t page_width = 80;

// Stands for a container that is not shown.
class Elided final : public Object {
  public:
    explicit Elided(std::string_view text) : text_(text) {}
    void str(std::string& out) const override { out += text_; }
    void repr(std::string& out) const override { out += text_; }

  private:
    std::string_view text_;
};

// A C++ container as the engine's own, to which a depth can apply.
Value own_container(Value const& value) {
    if (value.kind() != Kind::View || value.raw_type().shape == TypeInfo::Shape::Struct) return value;
    if (!is_mapping(value))
        return value.raw_type().shape == TypeInfo::Shape::Tuple ? Value::tuple(list_of(value))
                                                                : Value::list(list_of(value));
    std::vector<std::pair<Value, Value>> entries;
    for_each_entry(value, [&](Value const& key, Value const& mapped) { entries.emplace_back(key, mapped); });
    return Value::dict(std::move(entries));
}

// A copy without what is deeper than `limit`.
Value shallow_copy(Value const& original, int limit) {
    Value const value = own_container(original);
    if (value.kind() == Kind::Dict) {
        if (limit == 0 && !dict_of(value).entries().empty()) return make_object<Elided>("{...}");
        std::vector<std::pair<Value, Value>> entries;
        for (auto const& [key, mapped] : dict_of(value).entries())
            entries.emplace_back(key, shallow_copy(mapped, limit - 1));
        return Value::dict(std::move(entries));
    }
    if (value.kind() != Kind::List && value.kind() != Kind::Tuple) return value;
    auto const& items = sequence_of(value).items;
    bool const is_list = value.kind() == Kind::List;
    if (limit == 0 && !items.empty())
        return make_object<Elided>(is_list ? "[...]" : items.size() == 1 ? "(...,)" : "(...)");
    std::vector<Value> copies;
    for (auto const& item : items) copies.push_back(shallow_copy(item, limit - 1));
    return is_list ? Value::list(std::move(copies)) : Value::tuple(std::move(copies));
}

// repr with the keys of dicts sorted. `steps` is what was copied: a list that holds one twice, and so on, is endless.
Value sorted_copy(Value const& value, int depth, std::size_t& steps) {
    if (depth > deepest) return value;
    if (++steps > most) throw Error(ErrorKind::LimitError, "the value is too large to be printed");
    if (value.kind() == Kind::Dict) {
        std::vector<Value> pairs, keys;
        for (auto const& [key, mapped] : dict_of(value).entries()) {
            pairs.push_back(Value::tuple({key, sorted_copy(mapped, depth + 1, steps)}));
            keys.push_back(key);
        }
        bool const comparable = std::all_of(keys.begin(), keys.end(), [&](Value const& key) {
            return (is_number(key) && is_number(keys.front())) || (key.is_string() && keys.front().is_string());
        });
        if (comparable) sort_values(pairs, keys, false);
        std::vector<std::pair<Value, Value>> entries;
        for (auto const& pair : pairs) entries.emplace_back(sequence_of(pair).items[0], sequence_of(pair).items[1]);
        return Value::dict(std::move(entries));
    }
    bool const group = value.kind() == Kind::Tuple && !sequence_of(value).fields.empty();
    if (value.kind() == Kind::List || (value.kind() == Kind::Tuple && !group)) {
        std::vector<Value> items;
        for (auto const& item : sequence_of(value).items) items.push_back(sorted_copy(item, depth + 1, steps));
        return value.kind() == Kind::List ? Value::list(std::move(items)) : Value::tuple(std::move(items));
    }
    return value;
}

std::int64_t width_of(std::string_view text) { return static_cast<std::int64_t>(code_points(text)); }

// Words with the white space behind them.
std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> words;
    std::size_t start = 0;
    bool in_space = false;
    for (std::size_t at = 0; at < line.size();) {
        std::size_t next = at;
        bool const space = is_space(next_code_point(line, next));
        if (in_space && !space) {
            words.push_back(line.substr(start, at - start));
            start = at;
        }
        in_space = space;
        at = next;
    }
    words.push_back(line.substr(start));
    return words;
}

class Printer {
  public:
    Printer(std::string& out, bool compact) : out_(out), compact_(compact) {}

    /// `indent`: the column where the value starts; `allowance`: what follows it on its last line; `level`: 0 for the
    /// whole.
    void write(Value const& value, std::int64_t indent, std::int64_t allowance, int level) {
        std::string const line = value.repr();
        if (level > deepest || width_of(line) <= page_width - indent - allowance) {
            out_ += line;
            return;
        }
        bool const group = value.kind() == Kind::Tuple && !sequence_of(value).fields.empty();
        if (value.kind() == Kind::Dict)
            write_dict(value, indent, allowance + 1, level + 1);
        else if (value.kind() == Kind::List)
            write_items(value, "[", "]", indent, allowance, level + 1);
        else if (value.kind() == Kind::Tuple && !group)
            write_items(value, "(", sequence_of(value).items.size() == 1 ? ",)" : ")", indent, allowance, level + 1);
        else if (value.is_string() && !value.is_markup())
            write_text(value.raw_text(), indent, allowance, level + 1);
        else
            out_ += line;
    }

  private:
    void new_line(std::int64_t indent) { out_ += '\n' + std::string(static_cast<std::size_t>(indent), ' '); }

    void write_dict(Value const& value, std::int64_t indent, std::int64_t allowance, int level) {
        out_ += '{';
        auto const& entries = dict_of(value).entries();
        for (std::size_t i = 0; i < entries.size(); ++i) {
            if (i > 0) {
                out_ += ',';
                new_line(indent + 1);
            }
            std::string const key = entries[i].first.repr();
            out_ += key + ": ";
            write(entries[i].second, indent + 1 + width_of(key) + 2, i + 1 == entries.size() ? allowance : 1, level);
        }
        out_ += '}';
    }

    void write_items(Value const& value, std::string_view open, std::string_view close, std::int64_t indent,
                     std::int64_t allowance, int level) {
        out_ += open;
        auto const& items = sequence_of(value).items;
        allowance += static_cast<std::int64_t>(close.size());
        if (compact_)
            write_packed(items, indent + 1, allowance, level);
        else
            write_column(items, indent + 1, allowance, level);
        out_ += close;
    }

    void write_column(std::vector<Value> const& items, std::int64_t indent, std::int64_t allowance, int level) {
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (i > 0) {
                out_ += ',';
                new_line(indent);
            }
            write(items[i], indent, i + 1 == items.size() ? allowance : 1, level);
        }
    }

    // Items side by side; one that is wider than a line begins one of its own and is broken.
    void write_packed(std::vector<Value> const& items, std::int64_t indent, std::int64_t allowance, int level) {
        std::int64_t whole = page_width - indent + 1, room = whole; // what is written with its comma and blank
        bool line_full = false;
        for (std::size_t i = 0; i < items.size(); ++i) {
            bool const last = i + 1 == items.size();
            if (last) {
                whole -= allowance;
                room -= allowance;
            }
            std::string const text = items[i].repr();
            auto const width = width_of(text) + 2;
            if (room < width) {
                room = whole;
                line_full = true;
            }
            if (i > 0) out_ += line_full ? "," : ", ";
            if (i > 0 && line_full) new_line(indent);
            line_full = room < width;
            if (line_full)
                write(items[i], indent, last ? allowance : 1, level);
            else {
                out_ += text;
                room -= width;
            }
        }
    }

    // A literal for each line, or for as many words as there is room for, one below the other.
    void write_text(std::string_view text, std::int64_t indent, std::int64_t allowance, int level) {
        if (level == 1) {
            ++indent;
            ++allowance;
        }
        auto const width = page_width - indent;
        std::vector<std::string> chunks;
        auto const lines = split_lines(text, true);
        for (std::size_t i = 0; i < lines.size(); ++i) {
            bool const last_line = i + 1 == lines.size();
            std::string whole = quote(lines[i]);
            if (width_of(whole) <= width - (last_line ? allowance : 0)) {
                chunks.push_back(std::move(whole));
                continue;
            }
            std::string_view current;
            auto const words = words_of(lines[i]);
            for (std::size_t j = 0; j < words.size(); ++j) {
                std::string_view const candidate(words[j].data() - current.size(), current.size() + words[j].size());
                auto const room = width - (last_line && j + 1 == words.size() ? allowance : 0);
                if (width_of(quote(candidate)) <= room) {
                    current = candidate;
                    continue;
                }
                if (!current.empty()) chunks.push_back(quote(current));
                current = words[j];
            }
            if (!current.empty()) chunks.push_back(quote(current));
        }
        bool const bracketed = level == 1 && chunks.size() > 1;
        if (bracketed) out_ += '(';
        for (std::size_t i = 0; i < chunks.size(); ++i) {
            if (i > 0) new_line(indent);
            out_ += chunks[i];
        }
        if (bracketed) out_ += ')';
    }

    std::string& out_;
    bool compact_;
};

} // namespace

std::string pretty(Value const& value, PrettyStyle style) {
    std::string out;
    Value const shown = style.depth > 0 ? shallow_copy(value, style.depth) : value;
    std::size_t steps = 0;
    Printer(out, style.compact).write(sorted_copy(shown, 0, steps), 0, 0, 0);
    return out;
}

} // namespace hxx::jinja
