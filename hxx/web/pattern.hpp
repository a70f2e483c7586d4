// Route patterns: "/users/{user_id:int}", checked while compiling.
//
// A segment is static text, or a parameter with text around it ("{name}.csv"). A parameter is {name} or
// {name:converter}:
//   {name}       one segment, not empty              {id:int}     digits
//   {x:float}    digits, or digits.digits            {u:uuid}     a UUID, dashes optional
//   {rest:path}  all that follows, may be empty; last in the pattern
// As in Starlette (www.starlette.io/routing), but segments are split before they are percent-decoded: %2F is no
// separator.
#pragma once

#include "hxx/base/fixed_string.hpp"
#include "hxx/web/signature.hpp"

#include <cstdint>
#include <source_location>
#include <string_view>
#include <type_traits>

namespace hxx {

enum class Converter : std::uint8_t { Integer, Float, Uuid, String, Path };

namespace pattern {

/// One parameter of a pattern, as views into its text.
struct Parameter {
    std::string_view name;
    Converter converter = Converter::String;
};

enum class Mistake : std::uint8_t {
    None,
    MustStartWithSlash,
    UnbalancedBrace,
    TwoParametersInOneSegment,
    BadParameterName,
    UnknownConverter,
    DuplicateParameter,
    PathConverterMustBeLast,
    TooManyParameters,
};

inline constexpr int max_parameters = 16;

struct Parsed {
    Mistake mistake = Mistake::None;
    int count = 0;
    Parameter parameters[max_parameters]{};

