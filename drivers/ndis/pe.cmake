# SPDX-License-Identifier: BSD-2-Clause
#
# Programs for Windows beside those for this machine: Debian's mingw-w64 compiles them, one rule a file.
#
# flue_pe_objects(VARIABLE NAME SOURCE... [FLAGS FLAG...])
#
#     Compiles the sources to objects, whose names go to VARIABLE. NAME is a folder for them. The target
#     that has them depends on chimney.
#
# flue_pe_link(FILE OBJECT... [FLAGS FLAG...] [NEEDS FILE...] [MAKES FILE...])
#
#     Links them to FILE. NEEDS are files it depends on; MAKES are others that the linker writes.
function(flue_pe_objects variable name)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "FLAGS")
  set(objects "")
  foreach(source IN LISTS arg_UNPARSED_ARGUMENTS)
    get_filename_component(stem "${source}" NAME_WE)
    get_filename_component(path "${source}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")
    set(object "${CMAKE_CURRENT_BINARY_DIR}/pe/${name}/${stem}.obj")
    add_custom_command(
      OUTPUT "${object}"
      COMMAND ${CMAKE_COMMAND} -E make_directory "${CMAKE_CURRENT_BINARY_DIR}/pe/${name}"
      COMMAND ${CMAKE_C_COMPILER_LAUNCHER} ${FLUE_MINGW} ${FLUE_PE_FLAGS} ${arg_FLAGS} -MD -MF "${object}.d"
              -MT "${object}" -c "${path}" -o "${object}"
      DEPENDS "${PROJECT_BINARY_DIR}/generated/chimney/chimney.h" ${source}
      DEPFILE "${object}.d"
      COMMENT "Compiling ${stem} for Windows"
      VERBATIM)
    list(APPEND objects "${object}")
  endforeach()
  set(${variable} ${objects} PARENT_SCOPE)
endfunction()

function(flue_pe_link file)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "FLAGS;NEEDS;MAKES")
  get_filename_component(name "${file}" NAME)
  add_custom_command(
    OUTPUT "${file}" ${arg_MAKES}
    COMMAND ${FLUE_MINGW} ${arg_UNPARSED_ARGUMENTS} -o "${file}" ${arg_FLAGS}
    DEPENDS ${arg_UNPARSED_ARGUMENTS} ${arg_NEEDS}
    COMMENT "Linking ${name} for Windows"
    VERBATIM)
endfunction()
