/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * internal.h: what the runtime's files call of each other. All of it belongs to the owner of the
 * target, except flue_wake(), flue_queue_give() and flue_acquire().
 *
 * The files stand in an order: each calls only what stands before it here. A test reads who calls
 * whom (tests/house/layers.py).
 */
#ifndef FLUE_INTERNAL_H
#define FLUE_INTERNAL_H

#include "flue/priv/node.h"
#include "flue/priv/slot.h"
#include "flue/priv/step.h"
#include "flue/priv/target.h"

/* The spec was proved total and the runtime keeps its laws; if not, stop before harm is done. */
#ifndef FLUE_ASSERT
#define FLUE_ASSERT(condition) ((condition) ? (void)0 : __builtin_trap())
#endif

/* The position of the lowest bit; where the machine cannot tell, the builtin calls a library. */
static inline unsigned lowest_bit(uint32_t bits)
{
#if defined(__riscv) && !defined(__riscv_zbb)
    unsigned at = 0;
    for (; !(bits & 1u); bits >>= 1)
        at++;
    return at;
#else
    return (unsigned)__builtin_ctz(bits);
#endif
}

static inline const struct flue_kind *kind_of(const struct flue_target *t,
                                              const struct flue_object *o)
{
    return &t->spec->kinds[o->kind];
}

static inline const struct flue_operation *operation_of(const struct flue_target *t,
                                                        const void *node)
{
    return &t->spec->operations[flue_node_request(t, node)->operation];
}

static inline bool flue_reaches_dependents(const struct flue_target *t,
                                           const struct flue_request *r)
{
    return t->spec->operations[r->operation].reaches_dependents;
}

#define FLUE_TAG_KIND_BITS 4 /* of a tag; the generation is above them */
_Static_assert(FLUE_MAX_KINDS <= 1u << FLUE_TAG_KIND_BITS, "a tag names every kind");

static inline uint8_t flue_name_kind(uint64_t name)
{
    return (uint8_t)(name >> 32 & ((1u << FLUE_TAG_KIND_BITS) - 1));
}

/* Marks: those that are set, and those that the host was notified of. */
#define FLUE_ALL_MARKS ((1u << FLUE_MAX_MARKS) - 1)

static inline uint8_t flue_marks_of(const struct flue_object *o)
{
    return o->marks & FLUE_ALL_MARKS;
}

static inline uint8_t flue_marks_notified(const struct flue_object *o)
{
    return (uint8_t)(o->marks >> FLUE_MAX_MARKS);
}

static inline uint8_t flue_marks_as_notified(unsigned marks)
{
    return (uint8_t)(marks << FLUE_MAX_MARKS);
}

static inline struct flue_note *flue_note_of(const struct flue_target *t,
                                             const struct flue_object *o)
{
    return &t->pools[o->kind].notes[flue_object_index(t, o)];
}

/* ---- What everyone asks ---- */

/* recorder.c: records in memory, and their file; flue/recorder.h */

/* trace.c: one record a call, where flue_traced() */
void flue_trace_request(const struct flue_target *t, const struct flue_request *r,
                        enum flue_traced what);
void flue_trace_phase(const struct flue_target *t);

/* life.c: what tells stamps in scratch words apart */
uint16_t flue_life_next(uint32_t key);
void flue_life_renew(struct flue_target *t);

/* phase.c: between resets, and what is wanted */
void flue_wake(struct flue_target *t);
bool flue_asked(const struct flue_target *t);
bool flue_may_complete(const struct flue_target *t);
bool flue_reset_wanted(const struct flue_target *t);
bool flue_reset_waits(const struct flue_target *t);
void flue_reset_ask(struct flue_target *t);

/* ---- Objects, and what nodes say of them ---- */

/* object.c: the pool, names, links */
struct flue_object *flue_object_allocate(struct flue_target *t, uint8_t kind);
void flue_object_free(struct flue_target *t, struct flue_object *o);
void flue_object_retire(struct flue_target *t, struct flue_object *o, struct flue_request *r);
void flue_object_keep(struct flue_object *o, struct flue_request *r);
void flue_object_free_retired(struct flue_target *t, struct flue_object *o);
struct flue_object *flue_object_find(const struct flue_target *t, uint64_t handle);
flue_name flue_name_of(const struct flue_target *t, const struct flue_object *o);
struct flue_object *flue_object_named(const struct flue_target *t, uint8_t kind, flue_name name);
void flue_links_clear(const struct flue_target *t, struct flue_object *o);
struct flue_object *flue_linked(const struct flue_target *t, const struct flue_object *o,
                                unsigned link, uint32_t to);
