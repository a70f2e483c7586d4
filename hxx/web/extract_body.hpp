// Extractors of the body, Form<T> and Json<T>; and Checked, which leaves an extractor's mistakes to the handler.
#pragma once

#include "hxx/model/form_state.hpp"
#include "hxx/model/json_reader.hpp"
#include "hxx/web/extract.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hxx {

namespace extract {
/// The form of this request if it has a body, else no fields. Throws HttpError 415 for a body that is no form.
FormFields const& form_fields(Request& request);
/// The body. Throws HttpError 415 unless the content type is application/json or ends in +json (a missing one too: a
/// cross-site form can send text/plain, but not this).
std::string_view json_text(Request& request);
} // namespace extract

/// A form as a struct. A bad form is answered by itself, with 422; Checked<Form<T>> lets the handler do it.
template <class T>
class Form : public extract::Extracted<T> {
    static_assert(reflect::Aggregate<T>, "hxx: Form<T> wants a struct with one member a field");

  public:
    using extract::Extracted<T>::Extracted;
    static constexpr std::string_view source = "form";
    static std::optional<Form> from_request(Request& request) {
        auto value = parse_fields<T>(extract::form_fields(request), source, request.errors());
        if (!value) return std::nullopt;
        return Form(*std::move(value));
    }
    static void requirements(Requirements& all) {
        all.push_back({Requirement::Kind::Input, type_key<T>, reflect::type_name<T>()});
    }
};

/// A JSON body as a struct, a vector or a scalar.
template <class T>
class Json : public extract::Extracted<T> {
  public:
    using extract::Extracted<T>::Extracted;
    static constexpr std::string_view source = "body";
    static std::optional<Json> from_request(Request& request) {
        auto value = parse_json<T>(extract::json_text(request), source, request.errors());
        if (!value) return std::nullopt;
        return Json(*std::move(value));
    }
    static void requirements(Requirements& all) {
        all.push_back({Requirement::Kind::Input, type_key<T>, reflect::type_name<T>()});
    }
};

/// Any of the above with its mistakes left to the handler: `if (!form) co_return view.invalid("…", form);`.
template <class Parameter>
class Checked {
  public:
    using value_type = typename Parameter::wrapped_type;

    static Checked from_request(Request& request) {
        Checked checked;
        // The request's own report is put aside, so that what is wrong here does not end the request.
        std::swap(request.errors(), checked.errors_);
        checked.value_ = Parameter::from_request(request);
        std::swap(request.errors(), checked.errors_);
        if constexpr (requires { Parameter::source == "form"; }) checked.fields_ = &extract::form_fields(request);
        return checked;
    }

    static void requirements(Requirements& all) {
        if constexpr (requires { Parameter::requirements(all); }) Parameter::requirements(all);
    }

    /// True when the input was right, and the value is there.
    [[nodiscard]] explicit operator bool() const noexcept { return value_.has_value() && errors_.empty(); }
    [[nodiscard]] value_type const& get() const noexcept { return value_->get(); }
    value_type const& operator*() const noexcept { return value_->get(); }
    value_type const* operator->() const noexcept { return &value_->get(); }

    [[nodiscard]] ErrorReport const& errors() const noexcept { return errors_; }
    /// Adds a mistake that only the handler can know: add_error("email", "taken", "is taken already").
    Checked& add_error(std::string_view field, std::string_view code, std::string_view message);
    /// What was typed; null unless this is a form. Lives as long as the request.
    [[nodiscard]] FormFields const* fields() const noexcept { return fields_; }

  private:
    std::optional<Parameter> value_;
    ErrorReport errors_;
    FormFields const* fields_ = nullptr;
};

template <class Parameter>
Checked<Parameter>& Checked<Parameter>::add_error(std::string_view field, std::string_view code,
                                                  std::string_view message) {
    std::string_view source = "value";
    if constexpr (requires { Parameter::source; }) source = Parameter::source;
    errors_.add(std::string(source) + '.' + std::string(field), std::string(code), std::string(message));
    return *this;
}

/// What view.invalid shows: what was typed, and what is wrong with it.
template <class T>
FormState state_of(Checked<Form<T>> const& form) {
    return form_state<T>(*form.fields(), form.errors());
}

template <class Parameter>
struct pattern::PathNames<Checked<Parameter>> : pattern::PathNames<Parameter> {};

} // namespace hxx
