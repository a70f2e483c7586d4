# Compiler settings and the one function that declares a room.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# What every target of this project is compiled with; private, so that nothing leaks into a user's build.
add_library(hxx_options INTERFACE)
target_compile_options(hxx_options INTERFACE -Wall -Wextra -Wpedantic -Wconversion $<$<BOOL:${HXX_WERROR}>:-Werror>)
if(HXX_SANITIZE)
  add_compile_options(-fsanitize=${HXX_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${HXX_SANITIZE})
  if(HXX_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
endif()

# hxx_room(NAME DEPENDS room… LINKS target… PUBLIC_LINKS target…)
# One folder, one static library hxx::NAME from its *.cpp, one test program hxx_NAME_test from its *_test.cpp.
# LINKS are libraries that only the sources see; PUBLIC_LINKS appear in the room's headers.
function(hxx_room name)
  cmake_parse_arguments(ROOM "" "" "DEPENDS;LINKS;PUBLIC_LINKS;TEST_LINKS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  file(GLOB headers CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.hpp")
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")

  set(target hxx_${name})
  list(TRANSFORM ROOM_DEPENDS PREPEND hxx::)
  if(sources)
    add_library(${target} STATIC ${sources} ${headers})
    target_include_directories(${target} PUBLIC "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>" "$<INSTALL_INTERFACE:include>")
    target_compile_features(${target} PUBLIC cxx_std_20)
    target_link_libraries(${target} PUBLIC ${ROOM_DEPENDS} ${ROOM_PUBLIC_LINKS} PRIVATE ${ROOM_LINKS} $<BUILD_INTERFACE:hxx_options>)
  else()
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>" "$<INSTALL_INTERFACE:include>")
    target_link_libraries(${target} INTERFACE ${ROOM_DEPENDS} ${ROOM_PUBLIC_LINKS})
  endif()
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  add_library(hxx::${name} ALIAS ${target})

  if(HXX_TESTS AND tests)
    hxx_test(hxx_${name}_test SOURCES ${tests} LINKS hxx::${name} ${ROOM_LINKS} ${ROOM_TEST_LINKS})
  endif()
endfunction()

# hxx_test(NAME SOURCES file… LINKS target…): a GoogleTest program whose cases CTest finds by themselves.
function(hxx_test name)
  cmake_parse_arguments(TEST "" "" "SOURCES;LINKS" ${ARGN})
  add_executable(${name} ${TEST_SOURCES})
  target_link_libraries(${name} PRIVATE ${TEST_LINKS} hxx_options GTest::gtest GTest::gmock GTest::gtest_main)
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 120)
endfunction()
