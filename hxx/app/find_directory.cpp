#include "hxx/app/find_directory.hpp"

#include <filesystem>
#include <stdexcept>
#include <system_error>

namespace hxx {

namespace fs = std::filesystem;

std::string find_directory(std::string const& path, std::string_view source) {
    std::error_code ignored;
    fs::path const wanted(path);
    fs::path const places[] = {fs::current_path(ignored), fs::read_symlink("/proc/self/exe", ignored).parent_path(),
                               fs::absolute(fs::path(source), ignored).parent_path()};
    std::string looked;
    for (auto const& place : places) {
        auto const candidate = wanted.is_absolute() ? wanted : place / wanted;
        if (fs::is_directory(candidate, ignored)) return fs::weakly_canonical(candidate, ignored).string();
        looked += "\n  " + candidate.string();
        if (wanted.is_absolute()) break;
    }
    throw std::invalid_argument("hxx: there is no directory '" + path + "'; looked for:" + looked);
}

} // namespace hxx
