// TakesDeadline: what can be bound to a Deadline (hxx/async/deadline.hpp), for headers that bind it.
#pragma once

#include <concepts>

namespace hxx {

class Deadline;

/// What works within a deadline that it is told: with_deadline(d) gives a T that ends what it does by then.
template <class T>
concept TakesDeadline = requires(T const& value, Deadline const& deadline) {
    { value.with_deadline(deadline) } -> std::same_as<T>;
};

} // namespace hxx
