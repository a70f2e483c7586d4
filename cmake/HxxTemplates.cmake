# Templates compiled to C++ (docs/compiled.md).

# hxx_add_templates(TARGET DIRECTORY directory [NAME name] [CONTEXTS header…] [OPTIONS --trim-blocks …]
#                   [GLOBALS [name…]] [FILTERS [name…]])
# Compiles every template of the directory into TARGET, which needs no other line: an hxx::App renders them so in place
# of the files. NAME tells several sets of one program apart. CONTEXTS are headers with structs that name their template:
#     struct UsersPage { static constexpr auto template_name = "pages/users.html"; … };
# OPTIONS are those of `hxx compile-templates`: what the environment that renders the templates has set.
# GLOBALS are the variables that the application adds to every template, beside those of an hxx::App; with it, even
# without a name, a variable that is neither one of them nor the context's is an error. FILTERS are the application's
# filters and tests; with it a name of neither these nor Jinja2's is an error.
# Relative paths start at the current source directory. A template that changes is compiled anew, with those that extend
# or include it by name, and no others.
function(hxx_add_templates target)
  cmake_parse_arguments(ARG "" "DIRECTORY;NAME" "CONTEXTS;OPTIONS;GLOBALS;FILTERS" ${ARGN})
  if(NOT ARG_DIRECTORY OR ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "hxx_add_templates(${target} …): wants DIRECTORY; got: ${ARGN}")
  endif()
  if(NOT ARG_NAME)
    set(ARG_NAME templates)
  endif()
  get_filename_component(directory "${ARG_DIRECTORY}" ABSOLUTE)
  set(output "${CMAKE_CURRENT_BINARY_DIR}/${target}_${ARG_NAME}")

  file(GLOB_RECURSE templates CONFIGURE_DEPENDS RELATIVE "${directory}" "${directory}/*")
  set(inputs "")
  set(sources "")
  set(headers "")
  foreach(template ${templates})
    list(APPEND inputs "${directory}/${template}")
    hxx_template_symbol("${template}" symbol)
    list(APPEND sources "${output}/${symbol}.cpp")
    list(APPEND headers "${output}/${symbol}.hpp")
  endforeach()
  if(NOT sources)
    message(FATAL_ERROR "hxx_add_templates(${target} DIRECTORY ${ARG_DIRECTORY}): no templates")
  endif()
  set(contexts "")
  set(arguments ${ARG_OPTIONS})
  foreach(header ${ARG_CONTEXTS})
    get_filename_component(header "${header}" ABSOLUTE)
    list(APPEND contexts "${header}")
    list(APPEND arguments --contexts "${header}")
  endforeach()

  foreach(names GLOBALS FILTERS)
    if(names IN_LIST ARGN)
      list(JOIN ARG_${names} "," list)
      string(TOLOWER ${names} option)
      list(APPEND arguments --${option} ",${list}") # an empty one is an argument too
    endif()
  endforeach()

  # This project's own program, or that of the package.
  if(TARGET hxx_tool)
    set(program hxx_tool)
  else()
    find_program(HXX_PROGRAM NAMES hxx HINTS "${hxx_PROGRAM_DIRECTORY}" REQUIRED)
    set(program "${HXX_PROGRAM}")
  endif()
  # Files that would not change are left alone, so that nothing is compiled for them.
  add_custom_command(OUTPUT ${sources} ${headers} "${output}/${ARG_NAME}.cpp"
                     COMMAND ${program} compile-templates "${directory}" --output "${output}" --name "${ARG_NAME}"
                             ${arguments} > "${output}.log"
                     DEPENDS ${program} ${inputs} ${contexts}
                     COMMENT "Compiling the templates of ${ARG_DIRECTORY} to C++" VERBATIM)

  # Objects, not an archive: what only registers itself would be left out of a program that is linked with an archive.
  set(objects ${target}_${ARG_NAME})
  add_library(${objects} OBJECT ${sources} "${output}/${ARG_NAME}.cpp")
  target_include_directories(${objects} PRIVATE "${output}" "$<TARGET_PROPERTY:${target},INCLUDE_DIRECTORIES>")
  target_link_libraries(${objects} PRIVATE hxx::compiled $<TARGET_NAME_IF_EXISTS:hxx_options>)
  if(COMMAND hxx_precompile)
    hxx_precompile(${objects})
  endif()
  get_target_property(type ${target} TYPE)
  if(type STREQUAL STATIC_LIBRARY)
    target_sources(${target} INTERFACE $<TARGET_OBJECTS:${objects}>)
  else()
    target_sources(${target} PRIVATE $<TARGET_OBJECTS:${objects}>)
  endif()
  target_link_libraries(${target} PRIVATE hxx::compiled)
endfunction()

# The file that a template's code is in, as the generator names it.
function(hxx_template_symbol template result)
  if(NOT template MATCHES "^[A-Za-z0-9_./-]+$")
    message(FATAL_ERROR "hxx_add_templates: the name of the template \"${template}\" has characters other than "
                        "letters, digits, _ . / and -")
  endif()
  string(REPLACE "_" "_u" symbol "${template}")
  string(REPLACE "/" "_s" symbol "${symbol}")
  string(REPLACE "." "_d" symbol "${symbol}")
  string(REPLACE "-" "_x2d" symbol "${symbol}")
  set(${result} "t_${symbol}" PARENT_SCOPE)
endfunction()
