// The global functions range, dict, lipsum, cycler, joiner and namespace; and the table of all that is built in.
#include "hxx/jinja/access.hpp"
#include "hxx/jinja/arguments.hpp"
#include "hxx/jinja/builtins.hpp"
#include "hxx/jinja/error.hpp"
#include "hxx/jinja/interpreter.hpp"
#include "hxx/jinja/runtime_objects.hpp"
#include "hxx/jinja/sandbox.hpp"
#include "hxx/jinja/text.hpp"
#include "hxx/jinja/unicode.hpp"

#include <algorithm>
#include <array>
#include <random>

namespace hxx::jinja {
namespace {

Value range(Args const& args) {
    if (!args.keywords().empty()) throw Error(ErrorKind::TypeError, "range() takes no keyword arguments");
    if (args.size() == 0 || args.size() > 3)
        throw Error(ErrorKind::TypeError,
                    args.size() == 0 ? "range expected at least 1 argument, got 0"
                                     : "range expected at most 3 arguments, got " + std::to_string(args.size()));
    std::int64_t const first = index_argument(args[0]);
    std::int64_t const start = args.size() == 1 ? 0 : first;
    std::int64_t const stop = args.size() == 1 ? first : index_argument(args[1]);
    std::int64_t const step = args.size() == 3 ? index_argument(args[2]) : 1;
    if (step == 0) throw Error(ErrorKind::ValueError, "range() arg 3 must not be zero");
    auto result = std::make_unique<RangeObject>(start, stop, step);
    std::size_t size = 0;
    static_cast<void>(result->length(size));
    if (args.state() && args.state()->lookup().sandbox && size > sandbox_range)
        throw Error(ErrorKind::OverflowError, "Range too big. The sandbox blocks ranges larger than MAX_RANGE (" +
                                                  std::to_string(sandbox_range) + ").");
    if (auto const* state = args.state(); state && size > state->environment().options.limits.range)
        throw Error(ErrorKind::LimitError,
                    "range() of more than " + std::to_string(state->environment().options.limits.range) + " items");
    return Value::object(result.release());
}

// dict() and namespace() take a mapping or pairs, and keywords.
void fill(DictObject& dict, Args const& args) {
    if (args.size() > 1)
        throw Error(ErrorKind::TypeError, "dict expected at most 1 argument, got " + std::to_string(args.size()));
    if (args.size() == 1 && args[0].is_undefined()) fail_undefined(args[0]); // though it iterates over nothing
    if (args.size() == 1 &&
        !for_each_entry(args[0], [&](Value const& key, Value const& value) { dict.set(key, value); })) {
        std::size_t index = 0;
        for (Items pairs(args[0]); auto const* pair = pairs.next(); ++index) {
            if (!is_iterable(*pair))
                throw Error(ErrorKind::TypeError, "cannot convert dictionary update sequence element #" +
                                                      std::to_string(index) + " to a sequence");
            auto const items = list_of(*pair);
            if (items.size() != 2)
                throw Error(ErrorKind::ValueError, "dictionary update sequence element #" + std::to_string(index) +
                                                       " has length " + std::to_string(items.size()) +
                                                       "; 2 is required");
            dict.set(items[0], items[1]);
        }
    }
    for (auto const& keyword : args.keywords()) dict.set(Value(std::string(keyword.name)), keyword.value);
}

Value dict(Args const& args) {
    auto result = std::make_unique<DictObject>();
    fill(*result, args);
    return Value::of_object(Kind::Dict, result.release());
}

Value make_namespace(Args const& args) {
    auto result = std::make_unique<NamespaceObject>();
    fill(result->values, args);
    return Value::object(result.release());
}

Value cycler(Args const& args) {
    if (args.size() == 0) throw Error(ErrorKind::TemplateRuntimeError, "at least one item has to be provided");
    return make_object<CyclerObject>(std::vector<Value>(args.positional().begin(), args.positional().end()));
}

Value joiner(Args const& args) {
    Bound<1> const bound(args, "joiner", {"sep"}, 0);
    return make_object<JoinerObject>(bound.given(0) ? bound[0] : Value(", "));
}

// ── lipsum ──────────────────────────────────────────────────────────────────────────────────────────────────────

constexpr std::array<std::string_view, 40> words{
    "a",     "ac",    "ad",     "amet",   "ante",  "arcu",  "at",  "congue", "dolor", "donec",
    "dui",   "eget",  "elit",   "est",    "et",    "felis", "hac", "id",     "in",    "ipsum",
    "justo", "lacus", "lectus", "lorem",  "magna", "massa", "mi",  "nam",    "nec",   "nisi",
    "nulla", "odio",  "orci",   "platea", "purus", "sed",   "sit", "urna",   "vel",   "vitae"};

class Paragraphs {
  public:
    std::string one(std::int64_t least, std::int64_t most) {
        auto const count = between(least, std::max(least, most - 1));
        std::string out;
        std::int64_t comma = 0, stop = 0;
        bool capital = true;
        std::string_view last;
        for (std::int64_t i = 0; i < count; ++i) {
            std::string_view word = last;
            while (word == last)
                word = words[static_cast<std::size_t>(between(0, static_cast<std::int64_t>(words.size()) - 1))];
            last = word;
            if (!out.empty()) out += ' ';
            out += capital ? capitalize(word) : std::string(word);
            capital = false;
            if (i - between(3, 7) > comma) {
                comma = i;
                stop += 2;
                out += ',';
            }
            if (i - between(10, 19) > stop) {
                comma = stop = i;
                out += '.';
                capital = true;
            }
        }
        if (out.ends_with(',')) out.back() = '.';
        if (!out.ends_with('.')) out += '.';
        return out;
    }

