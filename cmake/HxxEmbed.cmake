# Files inside the program: templates, style sheets, htmx.

# hxx_embed(TARGET NAME name [DIRECTORY directory] [FILES path… | name=path…])
# Puts the files into TARGET and makes a header "embedded/NAME.hpp" for it:
#     hxx::EmbeddedFiles embedded::NAME();
# A file of DIRECTORY is found by its path inside it, one of FILES by its path as written or by the name given to it.
# Relative paths start at the current source directory. Changed files are embedded anew at the next build.
function(hxx_embed target)
  cmake_parse_arguments(EMBED "" "NAME;DIRECTORY" "FILES" ${ARGN})
  if(NOT EMBED_NAME MATCHES "^[A-Za-z_][A-Za-z0-9_]*$" OR EMBED_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "hxx_embed(${target} …): wants NAME identifier and DIRECTORY or FILES; got: ${ARGN}")
  endif()

  set(entries ${EMBED_FILES})
  if(EMBED_DIRECTORY)
    get_filename_component(directory "${EMBED_DIRECTORY}" ABSOLUTE)
    file(GLOB_RECURSE found CONFIGURE_DEPENDS RELATIVE "${directory}" "${directory}/*")
    foreach(path ${found})
      list(APPEND entries "${path}=${directory}/${path}")
    endforeach()
  endif()
  list(SORT entries)

  set(assembly "")
  set(declarations "")
  set(table "")
  set(paths "")
  set(index 0)
  foreach(entry ${entries})
    string(REGEX REPLACE "^([^=]*)=.*$" "\\1" name "${entry}")
    string(REGEX REPLACE "^[^=]*=" "" path "${entry}")
    get_filename_component(path "${path}" ABSOLUTE)
    if(NOT EXISTS "${path}")
      set(hint "")
      if(path MATCHES "/node_modules/")
        set(hint "\n  It comes from npm: run ./scripts/setup.")
      endif()
      message(FATAL_ERROR "hxx_embed(${target} NAME ${EMBED_NAME}): there is no ${path}${hint}")
    endif()
    # The digest is part of what is generated, so a change of the file must run this again.
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${path}")
    file(SHA256 "${path}" digest)
    list(APPEND paths "${path}")

    set(symbol hxx_embedded_${target}_${EMBED_NAME}_${index})
    string(MAKE_C_IDENTIFIER "${symbol}" symbol)
    foreach(text name path)
      string(REPLACE "\\" "\\\\" ${text} "${${text}}")
      string(REPLACE "\"" "\\\"" ${text} "${${text}}")
    endforeach()
    string(APPEND assembly ".global ${symbol}\n.hidden ${symbol}\n.balign 16\n${symbol}:\n.incbin \"${path}\"\n"
                           ".global ${symbol}_end\n.hidden ${symbol}_end\n${symbol}_end:\n.byte 0\n")
    string(APPEND declarations "extern \"C\" char const ${symbol}[];\nextern \"C\" char const ${symbol}_end[];\n")
    string(APPEND table "    {\"${name}\", {${symbol}, static_cast<std::size_t>(${symbol}_end - ${symbol})}, \"${digest}\"},\n")
    math(EXPR index "${index} + 1")
  endforeach()
  if(index EQUAL 0)
    message(FATAL_ERROR "hxx_embed(${target} NAME ${EMBED_NAME}): no files")
  endif()

  set(generated "${CMAKE_CURRENT_BINARY_DIR}/${target}_embedded")
  file(CONFIGURE OUTPUT "${generated}/embedded/${EMBED_NAME}.hpp" @ONLY CONTENT
"#pragma once
#include \"hxx/base/embedded.hpp\"
namespace embedded {
hxx::EmbeddedFiles @EMBED_NAME@() noexcept;
}
")
  file(CONFIGURE OUTPUT "${generated}/${EMBED_NAME}.cpp" @ONLY CONTENT
"#include \"embedded/@EMBED_NAME@.hpp\"
#include <cstddef>
asm(R\"assembly(
.pushsection .rodata,\"a\",%progbits
@assembly@.popsection
)assembly\");
@declarations@
namespace embedded {
hxx::EmbeddedFiles @EMBED_NAME@() noexcept {
    static hxx::EmbeddedFile const files[] = {
@table@    };
    return hxx::EmbeddedFiles(files);
}
}
")
  set_source_files_properties("${generated}/${EMBED_NAME}.cpp" PROPERTIES OBJECT_DEPENDS "${paths}"
                              SKIP_PRECOMPILE_HEADERS ON)
  target_sources(${target} PRIVATE "${generated}/${EMBED_NAME}.cpp")
  target_include_directories(${target} PRIVATE "${generated}")
endfunction()
