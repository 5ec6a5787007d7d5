/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * named.c: what a command names is there when it is sent.
 *
 * A command names its object, and what the links lead to that it carries: by their indexes, and by
 * numbers that the hardware chose for them. What an operation lays or moves a link to was asked
 * for when it began. But the command may have waited since, for room or for what comes before it;
 * it may take back what an operation did, and lead back to what is lost by now; or it may carry a
 * link that nobody moves, to what was lost long ago. So this is asked of every command, whatever
 * sends it, right before the driver is called. One that would name what the hardware does not have
 * is not sent, and has failed.
 *
 * What the hardware may have, and nobody is sure, is named: it is taken back and away as well. What
 * takes an object away needs nothing of what that stood on but a number, if it carries one.
 */

#include "internal.h"

/* Its state says so; or an answer did, and the machine hears of it when all others are in. */
static bool is_absent(const struct flue_target *t, const struct flue_object *o)
{
    const struct flue_state *state = &kind_of(t, o)->states[o->state];
    return state->hardware == FLUE_HARDWARE_HAS_NOT || o->result == FLUE_RESULT_GONE;
}

/* What a link leads to, if anywhere, and the numbers of it that the command carries. */
static bool linked_is_there(const struct flue_target *t, const struct flue_object *o,
                            const struct flue_command *c, unsigned link, uint8_t old)
{
    uint32_t numbers = c->carries_linked[link];
    struct flue_object *linked = flue_linked(t, o, link, flue_carried_link(o, link, old));
    if (!linked)
        return true;
    if (is_absent(t, linked))
        return false;
    return !numbers || !(numbers & ~*flue_device_known(kind_of(t, linked), linked));
}

/* `old`: the links of which it carries what they are; of the others what they are to be. */
bool flue_named_are_there(const struct flue_target *t, struct flue_object *o,
                          const struct flue_command *c, uint8_t old)
{
    if (c->carries_own && (c->carries_own & ~*flue_device_known(kind_of(t, o), o)))
        return false;
    for (uint32_t left = c->stands_on; left; left &= left - 1)
        if (!linked_is_there(t, o, c, lowest_bit(left), old))
            return false;
    return true;
}