  private:
    std::int64_t between(std::int64_t low, std::int64_t high) {
        return std::uniform_int_distribution<std::int64_t>(low, high)(engine_);
    }
    std::mt19937_64 engine_{std::random_device{}()};
};

Value lipsum(Args const& args) {
    Bound<4> const bound(args, "generate_lorem_ipsum", {"n", "html", "min", "max"}, 0);
    auto const count = bound.integer(0, 5);
    bool const html = bound.flag(1, true);
    auto const least = bound.integer(2, 20), most = bound.integer(3, 100);
    if (least < 0 || most <= least) throw Error(ErrorKind::ValueError, "empty range for randrange()");
    if (count > 10'000 || most > 1'000'000 || most > 1'000'000 / std::max<std::int64_t>(count, 1))
        throw Error(ErrorKind::LimitError, "lipsum() of so much text");
    Paragraphs paragraphs;
    std::string out;
    for (std::int64_t i = 0; i < count; ++i) {
        if (i > 0) out += html ? "\n" : "\n\n";
        std::string const text = paragraphs.one(least, most);
        out += html ? "<p>" + text + "</p>" : text;
    }
    return html ? Value::markup(std::move(out)) : Value(std::move(out));
}

} // namespace

void add_builtins(Environment::Impl& environment) {
    auto add = [](TextMap<Builtin>& table, std::span<FilterRow const> rows) {
        for (auto const& row : rows) table[std::string(row.name)] = Builtin{row.function, row.write, Value(), row.pure};
    };
    add(environment.filters, text_filters());
    add(environment.filters, html_filters());
    add(environment.filters, number_filters());
    add(environment.filters, sequence_filters());
    add(environment.filters, selection_filters());
    add(environment.tests, builtin_tests());
    environment.globals["range"] = Value::function(&range);
    environment.globals["dict"] = Value::function(&dict);
    environment.globals["namespace"] = Value::function(&make_namespace);
    environment.globals["cycler"] = Value::function(&cycler);
    environment.globals["joiner"] = Value::function(&joiner);
    environment.globals["lipsum"] = Value::function(&lipsum);
}

} // namespace hxx::jinja
