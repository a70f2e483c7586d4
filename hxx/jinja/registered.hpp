// Templates that were compiled into the program (docs/compiled.md).
#pragma once

#include "hxx/jinja/loader.hpp"

#include <span>

namespace hxx::jinja {

struct TemplateSpec; // hxx/jinja/native_template.hpp

/// All of them, as their sources have registered them before main() began. An environment takes them up if its
/// options.compiled says so.
[[nodiscard]] std::span<TemplateSpec const* const> registered_templates() noexcept;

/// Their sources: for an environment that is to interpret them, where there are no files.
[[nodiscard]] LoaderPtr registered_sources();

/// For what the generator writes.
class RegisteredTemplates {
  public:
    explicit RegisteredTemplates(std::span<TemplateSpec const* const> templates);
};

} // namespace hxx::jinja
