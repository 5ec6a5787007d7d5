# SPDX-License-Identifier: BSD-2-Clause
#
# flue_add_target(NAME SPEC DIR [OUT DIR] [SUITE] [DEVICE] [SIMULATE [CHECKS FILE]])
#
#     Compile the specs in SPEC to a static library NAME with its headers; whoever links it gets the
#     include folders and the runtime. SPEC is relative to the current source folder. The files go to
#     OUT, relative to the current binary folder, by default generated/NAME; no two targets share it.
#     Names of folders may have spaces and letters of any language; flue_path.cmake says what not.
#
#     Specs (and which there are), schema, templates and generator are dependencies; files are
#     rewritten only if they change, and a change of comments leaves their time stamps alone, so that
#     a doc string compiles nothing (with Ninja; other generators only run the compiler of specs
#     again). What an object that was renamed left in OUT is removed.
#
#     SUITE adds a test suite_NAME: a program, made of the same specs, that drives the compiled
#     machines through every transition. It needs Check and a C library.
#
#     DEVICE adds a library NAME_device: a software NIC for the target, with its header. It needs a C
#     library with POSIX threads.
#
#     SIMULATE adds that, too, and a test simulate_NAME: 3,000 histories of a host with that NIC, or as many as
#     fit five seconds, and 50 at least. CHECKS names a C file, relative to the current source folder, with what
#     must hold of this target besides (drivers/simulate/simulate_checks.h).
#
#     add_subdirectory(flue) # or find_package(flue)
#     flue_add_target(chimney SPEC flue/spec/chimney)
#     target_link_libraries(my_driver PRIVATE chimney)
cmake_minimum_required(VERSION 3.22) # for these functions, whatever policies are around them
include("${CMAKE_CURRENT_LIST_DIR}/flue_path.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/flue_python.cmake")

# The command, for who runs it with ${FLUE_PYTHON}: flue check in a test, say.
get_filename_component(flue_command "${CMAKE_CURRENT_LIST_DIR}/../../flue" ABSOLUTE)
set_property(GLOBAL PROPERTY FLUE_COMMAND "${flue_command}")
unset(flue_command)

function(flue_add_target name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "SUITE;DEVICE;SIMULATE" "SPEC;OUT;CHECKS" "")
  if(NOT arg_SPEC OR arg_UNPARSED_ARGUMENTS OR arg_KEYWORDS_MISSING_VALUES OR (arg_CHECKS AND NOT arg_SIMULATE))
    message(FATAL_ERROR "usage: flue_add_target(NAME SPEC DIR [OUT DIR] [SUITE] [DEVICE]"
            " [SIMULATE [CHECKS FILE]])")
  endif()
  set(side "${CMAKE_CURRENT_BINARY_DIR}/generated/${name}")
  if(NOT arg_OUT)
    set(arg_OUT "${side}")
  endif()
  get_filename_component(flue "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../.." ABSOLUTE)
  foreach(path flue arg_SPEC arg_OUT CMAKE_CURRENT_SOURCE_DIR CMAKE_CURRENT_BINARY_DIR)
    flue_check_path("flue_add_target(${name})" "${${path}}")
  endforeach()
  get_filename_component(spec "${arg_SPEC}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")
  get_filename_component(out "${arg_OUT}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_BINARY_DIR}")
  flue_check_use(${name} "${spec}" "${out}")
  set(more "")
  if(arg_SIMULATE)
    list(APPEND more --simulate)
  elseif(arg_DEVICE)
    list(APPEND more --device)
  endif()
  if(arg_SUITE)
    list(APPEND more --suite)
  endif()
  flue_list_specs("${spec}" "${side}.specs")
  flue_list_outputs(outputs "${arg_SPEC}" "${out}" ${more})

  add_custom_command(
    OUTPUT ${outputs}
    COMMAND ${FLUE_PYTHON} ${flue}/flue generate ${arg_SPEC} --out ${out} --depfile ${side}.d ${more}
    DEPENDS "${side}.specs"
    DEPFILE "${side}.d"
    WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} # findings then name the specs as they are given
    COMMENT "Compiling the specs in ${arg_SPEC}"
    VERBATIM)
  if(arg_SUITE)
    list(POP_BACK outputs suite_source)
  endif()
  if(arg_SIMULATE)
    list(POP_BACK outputs simulate_source)
  endif()
  if(arg_DEVICE OR arg_SIMULATE)
    list(POP_BACK outputs device_header device_source)
  endif()
  add_library(${name} STATIC ${outputs})
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE C C_STANDARD 11 C_STANDARD_REQUIRED ON)
  target_include_directories(${name} PUBLIC "${out}")
  target_link_libraries(${name} PUBLIC flue::flue)
  if(arg_SUITE)
    flue_add_suite(${name} "${suite_source}" "${flue}/runtime/suite")
  endif()
  if(arg_DEVICE OR arg_SIMULATE)
    flue_add_device(${name} "${device_source}" "${device_header}" "${flue}/drivers/device")
  endif()
  if(arg_SIMULATE)
    flue_add_simulation(${name} "${simulate_source}" "${flue}/drivers/simulate" ${arg_CHECKS})
  endif()
