// What `routes` prints: one line a route, for people.
#include "hxx/app/app.hpp"
#include "hxx/web/dispatcher.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <system_error>

namespace hxx {

namespace {

bool is_shown(Requirement const& requirement) {
    return requirement.kind == Requirement::Kind::Dependency || requirement.kind == Requirement::Kind::State;
}

/// "get_db → State<sql::Database>".
std::string describe(Requirement const& requirement) {
    std::string text(requirement.name);
    if (requirement.kind == Requirement::Kind::State) return "State<" + text + '>';
    if (!requirement.further) return text;
    std::string inner;
    for (auto const& further : requirement.further()) {
        if (!is_shown(further)) continue;
        if (!inner.empty()) inner += ", ";
        inner += describe(further);
    }
    return inner.empty() ? text : text + " (" + inner + ')';
}

std::string dependencies_of(Route const& route) {
    std::string text;
    auto append = [&](Requirement const& requirement) {
        if (!is_shown(requirement)) return;
        if (!text.empty()) text += ", ";
        text += describe(requirement);
    };
    for (auto const& dependency : route.dependencies) append(dependency.requirement);
    for (auto const& requirement : route.endpoint->requirements()) append(requirement);
    return text;
}

/// As one would write it here: relative if it is below the current directory.
std::string path_from_here(std::filesystem::path const& file) {
    std::error_code failed;
    auto const here = std::filesystem::current_path(failed);
    if (failed || !file.is_absolute()) return file.string();
    auto const relative = file.lexically_relative(here);
    return relative.empty() || *relative.begin() == ".." ? file.string() : relative.string();
}

/// Is there something of that kind among what the handler needs, or what that needs?
bool needs(Requirements const& all, Requirement::Kind kind) {
    return std::ranges::any_of(all, [kind](Requirement const& one) {
        return one.kind == kind || (one.further && needs(one.further(), kind));
    });
}

void add_note(std::string& notes, std::string_view note) { notes.append(notes.empty() ? "" : ", ").append(note); }

/// What somebody who looks for holes should look at.
void note_holes(std::string& notes, Route const& route, CsrfOptions const& csrf) {
    using enum http::Method;
    if (route.method == Get || route.method == Head || route.method == Options || route.method == Query) return;
    if (!csrf.on || std::ranges::find(csrf.exempt, route.options.name) != csrf.exempt.end())
        add_note(notes, "no CSRF check");
    auto const all = route.endpoint->requirements();
    if (needs(all, Requirement::Kind::RawRequest) && !needs(all, Requirement::Kind::Input))
        add_note(notes, "input not validated");
}

/// "deadline 90 s", "deadline 250 ms", "no deadline".
std::string describe(Duration deadline) {
    auto const ms = deadline.milliseconds();
    if (ms <= 0) return "no deadline";
    bool const whole = ms % 1000 == 0;
    return "deadline " + std::to_string(whole ? ms / 1000 : ms) + (whole ? " s" : " ms");
}

std::string notes_on(Route const& route, CsrfOptions const& csrf) {
    std::string notes;
    note_holes(notes, route, csrf);
    if (route.options.deadline) add_note(notes, describe(*route.options.deadline));
    return notes;
}

using Row = std::array<std::string, 6>;

Row row_of(Route const& route, CsrfOptions const& csrf) {
    return {std::string(http::to_string(route.method)),
            route.pattern,
            route.options.name,
            path_from_here(route.where.file_name()) + ':' + std::to_string(route.where.line()),
            dependencies_of(route),
            notes_on(route, csrf)};
}

} // namespace

std::string App::list_routes() {
    std::vector<Row> rows{{"METHOD", "PATTERN", "NAME", "HANDLER", "DEPENDENCIES", "NOTES"}};
    for (auto const& route : dispatcher().routes()) rows.push_back(row_of(*route, options().csrf));
    std::array<std::size_t, 6> widths{};
    for (auto const& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    std::string text;
    for (auto const& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += row[i];
            line.append(widths[i] - row[i].size() + 2, ' ');
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text.append(line).append(1, '\n');
    }
    return text;
}

} // namespace hxx
