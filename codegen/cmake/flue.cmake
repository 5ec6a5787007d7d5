# SPDX-License-Identifier: BSD-2-Clause
#
# flue_add_target(NAME SPEC DIR [OUT DIR])
#
#     Compile the specs in SPEC to a static library NAME with its headers; whoever links it gets the
#     include folders and the runtime. The files go to OUT, by default generated/NAME in the build
#     tree. Specs, schema, templates and generator are dependencies; files are rewritten only if
#     they change, and a change of comments leaves their time stamps alone, so that a doc string
#     compiles nothing (with Ninja; other generators only run the compiler of specs again).
#
#     add_subdirectory(flue)
#     flue_add_target(chimney SPEC ${CMAKE_CURRENT_SOURCE_DIR}/spec)
#     target_link_libraries(my_driver PRIVATE chimney)
get_filename_component(FLUE_COMMAND "${CMAKE_CURRENT_LIST_DIR}/../../flue" ABSOLUTE CACHE)

function(flue_add_target name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "SPEC;OUT" "")
  if(NOT arg_SPEC OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "usage: flue_add_target(NAME SPEC DIR [OUT DIR])")
  endif()
  if(NOT arg_OUT)
    set(arg_OUT "${CMAKE_CURRENT_BINARY_DIR}/generated/${name}")
  endif()
  if(NOT FLUE_PYTHON)
    find_program(FLUE_PYTHON python3 REQUIRED)
  endif()
  flue_list_outputs(outputs "${arg_SPEC}" "${arg_OUT}")

  set(depfile "${arg_OUT}.d")
  add_custom_command(
    OUTPUT ${outputs}
    COMMAND ${FLUE_PYTHON} ${FLUE_COMMAND} generate ${arg_SPEC} --out ${arg_OUT} --depfile ${depfile}
    DEPFILE ${depfile}
    WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} # findings then name the specs as they are given
    COMMENT "Compiling the specs in ${arg_SPEC}"
    VERBATIM)
  add_library(${name} STATIC ${outputs})
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE C)
  target_include_directories(${name} PUBLIC "${arg_OUT}")
  target_link_libraries(${name} PUBLIC flue)
endfunction()

# The files that will be generated depend on the object list of the target's file; it is asked for
# when CMake runs, and CMake runs again when that file changes.
function(flue_list_outputs result spec out)
  execute_process(
    COMMAND ${FLUE_PYTHON} ${FLUE_COMMAND} generate ${spec} --out ${out} --list
    WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
    OUTPUT_VARIABLE listing ERROR_VARIABLE findings RESULT_VARIABLE exit_code)
  if(NOT exit_code EQUAL 0)
    message(NOTICE "${findings}") # as it is: FATAL_ERROR would break its lines anew
    message(FATAL_ERROR "flue cannot tell what it would generate from ${spec}")
  endif()
  string(REGEX MATCHALL "[^\n]+" lines "${listing}")
  list(POP_FRONT lines target_file)
  get_filename_component(target_file "${target_file}" ABSOLUTE BASE_DIR ${CMAKE_CURRENT_SOURCE_DIR})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${target_file}")
  set(${result} "${lines}" PARENT_SCOPE)
endfunction()
