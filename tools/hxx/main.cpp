// hxx: what is of use on the command line. `hxx --help` says what there is.
#include "tools/hxx/compile_templates.hpp"
#include "tools/hxx/protocol.hpp"
#include "tools/hxx/render.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <sstream>

int main(int argc, char** argv) {
    CLI::App cli("hxx: templates from the command line", "hxx");
    cli.require_subcommand(1);

    hxx::tool::RenderCommand command;
    bool json_lines = false;
    auto& render = *cli.add_subcommand("render", "Render a template");
    auto* name = render.add_option("TEMPLATE", command.template_name,
                                   "The template, FILE#BLOCK for one of its blocks; - is standard input");
    render.add_option("-c,--context", command.context_file, "Variables, a JSON object in a file; - is standard input");
    // One value for each --set, so that TEMPLATE may stand behind it.
    render
        .add_option("--set", command.assignments, "A variable, NAME=VALUE; the value is JSON if it can be, else text")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    render.add_option("--search", command.search, "Where templates are looked for; default: where TEMPLATE is")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    render.add_flag("--strict", command.strict, "An undefined variable is an error");
    render.add_flag("--json-lines", json_lines, "Answer requests on standard input, a JSON object a line")
        ->excludes(name);
    hxx::compiled::Project project;
    auto& compile = *cli.add_subcommand("compile-templates", "Write templates as C++ (CMake: hxx_add_templates())");
    compile.add_option("DIRECTORY", project.directory, "The templates")->required();
    compile.add_option("--output", project.output, "Where the C++ sources go")->required();
    compile.add_option("--name", project.name, "Of the set, a C++ identifier; default: templates");
    compile.add_option("--contexts", project.contexts, "A header with context types")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    auto const names = [](std::optional<std::vector<std::string>>& list) {
        return [&list](std::string const& text) {
            list.emplace();
            std::istringstream stream(text);
            for (std::string name; std::getline(stream, name, ',');)
                if (!name.empty()) list->push_back(name);
        };
    };
    compile.add_option_function<std::string>(
        "--globals", names(project.globals),
        "The application's variables, A,B,…: a variable that nobody has is an error");
    compile.add_option_function<std::string>(
        "--filters", names(project.filters),
        "Its filters and tests, A,B,…: another than these and Jinja2's is an error");
    auto& options = project.options; // as the environment has them that renders the templates
    compile.add_flag("--trim-blocks", options.trim_blocks, "The first newline after a block tag is removed");
    compile.add_flag("--lstrip-blocks", options.lstrip_blocks, "Blanks before a block tag are removed");
    compile.add_flag("--keep-trailing-newline", options.keep_trailing_newline, "A template's last newline stays");
    compile.add_flag("--sandbox", options.sandbox, "For templates of people who are not to be trusted");
    try {
        cli.parse(argc, argv);
        if (compile.parsed()) return hxx::tool::compile_templates(project, std::cout, std::cerr);
        if (!json_lines && command.template_name.empty()) throw CLI::RequiredError("TEMPLATE or --json-lines");
    } catch (CLI::ParseError const& error) {
        return cli.exit(error);
    }

    std::ios::sync_with_stdio(false);
    if (!json_lines) return hxx::tool::render(command, std::cin, std::cout, std::cerr);
    hxx::tool::serve_json_lines();
    return 0;
}
