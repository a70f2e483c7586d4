// The context types of a header: structs that name their template.
//
//     struct UsersPage {
//         static constexpr auto template_name = "pages/users.html";
//         std::vector<User> users;
//     };
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hxx::compiled {

struct ContextType {
    std::string type;          // qualified: app::UsersPage
    std::string template_name; // as it is written there
    std::size_t line;
};

/// Finds them without a compiler: namespaces and structs that are written out, no macros. Throws std::runtime_error,
/// with the line, for a template_name that is no plain literal or stands in no struct.
[[nodiscard]] std::vector<ContextType> find_contexts(std::string_view header, std::string_view file);

} // namespace hxx::compiled
