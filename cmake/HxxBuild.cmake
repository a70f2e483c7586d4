# Compiler settings, and the functions that declare what is built: hxx_room() a folder under hxx/, hxx_test() a test
# program, hxx_program() an example or a benchmark.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# What every target of this project is compiled with; private, so that nothing leaks into a user's build.
add_library(hxx_options INTERFACE)
target_compile_options(hxx_options INTERFACE -Wall -Wextra -Wpedantic -Wconversion $<$<BOOL:${HXX_WERROR}>:-Werror>)
# Some libraries ask for -pthread, and a precompiled header is only good for sources that agree with it on that.
target_compile_options(hxx_options INTERFACE -pthread)
# libstdc++ 12's std::stable_sort calls a function that it deprecates itself, and clang reports that at the caller.
# What we use ourselves that is deprecated, g++ still reports.
target_compile_options(hxx_options INTERFACE $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>)
# g++ 12 takes the memory of Asio's coroutines, which their operator new has from std::aligned_alloc and their operator
# delete gives to std::free, for allocated in one way and freed in another, where it inlines but one of the two.
target_compile_options(hxx_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete>)
if(HXX_SANITIZE)
  add_compile_options(-fsanitize=${HXX_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${HXX_SANITIZE})
  if(HXX_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
endif()

# hxx_room(NAME DEPENDS room… LINKS target… PUBLIC_LINKS target… TEST_LINKS target… TEST_LABELS label…)
# One folder, one static library hxx::NAME from its *.cpp, one test program hxx_NAME_test from its *_test.cpp.
# LINKS are libraries that only the sources see; PUBLIC_LINKS appear in the room's headers.
function(hxx_room name)
  cmake_parse_arguments(ROOM "" "" "DEPENDS;LINKS;PUBLIC_LINKS;TEST_LINKS;TEST_LABELS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  file(GLOB headers CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.hpp")
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")

  set(target hxx_${name})
  set(rooms ${ROOM_DEPENDS})
  list(TRANSFORM rooms PREPEND hxx::)
  if(sources)
    add_library(${target} STATIC ${sources} ${headers})
    set(scope PUBLIC)
    target_link_libraries(${target} PRIVATE ${ROOM_LINKS} $<BUILD_INTERFACE:hxx_options>)
    hxx_precompile(${target})
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  add_library(hxx::${name} ALIAS ${target})
  target_include_directories(${target} ${scope} "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>"
                             "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
  target_compile_features(${target} ${scope} cxx_std_20)
  target_link_libraries(${target} ${scope} ${rooms} ${ROOM_PUBLIC_LINKS})

  hxx_install_room(${name} DEPENDS ${ROOM_DEPENDS} LINKS ${ROOM_PUBLIC_LINKS} ${ROOM_LINKS})
  if(HXX_RELEASE_CHECKS AND headers)
    hxx_check_headers(${name} ${headers})
  endif()
  if(HXX_TESTS AND tests)
    hxx_test(hxx_${name}_test SOURCES ${tests} LINKS hxx::${name} ${ROOM_LINKS} ${ROOM_TEST_LINKS}
             LABELS ${name} ${ROOM_TEST_LABELS})
  endif()
endfunction()

# hxx_test(NAME SOURCES file… LINKS target… LABELS label… TIMEOUT seconds)
# A GoogleTest program whose cases CTest finds by themselves.
function(hxx_test name)
  cmake_parse_arguments(TEST "" "TIMEOUT" "SOURCES;LINKS;LABELS" ${ARGN})
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 120)
  endif()
  add_executable(${name} ${TEST_SOURCES})
  target_link_libraries(${name} PRIVATE ${TEST_LINKS} hxx_options GTest::gtest GTest::gmock GTest::gtest_main)
  # A test runs once for each time it is compiled: only what it tests is worth optimizing.
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O0>)
  hxx_precompile(${name} FOR_TESTS)
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
                       PROPERTIES TIMEOUT ${TEST_TIMEOUT} LABELS "${TEST_LABELS}")
endfunction()

# hxx_program(NAME SOURCES file… LINKS target…): build/PRESET/bin/NAME.
function(hxx_program name)
  cmake_parse_arguments(PROGRAM "" "" "SOURCES;LINKS" ${ARGN})
  add_executable(${name} ${PROGRAM_SOURCES})
  target_link_libraries(${name} PRIVATE ${PROGRAM_LINKS} hxx_options)
  hxx_precompile(${name})
endfunction()

# Every header of a room, compiled alone and without the precompiled header: it includes what it uses.
function(hxx_check_headers room)
  set(directory "${CMAKE_CURRENT_BINARY_DIR}/headers")
  set(units "")
  foreach(header ${ARGN})
    file(RELATIVE_PATH header "${PROJECT_SOURCE_DIR}" "${header}")
    string(MAKE_C_IDENTIFIER "${header}" unit)
    file(CONFIGURE OUTPUT "${directory}/${unit}.cpp" CONTENT "#include \"${header}\"\n#include \"${header}\"\n")
    list(APPEND units "${directory}/${unit}.cpp")
  endforeach()
  add_library(hxx_${room}_headers OBJECT ${units})
  target_link_libraries(hxx_${room}_headers PRIVATE hxx::${room} hxx_options)
  target_compile_options(hxx_${room}_headers PRIVATE -O0)
endfunction()
