/* SPDX-License-Identifier: BSD-2-Clause */
/* named.h: numbers of what steps and traces call by name; a test stops at a name nothing has. */
#ifndef NAMED_H
#define NAMED_H

#include <check.h>
#include <string.h>

#include "chimney.h"
#include "flue/priv/object.h"
#include "flue/priv/spec.h"

static inline uint8_t named(const char *name, const char *(*name_of)(unsigned), unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (strcmp(name_of(i), name) == 0)
            return (uint8_t)i;
    ck_abort_msg("nothing is called %s", name);
    return 0;
}

static inline uint8_t kind_named(const char *name)
{
    return named(name, chimney_kind_name, CHIMNEY_KINDS);
}

static inline uint8_t event_named(const char *name)
{
    return named(name, chimney_event_name, FLUE_EVENT_OPERATION + (int)CHIMNEY_OPERATIONS);
}

static inline uint8_t state_named(uint8_t kind, const char *name)
{
    for (uint8_t s = 1; s <= chimney_spec.kinds[kind].state_count; s++)
        if (strcmp(chimney_state_name(kind, s), name) == 0)
            return s;
    ck_abort_msg("no state %s", name);
    return 0;
}

#endif
