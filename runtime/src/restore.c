/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * restore.c: how far the restore after a reset has come, and which objects are still to come.
 */

#include "internal.h"

/* No request: a place in the line for commands that have no room is the most it takes. */
bool flue_restore_may_run(const struct flue_target *t)
{
    return t->restore_kind != FLUE_NO_BYTE && !t->restores_stalled &&
           (t->restore_index < t->pools[t->restore_kind].capacity || !t->restores);
}

/* Its turn to be put back has yet to come: now is not the time to say what cannot be done. */
bool flue_restore_is_due(const struct flue_target *t, const struct flue_object *o)
{
    if (!kind_of(t, o)->states[o->state].restores)
        return false;
    if (flue_target_phase(t) != FLUE_RUNNING)
        return flue_target_phase(t) == FLUE_RESETTING;
    return t->restore_kind != FLUE_NO_BYTE &&
           (o->kind > t->restore_kind ||
            (o->kind == t->restore_kind && flue_object_index(t, o) >= t->restore_index));
}

/* What kept objects of this kind and those above from being put back is mended: they are tried. */
void flue_restore_again(struct flue_target *t, uint32_t kind)
{
    bool behind = t->restore_kind == FLUE_NO_BYTE || kind < t->restore_kind ||
                  (kind == t->restore_kind && t->restore_index > 0);
    if (flue_target_phase(t) != FLUE_RUNNING || kind >= t->spec->kind_count || !behind)
        return;
    t->restore_kind = (uint8_t)kind;
    t->restore_index = 0;
}
