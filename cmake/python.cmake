# SPDX-License-Identifier: BSD-2-Clause
#
# Finds a Python that can run the compiler. The first python3 in PATH is often one without the
# modules (pyenv, conda, a virtual environment of something else), so each candidate is asked.
set(FLUE_PYTHON "" CACHE FILEPATH "Python 3.10 or later with jinja2, yaml and jsonschema")

function(flue_python_has result python modules)
  set(question "import sys, ${modules}; sys.exit(sys.version_info < (3, 10))")
  execute_process(COMMAND "${python}" -c "${question}" RESULT_VARIABLE exit_code
                  OUTPUT_QUIET ERROR_QUIET)
  if(exit_code EQUAL 0)
    set(${result} TRUE PARENT_SCOPE)
  else()
    set(${result} FALSE PARENT_SCOPE)
  endif()
endfunction()

function(flue_find_python)
  find_program(in_path python3 NO_CACHE)
  foreach(modules "jinja2, yaml, jsonschema, pytest" "jinja2, yaml, jsonschema")
    foreach(python "${FLUE_PYTHON}" /usr/bin/python3 "${in_path}")
      if(python)
        flue_python_has(good "${python}" "${modules}")
        if(good)
          set(FLUE_PYTHON "${python}" CACHE FILEPATH "" FORCE)
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
set(Python3_EXECUTABLE "${FLUE_PYTHON}" CACHE FILEPATH "" FORCE)
