// Writes the templates of cases as C++:  generate OUTPUT_DIRECTORY BATCHES EVERY CASES.jsonl…
// OUTPUT_DIRECTORY/batch_N.cpp holds the templates of every BATCHES-th case; cases_N() gives them by the case's number.
// Of the cases, every EVERY-th is taken.
#include "hxx/compiled/generator.hpp"
#include "hxx/jinja/error.hpp"
#include "tools/hxx/protocol.hpp"

#include <boost/json.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <vector>

namespace {

namespace json = boost::json;

struct Batch {
    std::string code, table;
};

// What is wrong with a template must be the same for both.
std::string error_of(std::exception const& error) { return error.what(); }

void add(Batch& batch, std::size_t number, json::object const& test) {
    auto const environment = hxx::tool::environment_of(test);
    std::string specs;
    std::string const space = "case_" + std::to_string(number);
    for (auto const& [name, source] : test.at("templates").as_object()) {
        std::string generated, interpreted;
        hxx::compiled::Generated result;
        try {
            result = hxx::compiled::generate(environment, {.name = std::string(name),
                                                           .text = std::string(source.as_string()),
                                                           .file = space + "/" + std::string(name)});
        } catch (std::exception const& error) {
            generated = error_of(error);
        }
        try {
            static_cast<void>(environment.get_template(name));
        } catch (std::exception const& error) {
            interpreted = error_of(error);
        }
        // What the generator leaves to the environment, such as an unknown filter, fails when it is loaded.
        if (!generated.empty() && generated != interpreted)
            throw std::runtime_error("case " + std::to_string(number) + ": the generator says\n" + generated +
                                     "\nthe interpreter\n" + interpreted);
        if (!generated.empty()) continue;
        batch.code += "namespace " + space + " {\n" + result.code + "}\n";
        specs += (specs.empty() ? "&" : ", &") + space + "::spec_" + result.symbol;
    }
    if (specs.empty()) return;
    batch.code +=
        "constexpr hxx::jinja::TemplateSpec const* specs_" + std::to_string(number) + "[] = {" + specs + "};\n";
    batch.table += "    {" + std::to_string(number) + ", specs_" + std::to_string(number) + "},\n";
}

} // namespace

int main(int argc, char** argv) try {
    std::string const directory = argv[1];
    std::vector<Batch> batches(static_cast<std::size_t>(std::atoi(argv[2])));
    auto const every = static_cast<std::size_t>(std::atoi(argv[3]));
    std::size_t number = 0, taken = 0;
    for (int i = 4; i < argc; ++i) {
        std::ifstream file(argv[i]);
        for (std::string line; std::getline(file, line); ++number)
            if (number % every == 0) add(batches[taken++ % batches.size()], number, json::parse(line).as_object());
    }
    for (std::size_t i = 0; i < batches.size(); ++i) {
        std::ofstream out(directory + "/batch_" + std::to_string(i) + ".cpp");
        out << "#include \"hxx/compiled/runtime.hpp\"\n#include \"tests/jinja_compiled/cases.hpp\"\n"
            << "namespace hxx::compiled {\nnamespace {\n"
            << batches[i].code << "} // namespace\n} // namespace hxx::compiled\nnamespace hxx::tests {\n"
            << "std::vector<Case> cases_" << i << "() {\n    using namespace hxx::compiled;\n    return {\n"
            << batches[i].table << "    };\n}\n} // namespace hxx::tests\n";
    }
    std::ofstream all(directory + "/batches.cpp");
    all << "#include \"tests/jinja_compiled/cases.hpp\"\nnamespace hxx::tests {\n";
    for (std::size_t i = 0; i < batches.size(); ++i) all << "std::vector<Case> cases_" << i << "();\n";
    all << "std::vector<Case> all_cases() {\n    std::vector<Case> all;\n";
    for (std::size_t i = 0; i < batches.size(); ++i)
        all << "    for (auto const& one : cases_" << i << "()) all.push_back(one);\n";
    all << "    return all;\n}\n}\n";
} catch (std::exception const& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
}
