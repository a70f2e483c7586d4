// Renders each case with its templates as C++ and as the interpreter runs them: the same bytes, or the same error at
// the same line.
#include "tests/jinja_compiled/cases.hpp"
#include "tools/hxx/protocol.hpp"

#include <boost/json.hpp>
#include <fstream>
#include <gtest/gtest.h>
#include <map>

namespace hxx::tests {
namespace {

TEST(Compiled, RendersAsTheInterpreter) {
    std::map<std::size_t, std::span<jinja::TemplateSpec const* const>> compiled;
    for (auto const& one : all_cases()) compiled.emplace(one.number, one.templates);
    std::size_t number = 0, rendered = 0;
    for (char const* const name : {HXX_CASES}) {
        std::ifstream file(name);
        ASSERT_TRUE(file) << name;
        for (std::string line; std::getline(file, line); ++number) {
            auto const found = compiled.find(number);
            if (found == compiled.end()) continue;
            ++rendered;
            EXPECT_EQ(tool::answer(line, found->second), tool::answer(line))
                << number << ": " << boost::json::serialize(boost::json::parse(line).as_object().at("templates"));
        }
    }
    EXPECT_EQ(rendered, compiled.size());
    EXPECT_GT(rendered, 150U);
}

} // namespace
} // namespace hxx::tests
