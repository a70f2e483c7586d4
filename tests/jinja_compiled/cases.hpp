// The compiled templates of a file of cases.
#pragma once

#include "hxx/jinja/native_template.hpp"

#include <span>
#include <vector>

namespace hxx::tests {

struct Case {
    std::size_t number; // of the line, from 0, through all files
    std::span<jinja::TemplateSpec const* const> templates;
};

[[nodiscard]] std::vector<Case> all_cases();

} // namespace hxx::tests
