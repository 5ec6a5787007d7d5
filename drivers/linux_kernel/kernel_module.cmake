# SPDX-License-Identifier: BSD-2-Clause
#
# flue_add_kernel_module(NAME TARGET TARGET... HEADERS DIR SOURCES FILE... [MODULE MODULE] [DEVICE] [CHECKED])
#
#     A kernel module MODULE.ko (by default NAME.ko), by Kbuild, of the runtime, the targets that flue_add_target(TARGET ...) compiles,
#     one or several, and a driver's own sources. HEADERS is what modules are built against: /lib/modules/.../build, or a folder
#     of a package; it need not be there before the module is built. DEVICE adds the software NIC of each target,
#     which then must have been made with DEVICE or SIMULATE. CHECKED warns where functions are called in a context
#     that the spec does not allow (include/flue_kernel.h).
#
#     Where sparse is there it looks at each source that is compiled.
#
#     It is built only when asked for: cmake --build BUILD --target NAME. The module is
#     CMAKE_CURRENT_BINARY_DIR/NAME/MODULE.ko; sources are linked there by stage.py, none is copied.
#
#     flue_add_kernel_module(my_nic TARGET ipsec HEADERS /lib/modules/6.1.0-56-amd64/build SOURCES nic.c sa.c)
function(flue_add_kernel_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "DEVICE;CHECKED" "HEADERS;MODULE" "TARGET;SOURCES")
  if(NOT arg_TARGET OR NOT arg_HEADERS OR NOT arg_SOURCES OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "usage: flue_add_kernel_module(NAME TARGET TARGET... HEADERS DIR SOURCES FILE... [MODULE MODULE] [DEVICE] [CHECKED])")
  endif()
  if(NOT arg_MODULE)
    set(arg_MODULE ${name})
  endif()
  set(out "${CMAKE_CURRENT_BINARY_DIR}/${name}")
  set(targets "")
  foreach(target IN LISTS arg_TARGET)
    list(APPEND targets --target ${target} --generated "$<TARGET_PROPERTY:${target},INTERFACE_INCLUDE_DIRECTORIES>")
  endforeach()
  set(device "")
  if(arg_DEVICE)
    set(device --device)
  endif()
  set(checked "")
  if(arg_CHECKED)
    set(checked --checked)
  endif()
  find_program(FLUE_SPARSE sparse)
  set(checks W=1)
  if(FLUE_SPARSE)
    list(APPEND checks C=1)
  endif()
  list(TRANSFORM arg_SOURCES PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/" REGEX "^[^/]")
  add_custom_target(${name}
    COMMAND ${FLUE_PYTHON} ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/stage.py --out ${out} --name ${arg_MODULE}
            ${targets} ${device} ${checked} ${arg_SOURCES}
    # No BTF: it needs a vmlinux, which header packages have not.
    COMMAND make -j2 -C ${arg_HEADERS} M=${out} ${checks} CONFIG_DEBUG_INFO_BTF_MODULES= modules
    COMMENT "Building the kernel module ${name}"
    USES_TERMINAL VERBATIM)
  add_dependencies(${name} ${arg_TARGET})
endfunction()
