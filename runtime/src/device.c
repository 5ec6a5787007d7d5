/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * device.c: numbers that the hardware chooses for an object, and which of them are known.
 *
 * They are known from the answer that told them. A command that would carry one that is not known
 * could only name somebody else's entry: it is not sent, and has failed.
 */

#include "internal.h"

/* Those that the hardware has told, as bits; NULL where it chooses none. */
static uint32_t *known_of(const struct flue_kind *kind, struct flue_object *o)
{
    return kind->known_at ? (uint32_t *)(void *)((unsigned char *)o + kind->known_at) : NULL;
}

void flue_device_forget(struct flue_target *t, struct flue_object *o)
{
    uint32_t *known = known_of(kind_of(t, o), o);
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
    uint32_t *known = known_of(kind, o);
    if (!known)
        return;
    if (good && (c->takes_away || c->gone == FLUE_GONE_NEVER))
        *known = 0;
    if (good && !(o->flags & FLUE_OBJECT_UNDOES))
        *known |= c->brings;
    else
        *known &= ~c->loses;
}

/* The numbers of what a link leads to are known. Where it may lead nowhere, there are none then. */
static bool linked_known(const struct flue_target *t, const struct flue_object *o, unsigned link,
                         uint32_t to, uint32_t carried)
{
    struct flue_object *linked = flue_linked(t, o, link, to);
    if (!linked)
        return kind_of(t, o)->links[link].optional;
    return !(carried & ~*known_of(kind_of(t, linked), linked));
}

/* All that the command carries of such numbers is known, the object's and those of its links. */
bool flue_device_known(const struct flue_target *t, struct flue_object *o,
                       const struct flue_command *c, uint8_t old)
{
    const struct flue_kind *kind = kind_of(t, o);
    if (c->carries_own && (c->carries_own & ~*known_of(kind, o)))
        return false;
    for (unsigned l = 0; l < kind->link_count; l++)
        if (c->carries_linked[l] &&
            !linked_known(t, o, l, flue_carried_link(o, l, old), c->carries_linked[l]))
            return false;
    return true;
}
