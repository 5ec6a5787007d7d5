/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * line.c: objects whose next command finds no room, in one line a command.
 *
 * So a ring of the driver that is full keeps nobody waiting but those who need it. Where slots are
 * what is short, the lines take turns. An object stands in one line at a time, by its index in its
 * pool, and leaves from anywhere in it: nothing is searched.
 *
 * A line out of which nothing went for as long as any command may take is stuck: whatever would
 * have made room has been answered or given up by then. What finds no room in it fails.
 */

#include "internal.h"

#define COMMAND_BIT(command) (UINT32_C(1) << (command))

static struct flue_object *at(const struct flue_target *t, uint8_t kind, uint32_t index)
{
    return index == FLUE_NONE ? NULL : flue_object_at(t, kind, index);
}

static bool first(const struct flue_target *t, const struct flue_object *o, unsigned command)
{
    return !(t->lined[o->kind] & COMMAND_BIT(command)) ||
           at(t, o->kind, t->lines[o->kind][command].first) == o;
}

/* Nobody comes before this object, and the driver is not known to have no room. */
bool flue_line_may_try(const struct flue_target *t, const struct flue_object *o, unsigned command)
{
    return !(t->refused[o->kind] & COMMAND_BIT(command)) && first(t, o, command);
}

/* There is no use in waiting. Objects fail in the order of the line, the first one first. */
bool flue_line_stuck(const struct flue_target *t, const struct flue_object *o, unsigned command)
{
    return (t->stuck[o->kind] & COMMAND_BIT(command)) && first(t, o, command);
}

/* A request starts nothing new while an object of its waits, and neither does a restore. */
static void stall_request(struct flue_target *t, const struct flue_object *o)
{
    ++*(o->node ? &flue_node_request(t, o->node)->stalled : &t->restores_stalled);
}

static void resume_request(struct flue_target *t, const struct flue_object *o)
{
    if (!o->node) {
        t->restores_stalled--;
        return;
    }
    struct flue_request *r = flue_node_request(t, o->node);
    r->stalled--;
    flue_request_line_up(t, r);
}

/* The first tick that is work, as far as lines go; this one has been looked at. */
static void note(struct flue_target *t, uint64_t due)
{
    if (due <= t->asked_at)
        due = t->asked_at + 1;
    if (flue_target_phase(t) == FLUE_RUNNING && due < atomic_load(&t->lines_due))
        atomic_store(&t->lines_due, due);
}

/* One less stands in line, or a line is not stuck any more. Of none, no tick is work. */
static void ease(struct flue_target *t)
{
    if (--t->short_of_room == 0)
        atomic_store(&t->lines_due, UINT64_MAX);
}

void flue_line_join(struct flue_target *t, struct flue_object *o, unsigned command)
{
    struct flue_line *line = &t->lines[o->kind][command];
    uint32_t index = flue_object_index(t, o);
    if (!(t->lined[o->kind] & COMMAND_BIT(command))) {
        *line = (struct flue_line){index, FLUE_NONE, atomic_load(&t->now)};
        t->lined[o->kind] |= COMMAND_BIT(command);
    }
    o->line.before = line->last;
    o->line.after = FLUE_NONE;
    if (line->last != FLUE_NONE)
        at(t, o->kind, line->last)->line.after = index;
    line->last = index;
    o->flags |= FLUE_OBJECT_STALLED;
    stall_request(t, o);
    t->short_of_room++;
    t->stats.ring_full++;
    note(t, line->moved + t->longest_timeout);
}

void flue_line_leave(struct flue_target *t, struct flue_object *o, unsigned command)
{
    struct flue_line *line = &t->lines[o->kind][command];
    struct flue_object *before = at(t, o->kind, o->line.before);
    struct flue_object *after = at(t, o->kind, o->line.after);
    *(before ? &before->line.after : &line->first) = o->line.after;
    *(after ? &after->line.before : &line->last) = o->line.before;
    if (line->first == FLUE_NONE)
        t->lined[o->kind] &= ~COMMAND_BIT(command);
    o->next = NULL;
    o->flags &= (uint8_t)~FLUE_OBJECT_STALLED;
    resume_request(t, o);
    ease(t);
}

/* The driver's ring had no room: it is not asked again before the next answers or the next tick. */
void flue_line_refused(struct flue_target *t, uint8_t kind, unsigned command)
{
    if (!t->short_of_room)
        t->asked_at = atomic_load(&t->now);
    t->refused[kind] |= COMMAND_BIT(command);
    t->refusing = true;
    note(t, t->asked_at + 1);
}

/* A command went out. */
void flue_line_moved(struct flue_target *t, uint8_t kind, unsigned command)
{
    t->lines[kind][command].moved = atomic_load_explicit(&t->now, memory_order_relaxed);
    if (!(t->stuck[kind] & COMMAND_BIT(command)))
        return;
    t->stuck[kind] &= ~COMMAND_BIT(command);
    ease(t);
    flue_trouble_ends(t);
}

