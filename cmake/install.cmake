# SPDX-License-Identifier: BSD-2-Clause
#
# What `cmake --install` puts where, below a prefix (GNUInstallDirs; DESTDIR is honoured):
#
#     lib/libflue.a or .so       the runtime; include/flue/ its headers
#     lib/cmake/flue/            find_package(flue): the target flue::flue, and flue_add_target()
#     lib/pkgconfig/flue.pc      the runtime for other build systems, and where the command is
#     share/man/, completions    of the command, where help2man and shtab are there (FLUE_MANUAL)
#     bin/flue, share/flue/      the command; what it and flue_add_target() need, laid out as in the source tree
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(share ${CMAKE_INSTALL_DATADIR}/flue)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/flue)
file(STRINGS runtime/include/flue/flue.h abi REGEX "^#define FLUE_ABI [0-9]+$")
string(REGEX REPLACE ".* " "" abi "${abi}")
set_target_properties(flue PROPERTIES VERSION ${PROJECT_VERSION} SOVERSION ${abi})

install(TARGETS flue EXPORT flue INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY runtime/include/flue DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT flue NAMESPACE flue:: FILE flueTargets.cmake DESTINATION ${package})
configure_package_config_file(cmake/flueConfig.cmake.in flueConfig.cmake
                              INSTALL_DESTINATION ${package} PATH_VARS share)
write_basic_package_version_file(flueConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/flueConfig.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/flueConfigVersion.cmake DESTINATION ${package})

# Relative to where flue.pc lies, so that an installed tree can be moved.
file(RELATIVE_PATH prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" prefix "${prefix}")
configure_file(cmake/flue.pc.in flue.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/flue.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(PROGRAMS flue DESTINATION ${share})
install(DIRECTORY codegen/flue codegen/cmake DESTINATION ${share}/codegen
        PATTERN "__pycache__" EXCLUDE)
install(DIRECTORY runtime/include runtime/src runtime/suite runtime/port DESTINATION ${share}/runtime)
install(DIRECTORY drivers/device drivers/simulate drivers/play DESTINATION ${share}/drivers PATTERN "*.md" EXCLUDE)
# The schema is a link in the source tree.
install(FILES spec/schema/flue.schema.json DESTINATION ${share}/codegen/flue/syntax)
file(RELATIVE_PATH command /${CMAKE_INSTALL_BINDIR} /${share}/flue)
install(CODE "
  set(bin \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}\")
  file(MAKE_DIRECTORY \"\${bin}\")
  file(CREATE_LINK \"${command}\" \"\${bin}/flue\" SYMBOLIC)")

# Pages and completions are made of what the command says of itself.
execute_process(COMMAND ${FLUE_PYTHON} -c "import shtab" RESULT_VARIABLE no_shtab OUTPUT_QUIET ERROR_QUIET)
find_program(FLUE_HELP2MAN help2man)
if(FLUE_HELP2MAN AND no_shtab EQUAL 0 AND NOT FLUE_TESTS) # a developer builds without
  set(made ON)
else()
  set(made OFF)
endif()
option(FLUE_MANUAL "Make man pages and completions for bash and zsh: needs help2man and shtab" ${made})
if(FLUE_MANUAL)
  file(GLOB of_command CONFIGURE_DEPENDS codegen/flue/*.py)
  set(manual ${CMAKE_CURRENT_BINARY_DIR}/manual)
  add_custom_command(OUTPUT ${manual}/flue.1
                     COMMAND ${FLUE_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/tools/manual.py --out ${manual}
                     DEPENDS tools/manual.py ${of_command} VERBATIM)
  add_custom_target(flue_manual ALL DEPENDS ${manual}/flue.1)
  install(DIRECTORY ${manual}/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 FILES_MATCHING PATTERN "*.1")
  install(FILES ${manual}/flue.bash RENAME flue
          DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
  install(FILES ${manual}/_flue DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
endif()
