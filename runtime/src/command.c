/* SPDX-License-Identifier: BSD-2-Clause */
/* command.c: an object's planned commands get slots and go out through the binding. */

#include "internal.h"

/* So many lost answers of one object: no more is sent for it before a reset. */
#define STRAYS_LIMIT 200

static bool takes_away(const struct flue_target *t, const struct flue_object *o)
{
    const struct flue_kind *kind = kind_of(t, o);
    return o->planned && kind->commands[lowest_bit(o->planned)].takes_away;
}

static void stalled_append(struct flue_object_list *list, struct flue_object *o)
{
    o->next = NULL;
    if (list->first)
        list->last->next = o;
    else
        list->first = o;
    list->last = o;
}

static void stalled_push(struct flue_object_list *list, struct flue_object *o)
{
    o->next = list->first;
    if (!list->first)
        list->last = o;
    list->first = o;
}

/* Waits for the next answers; its request starts nothing new meanwhile. */
static void stall(struct flue_target *t, struct flue_object *o, bool first_in_line)
{
    struct flue_object_list *list = &t->stalled[takes_away(t, o)];
    o->flags |= FLUE_OBJECT_STALLED;
    if (first_in_line)
        stalled_push(list, o);
    else
        stalled_append(list, o);
    if (o->node)
        node_request(t, o->node)->stalled++;
    else
        t->restores_stalled++;
    t->stats.ring_full++;
    /* Should no answer be under way, the next tick tries again. */
    flue_deadline(t, atomic_load(&t->now) + 1);
}

static void unstalled(struct flue_target *t, struct flue_object *o)
{
    o->flags &= (uint8_t)~FLUE_OBJECT_STALLED;
    o->next = NULL;
    if (!o->node) {
        t->restores_stalled--;
        return;
    }
    struct flue_request *r = node_request(t, o->node);
    r->stalled--;
    flue_request_line_up(t, r);
}

void flue_commands_drop(struct flue_target *t, struct flue_object *o)
{
    o->planned = 0;
    if (!(o->flags & FLUE_OBJECT_STALLED))
        return;
    for (unsigned lane = 0; lane < 2; lane++) {
        struct flue_object_list *list = &t->stalled[lane];
        struct flue_object *before = NULL, *at = list->first;
        for (; at && at != o; at = at->next)
            before = at;
        if (!at)
            continue;
        if (before)
            before->next = o->next;
        else
            list->first = o->next;
        if (list->last == o)
            list->last = before;
    }
    unstalled(t, o);
}

static struct flue_slot *slot_take(struct flue_target *t, bool may_use_reserve)
{
    uint32_t kept = may_use_reserve ? 0 : t->config.reserved_entries;
    if (t->free_slots <= kept)
        return NULL;
    struct flue_slot *slot = &t->slots[t->free_slot - 1];
    t->free_slot = slot->next;
    t->free_slots--;
    return slot;
}

/*
 * What a command carries comes from the node, where the operation brings it, else from the object.
 * An undo by old values takes all of it from the object; an undo by another command takes back what
 * was brought, and so it carries that. A restore has no node.
 */
static void prepare(struct flue_target *t, const struct flue_object *o, uint8_t command,
                    struct flue_issue *i)
{
    flue_question(t, o, o->node, &i->q);
    bool old = (o->flags & FLUE_OBJECT_UNDOES) &&
               kind_of(t, o)->commands[command].undo == FLUE_UNDO_OLD_VALUES;
    uint8_t brings = o->node ? operation_of(t, o->node)->brings : 0;
    for (unsigned c = 0; c < FLUE_CLASSES; c++)
        if (old || !(brings & FLUE_CLASS_BIT(c)))
            i->q.state[c] = NULL;
    i->adapter = t->adapter;
    i->index = flue_object_index(t, o);
    i->link = old || o->new_link == FLUE_NONE ? o->link : o->new_link;
    i->command = command;
}

static void note_deadline(struct flue_target *t, const struct flue_slot *slot, uint32_t ticks)
{
    uint64_t deadline = atomic_load_explicit(&t->now, memory_order_relaxed) + ticks;
    t->deadlines[slot - t->slots] = deadline;
    flue_deadline(t, deadline);
}

static bool issue_one(struct flue_target *t, struct flue_object *o, uint8_t command)
{
    const struct flue_command *c = &kind_of(t, o)->commands[command];
    struct flue_slot *slot = t->phase == FLUE_RUNNING ? slot_take(t, c->takes_away) : NULL;
    if (!slot)
        return false;
    struct flue_issue i;
    prepare(t, o, command, &i);
    slot->object = o;
    slot->command = command;
    slot->bytes = 0;
    note_deadline(t, slot, t->timeout_ticks[o->kind][command]);
    i.cookie = flue_slot_arm(slot, (uint32_t)(slot - t->slots));
    if (kind_of(t, o)->issue(&i) == FLUE_RING_FULL && flue_slot_retract(t, slot))
        return false;
    o->in_flight++;
    o->planned &= ~(1u << command);
    t->rings = true;
    t->stats.commands++;
    FLUE_TRACE(t, o->node, o, .what = FLUE_TRACE_COMMAND, .command = command, .cookie = i.cookie);
    return true;
}

/* No hardware to ask, or it has lost too much: the command has failed without being sent. */
static bool hopeless(const struct flue_target *t, const struct flue_object *o)
{
    return t->phase == FLUE_REMOVED || o->strays >= STRAYS_LIMIT;
}

static bool issue_planned(struct flue_target *t, struct flue_object *o, bool first_in_line)
{
    uint32_t irreversible = kind_of(t, o)->irreversible;
    while (o->planned) {
        if (hopeless(t, o)) {
            o->planned = 0;
            o->flags |= FLUE_OBJECT_BAD;
            if (o->result == FLUE_RESULT_OK)
                o->result = FLUE_RESULT_RESET;
            break;
        }
        /* Irreversible commands go last, when everything before them is known to be good. */
        uint32_t now = o->planned & ~irreversible;
        if (!now && o->in_flight)
            return true;
        unsigned command = lowest_bit(now ? now : o->planned);
        bool behind = !first_in_line && t->stalled[takes_away(t, o)].first;
        if (behind || !issue_one(t, o, (uint8_t)command)) {
            stall(t, o, first_in_line);
            return true;
        }
    }
    return o->in_flight != 0;
}

/* True: the object waits for answers or for room. False: there is nothing to wait for. */
bool flue_commands_issue(struct flue_target *t, struct flue_object *o)
{
    return (o->flags & FLUE_OBJECT_STALLED) || issue_planned(t, o, false);
}

/* Those that wait for room go on, in their order, commands that give objects back first. */
bool flue_commands_resume(struct flue_target *t)
{
    bool progress = false;
    for (unsigned lane = 2; lane-- > 0;) {
        struct flue_object *o;
        while ((o = t->stalled[lane].first) != NULL) {
            uint64_t issued = t->stats.commands;
            t->stalled[lane].first = o->next;
            unstalled(t, o);
            bool waits = issue_planned(t, o, true);
            progress |= t->stats.commands != issued || !waits;
            if (!waits)
                flue_drive(t, o, flue_outcome(o), o->node);
            else if (o->flags & FLUE_OBJECT_STALLED)
                break;
        }
    }
    return progress;
}
