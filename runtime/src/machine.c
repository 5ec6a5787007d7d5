/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * machine.c: events go into an object's machine, and what it decides is done.
 *
 * The machine itself is pure: it says the new state and an arm. Everything an arm asks for (marks,
 * commands, statuses, a node that has to wait) is done here, after the machine has stopped, so no
 * action ever steps a machine.
 */

#include "internal.h"

/* The commands that take back what those of `commands` did, or may have done. */
static uint32_t undo_of(const struct flue_kind *kind, uint32_t touched, uint32_t commands)
{
    uint32_t undo = 0;
    for (uint32_t left = touched & commands; left; left &= left - 1) {
        unsigned c = lowest_bit(left);
        if (kind->commands[c].undo == FLUE_UNDO_OLD_VALUES)
            undo |= 1u << c;
        else if (kind->commands[c].undo != FLUE_UNDO_NONE)
            undo |= 1u << kind->commands[c].undo;
    }
    return undo;
}

/* From rest to work: the node is the object's now, and what it is to link to is counted. */
FLUE_INLINE void begin_operation(struct flue_target *t, struct flue_object *o, void *node,
                                 const struct flue_guard_context *q)
{
    if (node)
        flue_node_set_flags(t, node, flue_node_flags(t, node) | FLUE_NODE_ASKED);
    o->node = node;
    o->result = FLUE_RESULT_OK;
    o->touched = 0;
    for (unsigned l = 0; l < kind_of(t, o)->link_count; l++) {
        struct flue_link *link = &flue_links(o)[l];
        FLUE_ASSERT(q->new_links[l] != FLUE_LINK_GONE);
        if (link->next != FLUE_NONE) {
            flue_note_of(t, o)->held |= (uint8_t)(1u << l);
            continue;
        }
        if (q->new_links[l] == FLUE_NONE)
            continue;
        flue_note_of(t, o)->held &= (uint8_t) ~(1u << l);
        link->next = q->new_links[l];
        flue_link_count(t, o, l, link->next);
    }
}

static uint32_t commands_of(const struct flue_kind *kind, struct flue_object *o,
                            const struct flue_arm *arm, const struct flue_guard_context *q)
{
    if (arm->verb == FLUE_DO_SEND)
        return arm->commands;
    if (arm->verb == FLUE_DO_PLAN)
        return kind->changed(q) & arm->commands;
    return undo_of(kind, o->touched, arm->commands);
}

/* Returns the event that follows at once: done or failed where there is nothing to wait for. */
static uint8_t perform(struct flue_target *t, struct flue_object *o, uint8_t event,
                       const struct flue_arm *arm, void *node, const struct flue_guard_context *q)
{
    if (arm->verb == FLUE_DO_NOTHING)
        return FLUE_EVENT_NONE;
    if (arm->verb == FLUE_DO_DEFER) {
        if (event >= FLUE_EVENT_DEVICE)
            flue_event_put_off(t, o, event);
        else
            flue_defer(t, o, node);
        return FLUE_EVENT_NONE;
    }
    /* What the device does by itself begins something of its own, too, for nobody's node. */
    if ((event >= FLUE_EVENT_OPERATION && event != FLUE_EVENT_ABORT) || event == FLUE_EVENT_RESTORE)
        begin_operation(t, o, node, q);
    if (arm->again)
        o->result = FLUE_RESULT_OK;
    o->planned = commands_of(kind_of(t, o), o, arm, q);
    o->flags &= (uint8_t) ~(FLUE_OBJECT_UNDOES | FLUE_OBJECT_BAD | FLUE_OBJECT_FAST);
    if (arm->verb == FLUE_DO_UNDO) {
        o->flags |= FLUE_OBJECT_UNDOES;
        for (uint32_t bits = o->planned; bits; bits &= bits - 1)
            t->stats.undone++;
        o->touched &= ~arm->commands; /* what came before them can still be taken back */
    }
    return flue_commands_issue(t, o) ? FLUE_EVENT_NONE : flue_commands_event(o);
}

/* From now on the host can ask for it; the handle itself was written when its turn came. */
static void hand_over(struct flue_target *t, struct flue_object *o, const void *node)
{
    const struct flue_node_layout *layout = t->spec->node;
    if (layout->host_handle != FLUE_NO_MEMBER)
        atomic_store_explicit(&o->host_handle,
                              flue_load_pointer(flue_node_at(node, layout->host_handle)),
                              memory_order_release);
}

