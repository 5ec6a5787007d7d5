# SPDX-License-Identifier: BSD-2-Clause
#
# flue_add_test(NAME LABELS COMMAND...)
#
#     Any test: NAME begins with its folder, LABELS say what it needs (c, python, verify, bench ...). The
#     time limit is for what hangs.
function(flue_add_test name labels)
  add_test(NAME ${name} COMMAND ${ARGN})
  set_tests_properties(${name} PROPERTIES TIMEOUT 3600 LABELS "${labels}")
endfunction()

# flue_add_pytest(NAME ARGUMENT...)
#
#     Tests in Python, in the root of the project. Skipped where each of them is, or there is no pytest.
function(flue_add_pytest name)
  flue_add_test(${name} python ${FLUE_PYTHON} ${PROJECT_SOURCE_DIR}/cmake/run_pytest.py ${ARGN})
  set_tests_properties(${name} PROPERTIES WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} SKIP_RETURN_CODE 77
                       ENVIRONMENT "PYTHONPATH=${PROJECT_SOURCE_DIR}/codegen")
endfunction()

# flue_add_check_test(NAME SOURCE... [LINK LIBRARY...])
#
#     One Check program, one CTest entry. Its main() runs its suites and returns the number of
#     failed tests as its exit status; tests/support/suite.h has one.
find_package(PkgConfig REQUIRED)
pkg_check_modules(CHECK REQUIRED IMPORTED_TARGET check)
find_package(Threads REQUIRED)

function(flue_add_check_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LINK")
  add_executable(${name} ${arg_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE ${arg_LINK} testlib PkgConfig::CHECK Threads::Threads)
  flue_add_test(${name} c ${name})
  # A forked test loses its sanitizer's report and its debugger; Check can do without.
  set_tests_properties(${name} PROPERTIES ENVIRONMENT "CK_DEFAULT_TIMEOUT=3600")
endfunction()

# flue_add_tool_test(NAME LABELS TOOL COMMAND...)
#
#     Skipped, with the reason, where TOOL is missing. That is asked when the test runs, so that nobody
#     need configure anew after installing it.
function(flue_add_tool_test name labels tool)
  flue_add_test(${name} "${labels}" sh ${PROJECT_SOURCE_DIR}/cmake/with_tool.sh ${tool} ${ARGN})
  set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 77)
endfunction()
