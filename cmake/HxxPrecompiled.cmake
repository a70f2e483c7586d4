# Precompiled headers: two for the whole project, one for libraries and programs and one for tests, of the standard and
# third-party headers that cost most. None of hxx's own is in them, so that editing hxx never rebuilds them.
#
# They may hide a missing #include: HXX_PCH=OFF shows it, and HXX_RELEASE_CHECKS (on in the release preset) compiles
# each public header alone.

set(hxx_pch_links Boost::headers Boost::json fmt::fmt Threads::Threads)
# What those headers are configured by: a unit that uses the precompiled header must agree with it on each of them.
set(hxx_pch_definitions "")
foreach(library Boost::json fmt::fmt)
  list(APPEND hxx_pch_definitions $<TARGET_PROPERTY:${library},INTERFACE_COMPILE_DEFINITIONS>)
endforeach()

function(hxx_add_precompiled name)
  cmake_parse_arguments(PCH "" "" "LINKS;HEADERS" ${ARGN})
  set(unit "${CMAKE_BINARY_DIR}/${name}.cpp")
  file(CONFIGURE OUTPUT "${unit}" CONTENT "// The precompiled header needs a unit of its own.\n")
  add_library(${name} OBJECT EXCLUDE_FROM_ALL "${unit}")
  target_link_libraries(${name} PRIVATE hxx_options ${PCH_LINKS})
  target_precompile_headers(${name} PRIVATE ${PCH_HEADERS})
  # Without a time stamp inside, the same headers give the same file, and ccache recognises what was built with it.
  target_compile_options(${name} PRIVATE "$<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>")
endfunction()

# hxx_precompile(TARGET [FOR_TESTS]): compile the target with the shared precompiled header.
function(hxx_precompile target)
  if(NOT HXX_PCH)
    return()
  endif()
  cmake_parse_arguments(ARG "FOR_TESTS" "" "" ${ARGN})
  set(header hxx_pch)
  if(ARG_FOR_TESTS)
    set(header hxx_pch_test)
  endif()
  target_precompile_headers(${target} REUSE_FROM ${header})
  target_compile_definitions(${target} PRIVATE ${hxx_pch_definitions})
endfunction()

if(HXX_PCH)
  set(hxx_pch_headers
      <algorithm> <array> <atomic> <charconv> <chrono> <concepts> <condition_variable> <coroutine> <cstddef> <cstdint>
      <cstdio> <cstring> <deque> <exception> <filesystem> <fstream> <functional> <initializer_list> <iterator> <limits>
      <map> <memory> <mutex> <numeric> <optional> <ranges> <set> <shared_mutex> <span> <sstream> <stdexcept> <string>
      <string_view> <thread> <tuple> <type_traits> <unordered_map> <utility> <variant> <vector>
      <boost/asio.hpp> <boost/json.hpp> <fmt/format.h>)
  hxx_add_precompiled(hxx_pch LINKS ${hxx_pch_links} HEADERS ${hxx_pch_headers})
  if(HXX_TESTS)
    hxx_add_precompiled(hxx_pch_test LINKS ${hxx_pch_links} GTest::gtest GTest::gmock
                        HEADERS ${hxx_pch_headers} <gmock/gmock.h> <gtest/gtest.h>)
    target_compile_options(hxx_pch_test PRIVATE $<$<CONFIG:Release>:-O0>) # as hxx_test() compiles
  endif()
endif()
