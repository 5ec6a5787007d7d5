/* SPDX-License-Identifier: BSD-2-Clause */
/* A line that grows, and values as it shows them. */
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "play.h"

void say_to(struct text *t, const char *format, ...)
{
    va_list arguments;
    const size_t room = sizeof t->at - t->length;
    va_start(arguments, format);
    const int more = vsnprintf(t->at + t->length, room, format, arguments);
    va_end(arguments);
    t->length += more < 0 ? 0 : (size_t)more < room ? (size_t)more : room - 1;
}

void say_value(struct text *t, const struct flue_device_variable *d, const unsigned char *at)
{
    uint64_t number = 0;
    memcpy(&number, at, d->element);
    if (d->secret)
        say_to(t, " %s (secret)", d->name);
    else if (d->sort == FLUE_DEVICE_ARRAY || d->sort == FLUE_DEVICE_NAMED)
        for (unsigned b = 0; b < d->bytes; b++)
            say_to(t, "%s%s%s%02x", b ? "" : " ", b ? "" : d->name, b ? "" : " ", at[b]);
    else if (d->sort == FLUE_DEVICE_SIGNED)
        say_to(t, " %s %" PRId64, d->name,
               (int64_t)(number << (64 - 8 * d->element)) >> (64 - 8 * d->element));
    else
        say_to(t, " %s %" PRIu64, d->name, number);
}
