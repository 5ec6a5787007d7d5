/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sweep.c: the host is notified of the marks that its objects see.
 *
 * An object sees its own marks and those of what it stands on. The host is notified once of each
 * that an object sees, be it as the mark is set or because a link is laid to it. Nobody knows
 * the dependents of an object, so a search goes over whole pools, in the background. It may take
 * long, and what it finds must not depend on how long: what was to be seen when the search began
 * counts, whatever has happened since. So what goes out of sight before the search is over leaves a
 * trail:
 *
 *     a mark that ends, a link that moves    the object notes when it parted with what; of that the
 *                                            host is notified for all that stood on it then, too
 *     a link that is laid                    the object notes when: what was parted with before
 *                                            is no news to it
 *     an operation that ends the object      the host is notified now, or not at all
 *
 * Notes are good for one search only: they bear its number. Beside it they say which requests must
 * be completed before the host may hear of it: those that ran when the mark was set.
 *
 * The host is not notified again for as long as the object lives, with one exception: a mark of its
 * own that has ended is new when it is set again.
 */

#include "internal.h"

#define SWEEP_SLICE 64u /* objects looked at in a poll while requests run */

/* The object's note of this search, with nothing in it where there is none yet. */
static struct flue_note *open_note(const struct flue_target *t, const struct flue_object *o)
{
    struct flue_note *note = flue_note_of(t, o);
    if (note->sweep != t->sweeps) {
        memset(note->parted, 0, sizeof note->parted);
        memset(note->apart, 0, sizeof note->apart);
        note->sweep = t->sweeps;
    }
    return note;
}

static uint32_t moment(const struct flue_target *t)
{
    uint64_t passed = t->begun - t->sweep_since + 1;
    return passed < UINT32_MAX ? (uint32_t)passed : UINT32_MAX;
}

