// Renders templates with what Jinja2 3.1 answers, an output or an error with kind and line: cases.jsonl, and
// found.jsonl, where the engine once differed.
#include "tools/hxx/protocol.hpp"

#include <boost/json.hpp>
#include <fstream>
#include <gtest/gtest.h>
#include <set>

namespace hxx::tool {
namespace {

namespace json = boost::json;

// "ok: …" or "kind at line N".
std::string summary(json::object const& reply) {
    if (reply.at("ok").as_bool()) return "ok: " + std::string(reply.at("output").as_string());
    auto const* line = reply.if_contains("line");
    return std::string(reply.at("kind").as_string()) + " at line " + (line ? json::serialize(*line) : "?");
}

// Where the engine departs from Jinja2, and why; check_process.py has them too.
std::set<std::string, std::less<>> const departures{
    "esc.111", // prints Python's repr of a class method
};

std::size_t render_all(std::string const& name) {
    std::ifstream file(HXX_CONFORMANCE_CASES "/" + name);
    std::size_t cases = 0;
    for (std::string line; std::getline(file, line);) {
        auto const parsed = json::parse(line);
        auto const& test = parsed.as_object();
        auto const id = std::string(test.at("id").as_string());
        ++cases;
        bool const departs = departures.contains(id);
        auto const expected = summary(test.at("expect").as_object());
        auto const rendered = summary(json::parse(answer(line)).as_object());
        EXPECT_EQ(rendered == expected, !departs) << id << "\n  templates: " << json::serialize(test.at("templates"))
                                                  << "\n  expected: " << expected << "\n  rendered: " << rendered;
    }
    return cases;
}

TEST(Conformance, AnswersAsJinja2Does) { EXPECT_GT(render_all("cases.jsonl"), 1900U); }

TEST(Conformance, AnswersWhereItOnceDidNot) { EXPECT_GT(render_all("found.jsonl"), 50U); }

} // namespace
} // namespace hxx::tool
