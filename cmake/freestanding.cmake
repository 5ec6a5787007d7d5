# SPDX-License-Identifier: BSD-2-Clause
#
# Fails if LIBRARY (or several, separated by commas) needs any symbol from outside other than the
# four that every compiler may call: then there is nothing it could allocate, lock, sleep or ask a
# system with. Run by CTest: cmake -DNM=... -DLIBRARY=... -P freestanding.cmake
set(allowed memcpy memset memmove memcmp)
string(REPLACE "," ";" LIBRARY "${LIBRARY}")

execute_process(COMMAND ${NM} -P ${LIBRARY} OUTPUT_VARIABLE listing RESULT_VARIABLE exit_code)
if(NOT exit_code EQUAL 0)
  message(FATAL_ERROR "cannot read ${LIBRARY}")
endif()

string(REGEX MATCHALL "[^\n]+" lines "${listing}")
set(defined "")
set(wanted "")
foreach(line IN LISTS lines)
  if(line MATCHES "^([A-Za-z_.$0-9]+) ([A-Za-z])")
    if(CMAKE_MATCH_2 STREQUAL "U")
      list(APPEND wanted ${CMAKE_MATCH_1})
    else()
      list(APPEND defined ${CMAKE_MATCH_1})
    endif()
  endif()
endforeach()
if(NOT defined)
  message(FATAL_ERROR "${LIBRARY} defines nothing; this check would prove nothing")
endif()

list(REMOVE_DUPLICATES wanted)
list(REMOVE_ITEM wanted ${defined} ${allowed} _GLOBAL_OFFSET_TABLE_)
# Atomic operations out of line are part of the compiler, not of a C library.
list(FILTER wanted EXCLUDE REGEX "^__aarch64_")
if(wanted)
  message(FATAL_ERROR "not freestanding any more: ${LIBRARY} needs: ${wanted}")
endif()
message("freestanding: nothing but ${allowed}")
