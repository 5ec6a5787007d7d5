/* SPDX-License-Identifier: BSD-2-Clause */
/* dispatch_loop.h: the loop around a machine `STEP(q, state, event, &arm)`, the same for all. */
#ifndef DISPATCH_LOOP_H
#define DISPATCH_LOOP_H

#include "chimney.h"
#include "dispatch.h"

#define DISPATCH_QUESTION          \
    {                              \
        .new_links = { FLUE_NONE } \
    }

#define DISPATCH_CASE(EVENT, STEP)                  \
    case EVENT:                                     \
        o->state = STEP(&q, o->state, EVENT, &arm); \
        break;

#define DISPATCH_LOOP(NAME, STEP)                                 \
    __attribute__((flatten)) void NAME(struct dispatch_stream *s) \
    {                                                             \
        struct flue_guard_context q = DISPATCH_QUESTION;          \
        uint64_t arms = 0;                                        \
        for (size_t i = 0; i < s->count; i++) {                   \
            const struct dispatch_event *e = &s->events[i];       \
            struct flue_object *o = &s->objects[e->object];       \
            uint16_t arm = 0;                                     \
            q.object = o;                                         \
            q.asked = e->asked;                                   \
            switch (e->event) {                                   \
                DISPATCH_CASE(FLUE_EVENT_DONE, STEP)              \
                DISPATCH_CASE(FLUE_EVENT_FAILED, STEP)            \
                DISPATCH_CASE(FLUE_EVENT_RESET, STEP)             \
                DISPATCH_CASE(FLUE_EVENT_RESTORE, STEP)           \
                DISPATCH_CASE(CHIMNEY_EVENT_INITIATE, STEP)       \
                DISPATCH_CASE(CHIMNEY_EVENT_UPDATE, STEP)         \
                DISPATCH_CASE(CHIMNEY_EVENT_QUERY, STEP)          \
                DISPATCH_CASE(CHIMNEY_EVENT_INVALIDATE, STEP)     \
                DISPATCH_CASE(CHIMNEY_EVENT_TERMINATE, STEP)      \
            default:                                              \
                break;                                            \
            }                                                     \
            arms += arm;                                          \
        }                                                         \
        s->arms += arms;                                          \
    }

/* The same with a variable event and a machine that cannot be seen through. */
#define DISPATCH_CALLED(NAME, STEP)                                                                \
    void NAME(struct dispatch_stream *s)                                                           \
    {                                                                                              \
        struct flue_guard_context q = DISPATCH_QUESTION;                                           \
        uint8_t (*volatile hidden)(const struct flue_guard_context *, uint8_t, uint8_t,            \
                                   uint16_t *) = STEP;                                             \
        uint8_t (*step)(const struct flue_guard_context *, uint8_t, uint8_t, uint16_t *) = hidden; \
        uint64_t arms = 0;                                                                         \
        for (size_t i = 0; i < s->count; i++) {                                                    \
            const struct dispatch_event *e = &s->events[i];                                        \
            struct flue_object *o = &s->objects[e->object];                                        \
            uint16_t arm = 0;                                                                      \
            q.object = o;                                                                          \
            q.asked = e->asked;                                                                    \
            o->state = step(&q, o->state, e->event, &arm);                                         \
            arms += arm;                                                                           \
        }                                                                                          \
        s->arms += arms;                                                                           \
    }

#endif
