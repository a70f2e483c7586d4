// Loaders: where templates come from.
#pragma once

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hxx::jinja {

struct Source {
    std::string text;
    std::string path; // the file it came from, for messages; may be empty
};

/// Must be safe to call from several threads at once.
class Loader {
  public:
    virtual ~Loader() = default;
    /// Nothing if there is no template of that name.
    [[nodiscard]] virtual std::optional<Source> load(std::string_view name) const = 0;
    /// All names, sorted; empty for a loader that cannot tell.
    [[nodiscard]] virtual std::vector<std::string> names() const { return {}; }
};

using LoaderPtr = std::shared_ptr<Loader const>;

/// Files under these directories, the first that has the name wins. Names use '/'; a name that would leave its
/// directory, by ".." or through a symbolic link, is not found.
[[nodiscard]] LoaderPtr directory_loader(std::vector<std::string> directories);
/// Sources in memory (or embedded in the binary): name and text. The views are copied.
[[nodiscard]] LoaderPtr dict_loader(std::vector<std::pair<std::string, std::string>> templates);
/// The first of these loaders that has the name.
[[nodiscard]] LoaderPtr choice_loader(std::vector<LoaderPtr> loaders);
/// "admin/users.html" is "users.html" of the loader at prefix "admin".
[[nodiscard]] LoaderPtr prefix_loader(std::vector<std::pair<std::string, LoaderPtr>> loaders, char delimiter = '/');

namespace detail {
template <class F>
class FunctionLoader final : public Loader {
  public:
    explicit FunctionLoader(F function) : function_(std::move(function)) {}
    [[nodiscard]] std::optional<Source> load(std::string_view name) const override {
        auto text = function_(name);
        if (!text) return std::nullopt;
        return Source{std::string(*std::move(text)), {}};
    }

  private:
    F function_;
};
} // namespace detail

/// A function from name to std::optional<std::string>.
template <class F>
[[nodiscard]] LoaderPtr function_loader(F function) {
    return std::make_shared<detail::FunctionLoader<F>>(std::move(function));
}

} // namespace hxx::jinja
