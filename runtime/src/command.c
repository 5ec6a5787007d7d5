/* SPDX-License-Identifier: BSD-2-Clause */
/* command.c: an object's planned commands get slots and go out through the binding. */

#include "internal.h"

/* So many lost answers of one object: no more is sent for it before a reset. */
#define TIMEOUTS_LIMIT 200

enum { NOTHING = FLUE_MAX_COMMANDS };

/* Irreversible commands go last, when everything before them is known to be good. */
static unsigned next_command(const struct flue_target *t, const struct flue_object *o)
{
    uint32_t now = o->planned & ~kind_of(t, o)->irreversible;
    if (!o->planned || (!now && o->in_flight))
        return NOTHING;
    return lowest_bit(now ? now : o->planned);
}

/* Who stands in line stands in that of this command, whatever is still to be answered. */
static void leave_line(struct flue_target *t, struct flue_object *o)
{
    uint32_t now = o->planned & ~kind_of(t, o)->irreversible;
    if (o->flags & FLUE_OBJECT_STALLED)
        flue_line_leave(t, o, lowest_bit(now ? now : o->planned));
}

void flue_commands_drop(struct flue_target *t, struct flue_object *o)
{
    leave_line(t, o);
    o->planned = 0;
}

static bool writes_old(const struct flue_target *t, const struct flue_object *o, unsigned command)
{
    return (o->flags & FLUE_OBJECT_UNDOES) &&
           kind_of(t, o)->commands[command].undo == FLUE_UNDO_OLD_VALUES;
}

/*
 * The links of which a command carries what they are: all where old values are written back; else
 * those that an earlier operation was to move, of which nobody knows what the hardware has.
 */
static uint8_t old_links(const struct flue_target *t, const struct flue_object *o, unsigned command)
{
    if (writes_old(t, o, command))
        return FLUE_ALL_LINKS;
    for (unsigned l = 0; l < kind_of(t, o)->link_count; l++)
        if (flue_links(o)[l].next != FLUE_NONE)
            return flue_note_of(t, o)->held;
    return 0;
}

/*
 * What a command carries comes from the node, where the operation brings it, else from the object.
 * An undo by old values takes all of it from the object; an undo by another command takes back what
 * was brought, and so it carries that. A restore has no node.
 */
static void prepare(struct flue_target *t, const struct flue_object *o, uint8_t command,
                    struct flue_issue *i)
{
    flue_guard_context_init(t, o, o->node, &i->q);
    bool old = writes_old(t, o, command);
    uint8_t brings = o->node ? operation_of(t, o->node)->brings : 0;
    for (unsigned c = 0; c < FLUE_CLASSES; c++)
        if (old || !(brings & FLUE_CLASS_BIT(c)))
            i->q.state[c] = NULL;
    i->name = flue_name_of(t, o);
    i->old = old_links(t, o, command);
}

static bool issue_one(struct flue_target *t, struct flue_object *o, unsigned command)
{
    const struct flue_command *c = &kind_of(t, o)->commands[command];
    struct flue_slot *slot = t->phase == FLUE_RUNNING ? flue_slot_take(t, c->takes_away) : NULL;
    if (!slot)
        return false;
    struct flue_issue i;
    prepare(t, o, (uint8_t)command, &i);
    uint32_t index = (uint32_t)(slot - t->slots);
    flue_step_arm(t, o, index, o->kind, (uint8_t)command, &i);
    flue_deadline(t, t->deadlines[index]);
    if (c->adds)
        flue_events_disclaim(t, o);
    if (kind_of(t, o)->issue(&i) == FLUE_RING_FULL && flue_slot_retract(t, slot)) {
        flue_line_refused(t, o->kind, command);
        return false;
    }
    leave_line(t, o);
    flue_line_moved(t, o->kind, command);
    o->planned &= ~(1u << command);
    flue_step_sent(t, o, &i, flue_traced(t));
    return true;
}

/*
 * The command has failed without being sent: nothing of it is to be undone. The rest of a plan is
 * not sent any more either; of an undo each is worth trying.
 */
static void give_up(struct flue_target *t, struct flue_object *o, unsigned command, uint8_t result)
{
    leave_line(t, o);
    o->planned &= o->flags & FLUE_OBJECT_UNDOES ? ~(1u << command) : 0;
    o->flags |= FLUE_OBJECT_BAD;
    if (o->result == FLUE_RESULT_OK) {
        o->result = result;
        flue_note_of(t, o)->failed = (uint8_t)command;
    }
    t->stats.unsent++;
    if (flue_traced(t))
        flue_trace_emit(t, flue_said(FLUE_TRACE_UNSENT, (uint8_t)command, result), 0, o->node, o);
}

/*
 * The hardware is asked no more, or lost too much of this object, which may still be removed; or
 * the command would name what it does not have.
 */
static uint8_t fails_unsent(const struct flue_target *t, struct flue_object *o, unsigned command)
{
    const struct flue_command *c = &kind_of(t, o)->commands[command];
    if (t->phase == FLUE_REMOVED)
        return FLUE_RESULT_RESET;
    bool too_many = o->timeouts_outstanding >= TIMEOUTS_LIMIT && !c->takes_away;
    bool names = c->carries_own || c->stands_on;
    if (too_many || (names && !flue_named_are_there(t, o, c, old_links(t, o, command))))
        return FLUE_RESULT_TIMEOUT;
    return FLUE_RESULT_OK;
}

/* True: the object waits for answers or for room. False: there is nothing to wait for. */
bool flue_commands_issue(struct flue_target *t, struct flue_object *o)
{
    unsigned command;
    while ((command = next_command(t, o)) != NOTHING) {
        uint8_t result = fails_unsent(t, o, command);
        if (result == FLUE_RESULT_OK) {
            if (flue_line_may_try(t, o, command) && issue_one(t, o, command))
                continue;
            if (!flue_line_stuck(t, o, command)) {
                if (!(o->flags & FLUE_OBJECT_STALLED))
                    flue_line_join(t, o, command);
                return true;
            }
            flue_reset_ask(t);
            result = FLUE_RESULT_TIMEOUT;
        }
        give_up(t, o, command, result);
    }
    return o->in_flight != 0;
}
