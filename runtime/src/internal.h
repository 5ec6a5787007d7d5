/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * internal.h: what the runtime's files call of each other. All of it belongs to the owner of the
 * target, except flue_wake().
 */
#ifndef FLUE_INTERNAL_H
#define FLUE_INTERNAL_H

#include "flue/node.h"
#include "flue/slot.h"
#include "flue/target.h"

/* The spec was proved total and the runtime keeps its laws; if not, stop before harm is done. */
#define FLUE_ASSERT(condition) ((condition) ? (void)0 : __builtin_trap())

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
    return &t->spec->operations[node_request(t, node)->operation];
}

/* target.c */
void flue_wake(struct flue_target *t);

/* object.c: the pool, handles, links */
struct flue_object *flue_object_take(struct flue_target *t, uint8_t kind);
void flue_object_give_back(struct flue_target *t, struct flue_object *o);
void flue_object_leave(struct flue_target *t, struct flue_object *o, struct flue_request *r);
void flue_object_keep(struct flue_object *o, struct flue_request *r);
void flue_object_let_go(struct flue_target *t, struct flue_object *o);
struct flue_object *flue_object_find(const struct flue_target *t, uint64_t handle);
uint64_t flue_object_handle_of(const struct flue_target *t, const struct flue_object *o);
void flue_link_count(struct flue_target *t, const struct flue_object *o, uint32_t link);
void flue_link_release(struct flue_target *t, const struct flue_object *o, uint32_t link);
bool flue_kind_unusable(const struct flue_target *t, uint8_t kind, uint32_t index);

/* machine.c: events and what they ask for */
void flue_drive(struct flue_target *t, struct flue_object *o, uint8_t event, void *node);

/* question.c: a node's type, state structures and link */
bool flue_node_fits(const struct flue_target *t, const void *node, const struct flue_kind *kind,
                    const struct flue_operation *op);
void flue_question(const struct flue_target *t, const struct flue_object *o, const void *node,
                   struct flue_question *q);
const struct flue_type_code *flue_type_code(const struct flue_target *t, const void *node);

/* command.c, answer.c: slots, issue, answers */
bool flue_commands_issue(struct flue_target *t, struct flue_object *o);
static inline uint8_t flue_outcome(const struct flue_object *o)
{
    return o->flags & FLUE_OBJECT_BAD ? FLUE_EVENT_FAILED : FLUE_EVENT_DONE;
}
bool flue_commands_resume(struct flue_target *t);
bool flue_answers_take(struct flue_target *t);
void flue_timeouts(struct flue_target *t);
void flue_commands_drop(struct flue_target *t, struct flue_object *o);
void flue_slots_abandon(struct flue_target *t);
void flue_slots_reclaim(struct flue_target *t);

/* request.c */
void flue_requests_unhold(struct flue_target *t);
void flue_requests_admit(struct flue_target *t);
bool flue_requests_complete(struct flue_target *t);
void flue_root_done(struct flue_target *t, struct flue_request *r);

/* walk.c */
bool flue_requests_run(struct flue_target *t);

/* status.c: own parts, roll-up */
void flue_node_settle(struct flue_target *t, void *node, uint8_t status);
void flue_node_release(struct flue_target *t, void *node);

/* indicate.c */
bool flue_indications_make(struct flue_target *t);
bool flue_indications_wait(const struct flue_target *t);
void flue_do_pause(struct flue_target *t, bool paused);

/* reset.c */
void flue_do_reset_begin(struct flue_target *t, enum flue_phase phase);
void flue_do_reset_end(struct flue_target *t);
bool flue_restore_run(struct flue_target *t);

/* sweep.c */
bool flue_sweep_run(struct flue_target *t);
void flue_sweep_begin(struct flue_target *t);
bool flue_sweep_may_run(const struct flue_target *t);

/* trace.c: one record a call; nothing at all while no hook is set */
void flue_trace_emit(const struct flue_target *t, struct flue_trace step, const void *node,
                     const struct flue_object *o);
void flue_trace_request(const struct flue_target *t, const struct flue_request *r,
                        enum flue_traced what);
void flue_trace_phase(const struct flue_target *t);
#define FLUE_TRACE(t, node, object, ...)                                              \
    do {                                                                              \
        if (__builtin_expect((t)->config.trace != NULL, 0))                           \
            flue_trace_emit((t), (struct flue_trace){__VA_ARGS__}, (node), (object)); \
    } while (0)

#endif