/*
 * The links that were asked for are the object's now: counted since its command went out, or
 * brought to one that needs none. One that an earlier operation asked for, of which nobody knew
 * whether the hardware has it, is no such link: it is held until that is known, and then let go.
 */
static bool commit_links(struct flue_target *t, struct flue_object *o, const void *node,
                         const struct flue_guard_context *q)
{
    bool served = o->node == node, moved = false;
    for (unsigned l = 0; l < kind_of(t, o)->link_count; l++) {
        struct flue_link *link = &flue_links(o)[l];
        uint32_t to = served ? link->next : q->new_links[l];
        if (to == FLUE_NONE || (served && (flue_note_of(t, o)->held >> l & 1)))
            continue;
        if (served)
            link->next = FLUE_NONE;
        else
            flue_link_count(t, o, l, to);
        flue_link_release(t, o, l, link->to);
        flue_sweep_link(t, o, l, to == FLUE_LINK_NONE ? FLUE_NONE : to);
        moved = true;
    }
    return moved;
}

/* With a good status what was brought is stored, what is returned loaded. True: a link moved. */
static bool store_and_load(struct flue_target *t, struct flue_object *o, void *node,
                           const struct flue_guard_context *q, const struct flue_operation *op)
{
    uint8_t returns = op->returns == FLUE_RETURNS_ASKED ? q->asked : op->returns & q->asked;
    if (op->brings & q->asked)
        kind_of(t, o)->store(q, o, op->brings & q->asked);
    if (op->reaches_new)
        hand_over(t, o, node);
    bool moved = commit_links(t, o, node, q);
    if (returns)
        kind_of(t, o)->load(q, returns);
    return moved;
}

/* What is no link of the object's is let go, unless nobody knows whether the hardware has it. */
static void give_up_links(struct flue_target *t, struct flue_object *o)
{
    if (kind_of(t, o)->states[o->state].hardware == FLUE_HARDWARE_UNSURE)
        return;
    for (unsigned l = 0; l < kind_of(t, o)->link_count; l++) {
        flue_link_release(t, o, l, flue_links(o)[l].next);
        flue_links(o)[l].next = FLUE_NONE;
    }
}

/*
 * The node gets its status; if it was the one being served, the object is free for the next.
 * True: a link moved.
 */
static bool complete_node(struct flue_target *t, struct flue_object *o, void *node, uint8_t status,
                          const struct flue_guard_context *q)
{
    const struct flue_operation *op = operation_of(t, node);
    if (status == FLUE_STATUS_FROM_COMMAND)
        status = op->status_of_result[o->result];
    bool served = o->node == node, moved = false;
    if (t->spec->statuses[status].good)
        moved = store_and_load(t, o, node, q, op);
    if (served)
        give_up_links(t, o);
    if (op->reaches_new && !t->spec->statuses[status].good)
        flue_node_set_handle(t, node, 0);
    if (served)
        o->node = NULL;
    flue_node_settle(t, node, status);
    return moved;
}

/* Until its state changes the host can be notified; of a state that ends the object, no more. */
static bool ends(const struct flue_target *t, const struct flue_state *state)
{
    return state->operation != FLUE_NO_BYTE && t->spec->operations[state->operation].ends;
}

static void count_restores(struct flue_target *t, const struct flue_state *old,
                           const struct flue_state *new)
{
    t->restores -= old->sort == FLUE_RESTORING;
    t->restores += new->sort == FLUE_RESTORING;
    t->unrestored += (uint32_t) new->restores - (uint32_t)old->restores;
}

/* The host has it no more: who waits for it gets nothing, and what was kept of its secrets goes. */
static void leave(struct flue_target *t, struct flue_object *o)
{
    if (kind_of(t, o)->wipe)
        kind_of(t, o)->wipe(o);
    flue_fail_deferred(t, o);
}

/* All is done for the node, or there is nothing to do: the others of its request are waited for. */
static void wait_for_others(struct flue_target *t, struct flue_object *o, uint8_t event, void *node,
                            const struct flue_guard_context *q)
{
    if (event >= FLUE_EVENT_OPERATION)
        begin_operation(t, o, node, q);
    o->flags &= (uint8_t) ~(FLUE_OBJECT_UNDOES | FLUE_OBJECT_BAD | FLUE_OBJECT_FAST);
    flue_node_prepared(t, node);
}