void flue_link_count(struct flue_target *t, const struct flue_object *o, unsigned link,
                     uint32_t to);
void flue_link_release(struct flue_target *t, const struct flue_object *o, unsigned link,
                       uint32_t to);
bool flue_object_unusable(const struct flue_target *t, const struct flue_object *o);

/* context.c: a node's type, state structures and links */
bool flue_node_fits(const struct flue_target *t, const void *node, const struct flue_kind *kind,
                    const struct flue_operation *op);
void flue_guard_context_init(const struct flue_target *t, const struct flue_object *o,
                             const void *node, struct flue_guard_context *q);
const struct flue_type_code *flue_type_code(const struct flue_target *t, const void *node);

/* examine.c: a status, or FLUE_STATUS_NONE where there is nothing wrong with the node */
uint8_t flue_misuse(const struct flue_target *t, uint64_t *counter);
uint8_t flue_examine(struct flue_target *t, struct flue_request *r, void *node, const void *above);

/* device.c: numbers that the hardware chooses */
void flue_device_forget(struct flue_target *t, struct flue_object *o);
void flue_device_answered(struct flue_target *t, struct flue_object *o, uint8_t command, bool good);
/* Those that it has told, as bits; NULL where it chooses none. */
static inline uint32_t *flue_device_known(const struct flue_kind *kind, struct flue_object *o)
{
    return kind->known_at ? (uint32_t *)(void *)((unsigned char *)o + kind->known_at) : NULL;
}

/* named.c: what a command names is there when it is sent */
bool flue_named_are_there(const struct flue_target *t, struct flue_object *o,
                          const struct flue_command *c, uint8_t old);

/* restore.c: how far a restore has come */
bool flue_restore_may_run(const struct flue_target *t);
void flue_restore_again(struct flue_target *t, uint32_t kind);
bool flue_restore_is_due(const struct flue_target *t, const struct flue_object *o);

/* ---- Who waits ---- */

/* slot.c: the end of an epoch; see flue/priv/slot.h for the rest */
void flue_slot_abandon(struct flue_target *t, struct flue_slot *slot);
void flue_slot_reclaim(struct flue_target *t, struct flue_slot *slot);

/* queue.c: answers, indications and events of the device, from any thread */
static inline struct flue_indication *flue_indication_at(const struct flue_target *t,
                                                         uint32_t entry)
{
    return &t->indications[entry - t->config.ring_entries - 1];
}
static inline bool flue_is_event(const struct flue_target *t, uint32_t entry)
{
    return entry > t->config.ring_entries + t->config.indication_entries;
}
static inline struct flue_pending *flue_pending_at(const struct flue_target *t, uint32_t entry)
{
    return &t->pending[entry - t->config.ring_entries - t->config.indication_entries - 1];
}
uint32_t *flue_older_raised(const struct flue_target *t, uint32_t entry);
void flue_queue_give(struct flue_target *t, uint32_t newest, uint32_t oldest);
bool flue_queued(const struct flue_target *t);
bool flue_queue_reverse(struct flue_target *t);

/* run_queue.c: lists of running requests */
void flue_request_append(struct flue_request_list *list, struct flue_request *r);
void flue_request_line_up(struct flue_target *t, struct flue_request *r);
void flue_request_requeue(struct flue_target *t, struct flue_request *r);
uint32_t flue_request_moves(const struct flue_target *t, const struct flue_request *r);
void flue_request_look(struct flue_target *t, struct flue_request *r);
void flue_together_look(struct flue_together *all);
void flue_root_done(struct flue_target *t, struct flue_request *r);

/* prepared.c: nodes of a request that is done together */
uint8_t flue_together_visited(struct flue_target *t, void *node, uint8_t verdict);
void flue_together_prepared(struct flue_target *t, struct flue_request *r, void *node);
void flue_together_delay(struct flue_target *t, void *node);
void flue_together_undelay(struct flue_target *t, void *node);
void flue_together_settled(struct flue_target *t, void *node, bool good);
void flue_together_last(struct flue_target *t, void *node);

