#include "hxx/compiled/project.hpp"

#include "hxx/compiled/contexts.hpp"
#include "hxx/compiled/generator.hpp"
#include "hxx/jinja/environment_impl.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <stdexcept>

namespace hxx::compiled {
namespace {

namespace fs = std::filesystem;

std::string read(fs::path const& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + path.string());
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Writes what changes, so that a build tool builds no more than that.
class Output {
  public:
    explicit Output(fs::path directory) : directory_(std::move(directory)) { fs::create_directories(directory_); }

    std::string write(std::string const& name, std::string const& text) {
        auto const path = directory_ / name;
        written_.insert(path.filename().string());
        if (!fs::exists(path) || read(path) != text) {
            std::ofstream file(path, std::ios::binary);
            file << text;
            if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
        }
        return path.string();
    }
    void remove_others() const {
        std::vector<fs::path> others;
        for (auto const& entry : fs::directory_iterator(directory_))
            if (!written_.contains(entry.path().filename().string()) &&
                (entry.path().extension() == ".hpp" || entry.path().extension() == ".cpp"))
                others.push_back(entry.path());
        for (auto const& path : others) fs::remove(path);
    }

  private:
    fs::path directory_;
    std::set<std::string> written_;
};

std::string header_of(Generated const& generated, std::string const& space) {
    std::string text = "// Written by `hxx compile-templates`.\n#pragma once\n#include \"hxx/compiled/runtime.hpp\"\n";
    std::string declared;
    for (auto const& used : generated.uses) {
        text += "#include \"" + symbol_of(used) + ".hpp\"\n";
        declared += "struct " + symbol_of(used) + ";\n";
    }
    return text + "namespace hxx::compiled::" + space + " {\n" + declared + generated.code + "}\n";
}

std::string source_of(Generated const& generated, std::string const& space, std::set<std::string> const& headers,
                      std::vector<std::string> const& types) {
    std::string text = "// Written by `hxx compile-templates`.\n#include \"" + generated.symbol + ".hpp\"\n";
    for (auto const& header : headers) text += "#include \"" + header + "\"\n";
    text += "namespace hxx::compiled::" + space + " {\n";
    std::string const spec = "spec_" + generated.symbol;
    std::string const result = "extern jinja::TemplateSpec const compiled_" + generated.symbol +
                               ";\njinja::TemplateSpec const compiled_" + generated.symbol + " = ";
    if (types.empty()) return text + result + spec + ";\n}\n";
    // Each function by itself: what a compiler says of one does not begin with how it came there.
    for (auto const& type : types) {
        std::string const names = "Typed<ModelNames<::" + type + ">, " + generated.symbol + ">";
        for (auto const& function : generated.typed)
            text += "template void " + generated.symbol + "::" + function + "<" + names + ">(" + names + "&);\n";
    }
    text += "constexpr jinja::TypedSpec contexts_" + generated.symbol + "[] = {\n";
    for (auto const& type : types)
        text += "    {&jinja::detail::type_info<::" + type + ">, &typed_of<" + generated.symbol +
                ", Typed<ModelNames<::" + type + ">, " + generated.symbol + ">>},\n";
    return text + "};\n" + result + spec + ".with(contexts_" + generated.symbol + ");\n}\n";
}

std::string list_of(std::vector<std::string> const& symbols, std::string const& space) {
    std::string declared, listed;
    for (auto const& symbol : symbols) {
        declared += "extern jinja::TemplateSpec const compiled_" + symbol + ";\n";
        listed += "    &compiled_" + symbol + ",\n";
    }
    return "// Written by `hxx compile-templates`.\n#include \"hxx/compiled/runtime.hpp\"\nnamespace hxx::compiled::" +
           space + " {\n" + declared + "namespace {\njinja::TemplateSpec const* const all[] = {\n" + listed +
           "};\njinja::RegisteredTemplates const registered(all);\n}\n}\n";
}

std::optional<NameSet> set_of(std::optional<std::vector<std::string>> const& names) {
    if (!names) return std::nullopt;
    return NameSet(names->begin(), names->end());
}

// The engine's, the App's, and those of the program.
std::optional<NameSet> globals_of(Project const& project, jinja::Environment const& environment) {
    auto names = set_of(project.globals);
    if (!names) return names;
    for (auto const& [name, value] : jinja::impl_of(environment).globals) names->emplace(name);
    names->insert(app_variables().begin(), app_variables().end());
    return names;
}

} // namespace

std::span<std::string_view const> app_variables() noexcept {
    static constexpr std::string_view names[] = {"csp_nonce", "csrf_field",  "csrf_headers", "csrf_token", "form",
                                                 "htmx",      "htmx_config", "request",      "url_for"};
    return names;
}

std::vector<std::string> compile_project(Project const& project) {
    auto options = project.options;
    options.directories = {project.directory};
    jinja::Environment const environment(options);
    auto names = environment.template_names();
    std::sort(names.begin(), names.end());
    std::set<std::string, std::less<>> const known(names.begin(), names.end());

    std::map<std::string, std::set<std::string>> headers;  // by template
    std::map<std::string, std::vector<std::string>> types; // by template
    for (auto const& header : project.contexts)
        for (auto const& context : find_contexts(read(header), header)) {
            if (!known.contains(context.template_name))
                throw std::runtime_error(header + ":" + std::to_string(context.line) + ": there is no template " +
                                         context.template_name + " in " + project.directory);
            headers[context.template_name].insert(header);
            types[context.template_name].push_back(context.type);
        }

    auto const globals = globals_of(project, environment);
    auto const filters = set_of(project.filters);
    std::map<std::string, Module, std::less<>> modules;
    auto const generated_of = [&](std::string const& name) {
        auto const path = fs::path(project.directory) / name;
        return generate(environment, {.name = name,
                                      .text = read(path),
                                      .file = path.string(),
                                      .compiled = [&](std::string_view other) { return known.contains(other); },
                                      .module = [&](std::string_view other) -> Module const* {
                                          auto const found = modules.find(other);
                                          return found == modules.end() ? nullptr : &found->second;
                                      },
                                      .globals = globals,
                                      .filters = filters});
    };
    for (auto const& name : names) // what they are to each other, before what they are
        if (auto module = generated_of(name).module) modules.emplace(name, *std::move(module));

    Output output(project.output);
    std::vector<std::string> sources, symbols;
    for (auto const& name : names) {
        auto const generated = generated_of(name);
        output.write(generated.symbol + ".hpp", header_of(generated, project.name));
        sources.push_back(
            output.write(generated.symbol + ".cpp", source_of(generated, project.name, headers[name], types[name])));
        symbols.push_back(generated.symbol);
    }
    sources.push_back(output.write(project.name + ".cpp", list_of(symbols, project.name)));
    output.remove_others();
    return sources;
}

} // namespace hxx::compiled
