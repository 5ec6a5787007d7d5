# SPDX-License-Identifier: BSD-2-Clause
#
# How every line of C here is compiled, written by hand or generated; debug symbols keep assertions.
add_compile_options(-Wall -Wextra -Wconversion -Wstrict-prototypes -Wmissing-prototypes)
if(FLUE_WERROR)
  add_compile_options(-Werror)
endif()

# The sources assert on both sides of every edge; RelWithDebInfo must not take that away.
foreach(language_flags CMAKE_C_FLAGS_RELWITHDEBINFO CMAKE_C_FLAGS_RELEASE)
  string(REPLACE "-DNDEBUG" "" ${language_flags} "${${language_flags}}")
endforeach()

if(FLUE_SANITIZE)
  add_compile_options(-fsanitize=${FLUE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${FLUE_SANITIZE})
  # Where variables are is worth a third of the time that large functions take; gcc asks the checks of these
  # by calls, as it does anyway where there are 7,000: the same checks, compiled in half the time.
  add_compile_options($<$<C_COMPILER_ID:GNU>:-fno-var-tracking>
                      "$<$<C_COMPILER_ID:GNU>:SHELL:--param asan-instrumentation-with-call-threshold=300>")
endif()

if(FLUE_COVERAGE)
  # Several threads count the same lines in some tests.
  add_compile_options(--coverage -fprofile-update=atomic)
  add_link_options(--coverage)
endif()