/* line.c: who waits for room */
bool flue_line_may_try(const struct flue_target *t, const struct flue_object *o, unsigned command);
bool flue_line_stuck(const struct flue_target *t, const struct flue_object *o, unsigned command);
void flue_line_join(struct flue_target *t, struct flue_object *o, unsigned command);
void flue_line_leave(struct flue_target *t, struct flue_object *o, unsigned command);
void flue_line_refused(struct flue_target *t, uint8_t kind, unsigned command);
void flue_line_moved(struct flue_target *t, uint8_t kind, unsigned command);
void flue_lines_ask_again(struct flue_target *t);
void flue_lines_look_at_time(struct flue_target *t);
struct flue_object *flue_lines_next(struct flue_target *t);
bool flue_lines_wait(const struct flue_target *t);
void flue_lines_renew(struct flue_target *t);
bool flue_lines_stuck(const struct flue_target *t);
void flue_trouble_ends(struct flue_target *t);

/* defer.c: nodes that wait for an object, and objects that they wait for */
static inline bool flue_rests(const struct flue_target *t, const struct flue_object *o)
{
    return kind_of(t, o)->states[o->state].sort == FLUE_RESTING;
}
static inline bool flue_waits_held(const struct flue_target *t, const struct flue_object *o)
{
    return t->held_objects && flue_note_of(t, o)->held_back;
}
void flue_defer(struct flue_target *t, struct flue_object *o, void *node);
void flue_defer_first(struct flue_target *t, struct flue_object *o, void *node);
void *flue_undefer(struct flue_target *t, struct flue_object *o);
void flue_fail_deferred(struct flue_target *t, struct flue_object *o);
void flue_object_ready(struct flue_target *t, struct flue_object *o);
struct flue_object *flue_object_unready(struct flue_target *t);

/* reach.c: what stands on what while dependents are reached, and who waits for that */
bool flue_stands_on(const struct flue_target *t, const struct flue_object *o,
                    const struct flue_object *base);
void flue_fast_paths_choose(struct flue_target *t);
bool flue_held_back(struct flue_target *t, const struct flue_request *r, struct flue_object *o,
                    void *node);
bool flue_held_look(struct flue_target *t);
void flue_reach_begin(struct flue_target *t, struct flue_request *r);
void flue_reach_spare(struct flue_target *t, struct flue_request *r, void *node);
void flue_reach_finished(struct flue_target *t, void *node, bool good);

/* ---- What is done ---- */

/* event.c: what the device does by itself */
void flue_raised_put(struct flue_target *t, uint32_t number);
struct flue_object *flue_event_take(struct flue_target *t, uint32_t entry, uint8_t *event);
void flue_events_disclaim(struct flue_target *t, const struct flue_object *o);
void flue_event_put_off(struct flue_target *t, struct flue_object *o, uint8_t event);
uint8_t flue_event_next(struct flue_target *t, struct flue_object *o);
/* The event that waits for the object to rest, if it does and there is one. */
static inline uint8_t flue_event_due(struct flue_target *t, struct flue_object *o)
{
    return t->pools[o->kind].put_off ? flue_event_next(t, o) : FLUE_EVENT_NONE;
}
void flue_event_seen(struct flue_target *t, struct flue_object *o, uint8_t event,
                     const struct flue_arm *arm);

/* command.c: what is planned is issued, or waits for room, or is given up */
bool flue_commands_issue(struct flue_target *t, struct flue_object *o);
void flue_commands_drop(struct flue_target *t, struct flue_object *o);
/* The event that its commands come to. What is gone is to the hardware as after a reset. */
static inline uint8_t flue_commands_event(const struct flue_object *o)
{
    if (!(o->flags & FLUE_OBJECT_BAD))
        return FLUE_EVENT_DONE;
    return o->result == FLUE_RESULT_GONE ? FLUE_EVENT_RESET : FLUE_EVENT_FAILED;
}

/* status.c: own parts, roll-up */
void flue_node_settle(struct flue_target *t, void *node, uint8_t status);
void flue_node_prepared(struct flue_target *t, void *node);
void flue_node_release(struct flue_target *t, void *node);
bool flue_nodes_finish(struct flue_target *t);

/* sweep.c: the host is notified of marks */
bool flue_sweep_run(struct flue_target *t);
uint32_t flue_sweep_share(struct flue_target *t, uint32_t budget);
bool flue_sweep_may_run(const struct flue_target *t);
void flue_arm_changes(struct flue_target *t, struct flue_object *o, uint8_t event,
                      const struct flue_arm *arm, uint8_t ended,
                      const struct flue_guard_context *q);
