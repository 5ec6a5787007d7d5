/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * device.c: numbers that the hardware chooses for an object, and which of them are known.
 *
 * They are known from the answer that told them. A command that would carry one that is not known
 * could only name somebody else's entry: see named.c.
 */

#include "internal.h"

void flue_device_forget(struct flue_target *t, struct flue_object *o)
{
    uint32_t *known = flue_device_known(kind_of(t, o), o);
    if (known)
        *known = 0;
}

/*
 * A command may have acted. What a good answer brings is in the object by now, unless it was to an
 * undo, whose data is nobody's. What another would have told is another number by now, perhaps. All
 * of them end with what they name.
 */
void flue_device_answered(struct flue_target *t, struct flue_object *o, uint8_t command, bool good)
{
    const struct flue_kind *kind = kind_of(t, o);
    const struct flue_command *c = &kind->commands[command];
    uint32_t *known = flue_device_known(kind, o);
    if (!known)
        return;
    if (good && (c->takes_away || c->gone == FLUE_GONE_NEVER))
        *known = 0;
    if (good && !(o->flags & FLUE_OBJECT_UNDOES))
        *known |= c->brings;
    else
        *known &= ~c->loses;
}
