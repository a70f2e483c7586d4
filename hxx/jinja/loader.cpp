#include "hxx/jinja/loader.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

namespace hxx::jinja {
namespace {

namespace fs = std::filesystem;

// A name is a relative path of plain components.
bool is_plain(std::string_view name) {
    if (name.empty() || name.find('\0') != std::string_view::npos || name.find('\\') != std::string_view::npos)
        return false;
    std::size_t start = 0;
    for (;;) {
        std::size_t const end = std::min(name.find('/', start), name.size());
        auto const part = name.substr(start, end - start);
        if (part.empty() || part == "." || part == "..") return false;
        if (end == name.size()) return true;
        start = end + 1;
    }
}

bool inside(fs::path const& path, fs::path const& root) {
    auto const [root_end, path_at] = std::mismatch(root.begin(), root.end(), path.begin(), path.end());
    return root_end == root.end() && path_at != path.end();
}

class DirectoryLoader final : public Loader {
  public:
    explicit DirectoryLoader(std::vector<std::string> directories)
        : directories_(directories.begin(), directories.end()) {}

    [[nodiscard]] std::optional<Source> load(std::string_view name) const override {
        if (!is_plain(name)) return std::nullopt;
        for (auto const& directory : directories_) {
            std::error_code error;
            fs::path const root = fs::canonical(directory, error);
            if (error) continue;
            // Links are followed as long as they stay inside.
            fs::path const path = fs::canonical(root / fs::path(name), error);
            if (error || !inside(path, root) || !fs::is_regular_file(path, error) || error) continue;
            std::ifstream file(path, std::ios::binary);
            if (!file) continue;
            Source source{{std::istreambuf_iterator<char>(file), {}}, path.string()};
            if (file.bad()) continue;
            return source;
        }
        return std::nullopt;
    }

    [[nodiscard]] std::vector<std::string> names() const override {
        std::vector<std::string> result;
        for (auto const& directory : directories_) {
            std::error_code error;
            for (fs::recursive_directory_iterator entry(directory, error), end; !error && entry != end;
                 entry.increment(error))
                if (entry->is_regular_file(error) && !error)
                    result.push_back(fs::relative(entry->path(), directory, error).generic_string());
        }
        std::sort(result.begin(), result.end());
        result.erase(std::unique(result.begin(), result.end()), result.end());
        return result;
    }

  private:
    std::vector<fs::path> directories_;
};

class DictLoader final : public Loader {
  public:
    explicit DictLoader(std::vector<std::pair<std::string, std::string>> templates)
        : templates_(std::make_move_iterator(templates.begin()), std::make_move_iterator(templates.end())) {}
    [[nodiscard]] std::optional<Source> load(std::string_view name) const override {
        auto const found = templates_.find(name);
        if (found == templates_.end()) return std::nullopt;
        return Source{found->second, {}};
    }
    [[nodiscard]] std::vector<std::string> names() const override {
        std::vector<std::string> result;
        for (auto const& [name, text] : templates_) result.push_back(name);
        return result;
    }

  private:
    std::map<std::string, std::string, std::less<>> templates_;
};

class ChoiceLoader final : public Loader {
  public:
    explicit ChoiceLoader(std::vector<LoaderPtr> loaders) : loaders_(std::move(loaders)) {}
    [[nodiscard]] std::optional<Source> load(std::string_view name) const override {
        for (auto const& loader : loaders_)
            if (auto source = loader->load(name)) return source;
        return std::nullopt;
    }
    [[nodiscard]] std::vector<std::string> names() const override {
        std::vector<std::string> result;
        for (auto const& loader : loaders_) {
            auto more = loader->names();
            result.insert(result.end(), more.begin(), more.end());
        }
        std::sort(result.begin(), result.end());
        result.erase(std::unique(result.begin(), result.end()), result.end());
        return result;
    }

  private:
    std::vector<LoaderPtr> loaders_;
};

class PrefixLoader final : public Loader {
  public:
    PrefixLoader(std::vector<std::pair<std::string, LoaderPtr>> loaders, char delimiter)
        : loaders_(std::move(loaders)), delimiter_(delimiter) {}
    [[nodiscard]] std::optional<Source> load(std::string_view name) const override {
        auto const at = name.find(delimiter_);
        if (at == std::string_view::npos) return std::nullopt;
        for (auto const& [prefix, loader] : loaders_)
            if (prefix == name.substr(0, at)) return loader->load(name.substr(at + 1));
        return std::nullopt;
    }
    [[nodiscard]] std::vector<std::string> names() const override {
        std::vector<std::string> result;
        for (auto const& [prefix, loader] : loaders_)
            for (auto const& name : loader->names()) result.push_back(prefix + delimiter_ + name);
        std::sort(result.begin(), result.end());
        return result;
    }

  private:
    std::vector<std::pair<std::string, LoaderPtr>> loaders_;
    char delimiter_;
};

} // namespace

LoaderPtr directory_loader(std::vector<std::string> directories) {
    return std::make_shared<DirectoryLoader>(std::move(directories));
}
LoaderPtr dict_loader(std::vector<std::pair<std::string, std::string>> templates) {
    return std::make_shared<DictLoader>(std::move(templates));
}
LoaderPtr choice_loader(std::vector<LoaderPtr> loaders) { return std::make_shared<ChoiceLoader>(std::move(loaders)); }
LoaderPtr prefix_loader(std::vector<std::pair<std::string, LoaderPtr>> loaders, char delimiter) {
    return std::make_shared<PrefixLoader>(std::move(loaders), delimiter);
}

} // namespace hxx::jinja