void flue_sweep_link(struct flue_target *t, struct flue_object *o, unsigned link, uint32_t to);
void flue_sweep_end(struct flue_target *t, struct flue_object *o);
void flue_sweep_back(struct flue_target *t, const struct flue_object *o);

/* indicate.c: what the driver tells the host */
void flue_indication_put(struct flue_target *t, uint32_t entry);
void flue_indication_take(struct flue_target *t, uint32_t entry);
void flue_outcome_known(struct flue_target *t, struct flue_object *o);

/* Whether the hardware has the object is open, and so is what the driver says of it. */
static inline bool flue_outcome_open(const struct flue_target *t, const struct flue_object *o,
                                     uint8_t in)
{
    const struct flue_state *state = &kind_of(t, o)->states[in];
    return state->sort == FLUE_RESTORING || (state->sort == FLUE_BUSY && !state->host_has);
}

/* arrive.c: chains of the host, as far as the queues */
bool flue_transfers_admit(struct flue_target *t);
uint32_t flue_transfers_came(const struct flue_target *t);

/* transfer.c: what the host hands over for objects that stay as they are */
void flue_transfers_follow(struct flue_target *t, const struct flue_object *o, uint8_t event,
                           uint8_t old, struct flue_request *r);
bool flue_transfers_run(struct flue_target *t);
bool flue_transfers_wait(const struct flue_target *t);
/* At the end of a poll, when lines have said when they are to be asked. */
void flue_transfers_note_tick(struct flue_target *t);
uint64_t flue_transfer_queues(const struct flue_spec *spec, const struct flue_config *c);
void flue_transfers_make(struct flue_target *t, void *at, void *queues);

/* machine.c: events and what they ask for */
void flue_drive(struct flue_target *t, struct flue_object *o, uint8_t event, void *node);
void flue_commands_resume(struct flue_target *t, struct flue_object *o);
bool flue_stalled_resume(struct flue_target *t);

/* ---- What the owner does in turn ---- */

/* answer.c */
bool flue_answers_take(struct flue_target *t);
bool flue_answers_wait(const struct flue_target *t);
void flue_command_over(struct flue_target *t, struct flue_object *o, uint8_t command,
                       uint8_t result);

/* timeout.c */
bool flue_timeouts(struct flue_target *t);
bool flue_timeouts_wait(const struct flue_target *t);
void flue_timeouts_end(struct flue_target *t);

/* start.c: a node's turn */
void flue_node_begins(struct flue_target *t, struct flue_request *r, void *node);
void flue_node_start(struct flue_target *t, void *node);
bool flue_deferred_serve(struct flue_target *t);

/* dependents.c: an operation reaches all that stands on an object */
bool flue_dependents_run(struct flue_target *t);
bool flue_dependents_wait(const struct flue_target *t);

/* walk.c: from node to node */
void flue_walk_step(struct flue_target *t, struct flue_request *r, struct flue_walk *w);
void flue_walk_climb(struct flue_target *t, struct flue_request *r, struct flue_walk *w);

/* schedule.c: requests in turn */
bool flue_requests_run(struct flue_target *t);

/* unreachable.c: requests whose trees were changed */
bool flue_unreachable_run(struct flue_target *t);

/* together.c: what becomes of a request that is done together */
bool flue_together_waits(const struct flue_target *t);
bool flue_together_run(struct flue_target *t);
bool flue_together_forward(struct flue_target *t);

/* request.c: from the entry point to a running request, and to the completion call */
void flue_requests_unhold(struct flue_target *t);
bool flue_requests_admit(struct flue_target *t);
bool flue_requests_complete(struct flue_target *t);
bool flue_requests_wait(const struct flue_target *t);

/* reset.c: forget, and restore */
void flue_reset_start(struct flue_target *t, enum flue_phase phase);
bool flue_reset_run(struct flue_target *t);
bool flue_restore_run(struct flue_target *t);

/* control.c: who owns the target, and what is asked of the owner */
bool flue_acquire(struct flue_target *t);
bool flue_release(struct flue_target *t);
void flue_release_marked(struct flue_target *t);
void flue_phase_follow(struct flue_target *t);
void flue_pause_follow(struct flue_target *t);

/* poll.c: flue_poll() */
void flue_stages_choose(struct flue_target *t);

/* target.c: flue_target_init(). missing.c: flue_missing(). */

#endif
