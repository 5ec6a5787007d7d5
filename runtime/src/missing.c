/* SPDX-License-Identifier: BSD-2-Clause */
/* missing.c: which function a driver or a host has forgotten to give. */

#include "internal.h"

const char *flue_missing(const void *table, const struct flue_member *members)
{
    for (; members->name; members++) {
        void (*function)(void) = NULL;
        if (!table)
            return members->name;
        if (members->at == FLUE_NO_MEMBER)
            continue;
        memcpy(&function, (const unsigned char *)table + members->at, sizeof function);
        if (!function)
            return members->name;
    }
    return NULL;
}
