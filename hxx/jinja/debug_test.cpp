#include "hxx/jinja/testing.hpp"

#include <gtest/gtest.h>

namespace hxx::jinja {
namespace {

std::string debug(std::string source, Context const& context = {}) {
    return plain(std::move(source), context, {.debug_statement = true});
}

TEST(Debug, WritesVariablesFiltersAndTests) {
    std::string const text = debug("{% set x = 1 %}{% debug %}", {{"a", Value::list({1, Value::list({2})})}});
    EXPECT_TRUE(text.starts_with("{'context': {'a': [1, [...]],\n             'cycler': ")) << text;
    EXPECT_NE(text.find("             'x': 1},\n"), std::string::npos) << text;
    // Jinja2 3.1.2 breaks the lines in the same places.
    EXPECT_NE(text.find(" 'filters': ['abs', 'attr', 'batch', 'capitalize', 'center', 'count', 'd',\n"
                        "             'default', 'dictsort', 'e', 'escape', 'filesizeformat', 'first',\n"),
              std::string::npos)
        << text;
    EXPECT_TRUE(text.ends_with("'undefined',\n           'upper']}")) << text;
}

TEST(Debug, ShowsCppContainersAsTheEnginesOwn) {
    std::vector<std::vector<int>> const rows{{1, 2}, {}};
    EXPECT_NE(debug("{% debug %}", {{"rows", rows}}).find("'rows': [[...], []]"), std::string::npos);
}

TEST(Debug, SeesTheTemplatesContextAlone) {
    EXPECT_EQ(debug("{% for inner in [1] %}{% debug %}{% endfor %}").find("'inner'"), std::string::npos);
}

TEST(Debug, IsThereOnRequest) { EXPECT_EQ(plain_error("{% debug %}").message(), "Encountered unknown tag 'debug'."); }

} // namespace
} // namespace hxx::jinja