/* One event, and what follows from it at once. Returns the next event, if any. */
static uint8_t advance(struct flue_target *t, struct flue_object *o, uint8_t event, void *node)
{
    const struct flue_kind *kind = kind_of(t, o);
    struct flue_guard_context q;
    uint16_t arm_index = 0;
    uint8_t old = o->state;
    bool moved = false;
    bool ill = t->unrestored && o->dependents && flue_object_unusable(t, o);

    flue_guard_context_init(t, o, node, &q);
    uint8_t state = kind->step(&q, old, event, &arm_index);
    FLUE_ASSERT(state != 0 && arm_index != 0);
    const struct flue_arm *arm = &kind->arms[arm_index];
    if (t->sweep_left && (ends(t, &kind->states[state]) || state == kind->start))
        flue_sweep_end(t, o);
    flue_step_move(t, o, node, event, state, arm_index, flue_traced(t));
    count_restores(t, &kind->states[old], &kind->states[state]);
    uint8_t ended = kind->states[state].ends_marks | arm->clears;
    if (arm->marks | (o->marks & ended))
        flue_arm_changes(t, o, event, arm, ended, &q);
    if (event == FLUE_EVENT_RESET)
        flue_device_forget(t, o);
    if (event >= FLUE_EVENT_DEVICE && arm->verb != FLUE_DO_DEFER)
        flue_event_seen(t, o, event, arm);
    uint8_t next = perform(t, o, event, arm, node, &q);
    struct flue_request *r = node ? flue_node_request(t, node) : NULL;
    if (arm->status != FLUE_STATUS_NONE)
        moved = complete_node(t, o, node, arm->status, &q);
    else if ((event == FLUE_EVENT_RESET || event >= FLUE_EVENT_DEVICE) && flue_rests(t, o))
        give_up_links(t, o); /* what the hardware has may be known again */
    if (__builtin_expect(t->together.request != NULL, 0) && kind->states[state].waits &&
        old != state)
        wait_for_others(t, o, event, node, &q);
    if (ill && !flue_object_unusable(t, o))
        flue_restore_again(t, o->kind + 1u);
    if (kind->states[state].restores && moved && !flue_restore_is_due(t, o))
        next = FLUE_EVENT_RESTORE;
    if (ends(t, &kind->states[old]) && !ends(t, &kind->states[state]))
        flue_sweep_back(t, o);
    if (flue_outcome_open(t, o, old) && !flue_outcome_open(t, o, state))
        flue_outcome_known(t, o);
    if (!kind->states[state].host_has && flue_rests(t, o))
        leave(t, o);
    if (state == kind->start)
        flue_object_retire(t, o, r);
    else if (r && !kind->states[state].host_has && flue_rests(t, o))
        flue_object_keep(o, r);
    if (__builtin_expect(t->transfers != NULL, 0))
        flue_transfers_follow(t, o, event, old, r);
    return next;
}

void flue_drive(struct flue_target *t, struct flue_object *o, uint8_t event, void *node)
{
    do {
        for (; event != FLUE_EVENT_NONE; node = o->node)
            event = advance(t, o, event, node);
        event = flue_event_due(t, o);
        node = NULL;
    } while (event != FLUE_EVENT_NONE);
    flue_object_ready(t, o);
}

/* When the last command is back, or given up, the machine gets done or failed, once. */
static void issue_or_finish(struct flue_target *t, struct flue_object *o)
{
    if (!flue_commands_issue(t, o))
        flue_drive(t, o, flue_commands_event(o), o->node);
}

void flue_commands_resume(struct flue_target *t, struct flue_object *o)
{
    if (!(o->flags & FLUE_OBJECT_STALLED))
        issue_or_finish(t, o);
}

/* Those that wait for room go on, a step each, as far as there is room. */
bool flue_stalled_resume(struct flue_target *t)
{
    bool progress = false;
    struct flue_object *o;
    if (!t->short_of_room)
        return false;
    flue_lines_look_at_time(t);
    for (; t->budget && (o = flue_lines_next(t)) != NULL; t->budget--, progress = true)
        issue_or_finish(t, o);
    return progress;
}