    [[nodiscard]] constexpr bool has(std::string_view name) const noexcept {
        for (int i = 0; i < count; ++i)
            if (parameters[i].name == name) return true;
        return false;
    }
};

constexpr bool is_identifier(std::string_view text) noexcept {
    if (text.empty() || (text[0] >= '0' && text[0] <= '9')) return false;
    for (char c : text)
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_')) return false;
    return true;
}

/// Reads what stands between the braces; sets mistake.
constexpr void parse_parameter(std::string_view inner, Parsed& parsed) noexcept {
    auto const colon = inner.find(':');
    auto const name = inner.substr(0, colon);
    if (!is_identifier(name)) return void(parsed.mistake = Mistake::BadParameterName);
    if (parsed.has(name)) return void(parsed.mistake = Mistake::DuplicateParameter);
    if (parsed.count == max_parameters) return void(parsed.mistake = Mistake::TooManyParameters);
    auto& parameter = parsed.parameters[parsed.count];
    parameter.name = name;
    if (colon != std::string_view::npos) {
        auto const converter = inner.substr(colon + 1);
        if (converter == "int")
            parameter.converter = Converter::Integer;
        else if (converter == "float")
            parameter.converter = Converter::Float;
        else if (converter == "uuid")
            parameter.converter = Converter::Uuid;
        else if (converter == "path")
            parameter.converter = Converter::Path;
        else if (converter != "str")
            return void(parsed.mistake = Mistake::UnknownConverter);
    }
    ++parsed.count;
}

/// Splits a pattern into its parameters. An empty pattern stands for a router's prefix itself.
constexpr Parsed parse(std::string_view text) noexcept {
    Parsed parsed;
    if (!text.empty() && text[0] != '/') parsed.mistake = Mistake::MustStartWithSlash;
    bool segment_has_parameter = false;
    for (std::size_t i = 0; i < text.size() && parsed.mistake == Mistake::None; ++i) {
        if (text[i] == '/') segment_has_parameter = false;
        if (text[i] == '}') parsed.mistake = Mistake::UnbalancedBrace;
        if (text[i] != '{') continue;
        auto const close = text.find('}', i);
        if (close == std::string_view::npos ||
            text.substr(i + 1, close - i - 1).find_first_of("{/") != std::string_view::npos)
            parsed.mistake = Mistake::UnbalancedBrace;
        else if (segment_has_parameter)
            parsed.mistake = Mistake::TwoParametersInOneSegment;
        else {
            parse_parameter(text.substr(i + 1, close - i - 1), parsed);
            segment_has_parameter = true;
            bool const is_path = parsed.count > 0 && parsed.parameters[parsed.count - 1].converter == Converter::Path;
            if (parsed.mistake == Mistake::None && is_path && (close + 1 != text.size() || text[i - 1] != '/'))
                parsed.mistake = Mistake::PathConverterMustBeLast;
            i = close;
        }
    }
    return parsed;
}

/// What is wrong, for an error at run time (a prefix that is not a literal).
[[nodiscard]] std::string_view explain(Mistake mistake) noexcept;

// Not constexpr on purpose: a consteval constructor that calls one of these does not compile, and both compilers print
// the name of the function, which says what is wrong.
void the_pattern_must_start_with_a_slash();
void the_pattern_has_an_unbalanced_brace();
void the_pattern_has_two_parameters_in_one_segment();
void the_pattern_has_a_parameter_name_that_is_no_identifier();
void the_pattern_has_an_unknown_converter_use_int_float_uuid_str_or_path();
void the_pattern_has_the_same_parameter_twice();
void the_pattern_has_a_path_converter_that_is_not_the_last_segment();
void the_pattern_has_more_than_16_parameters();
void the_pattern_lacks_a_parameter_of_the_handler();

consteval void reject(Mistake mistake) {
    switch (mistake) {
    case Mistake::None: break;
    case Mistake::MustStartWithSlash: the_pattern_must_start_with_a_slash(); break;
    case Mistake::UnbalancedBrace: the_pattern_has_an_unbalanced_brace(); break;
    case Mistake::TwoParametersInOneSegment: the_pattern_has_two_parameters_in_one_segment(); break;
    case Mistake::BadParameterName: the_pattern_has_a_parameter_name_that_is_no_identifier(); break;
    case Mistake::UnknownConverter: the_pattern_has_an_unknown_converter_use_int_float_uuid_str_or_path(); break;
    case Mistake::DuplicateParameter: the_pattern_has_the_same_parameter_twice(); break;
    case Mistake::PathConverterMustBeLast: the_pattern_has_a_path_converter_that_is_not_the_last_segment(); break;
    case Mistake::TooManyParameters: the_pattern_has_more_than_16_parameters(); break;
    }
}

/// The name of a path parameter that a handler's parameter reads and the route's own pattern must have; specialised by
/// Path (hxx/web/extract.hpp) and, for what a dependency reads, by Depends.
template <class Parameter>
struct PathNames {
    static consteval bool all_in(Parsed const&) { return true; }
};

template <class List>
struct AllPathNames;
template <class... P>
struct AllPathNames<TypeList<P...>> {
    static consteval bool all_in(Parsed const& parsed) {
        return (PathNames<std::remove_cvref_t<P>>::all_in(parsed) && ... && true);
    }
};

} // namespace pattern

/// A pattern that has been checked against the handler it stands before, and where in the source it was written.
template <class Handler>
class BasicRoutePattern {
  public:
    template <std::size_t N>
    consteval BasicRoutePattern(char const (&text)[N], std::source_location where = std::source_location::current())
        : text_(text, N - 1), where_(where) {
        auto const parsed = pattern::parse(text_);
        pattern::reject(parsed.mistake);
        if (parsed.mistake == pattern::Mistake::None &&
            !pattern::AllPathNames<parameters_of_t<Handler>>::all_in(parsed))
            pattern::the_pattern_lacks_a_parameter_of_the_handler();
    }
    [[nodiscard]] constexpr std::string_view text() const noexcept { return text_; }
    [[nodiscard]] constexpr std::source_location where() const noexcept { return where_; }
    /// The same pattern as if it had been written there: for a function that registers routes for its caller.
    [[nodiscard]] constexpr BasicRoutePattern at(std::source_location where) const noexcept {
        auto pattern = *this;
        pattern.where_ = where;
        return pattern;
    }

  private:
    std::string_view text_;
    std::source_location where_;
};

/// The parameter type of Router::get and its like; type_identity keeps the handler's type from being deduced here.
template <class Handler>
using RoutePattern = BasicRoutePattern<std::type_identity_t<Handler>>;

} // namespace hxx
