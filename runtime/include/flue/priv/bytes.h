/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * flue/priv/bytes.h: the four functions that runtime and generated code ask of whoever links them.
 *
 * A freestanding compiler calls them by itself, but it need not have <string.h>; there they are
 * declared here. The parentheses keep macros of these names out.
 */
#ifndef FLUE_PRIV_BYTES_H
#define FLUE_PRIV_BYTES_H

#if __STDC_HOSTED__ && __has_include(<string.h>)
#include <string.h>
#else
#include <stddef.h>

void *(memcpy)(void *restrict to, const void *restrict from, size_t bytes);
void *(memmove)(void *to, const void *from, size_t bytes);
void *(memset)(void *to, int byte, size_t bytes);
int(memcmp)(const void *a, const void *b, size_t bytes);
#endif

/* Nothing of it is left, and no compiler may leave it out, though nobody reads it any more. */
static inline void flue_wipe(void *at, size_t bytes)
{
    volatile unsigned char *byte = at;
    while (bytes--)
        *byte++ = 0;
}

#endif
