// Typed parameters of a handler: Path, Query, Header, Cookie, Form, Json, Checked, State.
//
// Each is a wrapper: *id, id->member, or just id where the value is meant. What is missing or wrong is collected in the
// request's error report under the source's name ("query.page", "form.age"), and the request is answered with 422
// before the handler runs. The sources and rules are FastAPI's (fastapi.tiangolo.com/tutorial), with FastAPI's
// `required unless there is a default`.
#pragma once

#include "hxx/async/takes_deadline.hpp"
#include "hxx/base/fixed_string.hpp"
#include "hxx/model/error_report.hpp"
#include "hxx/model/form.hpp"
#include "hxx/model/scalar.hpp"
#include "hxx/reflect/reflect.hpp"
#include "hxx/reflect/wrapper.hpp"
#include "hxx/web/inject.hpp"
#include "hxx/web/pattern.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace hxx {

/// The default of a Query, Header or Cookie, as a template argument: Query<int, "page", 1>, Query<std::string, "q",
/// "">.
struct NoDefault {};
template <class V>
struct DefaultValue {
    V value;
    consteval DefaultValue(V v) : value(v) {}
};
template <std::size_t N>
DefaultValue(char const (&)[N]) -> DefaultValue<FixedString<N>>;
template <std::size_t N>
struct DefaultValue<FixedString<N>> {
    FixedString<N> value;
    consteval DefaultValue(char const (&text)[N]) : value(text) {}
};

namespace extract {

/// What every extracted parameter is: one value, seen through.
template <class T>
class Extracted {
  public:
    using wrapped_type = T;
    explicit Extracted(T value) : value_(std::move(value)) {}
    [[nodiscard]] T const& get() const noexcept { return value_; }
    operator T const&() const noexcept { return value_; }
    auto const& operator*() const noexcept { return unwrap(value_); }
    auto const* operator->() const noexcept { return &unwrap(value_); }

  private:
    T value_;
};

// The places that single values come from. Each gives nothing if the value is not there.
std::optional<std::string> path_text(Request& request, std::string_view name);
std::optional<std::string> query_text(Request& request, std::string_view name);
std::optional<std::string> header_text(Request& request, std::string_view name);
std::optional<std::string> cookie_text(Request& request, std::string_view name);
std::vector<std::string> query_texts(Request& request, std::string_view name);
std::vector<std::string> header_texts(Request& request, std::string_view name);
void report_missing(Request& request, std::string_view source, std::string_view name);
template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};

template <class T, class Default>
T default_as(Default const& fallback) {
    if constexpr (requires { fallback.value.view(); })
        return T(std::string(fallback.value.view()));
    else
        return T(static_cast<unwrapped_t<T>>(fallback.value));
}

/// Text to value, or the default, or an error in the report.
template <class T, auto Default>
std::optional<T> single(Request& request, std::optional<std::string> const& text, std::string_view source,
                        std::string_view name) {
    // "?page=" is a page that was not given: the default, not an error.
    if (text && !(text->empty() && empty_is_missing<T>))
        return parse_value<T>(*text, Where(source, name), request.errors());
    if constexpr (!std::is_same_v<decltype(Default.value), NoDefault const> &&
                  !std::is_same_v<decltype(Default.value), NoDefault>)
        return default_as<T>(Default);
    else if constexpr (IsOptional<unwrapped_t<T>>::value)
        return T{};
    else {
        report_missing(request, source, name);
        return std::nullopt;
    }
}

template <class T>
std::optional<T> several(Request& request, std::vector<std::string> const& texts, std::string_view source,
                         std::string_view name) {
    return parse_values<T>(texts, Where(source, name), request.errors());
}

} // namespace extract

/// Marks a Path parameter that a router's prefix or mount point has, not the route's own pattern: it is checked when
/// the app starts instead of when it compiles.
struct FromPrefix {};
inline constexpr FromPrefix from_prefix{};

/// A parameter of the route's pattern: Path<std::int64_t, "user_id">.
template <class T, FixedString Name, auto... Origin>
class Path : public extract::Extracted<T> {
  public:
    using extract::Extracted<T>::Extracted;
    static std::optional<Path> from_request(Request& request) {
        auto const text = extract::path_text(request, Name.view());
        if (!text) return extract::report_missing(request, "path", Name.view()), std::nullopt;
        auto value = parse_value<T>(*text, Where("path", Name.view()), request.errors());
        if (!value) return std::nullopt;
        return Path(*std::move(value));
    }
    static void requirements(Requirements& all) {
        all.push_back({Requirement::Kind::PathParameter, nullptr, Name.view()});
    }
};

