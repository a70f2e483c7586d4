// A form or a query as a struct.
//
//     struct SignUp {
//         Annotated<std::string, Trim{}, MinLength{1}> name;
//         Annotated<int, Ge{18}> age;
//         std::optional<std::string> phone;
//         bool newsletter = false;               // a check box: absent is false
//         std::vector<std::string> topics;       // topics=a&topics=b
//         Address address;                       // address.street=… or address[street]=…
//     };
//     auto form = parse_fields<SignUp>(fields, "form", report);
//
// A member is required unless it is an optional, a bool, a container, NotRequired, or has a default other than zero or
// empty. An empty value is a missing one for everything but std::string (see EmptyIsMissing and its siblings).
#pragma once

#include "hxx/base/form_fields.hpp"
#include "hxx/model/errors.hpp"
#include "hxx/model/field_index.hpp"
#include "hxx/model/members.hpp"
#include "hxx/model/scalar.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hxx {
namespace model {

/// Where the fields of a struct are read from.
struct FieldSource {
    FieldIndex const& index;
    ErrorReport& report;
    bool absent_bool_is_false; // in a form, whose unchecked boxes send nothing
};

template <reflect::Aggregate T>
bool read_fields(FieldSource const& source, T& object, Where const& where);

/// A field that is not there, or empty where that means the same.
template <class M>
bool read_missing(M& member, FieldSource const& source, FieldContext const& context) {
    if constexpr (std::same_as<unwrapped_t<M>, bool>) {
        if (source.absent_bool_is_false) member = false;
        return true;
    } else {
        return !is_required(member) || context.fail("missing");
    }
}

template <class M>
bool read_single(M& member, FieldSource const& source, Where const& where) {
    auto const* text = source.index.last(where.path());
    FieldContext const context{where, source.report, text ? std::string_view(*text) : std::string_view(),
                               reflect::has_constraint<M, Secret>};
    if (!text || (text->empty() && empty_is_missing<M>)) return read_missing(member, source, context);
    return read_text(*text, member, context);
}

/// Items that are one text each: "tags=a&tags=b", "tags[]=a", "tags.0=a".
template <class Container>
bool read_texts(Container& container, FieldSource const& source, Where const& where, bool secret) {
    using Item = typename Container::value_type;
    auto const texts = source.index.items(where.path());
    if (texts.empty()) return true;
    Container items;
    bool right = true;
    std::size_t place = 0;
    for (auto const* text : texts) {
        Where const item_where(where, place++);
        if (text->empty() && empty_is_missing<Item>) continue;
        Item item{};
        FieldContext const context{item_where, source.report, *text, secret};
        if (read_text(*text, item, context))
            items.insert(items.end(), std::move(item));
        else
            right = false;
    }
    container = std::move(items);
    return right;
}

/// Items that are structs: "items.0.name". Numbers may be left out, as when a row was removed in the browser.
template <class Container>
bool read_structs(Container& container, FieldSource const& source, Where const& where) {
    auto const indices = source.index.indices(where.path());
    if (indices.empty()) return true;
    Container items;
    bool right = true;
    for (auto const index : indices) {
        typename Container::value_type item{};
        right = read_fields(source, item, Where(where, index)) && right;
        items.insert(items.end(), std::move(item));
    }
    container = std::move(items);
    return right;
}

template <class M>
bool read_field(M& member, FieldSource const& source, Where const& where, bool secret = false) {
    using Inner = inner_type<M>;
    if constexpr (!Sequence<Inner> && !(reflect::Aggregate<Inner> && !Scalar<Inner>)) {
        return read_single(member, source, where);
    } else if constexpr (reflect::is_annotated<M>) {
        return read_field(member.get(), source, where, reflect::has_constraint<M, Secret>) &&
               apply_constraints(member, FieldContext{where, source.report});
    } else if constexpr (is_optional<M>) {
        // A form sends the text fields of a part that was left empty, too.
        return !source.index.has_content(where.path()) || read_field(member.emplace(), source, where, secret);
    } else if constexpr (Sequence<M>) {
        using Item = typename M::value_type;
        if constexpr (reflect::Aggregate<Item> && !Scalar<Item>)
            return read_structs(member, source, where);
        else
            return read_texts(member, source, where, secret);
    } else {
        return read_fields(source, member, where);
    }
}

template <reflect::Aggregate T>
bool read_fields(FieldSource const& source, T& object, Where const& where) {
    bool right = true;
    if constexpr (forbids_extra<T>())
        right = source.index.report_extra(where.path(), outside_names<T>, where, source.report);
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        ((right = read_field(reflect::get<I>(object), source, Where(where, outside_names<T>[I])) && right), ...);
    }(std::make_index_sequence<reflect::member_count<T>>());
    return right && run_validate(object, where, source.report);
}

} // namespace model

/// Reads the fields into a fresh T{}. source: "form" or "query", the first part of each error's place; an absent bool
/// is false in a form and keeps its default elsewhere. All mistakes are added to the report, and nothing is returned.
template <reflect::Aggregate T>
[[nodiscard]] std::optional<T> parse_fields(FormFields const& fields, std::string_view source, ErrorReport& report) {
    model::FieldIndex const index(fields);
    // Not in an optional's own place: to reset and return that, g++ 12 -O2 sets off -Wmaybe-uninitialized in the
    // program that asks for a struct of one bool.
    T object{};
    if (!model::read_fields(model::FieldSource{index, report, source == "form"}, object, Where(source)))
        return std::nullopt;
    return object;
}

} // namespace hxx
