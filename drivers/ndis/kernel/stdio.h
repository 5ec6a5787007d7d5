/* SPDX-License-Identifier: BSD-2-Clause */
/* stdio.h, as far as the device of drivers/device needs one: text.c has it from the kernel. */
#ifndef NDIS_STDIO_H
#define NDIS_STDIO_H

#include <stdarg.h>
#include <stddef.h>

int snprintf(char *text, size_t room, const char *format, ...);
int vsnprintf(char *text, size_t room, const char *format, va_list arguments);

#endif
