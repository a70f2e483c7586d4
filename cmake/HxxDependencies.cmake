# Every library that the build uses. All that are missing are named at once, with their Debian packages.
include(HxxLibraries)

set(hxx_libraries Threads::Threads Boost::headers Boost::json Boost::url fmt::fmt CLI11::CLI11
    SQLite::SQLite3 PkgConfig::re2 PkgConfig::libutf8proc PkgConfig::gumbo PkgConfig::libsodium PkgConfig::libcurl OpenSSL::Crypto OpenSSL::SSL)
if(HXX_TESTS)
  list(APPEND hxx_libraries GTest::gtest GTest::gmock)
endif()

set(missing "")
foreach(library ${hxx_libraries})
  hxx_find_library(${library})
  if(hxx_library_missing)
    string(APPEND missing "  ${hxx_library_missing}\n")
  endif()
endforeach()
if(missing)
  message(FATAL_ERROR "${missing}  or run ./scripts/setup, which installs everything that hxx is built with.")
endif()
if(HXX_TESTS)
  include(GoogleTest)
endif()
