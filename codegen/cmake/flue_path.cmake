# SPDX-License-Identifier: BSD-2-Clause
#
# Folders whose names a build cannot live with. Some of these characters part lists of CMake, some are
# not what they seem to Ninja, make or a depfile: the build fails in other words, or runs everything
# each time, or does not notice a change. So they are refused here, each of them, whatever generator.
function(flue_check_path who path)
  string(REGEX REPLACE "^[A-Za-z]:" "" rest "${path}") # a drive
  string(REGEX MATCH "[][\"'$#;&*?<>|:\\^`\t\r\n]" bad "${rest}")
  if(NOT bad STREQUAL "")
    message(FATAL_ERROR "${who}: the name of a folder has ${bad} in it, which builds cannot live with:"
            " ${path}")
  endif()
endfunction()
