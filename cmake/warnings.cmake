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
endif()

if(FLUE_COVERAGE)
  # Several threads count the same lines in some tests.
  add_compile_options(--coverage -fprofile-update=atomic)
  add_link_options(--coverage)
endif()
