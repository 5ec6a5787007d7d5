# SPDX-License-Identifier: BSD-2-Clause
#
# FLUE_PYTHON: the one Python that runs the compiler. The first python3 in PATH is often one without
# the modules (pyenv, conda, a virtual environment of something else), so each candidate is asked.
# Nothing of FindPython is touched: a project around this one has its own.
set(FLUE_PYTHON "" CACHE FILEPATH "Python 3.10 or later with jinja2, yaml and jsonschema")

# What that Python says against itself; empty if it will do.
function(flue_ask_python result python modules)
  set(question "import sys
if sys.version_info < (3, 10):
    sys.exit('it is Python %d.%d' % sys.version_info[:2])
import ${modules}")
  execute_process(COMMAND "${python}" -c "${question}" RESULT_VARIABLE exit_code
                  OUTPUT_QUIET ERROR_VARIABLE said)
  string(STRIP "${said}" said)
  string(REGEX REPLACE ".*\n" "" said "${said}") # the last line of a traceback says what it is
  if(exit_code EQUAL 0)
    set(said "")
  elseif(NOT said)
    set(said "${exit_code}")
  endif()
  set(${result} "${said}" PARENT_SCOPE)
endfunction()

# Who names a python gets that one, or is told what is wrong with it. Only flue's own tests need pytest.
function(flue_find_python)
  set(modules "jinja2, yaml, jsonschema")
  if(FLUE_PYTHON)
    flue_ask_python(said "${FLUE_PYTHON}" "${modules}")
    if(said)
      message(FATAL_ERROR "FLUE_PYTHON is ${FLUE_PYTHON}, which will not do: ${said}\n"
              "  cmake -UFLUE_PYTHON lets flue look for another")
    endif()
    return()
  endif()
  set(candidates /usr/bin/python3)
  file(TO_CMAKE_PATH "$ENV{PATH}" folders)
  list(TRANSFORM folders APPEND /python3 OUTPUT_VARIABLE in_path)
  foreach(wanted "${modules}, pytest" "${modules}")
    foreach(python IN LISTS candidates in_path)
      if(EXISTS "${python}")
        flue_ask_python(said "${python}" "${wanted}")
        if(NOT said)
          set_property(CACHE FLUE_PYTHON PROPERTY VALUE "${python}")
          return()
        endif()
      endif()
    endforeach()
  endforeach()
  message(FATAL_ERROR "No python3, 3.10 or later, with jinja2, yaml and jsonschema.\n"
          "  Debian: apt-get install python3-jinja2 python3-yaml python3-jsonschema python3-pytest\n"
          "  elsewhere: -DFLUE_PYTHON=/path/to/a/python3/that/has/them")
endfunction()

flue_find_python()
