// Fields found by their path in a struct. Internal: hxx/model/form.hpp uses it.
#pragma once

#include "hxx/base/form_fields.hpp"
#include "hxx/model/error_report.hpp"
#include "hxx/model/where.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hxx::model {

/// "items[0].name", "items[0][name]" and "items.0.name" are "items.0.name"; "tags[]" is "tags". Brackets that do not
/// pair are part of the name.
[[nodiscard]] std::string field_path(std::string_view name);

/// Refers to the fields, which must outlive it.
class FieldIndex {
  public:
    explicit FieldIndex(FormFields const& fields);

    /// The last value of that path, or null.
    [[nodiscard]] std::string const* last(std::string_view path) const;
    /// All values of that path in order.
    [[nodiscard]] std::vector<std::string const*> all(std::string_view path) const;
    /// The values of a list: those of that path, then those of its numbers ("tags", then "tags.0").
    [[nodiscard]] std::vector<std::string const*> items(std::string_view path) const;
    /// The numbers under a path, ascending: 0 and 2 for "items.0.name" and "items.2.name". At most as many as fields.
    [[nodiscard]] std::vector<std::size_t> indices(std::string_view path) const;
    /// Whether a value that is not empty is at or under the path.
    [[nodiscard]] bool has_content(std::string_view path) const;
    /// Reports each field under the path ("" for all) whose next part is not one of the names.
    bool report_extra(std::string_view path, std::span<std::string_view const> names, Where const& where,
                      ErrorReport& report) const;

  private:
    struct Entry {
        std::string path;
        std::string const* value;
    };
    /// The entries whose path is under `path` ("items" has "items.0.name"); all for "".
    [[nodiscard]] std::span<Entry const> under(std::string_view path) const;

    std::vector<Entry> entries_; // ordered by path, then as they came
};

} // namespace hxx::model
