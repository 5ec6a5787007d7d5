/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dispatch.h: one machine, that of a TCP connection, in several ways of writing it.
 *
 * All get the same stream of events, valid ones, and the same loop around the machine: it loads the
 * object, switches on the event, and calls the machine with a constant event, so that each may be
 * specialized by the compiler as far as it goes. `called` variants get the event in a variable
 * through a function pointer instead, as a generic runtime calls a machine.
 */
#ifndef DISPATCH_H
#define DISPATCH_H

#ifdef __cplusplus
extern "C" {
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct flue_guard_context;
struct flue_object;

struct dispatch_event {
    uint32_t object;
    uint8_t event; /* enum flue_event */
    uint8_t asked; /* classes, for the guard that looks at them */
};

struct dispatch_stream {
    const struct dispatch_event *events;
    size_t count;
    struct flue_object *objects; /* one a cache line */
    void *machines;              /* of variants that keep more than a byte for each object */
    uint64_t arms;               /* sum of what was to be done; 0 would mean nothing was */
};

void dispatch_generated(struct dispatch_stream *s);
void dispatch_generated_called(struct dispatch_stream *s);
void dispatch_switch(struct dispatch_stream *s);
void dispatch_switch_called(struct dispatch_stream *s);
void dispatch_table(struct dispatch_stream *s);
void dispatch_touch(struct dispatch_stream *s);

/* The guards, for those that cannot see the headers. */
bool dispatch_is_invalid(const struct flue_guard_context *q);
bool dispatch_refused(const struct flue_guard_context *q);

/* Boost.MSM, where it was found. */
void dispatch_msm(struct dispatch_stream *s);
size_t dispatch_msm_bytes(void);                       /* of one machine */
void dispatch_msm_start(void *machines, size_t count); /* all in the state of a free object */
void dispatch_msm_copy(void *to, const void *from, size_t count);
uint8_t dispatch_msm_state(const void *machines, size_t object);

#ifdef __cplusplus
}
#endif
#endif
