// For tests: a directory that goes with its object.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace hxx::sql {

class TemporaryDirectory {
  public:
    TemporaryDirectory() {
        auto name = (std::filesystem::temp_directory_path() / "hxx-sql-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
        path_ = name;
    }
    ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
    TemporaryDirectory(TemporaryDirectory const&) = delete;
    TemporaryDirectory& operator=(TemporaryDirectory const&) = delete;

    [[nodiscard]] std::string path(std::string_view name = {}) const { return (path_ / name).string(); }
    [[nodiscard]] std::string url(std::string_view name) const { return "sqlite:" + path(name); }
    void write(std::string_view name, std::string_view text) const {
        std::ofstream(path(name), std::ios::binary) << text;
    }
    void remove(std::string_view name) const { std::filesystem::remove(path(name)); }

  private:
    std::filesystem::path path_;
};

} // namespace hxx::sql