static uint32_t later(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static void put_down(uint32_t when[FLUE_MAX_MARKS], uint8_t marks, uint32_t moment)
{
    for (unsigned m = 0; m < FLUE_MAX_MARKS; m++)
        if (marks & 1u << m)
            when[m] = moment;
}

/* What the object stands on by way of a link, or NULL. */
static struct flue_object *below(const struct flue_target *t, const struct flue_object *o,
                                 unsigned link)
{
    return flue_linked(t, o, link, flue_links(o)[link].to);
}

/* The host may hear of what was seen first when this request was the last one that had begun. */
static bool due(const struct flue_target *t, uint64_t after)
{
    return !t->oldest || t->oldest->number > after;
}

/*
 * When what went out of sight did so, of all that the object saw while it stood where it stands; 0:
 * never. With `all` also that of which the host may not hear yet. What went before `since` is no
 * news on this way.
 */
static void look_back(const struct flue_target *t, const struct flue_object *o, bool all,
                      const uint32_t since[FLUE_MAX_MARKS], uint32_t when[FLUE_MAX_MARKS])
{
    const struct flue_note *note = open_note(t, o);
    bool counts = all || due(t, note->after);
    uint32_t floor[FLUE_MAX_MARKS];
    for (unsigned m = 0; m < FLUE_MAX_MARKS; m++) {
        if (counts && note->parted[m] > since[m])
            when[m] = later(when[m], note->parted[m]);
        floor[m] = later(since[m], note->apart[m]);
    }
    for (unsigned l = 0; l < kind_of(t, o)->link_count; l++)
        if (below(t, o, l))
            look_back(t, below(t, o, l), all, floor, when);
}

static const uint32_t ever[FLUE_MAX_MARKS]; /* since the search began */

static uint8_t seen_before(const struct flue_target *t, const struct flue_object *o)
{
    uint32_t when[FLUE_MAX_MARKS] = {0};
    uint8_t seen = 0;
    look_back(t, o, false, ever, when);
    for (unsigned m = 0; m < FLUE_MAX_MARKS; m++)
        seen |= (uint8_t)((when[m] != 0) << m);
    return seen;
}

static uint8_t due_along(const struct flue_target *t, const struct flue_object *o)
{
    uint8_t marks = flue_marks_of(o);
    if (marks && !due(t, flue_note_of(t, o)->after))
        marks = 0;
    for (unsigned l = 0; l < kind_of(t, o)->link_count; l++)
        if (below(t, o, l))
            marks |= due_along(t, below(t, o, l));
    return marks;
}

/* The host has it, and has not asked for its end. */
static bool may_notify(const struct flue_target *t, const struct flue_object *o)
{
    const struct flue_state *state = &kind_of(t, o)->states[o->state];
    return state->host_has &&
           (state->operation == FLUE_NO_BYTE || !t->spec->operations[state->operation].ends);
}

static void call_host(struct flue_target *t, struct flue_object *o, uint8_t marks)
{
    struct flue_guard_context q;
    t->stats.marks_notified++;
    flue_guard_context_init(t, o, NULL, &q);
    kind_of(t, o)->notify(&q, marks);
}

/* What the host has not heard yet of this object's marks and of those it stands on. */
static void notify(struct flue_target *t, struct flue_object *o)
{
    uint8_t wanted = kind_of(t, o)->notify_marks;
    if (!wanted || !may_notify(t, o))
        return;
    uint8_t gone = t->parted ? seen_before(t, o) : 0;
    uint8_t news = (due_along(t, o) | gone) & wanted & (uint8_t)~flue_marks_notified(o);
    if (!news)
        return;
    o->marks |= flue_marks_as_notified(news);
    call_host(t, o, news);
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

/* The host is notified of a mark after the completion of whatever ran when it was set. */
bool flue_sweep_may_run(const struct flue_target *t)
{
    return t->sweep_left && due(t, t->sweep_after);
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
        if (!kind->notify_marks || !kind->notify) {
            t->sweep_left -= sweep_on(t, t->pools[t->sweep_kind].capacity - t->sweep_index);
            continue;
        }
        notify(t, flue_object_at(t, t->sweep_kind, t->sweep_index));
        t->budget--;
        t->sweep_left -= sweep_on(t, 1);
    }
    if (!t->sweep_left) { /* notes of this search are of no use any more */
        t->sweeps++;
        t->sweep_since = t->begun;
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

/* Its own marks end. What is due goes to the host; the rest is noted, for those above as well. */
static void end_marks(struct flue_target *t, struct flue_object *o, uint8_t ended)
{
    struct flue_note *note = open_note(t, o);
    if (t->sweep_left) {
        notify(t, o);
        put_down(note->parted, ended, moment(t));
        t->parted = true;
    }
    note->ended |= ended;
    o->marks &= (uint8_t)~ended;
}

/* What was due before goes to the host before. A mark of its own that had ended is new again. */
static void set_marks(struct flue_target *t, struct flue_object *o, uint8_t set)
{
    struct flue_note *note = open_note(t, o);
    if (t->sweep_left)
        notify(t, o);
    o->marks &= (uint8_t)~flue_marks_as_notified(note->ended & set);
    o->marks |= set;
    note->ended &= (uint8_t)~set;
    note->after = t->begun;
    begin(t);
}

/* Marks, and variables of the object; those that an event of the device sets wait for its data. */
void flue_arm_changes(struct flue_target *t, struct flue_object *o, uint8_t event,
                      const struct flue_arm *arm, uint8_t ended, const struct flue_guard_context *q)
{
    uint8_t set = arm->marks & (uint8_t) ~(FLUE_ARM_SETS | o->marks);
    if (set)
        set_marks(t, o, set);
    ended &= o->marks;
    if (ended)
        end_marks(t, o, ended);
    if (arm->sets && event < FLUE_EVENT_DEVICE)
        kind_of(t, o)->set(q, o, arm->sets, NULL);
}

static uint64_t latest_along(const struct flue_target *t, const struct flue_object *o)
{
    uint64_t latest = flue_note_of(t, o)->after;
    for (unsigned l = 0; l < kind_of(t, o)->link_count; l++) {
        uint64_t there = below(t, o, l) ? latest_along(t, below(t, o, l)) : 0;
        latest = there > latest ? there : latest;
    }
    return latest;
}

/*
 * What is seen by way of the links before one of them is laid or moved: for its dependents the host
 * is still to be notified. `seen` goes out of sight now.
 */
static void leave(struct flue_target *t, const struct flue_object *o, uint8_t seen)
{
    struct flue_note *note = open_note(t, o);
    note->after = latest_along(t, o);
    if (t->parted)
        look_back(t, o, true, ever, note->parted);
    put_down(note->parted, seen, moment(t));
    put_down(note->apart, UINT8_MAX, moment(t));
    t->parted |= seen != 0;
}

/* The link is laid or moved, counts included: it sees what is seen there, and has seen the rest. */
void flue_sweep_link(struct flue_target *t, struct flue_object *o, unsigned link, uint32_t to)
{
    const struct flue_object *old = below(t, o, link);
    uint8_t seen = old ? flue_marks_along(t, old, FLUE_ALONG_ALL) : 0;
    if (t->sweep_left)
        leave(t, o, seen);
    flue_links(o)[link].to = to;
    const struct flue_object *new = below(t, o, link);
    uint8_t news = new ? flue_marks_along(t, new, FLUE_ALONG_ALL) & (uint8_t)~seen : 0;
    if (news & (o->dependents ? FLUE_ALL_MARKS : kind_of(t, o)->notify_marks))
        begin(t);
}

/* An operation that may end it has come: what the host is to hear of it, it hears before. */
void flue_sweep_end(struct flue_target *t, struct flue_object *o)
{
    if (t->sweep_left)
        notify(t, o);
}

/* It came back from an operation that might have ended it. */
void flue_sweep_back(struct flue_target *t, const struct flue_object *o)
{
    uint8_t open = kind_of(t, o)->notify_marks & (uint8_t)~flue_marks_notified(o);
    if (flue_marks_along(t, o, FLUE_ALONG_ALL) & open)
        begin(t);
}
