# SPDX-License-Identifier: BSD-2-Clause
#
# What `cmake --install` puts where, below a prefix (GNUInstallDirs; DESTDIR is honoured):
#
#     lib/libflue.a or .so       the runtime; include/flue/ its headers
#     lib/cmake/flue/            find_package(flue): the target flue::flue, and flue_add_target()
#     lib/pkgconfig/flue.pc      the runtime for other build systems, and where the command is
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
install(DIRECTORY runtime/include runtime/src runtime/suite DESTINATION ${share}/runtime)
install(DIRECTORY drivers/device drivers/simulate DESTINATION ${share}/drivers)
# The schema is a link in the source tree.
install(FILES spec/schema/flue.schema.json DESTINATION ${share}/codegen/flue/syntax)
file(RELATIVE_PATH command /${CMAKE_INSTALL_BINDIR} /${share}/flue)
install(CODE "
  set(bin \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}\")
  file(MAKE_DIRECTORY \"\${bin}\")
  file(CREATE_LINK \"${command}\" \"\${bin}/flue\" SYMBOLIC)")
