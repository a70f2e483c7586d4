# `cmake --install`, and the package that find_package(hxx COMPONENTS jinja) finds afterwards: one export set a room, so
# that who uses the template engine alone needs neither SQLite nor Asio.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(hxx_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/hxx")
set_property(GLOBAL PROPERTY hxx_rooms "")

# hxx_install_room(NAME DEPENDS room… LINKS target…): target hxx_NAME, exported as hxx::NAME.
function(hxx_install_room name)
  if(NOT HXX_INSTALL)
    return()
  endif()
  cmake_parse_arguments(ROOM "" "" "DEPENDS;LINKS" ${ARGN})
  set_target_properties(hxx_${name} PROPERTIES EXPORT_NAME ${name})
  install(TARGETS hxx_${name} EXPORT hxx_${name} ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
  install(EXPORT hxx_${name} NAMESPACE hxx:: FILE hxx_${name}.cmake DESTINATION "${hxx_package_dir}")
  set(directory "${PROJECT_SOURCE_DIR}/hxx/${name}")
  if(IS_DIRECTORY "${directory}")
    install(DIRECTORY "${directory}" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/hxx" FILES_MATCHING PATTERN "*.hpp" PATTERN "*_for_test.hpp" EXCLUDE)
  endif()

  list(FILTER ROOM_LINKS INCLUDE REGEX "^[A-Za-z0-9_]+::")
  set_property(GLOBAL APPEND PROPERTY hxx_rooms ${name})
  set_property(GLOBAL APPEND_STRING PROPERTY hxx_room_table
               "set(hxx_${name}_rooms ${ROOM_DEPENDS})\nset(hxx_${name}_libraries ${ROOM_LINKS})\n")
endfunction()

# After the last room: the package's configuration and version files.
function(hxx_install_package)
  if(NOT HXX_INSTALL)
    return()
  endif()
  get_property(HXX_ROOMS GLOBAL PROPERTY hxx_rooms)
  get_property(HXX_ROOM_TABLE GLOBAL PROPERTY hxx_room_table)
  list(JOIN HXX_ROOMS " " HXX_ROOMS)
  configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/hxxConfig.cmake.in" "${PROJECT_BINARY_DIR}/hxxConfig.cmake"
                                INSTALL_DESTINATION "${hxx_package_dir}")
  write_basic_package_version_file("${PROJECT_BINARY_DIR}/hxxConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
  install(FILES "${PROJECT_BINARY_DIR}/hxxConfig.cmake" "${PROJECT_BINARY_DIR}/hxxConfigVersion.cmake"
                "${PROJECT_SOURCE_DIR}/cmake/HxxLibraries.cmake" "${PROJECT_SOURCE_DIR}/cmake/HxxEmbed.cmake"
                "${PROJECT_SOURCE_DIR}/cmake/HxxTemplates.cmake"
                "${PROJECT_SOURCE_DIR}/cmake/HxxCompilerCheck.cmake"
          DESTINATION "${hxx_package_dir}")
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/cmake/checks" DESTINATION "${hxx_package_dir}")
  file(GLOB umbrella CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/hxx/*.hpp")
  install(FILES ${umbrella} DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/hxx")
endfunction()
