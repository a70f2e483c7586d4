# Installs the build into a directory of its own, then configures, builds and runs a consumer of it.
file(REMOVE_RECURSE "${WORK}")
execute_process(COMMAND ${CMAKE_COMMAND} --install "${BUILD}" --prefix "${WORK}/prefix"
                OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} -S "${CONSUMER}" -B "${WORK}/build" -G "${GENERATOR}"
                        -DCMAKE_BUILD_TYPE=Release "-DCMAKE_PREFIX_PATH=${WORK}/prefix" "-DCMAKE_CXX_COMPILER=${COMPILER}"
                        "-DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}"
                COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build "${WORK}/build" COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND "${WORK}/build/${PROGRAM}" ${ARGUMENTS} OUTPUT_VARIABLE output COMMAND_ERROR_IS_FATAL ANY)
if(EXISTS "${CONSUMER}/expected.txt")
  file(READ "${CONSUMER}/expected.txt" expected)
  if(NOT output STREQUAL expected)
    message(FATAL_ERROR "${PROGRAM} was expected to print\n${expected}\nand printed\n${output}")
  endif()
endif()
# The program of the package is installed as well.
execute_process(COMMAND "${WORK}/prefix/bin/hxx" render --help OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
