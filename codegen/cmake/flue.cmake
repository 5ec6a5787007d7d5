# SPDX-License-Identifier: BSD-2-Clause
#
# flue_add_target(NAME SPEC DIR [OUT DIR] [SUITE])
#
#     Compile the specs in SPEC to a static library NAME with its headers; whoever links it gets the
#     include folders and the runtime. The files go to OUT, by default generated/NAME in the build
#     tree. Specs, schema, templates and generator are dependencies; files are rewritten only if
#     they change, and a change of comments leaves their time stamps alone, so that a doc string
#     compiles nothing (with Ninja; other generators only run the compiler of specs again).
#
#     SUITE adds a test suite_NAME: a program, made of the same specs, that drives the compiled
#     machines through every transition. It needs Check and a C library.
#
#     add_subdirectory(flue)
#     flue_add_target(chimney SPEC flue/spec/chimney)
#     target_link_libraries(my_driver PRIVATE chimney)
get_filename_component(FLUE_COMMAND "${CMAKE_CURRENT_LIST_DIR}/../../flue" ABSOLUTE CACHE)
get_filename_component(FLUE_SUITE_DIR "${CMAKE_CURRENT_LIST_DIR}/../../runtime/suite" ABSOLUTE CACHE)

function(flue_add_target name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "SUITE" "SPEC;OUT" "")
  if(NOT arg_SPEC OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "usage: flue_add_target(NAME SPEC DIR [OUT DIR] [SUITE])")
  endif()
  if(NOT arg_OUT)
    set(arg_OUT "${CMAKE_CURRENT_BINARY_DIR}/generated/${name}")
  endif()
  if(NOT FLUE_PYTHON)
    find_program(FLUE_PYTHON python3 REQUIRED)
  endif()
  if(arg_SUITE)
    set(suite --suite)
  endif()
  flue_list_outputs(outputs "${arg_SPEC}" "${arg_OUT}" ${suite})

  set(depfile "${arg_OUT}.d")
  add_custom_command(
    OUTPUT ${outputs}
    COMMAND ${FLUE_PYTHON} ${FLUE_COMMAND} generate ${arg_SPEC} --out ${arg_OUT} --depfile ${depfile}
            ${suite}
    DEPFILE ${depfile}
    WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} # findings then name the specs as they are given
    COMMENT "Compiling the specs in ${arg_SPEC}"
    VERBATIM)
  if(arg_SUITE)
    list(POP_BACK outputs suite_source)
  endif()
  add_library(${name} STATIC ${outputs})
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE C)
  target_include_directories(${name} PUBLIC "${arg_OUT}")
  target_link_libraries(${name} PUBLIC flue)
  if(arg_SUITE)
    flue_add_suite(${name} "${suite_source}")
  endif()
endfunction()

# The machines are asked; nothing of the runtime's work is needed for that.
function(flue_add_suite name source)
  if(NOT TARGET flue_suite)
    find_package(PkgConfig REQUIRED)
    pkg_check_modules(FLUE_CHECK REQUIRED IMPORTED_TARGET GLOBAL check)
    add_library(flue_suite STATIC ${FLUE_SUITE_DIR}/suite.c ${FLUE_SUITE_DIR}/situation.c)
    target_include_directories(flue_suite PUBLIC ${FLUE_SUITE_DIR}/include)
    target_link_libraries(flue_suite PUBLIC flue PkgConfig::FLUE_CHECK)
  endif()
  add_executable(suite_${name} ${source})
  target_link_libraries(suite_${name} PRIVATE flue_suite ${name})
  add_test(NAME suite_${name} COMMAND suite_${name})
endfunction()

# The files that will be generated depend on the object list of the target's file; it is asked for
# when CMake runs, and CMake runs again when that file changes.
function(flue_list_outputs result spec out) # and --suite, if one is wanted
  execute_process(
    COMMAND ${FLUE_PYTHON} ${FLUE_COMMAND} generate ${spec} --out ${out} --list ${ARGN}
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