/* Answers came, or a tick: there may be room where there was none. */
void flue_lines_ask_again(struct flue_target *t)
{
    if (t->refusing)
        memset(t->refused, 0, sizeof t->refused);
    t->refusing = false;
}

bool flue_lines_stuck(const struct flue_target *t)
{
    uint32_t any = 0;
    for (uint8_t kind = 0; kind < t->spec->kind_count; kind++)
        any |= t->stuck[kind];
    return any != 0;
}

/* At a new tick. */
void flue_lines_look_at_time(struct flue_target *t)
{
    uint64_t now = atomic_load(&t->now);
    if (now == t->asked_at)
        return;
    t->asked_at = now;
    atomic_store(&t->lines_due, UINT64_MAX);
    flue_lines_ask_again(t);
    for (uint8_t kind = 0; kind < t->spec->kind_count; kind++) {
        for (uint32_t left = t->lined[kind]; left; left &= left - 1) {
            unsigned command = lowest_bit(left);
            uint64_t stuck_at = t->lines[kind][command].moved + t->longest_timeout;
            if (now >= stuck_at && !(t->stuck[kind] & COMMAND_BIT(command))) {
                t->stuck[kind] |= COMMAND_BIT(command);
                t->short_of_room++;
            }
            note(t, stuck_at);
        }
    }
}

/* Of a kind's lines those that go on now, if only to fail. */
static uint32_t movable(const struct flue_target *t, uint8_t kind, bool uses_reserve)
{
    uint32_t kept = uses_reserve ? 0 : t->config.reserved_entries;
    uint32_t sort = uses_reserve ? t->uses_reserve[kind] : ~t->uses_reserve[kind];
    uint32_t room = t->free_slots > kept ? ~t->refused[kind] : 0;
    return t->lined[kind] & sort & (room | t->stuck[kind]);
}

/* The first of the line whose turn it is; the turn goes on to the line after it. */
static struct flue_object *next_of(struct flue_target *t, bool uses_reserve)
{
    uint32_t kinds = t->spec->kind_count, next = t->next_line[uses_reserve];
    uint32_t kind = next / FLUE_MAX_COMMANDS % kinds,
             behind = ~(COMMAND_BIT(next % FLUE_MAX_COMMANDS) - 1);
    for (uint32_t i = 0; i <= kinds; i++, behind = ~UINT32_C(0), kind = (kind + 1) % kinds) {
        uint32_t found = movable(t, (uint8_t)kind, uses_reserve) & behind;
        if (!found)
            continue;
        unsigned command = lowest_bit(found);
        t->next_line[uses_reserve] = (uint16_t)(kind * FLUE_MAX_COMMANDS + command + 1);
        return at(t, (uint8_t)kind, t->lines[kind][command].first);
    }
    return NULL;
}

/* The next to go on, or to fail: those whose commands remove objects come before all others. */
struct flue_object *flue_lines_next(struct flue_target *t)
{
    if (!t->short_of_room || flue_target_phase(t) != FLUE_RUNNING)
        return NULL;
    struct flue_object *o = next_of(t, true);
    return o ? o : next_of(t, false);
}

/* Is there anything to do for those in line, now or because a tick has come? */
bool flue_lines_wait(const struct flue_target *t)
{
    if (!t->short_of_room || flue_target_phase(t) != FLUE_RUNNING)
        return false;
    uint32_t any = 0, lined = 0;
    for (uint8_t kind = 0; kind < t->spec->kind_count; kind++) {
        any |= movable(t, kind, true) | movable(t, kind, false);
        lined |= t->lined[kind];
    }
    return any || (lined && atomic_load(&t->now) != t->asked_at); /* a stuck line may be empty */
}

/* An epoch begins or ends: who waits begins to wait when it begins, and rings may have room. */
void flue_lines_renew(struct flue_target *t)
{
    uint64_t now = atomic_load(&t->now);
    flue_lines_ask_again(t);
    for (uint8_t kind = 0; kind < t->spec->kind_count; kind++) {
        for (; t->stuck[kind]; t->stuck[kind] &= t->stuck[kind] - 1)
            ease(t);
        for (uint32_t left = t->lined[kind]; left; left &= left - 1)
            t->lines[kind][lowest_bit(left)].moved = now;
    }
    atomic_store(&t->lines_due, UINT64_MAX);
    if (t->short_of_room)
        note(t, now + t->longest_timeout);
}

void flue_trouble_ends(struct flue_target *t)
{
    if (t->reset_asked && !t->quarantined && !flue_lines_stuck(t))
        t->reset_asked = false;
}
