#include "hxx/model/field_context.hpp"

#include "hxx/base/utf8.hpp"

namespace hxx {

bool FieldContext::fail(std::string_view code, Parameters parameters) const {
    constexpr std::size_t longest_echo = 200; // code points; a report is no place for a megabyte that was sent
    std::vector<MessageParameter> all;
    all.reserve(parameters.size());
    for (auto const& [name, value] : parameters) all.push_back({std::string(name), std::string(value)});
    std::optional<std::string> echo;
    if (input.data() != nullptr) {
        auto const shortened = utf8::truncate(input, longest_echo);
        echo = secret ? std::string("***") : utf8::repaired(shortened);
        if (!secret && shortened.size() < input.size()) *echo += "…";
    }
    report.add_standard(where.text(), std::string(code), std::move(all), std::move(echo));
    return false;
}

} // namespace hxx
