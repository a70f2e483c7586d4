// Filters that apply other filters and tests: map, select, reject.
#include "hxx/jinja/access.hpp"
#include "hxx/jinja/attribute_path.hpp"
#include "hxx/jinja/builtins.hpp"
#include "hxx/jinja/error.hpp"
#include "hxx/jinja/interpreter.hpp"
#include "hxx/jinja/operators.hpp"
#include "hxx/jinja/runtime_objects.hpp"
#include "hxx/jinja/text.hpp"

#include <deque>
#include <memory>
#include <optional>

namespace hxx::jinja {
namespace {

/// A filter or test by name, with its further arguments.
class Applied {
  public:
    Applied(State& state, bool is_filter, Value const& name, std::span<Value const> positional,
            std::span<Keyword const> keywords)
        : state_(&state), arguments_{Value()} {
        arguments_.insert(arguments_.end(), positional.begin(), positional.end());
        for (auto const& keyword : keywords) keywords_.push_back({names_.emplace_back(keyword.name), keyword.value});
        name_ = name;
        is_filter_ = is_filter;
    }
    Applied(Applied const&) = delete; // the names of keywords are views of its own text
    Applied& operator=(Applied const&) = delete;

    Value operator()(Value const& item) {
        if (!builtin_) find();
        arguments_.front() = item;
        return builtin_->call(*state_, Args(state_, arguments_, keywords_));
    }

  private:
    void find() {
        if (name_.is_string())
            builtin_ = is_filter_ ? state_->environment().find_filter(name_.raw_text())
                                  : state_->environment().find_test(name_.raw_text());
        if (builtin_) return;
        std::string message = std::string("No ") + (is_filter_ ? "filter" : "test") + " named " + name_.repr() + ".";
        if (name_.is_undefined())
            message += " (" + undefined_message(name_) + "; did you forget to quote the callable name?)";
        throw Error(ErrorKind::TemplateRuntimeError, std::move(message));
    }

    State* state_;
    bool is_filter_ = true;
    Value name_;
    Builtin const* builtin_ = nullptr;
    std::vector<Value> arguments_;
    std::vector<Keyword> keywords_;
    std::deque<std::string> names_;
};

Value const& subject(Args const& args, char const* function) {
    if (args.size() == 0)
        throw Error(ErrorKind::TypeError, std::string(function) + "() missing 1 required positional argument: 'value'");
    return args[0];
}

// The source is looked at when the first item is asked for, as a Python generator does it.
template <class Make>
Value lazily(Value const& source, Make&& make) {
    using Step = decltype(make());
    return generate([source, make = std::forward<Make>(make), step = std::optional<Step>(),
                     items = std::optional<Items>()](Value& out) mutable {
        if (!items) {
            if (!truthy(source)) return false;
            step.emplace(make());
            items.emplace(source);
        }
        while (items->next(out))
            if ((*step)(out)) return true;
        return false;
    });
}

Value map(State& state, Args const& args) {
    Value const& value = subject(args, "do_map");
    auto const rest = args.positional().subspan(1);
    if (rest.empty() && args.keyword("attribute")) {
        std::optional<Value> fallback;
        for (auto const& keyword : args.keywords()) {
            if (keyword.name == "default" && !keyword.value.is_none()) fallback = keyword.value;
            if (keyword.name != "attribute" && keyword.name != "default") {
                // Told when the first item is asked for.
                return lazily(value, [name = std::string(keyword.name)]() -> bool (*)(Value&) {
                    throw Error(ErrorKind::FilterArgumentError, "Unexpected keyword argument " + quote(name));
                });
            }
        }
        return lazily(value, [path = AttributePath(*args.keyword("attribute"), state.lookup()), fallback] {
            return [path, fallback](Value& item) {
                item = path.get(item, fallback ? &*fallback : nullptr);
                return true;
            };
        });
    }
    if (rest.empty())
        return lazily(value, []() -> bool (*)(Value&) {
            throw Error(ErrorKind::FilterArgumentError, "map requires a filter argument");
        });
    auto applied = std::make_shared<Applied>(state, true, rest[0], rest.subspan(1), args.keywords());
    return lazily(value, [applied] {
        return [applied](Value& item) {
            item = (*applied)(item);
            return true;
        };
    });
}

template <bool Keep, bool Attribute>
Value select(State& state, Args const& args) {
    Value const& value = subject(args, "do_select");
    auto rest = args.positional().subspan(1);
    std::optional<AttributePath> path;
    if (Attribute) {
        if (rest.empty())
            return lazily(value, []() -> bool (*)(Value&) {
                throw Error(ErrorKind::FilterArgumentError, "Missing parameter for attribute name");
            });
        path.emplace(rest[0], state.lookup());
        rest = rest.subspan(1);
    }
    std::shared_ptr<Applied> applied;
    if (!rest.empty()) applied = std::make_shared<Applied>(state, false, rest[0], rest.subspan(1), args.keywords());
    return lazily(value, [path, applied] {
        return [path, applied](Value& item) {
            Value const looked_at = path ? path->get(item) : item;
            return truthy(applied ? (*applied)(looked_at) : looked_at) == Keep;
        };
    });
}

} // namespace

std::span<FilterRow const> selection_filters() noexcept {
    static constexpr FilterRow rows[] = {{"map", map, false},
                                         {"select", select<true, false>, false},
                                         {"reject", select<false, false>, false},
                                         {"selectattr", select<true, true>, false},
                                         {"rejectattr", select<false, true>, false}};
    return rows;
}

} // namespace hxx::jinja
