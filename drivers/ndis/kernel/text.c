/* SPDX-License-Identifier: BSD-2-Clause */
/* Text, as C11 has it; the kernel's own function leaves out the end of what has no room. */
#include "stdio.h"

__declspec(dllimport) int _vsnprintf(char *text, size_t room, const char *format,
                                     va_list arguments);

int vsnprintf(char *text, size_t room, const char *format, va_list arguments)
{
    const int length = _vsnprintf(text, room, format, arguments);
    if (room && (length < 0 || (size_t)length >= room))
        text[room - 1] = '\0';
    return length < 0 ? (int)room : length;
}

int snprintf(char *text, size_t room, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(text, room, format, arguments);
    va_end(arguments);
    return length;
}