endfunction()

# Time bounds it, but for the first 50 histories: a busy machine is slow, and not red.
function(flue_add_simulation name source folder)
  if(NOT TARGET flue_simulate)
    add_subdirectory("${folder}" "${CMAKE_BINARY_DIR}/flue_simulate")
  endif()
  add_executable(simulate_${name} "${source}")
  foreach(checks IN LISTS ARGN) # at most one
    target_sources(simulate_${name} PRIVATE "${checks}")
    target_compile_definitions(simulate_${name} PRIVATE FLUE_SIMULATE_CHECKS)
  endforeach()
  set_target_properties(simulate_${name} PROPERTIES C_STANDARD 11 C_STANDARD_REQUIRED ON)
  target_link_libraries(simulate_${name} PRIVATE flue_simulate ${name}_device)
  add_test(NAME simulate_${name} COMMAND simulate_${name} --seeds 3000 --seconds 5)
endfunction()

# A NIC that is all software. The fixed part is built once for all targets.
function(flue_add_device name source header folder)
  if(NOT TARGET flue_device)
    add_subdirectory("${folder}" "${CMAKE_BINARY_DIR}/flue_device")
  endif()
  add_library(${name}_device STATIC "${source}" "${header}")
  set_target_properties(${name}_device PROPERTIES C_STANDARD 11 C_STANDARD_REQUIRED ON)
  target_link_libraries(${name}_device PUBLIC flue_device ${name})
endfunction()

# Each mistake in words, rather than in those of a generator or a linker later.
function(flue_check_use name spec out)
  if(NOT TARGET flue::flue)
    message(FATAL_ERROR "flue_add_target(${name}): find_package(flue) or add_subdirectory(flue) before,"
            " for its runtime")
  endif()
  if(NOT CMAKE_C_COMPILER_LOADED)
    message(FATAL_ERROR "flue_add_target(${name}): what is generated is C; this project has no C:"
            " project(... LANGUAGES C)")
  endif()
  if(NOT IS_DIRECTORY "${spec}")
    message(FATAL_ERROR "flue_add_target(${name}): there is no folder ${spec}; SPEC is relative to"
            " ${CMAKE_CURRENT_SOURCE_DIR}")
  endif()
  get_property(taken GLOBAL PROPERTY FLUE_OUT_FOLDERS)
  if("${out}" IN_LIST taken)
    message(FATAL_ERROR "flue_add_target(${name}): another target has its files in OUT: ${out}")
  endif()
  set_property(GLOBAL APPEND PROPERTY FLUE_OUT_FOLDERS "${out}")
endfunction()

# A file whose content is the names of the specs. Ninja and make look at the folder in each build and
# run CMake again if there is another file or one less; a changed list then runs the compiler, however
# old the new file is.
function(flue_list_specs spec list)
  file(GLOB found CONFIGURE_DEPENDS RELATIVE "${spec}" "${spec}/*.yaml" "${spec}/*.yml")
  set(old "")
  if(EXISTS "${list}")
    file(READ "${list}" old)
  endif()
  if(NOT old STREQUAL "${found}\n")
    file(WRITE "${list}" "${found}\n")
  endif()
endfunction()

# The machines are asked; nothing of the runtime's work is needed for that.
function(flue_add_suite name source folder)
  if(NOT TARGET flue_suite)
    find_package(PkgConfig REQUIRED)
    pkg_check_modules(FLUE_CHECK REQUIRED IMPORTED_TARGET GLOBAL check)
    add_library(flue_suite STATIC "${folder}/suite.c" "${folder}/situation.c" "${folder}/situation_links.c")
    target_include_directories(flue_suite PUBLIC "${folder}/include")
    target_link_libraries(flue_suite PUBLIC flue::flue PkgConfig::FLUE_CHECK)
    set_target_properties(flue_suite PROPERTIES C_STANDARD 11 C_STANDARD_REQUIRED ON)
  endif()
  add_executable(suite_${name} ${source})
  target_link_libraries(suite_${name} PRIVATE flue_suite ${name})
  add_test(NAME suite_${name} COMMAND suite_${name})
endfunction()

# The files that will be generated depend on the object list of the target's file; it is asked for
# when CMake runs, and CMake runs again when that file changes.
function(flue_list_outputs result spec out) # and --suite, if one is wanted
  execute_process(
    COMMAND ${FLUE_PYTHON} ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../../flue
            generate ${spec} --out ${out} --list ${ARGN}
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
