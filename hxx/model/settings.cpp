#include "hxx/model/settings.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/model/env_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <unistd.h>

namespace hxx {
namespace {

std::string read_file(std::string const& path) {
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored))
        throw SettingsError("cannot read " + path + ": it is a directory");
    std::ifstream file(path, std::ios::binary);
    if (!file) throw SettingsError("cannot read " + path + ": " + std::strerror(errno));
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// "database.pool-size" is DATABASE__POOL_SIZE.
std::string variable_name(std::string_view path) {
    std::string name;
    for (char const c : path) {
        if (c == '.')
            name += "__";
        else
            name += c == '-' ? '_' : ascii::to_upper(c);
    }
    return name;
}

void append_line(std::string& text, std::string const& line) {
    if (!text.empty()) text += '\n';
    text += line;
}

} // namespace

Settings::Settings(SettingsOptions options)
    : prefix_(std::move(options.prefix)), env_file_(std::move(options.env_file)) {
    for (char** entry = environ; entry && *entry; ++entry) {
        auto const [name, value] = ascii::cut(*entry, '=');
        if (value) variables_.push_back({std::string(name), std::string(*value), "environment"});
    }
    std::error_code ignored;
    if (!env_file_.empty() && std::filesystem::exists(env_file_, ignored)) {
        auto const text = read_file(env_file_);
        try {
            for (auto& entry : parse_env(text, env_file_))
                variables_.push_back(
                    {std::move(entry.name), std::move(entry.value), env_file_ + ":" + std::to_string(entry.line)});
        } catch (std::runtime_error const& error) {
            throw SettingsError(error.what());
        }
    }
    std::stable_sort(variables_.begin(), variables_.end(),
                     [](Variable const& a, Variable const& b) { return a.name < b.name; });
}

Settings::Settings(std::vector<std::pair<std::string, std::string>> variables, std::string prefix)
    : prefix_(std::move(prefix)) {
    for (auto& [name, value] : variables) variables_.push_back({std::move(name), std::move(value), "given"});
    std::stable_sort(variables_.begin(), variables_.end(),
                     [](Variable const& a, Variable const& b) { return a.name < b.name; });
}

Settings::Variable const* Settings::lookup(std::string_view full_name) const noexcept {
    auto const at = std::lower_bound(variables_.begin(), variables_.end(), full_name,
                                     [](Variable const& v, std::string_view name) { return v.name < name; });
    return at != variables_.end() && at->name == full_name ? &*at : nullptr;
}

std::optional<std::string> Settings::find(std::string_view name) const {
    auto const* variable = lookup(prefix_ + std::string(name));
    return variable ? std::optional<std::string>(variable->value) : std::nullopt;
}

std::string Settings::missing(std::string_view full_name) const {
    return std::string(full_name) + " is not set: set it in the environment" +
           (env_file_.empty() ? "" : " or in " + env_file_);
}

std::string Settings::get(std::string_view name) const {
    auto value = find(name);
    if (!value) throw SettingsError(missing(prefix_ + std::string(name)));
    return *std::move(value);
}

std::string Settings::get(std::string_view name, std::string_view otherwise) const {
    auto value = find(name);
    return value ? *std::move(value) : std::string(otherwise);
}

std::string Settings::secret(std::string_view name) const {
    auto const full_name = prefix_ + std::string(name);
    std::string value;
    if (auto const* variable = lookup(full_name)) {
        value = variable->value;
    } else if (auto const* file = lookup(full_name + "_FILE")) {
        value = read_file(file->value);
        while (value.ends_with('\n') || value.ends_with('\r')) value.pop_back();
    } else {
        throw SettingsError(missing(full_name) + ", or its file's name as " + full_name + "_FILE");
    }
    if (value.empty()) throw SettingsError(full_name + " is empty");
    return value;
}

void Settings::collect_one(FormFields& fields, std::string const& path, bool several) const {
    auto const* variable = lookup(prefix_ + variable_name(path));
    if (!variable) return;
    if (!several) return fields.add(path, variable->value);
    for (auto const item : ascii::split(variable->value, ','))
        if (auto const trimmed = ascii::trim(item); !trimmed.empty()) fields.add(path, std::string(trimmed));
}

void Settings::fail(std::string_view name, ErrorReport const& report) const {
    auto const full_name = prefix_ + std::string(name);
    auto const* variable = lookup(full_name);
    std::string text;
    for (auto const& error : report) {
        auto line = full_name + (variable ? " (" + variable->source + ") " : " ") + error.message;
        if (error.input && *error.input != "***") line += ", not \"" + *error.input + "\"";
        append_line(text, line);
    }
    throw SettingsError(text);
}

void Settings::fail(ErrorReport const& report) const {
    std::string text;
    for (auto const& error : report) {
        std::string path(error.field());
        auto const* variable = lookup(prefix_ + variable_name(path));
        // An item's error, "hosts.1", is the variable's.
        auto const dot = path.rfind('.');
        if (!variable && dot != std::string::npos && ascii::is_digit(path[dot + 1])) {
            path.resize(dot);
            variable = lookup(prefix_ + variable_name(path));
        }
        auto const full_name = prefix_ + variable_name(path);
        if (path.empty()) {
            append_line(text, "the settings: " + error.message);
        } else if (!variable && error.code == "missing") {
            append_line(text, missing(full_name));
        } else {
            auto line = full_name + (variable ? " (" + variable->source + ") " : " ") + error.message;
            if (error.input && !error.input->empty() && *error.input != "***") line += ", not \"" + *error.input + "\"";
            append_line(text, line);
        }
    }
    throw SettingsError(text);
}

} // namespace hxx
