// What a template refers to, for tools: checkers, generators, editors. Nothing is rendered.
//
//     for (auto const& variable : environment.get_template("users.html")->inspect().variables)
//         std::cout << variable.at.line << ':' << variable.at.column << ' ' << variable.name << '\n';
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace hxx::jinja {

/// Of one template's own source; what it extends, includes or imports has its own. Every list is in the source's order.
struct TemplateInfo {
    /// Both count from 1; columns are code points.
    struct Position {
        std::size_t line = 0, column = 0;
        friend bool operator==(Position const&, Position const&) = default;
    };
    struct Use {
        std::string name;
        Position at{};
    };
    struct Block {
        std::string name;
        bool scoped = false, required = false;
        Position at{};
    };
    struct Reference {
        enum class Kind : unsigned char { Extends, Include, Import, FromImport };
        Kind kind = Kind::Include;
        /// Names to try in turn, as they stand there ("page.html#block" too).
        std::vector<std::string> names{};
        /// Some of the names, or all, are only known when the template is rendered.
        bool dynamic = false;
        bool ignore_missing = false, with_context = false;
        Position at{};
    };
    struct Macro {
        struct Parameter {
            std::string name;
            bool has_default = false;
        };
        std::string name;
        std::vector<Parameter> parameters{};
        bool varargs = false, kwargs = false, caller = false; // does it use them?
        Position at{};
    };

    /// A text to translate: of {% trans %}, or in a call of gettext() and its kin where it is a constant.
    struct Message {
        std::string context{}; // empty if there is none
        std::string text{};
        std::string plural{}; // empty if there is none
        Position at{};
    };

    std::string name;
    /// Each place where a variable of the context is read: not what the template sets itself, nor a global of the
    /// environment. Jinja2: meta.find_undeclared_variables().
    std::vector<Use> variables{};
    std::vector<Block> blocks{};
    /// Jinja2: meta.find_referenced_templates().
    std::vector<Reference> references{};
    std::vector<Macro> macros{};
    std::vector<Use> filters{}, tests{};
    /// Jinja2: Environment.extract_translations(). Placeholders are as Translations::translate gets them.
    std::vector<Message> messages{};
};

} // namespace hxx::jinja
