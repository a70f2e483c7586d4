#include "tools/hxx/render.hpp"

#include "hxx/jinja/environment.hpp"
#include "tools/hxx/json_values.hpp"

#include <filesystem>
#include <fstream>
#include <istream>
#include <iterator>
#include <stdexcept>

namespace hxx::tool {
namespace {

std::string read_all(std::istream& in) { return {std::istreambuf_iterator<char>(in), {}}; }

std::string read_file(std::string const& name, std::istream& in) {
    if (name == "-") return read_all(in);
    std::ifstream file(name, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + name);
    return read_all(file);
}

// What JSON can read is what JSON says, anything else is text: count=3, on=true, name=Ada, items=[1,2].
jinja::Value assigned(std::string_view text) {
    try {
        return to_value(parse_json(text));
    } catch (std::exception const&) {
        return std::string(text);
    }
}

jinja::Context context_of(RenderCommand const& command, std::istream& in) {
    jinja::Context context;
    if (!command.context_file.empty()) {
        boost::json::value source;
        try {
            source = parse_json(read_file(command.context_file, in));
        } catch (boost::system::system_error const& error) {
            throw std::runtime_error(command.context_file + ": " + error.code().message());
        }
        if (!source.is_object()) throw std::runtime_error(command.context_file + ": a context is a JSON object");
        for (auto const& [name, value] : source.get_object()) context.add(std::string(name), to_value(value));
    }
    for (auto const& assignment : command.assignments) {
        auto const equals = assignment.find('=');
        if (equals == std::string::npos || equals == 0)
            throw std::runtime_error("--set takes name=value, not " + assignment);
        context.add(assignment.substr(0, equals), assigned(std::string_view(assignment).substr(equals + 1)));
    }
    return context;
}

std::string rendered(RenderCommand const& command, std::istream& in) {
    if (command.template_name == "-" && command.context_file == "-")
        throw std::runtime_error("standard input cannot be both the template and the context");
    // What the file ends with, the output ends with; translations to no language leave texts as they are.
    jinja::Options options{
        .keep_trailing_newline = true, .debug_statement = true, .translations = jinja::Translations{}};
    if (command.strict) options.undefined = jinja::UndefinedMode::Strict;
    options.directories = command.search;
    std::string name = command.template_name;
    if (options.directories.empty()) {
        std::filesystem::path const path(name);
        options.directories.push_back(path.has_parent_path() ? path.parent_path().string() : ".");
        name = path.filename().string();
    }
    auto const context = context_of(command, in);
    jinja::Environment const environment(std::move(options));
    return name == "-" ? environment.render_string(read_all(in), context) : environment.render(name, context);
}

} // namespace

int render(RenderCommand const& command, std::istream& in, std::ostream& out, std::ostream& err) {
    try {
        out << rendered(command, in) << std::flush;
        return out ? 0 : 1;
    } catch (std::exception const& error) {
        err << error.what() << '\n';
        return 1;
    }
}

} // namespace hxx::tool
