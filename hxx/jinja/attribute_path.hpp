// The attribute= arguments of filters: "address.city", "tags.0", 1.
#pragma once

#include "hxx/jinja/access.hpp"

namespace hxx::jinja {

class AttributePath {
  public:
    /// None for the item itself.
    explicit AttributePath(Value const& attribute, Lookup rules);
    /// The attribute of an item; `fallback`, if given, takes the place of undefined steps.
    [[nodiscard]] Value get(Value const& item, Value const* fallback = nullptr) const;

  private:
    std::vector<Value> parts_;
    Lookup rules_;
};

/// Lower case of text, anything else as it is: for comparing without case.
[[nodiscard]] Value ignore_case(Value const& value);

} // namespace hxx::jinja
