# Does this compiler get coroutines right? Decided by running one, not by a version number.
if(CMAKE_CROSSCOMPILING)
  return()
endif()

if(NOT DEFINED HXX_COROUTINES_RIGHT OR NOT HXX_COROUTINES_CHECKED_WITH STREQUAL "${CMAKE_CXX_COMPILER} ${CMAKE_CXX_COMPILER_VERSION}")
  try_run(ran compiled "${CMAKE_BINARY_DIR}/checks" "${CMAKE_CURRENT_LIST_DIR}/checks/coroutine_aggregate.cpp"
          CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF
          COMPILE_OUTPUT_VARIABLE output)
  if(NOT compiled)
    message(FATAL_ERROR "hxx needs C++20 coroutines, which ${CMAKE_CXX_COMPILER} does not compile:\n${output}")
  endif()
  unset(compiled CACHE)
  if("${ran}" STREQUAL "0")
    set(right TRUE)
  else()
    set(right FALSE)
  endif()
  unset(ran CACHE)
  set(HXX_COROUTINES_RIGHT ${right} CACHE INTERNAL "the compiler destroys what stands beside a co_await exactly once")
  set(HXX_COROUTINES_CHECKED_WITH "${CMAKE_CXX_COMPILER} ${CMAKE_CXX_COMPILER_VERSION}" CACHE INTERNAL "")
endif()

if(NOT HXX_COROUTINES_RIGHT)
  message(WARNING "${CMAKE_CXX_COMPILER} (${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}) miscompiles coroutines: in\n"
                  "  co_await f(Options{.name = s})\nOptions is destroyed twice, without a warning. clang 19 is right; "
                  "with this compiler, name the value first:\n  Options options{.name = s};\n  co_await f(options);\n"
                  "docs/compilers.md has the patterns to avoid.")
endif()
