/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sweep.c: the search for marks that the host should know.
 *
 * It goes over whole pools, so it keeps its place and shares the poll's budget.
 */

#include "internal.h"

#define SWEEP_SLICE 64u /* objects looked at in a poll while requests run */

/* What the host has not heard yet of this object's marks and of those it stands on. */
static void tell(struct flue_target *t, struct flue_object *o)
{
    const struct flue_kind *kind = kind_of(t, o);
    if (!kind->states[o->state].host_has)
        return;
    uint8_t told = o->marks >> 4;
    uint8_t news = flue_marks_along(t, o) & kind->sees & (uint8_t)~told;
    if (!news)
        return;
    o->marks |= (uint8_t)(news << 4);
    t->stats.told++;
    struct flue_question q;
    flue_question(t, o, NULL, &q);
    kind->tell(&q, news);
}

/* To the next object of the round, or over whole kinds that see nothing; returns how many. */
static uint32_t sweep_on(struct flue_target *t, uint32_t objects)
{
    t->sweep_index += objects;
    if (t->sweep_index < t->pools[t->sweep_kind].capacity)
        return objects;
    t->sweep_index = 0;
    t->sweep_kind = (uint8_t)(t->sweep_kind + 1 < t->spec->kind_count ? t->sweep_kind + 1 : 0);
    return objects;
}

/* The host is told of a mark after the completion of whatever ran when it was set. */
bool flue_sweep_may_run(const struct flue_target *t)
{
    uint32_t place = t->config.running_requests - 1;
    const struct flue_request *r = t->oldest;
    return t->sweep_left && (!r || (int32_t)((r->serial & ~place) - t->sweep_after) > 0);
}

/*
 * In the background of everything else: while requests run, only a few steps a poll, after its
 * doorbell. A mark that is set meanwhile makes the round longer, it does not begin it again.
 */
bool flue_sweep_run(struct flue_target *t)
{
    if (!flue_sweep_may_run(t))
        return false;
    for (uint32_t steps = t->oldest ? SWEEP_SLICE : UINT32_MAX; t->sweep_left && t->budget && steps;
         steps--) {
        const struct flue_kind *kind = &t->spec->kinds[t->sweep_kind];
        if (!kind->sees || !kind->tell) {
            t->sweep_left -= sweep_on(t, t->pools[t->sweep_kind].capacity - t->sweep_index);
            continue;
        }
        tell(t, flue_object_at(t, t->sweep_kind, t->sweep_index));
        t->budget--;
        t->sweep_left -= sweep_on(t, 1);
    }
    return true;
}

/* A mark was set: every object is looked at once more. */
void flue_sweep_begin(struct flue_target *t)
{
    t->sweep_after = t->serial;
    t->sweep_left = 0;
    for (unsigned k = 0; k < t->spec->kind_count; k++)
        t->sweep_left += t->pools[k].capacity;
}
