// Where an application's own files are, wherever it is started from.
#pragma once

#include <string>
#include <string_view>

namespace hxx {

/// An absolute path as it is; a relative one below the first of these that has it: the current directory, the directory
/// of the executable, the directory of the source file `source`. Throws std::invalid_argument that lists where was
/// looked.
[[nodiscard]] std::string find_directory(std::string const& path, std::string_view source);

} // namespace hxx