/// A field of the query: Query<std::string, "q", "">, Query<std::vector<int>, "id">; or, without a name, all of the
/// query as a struct: Query<Filter>.
template <class T, FixedString Name = "", DefaultValue Default = DefaultValue{NoDefault{}}>
class Query : public extract::Extracted<T> {
    static constexpr bool whole = Name.view().empty();
    static_assert(!whole || reflect::Aggregate<T>,
                  "hxx: Query<T> without a name wants a struct; a single value is Query<T, \"name\">");

  public:
    using extract::Extracted<T>::Extracted;
    static std::optional<Query> from_request(Request& request) {
        auto value = extracted(request);
        if (!value) return std::nullopt;
        return Query(*std::move(value));
    }

  private:
    static std::optional<T> extracted(Request& request) {
        if constexpr (whole)
            return parse_fields<T>(request.query_parameters(), "query", request.errors());
        else if constexpr (extract::IsVector<unwrapped_t<T>>::value)
            return extract::several<T>(request, extract::query_texts(request, Name.view()), "query", Name.view());
        else
            return extract::single<T, Default>(request, extract::query_text(request, Name.view()), "query",
                                               Name.view());
    }
};

/// A header field, by its name as it is written: Header<std::string, "User-Agent">. A vector takes repeated fields.
template <class T, FixedString Name, DefaultValue Default = DefaultValue{NoDefault{}}>
class Header : public extract::Extracted<T> {
  public:
    using extract::Extracted<T>::Extracted;
    static std::optional<Header> from_request(Request& request) {
        auto value = extracted(request);
        if (!value) return std::nullopt;
        return Header(*std::move(value));
    }

  private:
    static std::optional<T> extracted(Request& request) {
        if constexpr (extract::IsVector<unwrapped_t<T>>::value)
            return extract::several<T>(request, extract::header_texts(request, Name.view()), "header", Name.view());
        else
            return extract::single<T, Default>(request, extract::header_text(request, Name.view()), "header",
                                               Name.view());
    }
};

/// A cookie: Cookie<std::optional<std::string>, "theme">.
template <class T, FixedString Name, DefaultValue Default = DefaultValue{NoDefault{}}>
class Cookie : public extract::Extracted<T> {
  public:
    using extract::Extracted<T>::Extracted;
    static std::optional<Cookie> from_request(Request& request) {
        auto value =
            extract::single<T, Default>(request, extract::cookie_text(request, Name.view()), "cookie", Name.view());
        if (!value) return std::nullopt;
        return Cookie(*std::move(value));
    }
};

namespace extract {
/// The app's value of that type; throws std::logic_error if there is none.
void* find_state(Request& request, void const* key, std::string_view type);
} // namespace extract

/// The app's one value of type T, given to it by app.state(T). All workers share it.
///
/// Of a type that takes a deadline, as http::Client does, it is a copy that ends what it does by the request's deadline
/// (AppOptions::request_deadline). What outlives the handler takes the copy or this State with it, no reference.
template <class T>
class State {
  public:
    using wrapped_type = T;
    static State from_request(Request& request) {
        auto& value = *static_cast<T*>(extract::find_state(request, type_key<T>, reflect::type_name<T>()));
        if constexpr (TakesDeadline<T>)
            return State(value.with_deadline(request.deadline()));
        else
            return State(value);
    }
    static void requirements(Requirements& all) {
        all.push_back({Requirement::Kind::State, type_key<T>, reflect::type_name<T>()});
    }
    explicit State(T& value) noexcept
        requires(!TakesDeadline<T>)
        : value_(&value) {}
    explicit State(T value)
        requires TakesDeadline<T>
        : value_(std::move(value)) {}
    [[nodiscard]] T& get() const noexcept {
        if constexpr (TakesDeadline<T>)
            return value_;
        else
            return *value_;
    }
    T& operator*() const noexcept { return get(); }
    T* operator->() const noexcept { return &get(); }

  private:
    mutable std::conditional_t<TakesDeadline<T>, T, T*> value_;
};

template <class T, FixedString Name>
struct pattern::PathNames<Path<T, Name>> {
    static consteval bool all_in(Parsed const& parsed) { return parsed.has(Name.view()); }
};
} // namespace hxx
