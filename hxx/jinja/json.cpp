// Values as JSON text, as Python's json.dumps writes it: keys sorted, everything but ASCII escaped.
#include "hxx/base/escape.hpp"
#include "hxx/jinja/access.hpp"
#include "hxx/jinja/builtins.hpp"
#include "hxx/jinja/error.hpp"
#include "hxx/jinja/number.hpp"
#include "hxx/jinja/operators.hpp"
#include "hxx/jinja/text.hpp"

#include <algorithm>
#include <cmath>

namespace hxx::jinja {
namespace {

constexpr int deepest = 200;

class JsonWriter {
  public:
    JsonWriter(std::string& out, JsonStyle style) : out_(out), style_(style) {}

    void write(Value const& value, int depth) {
        if (depth > deepest) throw Error(ErrorKind::ValueError, "Circular reference detected");
        check_text_size(out_.size());
        switch (value.kind()) {
        case Kind::None: out_ += "null"; return;
        case Kind::Bool: out_ += value.raw_bool() ? "true" : "false"; return;
        case Kind::Int:
        case Kind::BigInt: append_integer(out_, value); return;
        case Kind::Float: number(value.raw_double()); return;
        case Kind::String: append_json_string(out_, value.raw_text(), JsonCharacters::Ascii); return;
        default: break;
        }
        if (is_mapping(value) || (value.kind() == Kind::View && value.raw_type().shape == TypeInfo::Shape::Struct))
            return object(value, depth);
        if (value.kind() == Kind::List || value.kind() == Kind::Tuple || value.kind() == Kind::View)
            return array(value, depth);

        throw Error(ErrorKind::TypeError,
                    "Object of type " + std::string(value.type_name()) + " is not JSON serializable");
    }

  private:
    void number(double real) {
        if (std::isnan(real))
            out_ += "NaN";
        else if (std::isinf(real))
            out_ += real < 0 ? "-Infinity" : "Infinity";
        else
            append_float(out_, real);
    }

    void line(int depth) {
        if (style_.indent < 0) return;
        out_ += '\n';
        out_.append(static_cast<std::size_t>(style_.indent) * static_cast<std::size_t>(depth), ' ');
    }

    void separate(bool& first, int depth) {
        if (!std::exchange(first, false)) out_ += style_.indent < 0 ? ", " : ",";
        line(depth);
    }

    void array(Value const& value, int depth) {
        out_ += '[';
        bool first = true;
        for (Items items(value); auto const* item = items.next();) {
            separate(first, depth + 1);
            write(*item, depth + 1);
        }
        if (!first) line(depth);
        out_ += ']';
    }

    static Value key_text(Value const& key) {
        switch (key.kind()) {
        case Kind::String: return key;
        case Kind::None: return "null";
        case Kind::Bool: return key.raw_bool() ? "true" : "false";
        case Kind::Int:
        case Kind::BigInt:
        case Kind::Float: return text_of(key);
        default:
            throw Error(ErrorKind::TypeError,
                        "keys must be str, int, float, bool or None, not " + std::string(key.type_name()));
        }
    }

    void object(Value const& value, int depth) {
        std::vector<Value> keys, values;
        if (value.kind() == Kind::View && value.raw_type().shape == TypeInfo::Shape::Struct) {
            auto const& type = value.raw_type();
            for (std::size_t i = 0; i < type.member_count; ++i) {
                if (!style_.private_members && type.members[i].name.starts_with('_')) continue;
                keys.emplace_back(type.members[i].name);
                values.push_back(type.members[i].get(value.raw_data()));
            }
        } else
            for_each_entry(value, [&](Value const& key, Value const& mapped) {
                keys.push_back(key);
                values.push_back(mapped);
            });
        if (style_.sorted) {
            std::vector<Value> const order = keys;
            sort_values(values, order, false);
            sort_values(keys, order, false);
        }
        out_ += '{';
        bool first = true;
        for (std::size_t i = 0; i < keys.size(); ++i) {
            separate(first, depth + 1);
            append_json_string(out_, key_text(keys[i]).raw_text(), JsonCharacters::Ascii);
            out_ += ": ";
            write(values[i], depth + 1);
        }
        if (!first) line(depth);
        out_ += '}';
    }

    std::string& out_;
    JsonStyle style_;
};

} // namespace

void append_json(std::string& out, Value const& value, JsonStyle style) { JsonWriter(out, style).write(value, 0); }

} // namespace hxx::jinja
