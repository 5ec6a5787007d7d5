/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sweep.c: the host is told of the marks that its objects see.
 *
 * Whoever sees a mark is told of it once: whoever bears it or stands on what bears it, be it as the
 * mark is set or because a link is laid to it. Nobody knows the dependents of an object, so a
 * search goes over whole pools, in the background. It may take long, and what it finds must not
 * depend on how long: what was to be seen when the search began is told, whatever has happened
 * since. So what goes out of sight before the search is over leaves a trail:
 *
 *     a mark that ends, a link that moves    the object notes what it parted with; whoever stands
 *                                            on it is told of that as well
 *     a link to an object with such a note   it is no business of what comes to stand there
 *     an operation that ends the object      it is told now, or not at all
 *
 * Notes are good for one search only: they bear its number.
 */

#include "internal.h"

#define SWEEP_SLICE 64u /* objects looked at in a poll while requests run */

/* A note: number of the search, 48 bits; then four marks each. */
enum {
    PARTED = 0, /* seen here or below when the search had begun, and gone since */
    APART = 4,  /* parted with below before this object came to stand there */
    OWN = 8,    /* parted with, and was its own: should it come again, that is new */
    HEARD = 12, /* parted with, and told */
    NUMBER = 16
};

static uint64_t *note_at(const struct flue_target *t, const struct flue_object *o)
{
    return &t->pools[o->kind].notes[flue_object_index(t, o)];
}

static uint8_t noted(const struct flue_target *t, const struct flue_object *o, unsigned what)
{
    uint64_t note = *note_at(t, o);
    return (uint8_t)(note >> NUMBER == t->sweeps ? note >> what & 15 : 0);
}

static void note_down(struct flue_target *t, const struct flue_object *o, unsigned what,
                      uint8_t marks)
{
    uint64_t *note = note_at(t, o);
    if (*note >> NUMBER != t->sweeps)
        *note = t->sweeps << NUMBER;
    *note = (*note & ~(UINT64_C(15) << what)) | (uint64_t)marks << what;
}

static struct flue_object *below(const struct flue_target *t, const struct flue_object *o)
{
    return o->link == FLUE_NONE ? NULL : flue_object_at(t, kind_of(t, o)->links_to, o->link);
}

/* What the object and all below it have parted with while it stood there. */
static uint8_t parted_along(const struct flue_target *t, const struct flue_object *o)
{
    uint8_t parted = 0, mine = 15;
    for (; o && t->parted; o = below(t, o)) {
        parted |= noted(t, o, PARTED) & mine;
        mine &= (uint8_t)~noted(t, o, APART);
    }
    return parted;
}

/* The host has it, and has not asked for its end. */
static bool to_be_told(const struct flue_target *t, const struct flue_object *o)
{
    const struct flue_state *state = &kind_of(t, o)->states[o->state];
    return state->host_has &&
           (state->operation == FLUE_NO_BYTE || !t->spec->operations[state->operation].ends);
}

/* What the host has not heard yet of this object's marks and of those it stands on. */
static uint8_t news_of(const struct flue_target *t, const struct flue_object *o, uint8_t *gone)
{
    uint8_t open = kind_of(t, o)->sees & (uint8_t) ~(o->marks >> 4);
    if (!open || !to_be_told(t, o))
        return 0;
    uint8_t seen = flue_marks_along(t, o) & open;
    *gone = t->parted ? parted_along(t, o) & open & (uint8_t) ~(seen | noted(t, o, HEARD)) : 0;
    return seen | *gone;
}

static void tell(struct flue_target *t, struct flue_object *o)
{
    uint8_t gone = 0, news = news_of(t, o, &gone);
    if (!news)
        return;
    if (gone)
        note_down(t, o, HEARD, noted(t, o, HEARD) | gone);
    o->marks |= (uint8_t)((news & ~(gone & noted(t, o, OWN))) << 4);
    t->stats.told++;
    struct flue_question q;
    flue_question(t, o, NULL, &q);
    kind_of(t, o)->tell(&q, news);
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
    return t->sweep_left && (!t->oldest || t->oldest->number > t->sweep_after);
}

/* It comes to its end whatever else there is: half of a small budget is kept for it. */
uint32_t flue_sweep_share(struct flue_target *t, uint32_t budget)
{
    if (!flue_sweep_may_run(t))
        return 0;
    t->sweep_odd = !t->sweep_odd;
    uint32_t half = budget / 2 + (t->sweep_odd && budget % 2);
    return half < SWEEP_SLICE ? half : SWEEP_SLICE;
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
    if (!t->sweep_left) { /* notes of this search are of no use any more */
        t->sweeps++;
        t->parted = false;
    }
    return true;
}

/* There is something to be seen that was not: every object is looked at once more. */
static void begin(struct flue_target *t)
{
    t->sweep_after = t->begun;
    t->sweep_left = 0;
    for (unsigned k = 0; k < t->spec->kind_count; k++)
        t->sweep_left += t->pools[k].capacity;
}

static void part_with(struct flue_target *t, const struct flue_object *o, uint8_t marks)
{
    t->parted = true;
    note_down(t, o, PARTED, noted(t, o, PARTED) | marks);
}

/*
 * Its own marks end. Told now, if the search may tell at all; else they are told yet. Should they
 * come again they are told anew, unless they are still seen below: that stays told.
 */
static void end_marks(struct flue_target *t, struct flue_object *o, uint8_t ended)
{
    if (flue_sweep_may_run(t))
        tell(t, o);
    if (t->sweep_left) {
        part_with(t, o, ended);
        note_down(t, o, HEARD, noted(t, o, HEARD) | (ended & o->marks >> 4));
        note_down(t, o, OWN, noted(t, o, OWN) | ended);
    }
    o->marks &= (uint8_t)~ended;
    o->marks &= (uint8_t) ~((ended & ~flue_marks_along(t, o)) << 4);
}

void flue_marks_change(struct flue_target *t, struct flue_object *o, uint8_t set, uint8_t ended)
{
    bool news = set & ~o->marks;
    o->marks |= set;
    ended &= o->marks;
    if (news)
        begin(t);
    if (ended)
        end_marks(t, o, ended);
}

/* The link is laid or moved, counts included: it sees what is seen there, and has seen the rest. */
void flue_sweep_link(struct flue_target *t, struct flue_object *o, uint32_t link)
{
    const struct flue_object *old = below(t, o);
    uint8_t seen = old ? flue_marks_along(t, old) : 0;
    if (old && t->sweep_left) {
        uint8_t gone = seen | (parted_along(t, old) & (uint8_t)~noted(t, o, APART));
        if (gone)
            part_with(t, o, gone);
    }
    o->link = link;
    const struct flue_object *new = below(t, o);
    if (new && t->parted)
        note_down(t, o, APART, parted_along(t, new));
    uint8_t news = new ? flue_marks_along(t, new) & (uint8_t)~seen : 0;
    if (news & (o->dependents ? 15 : kind_of(t, o)->sees))
        begin(t);
}

/* An operation that may end it has come: what is to be told of it is told before. */
void flue_sweep_end(struct flue_target *t, struct flue_object *o)
{
    if (flue_sweep_may_run(t))
        tell(t, o);
}

/* It came back from an operation that might have ended it. */
void flue_sweep_back(struct flue_target *t, const struct flue_object *o)
{
    uint8_t gone;
    if (news_of(t, o, &gone))
        begin(t);
}

void flue_sweep_forget(struct flue_target *t, const struct flue_object *o)
{
    *note_at(t, o) = 0;
}
