// What a struct's own `validate` is given, for rules across its members:
//
//     struct Booking {
//         int from, to;
//         void validate(Errors& errors) const {
//             if (to < from) errors.add("to", "must not be before the start");
//         }
//     };
//
// It is called once all members are right by themselves.
#pragma once

#include "hxx/model/error_report.hpp"
#include "hxx/model/where.hpp"

#include <string>
#include <string_view>

namespace hxx {

class Errors {
  public:
    Errors(ErrorReport& report, Where const& where) noexcept
        : report_(&report), where_(&where), already_(report.size()) {}

    /// A mistake of one member, "to", or of one further in, "items.0.name". The code is "value_error".
    void add(std::string_view member, std::string_view message) { add(member, "value_error", message); }
    void add(std::string_view member, std::string_view code, std::string_view message);
    /// A mistake of the struct as a whole.
    void add(std::string_view message);

    /// True if this struct's validate has added nothing yet.
    [[nodiscard]] bool empty() const noexcept { return report_->size() == already_; }

  private:
    ErrorReport* report_;
    Where const* where_;
    std::size_t already_;
};

/// What to do with fields of a form, a query or a JSON object that the struct has no member for. They are ignored
/// unless the struct has `static constexpr auto extra = hxx::Extra::Forbid;`.
enum class Extra : unsigned char { Ignore, Forbid };

namespace model {

template <class T>
consteval bool forbids_extra() noexcept {
    if constexpr (requires { T::extra; })
        return T::extra == Extra::Forbid;
    else
        return false;
}

/// Runs the struct's validate, if it has one; false if that found mistakes.
template <class T>
bool run_validate(T const& object, Where const& where, ErrorReport& report) {
    if constexpr (requires { &T::validate; }) {
        static_assert(
            requires(Errors& errors) { object.validate(errors); },
            "hxx: a model's validate must be: void validate(hxx::Errors& errors) const");
        Errors errors(report, where);
        object.validate(errors);
        return errors.empty();
    } else {
        return true;
    }
}

} // namespace model
} // namespace hxx
