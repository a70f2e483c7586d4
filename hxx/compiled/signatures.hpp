// What Jinja2's filters and tests take, for the compiler to check. The engine's own functions say the same when they
// run (a unit test compares the two).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hxx::compiled {

/// What an argument must be for the filter not to fail.
enum class Wants : unsigned char {
    Anything,
    Integer,
    IntegerOrText,
    Number,
    Text,
    Items, // what can be iterated over
    Sized, // what has a length
    Mapping,
    Attribute,     // the items' attribute: a dotted path
    AttributeList, // several of them, separated by commas
};

struct Parameter {
    std::string_view name;
    Wants wants = Wants::Anything;
    bool none = false;                       // none stands for the default
    std::vector<std::string_view> choices{}; // if it is one of a few texts
};

struct Signature {
    std::string_view name;
    std::size_t required; // so many of the parameters; the first is what the filter is applied to
    std::vector<Parameter> parameters;
    bool open = false; // more arguments, of any name
    /// Each parameter behind the first, those that may be left out in brackets: "replace(old, new, [count])".
    [[nodiscard]] std::string text() const;
};

[[nodiscard]] std::span<Signature const> filter_signatures();
[[nodiscard]] std::span<Signature const> test_signatures();
/// Null for a name that Jinja2 does not have.
[[nodiscard]] Signature const* find_filter_signature(std::string_view name);
[[nodiscard]] Signature const* find_test_signature(std::string_view name);

/// The arguments behind what the filter or test is applied to, as they stand in the template.
struct GivenArguments {
    std::size_t positional = 0;
    std::vector<std::string_view> keywords{};
    bool star = false, double_star = false; // *args and **kwargs, which only the rendering knows
};
/// The numbers of the parameters that the positional ones and then the keywords are for (an open signature's further
/// ones have none), or what is wrong with them: "lacks 'new'".
struct BoundArguments {
    std::vector<std::optional<std::size_t>> parameters{};
    std::string mistake{};
};
[[nodiscard]] BoundArguments bind(Signature const& signature, GivenArguments const& given);

} // namespace hxx::compiled
