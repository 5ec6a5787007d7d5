/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * simulate_checks.h: what must hold of one target, in histories, beyond what holds of all.
 *
 * `flue simulate DIR --checks FILE.c` compiles FILE.c into the program, and so does
 * flue_add_target(NAME SPEC DIR SIMULATE CHECKS FILE.c). The file has one constant:
 *
 *     example
 *     static void step(struct simulate_now *now)
 *     {
 *         const struct flue_device *nic = simulate_device(now);
 *         uint64_t rate;
 *         for (uint32_t i = 0; i < simulate_capacity(now, LIMITER_METER); i++)
 *             if (flue_device_get(nic, LIMITER_METER, i, "rate_kbps", &rate) && rate == 3)
 *                 simulate_wrong(now, "meter %u has a rate of 3", (unsigned)i);
 *     }
 *
 *     const struct simulate_checks simulate_checks = {.step = step};
 *
 * What it calls wrong ends the history like any other failure: the seed is printed, the history cut
 * to the decisions that are needed, and shown as a timeline. So does a signal in it.
 *
 * It may read all there is, and change nothing but memory of its own: a check that changes a target
 * makes another history. All is called by the one thread that plays, outside of the target's polls,
 * but for `completed`, which is called inside of the completion call.
 */
#ifndef SIMULATE_CHECKS_H
#define SIMULATE_CHECKS_H

#include "flue_device.h"

/* A history as it is now. */
struct simulate_now;

/* A node of a request that is completed, in the order in which the host wrote them. */
struct simulate_node {
    uint8_t kind, role; /* role: enum flue_role */
    int above;          /* number of the node that it hangs below, or -1 */
    int32_t status;     /* as the host reads it */
    uint64_t handle;    /* as it is now; 0: none */
    bool names_nothing; /* on purpose: a stale handle, or no such type */
    const void *memory; /* the host's node, with the structures behind it */
};

struct simulate_request {
    uint8_t operation;
    bool
        bent; /* its lists lead back, or into one another: only the root is sure to have a status */
    unsigned count;
    const struct simulate_node *nodes;
};

/* Any of them may be NULL. */
struct simulate_checks {
    size_t bytes; /* of memory of its own, all zero when a history begins */
    /* After each step, but for those in which a reset or a removal goes over the objects. */
    void (*step)(struct simulate_now *now);
    /* After each completion, when the built-in checks of it are done. */
    void (*completed)(struct simulate_now *now, const struct simulate_request *request);
    /* Each time when nothing is under way any more. */
    void (*at_rest)(struct simulate_now *now);
};
extern const struct simulate_checks simulate_checks;

/* What ends a history; does not return. What is only worth a line, if the history is shown. */
__attribute__((format(printf, 2, 3), noreturn)) void simulate_wrong(struct simulate_now *now,
                                                                    const char *format, ...);
__attribute__((format(printf, 2, 3))) void simulate_note(struct simulate_now *now,
                                                         const char *format, ...);

/* The memory of its own. */
void *simulate_memory(struct simulate_now *now);
/* For flue_target_phase(), flue_object_at() and the like; for flue_device_get() and the like. */
const struct flue_target *simulate_target_of(const struct simulate_now *now);
const struct flue_device *simulate_device(const struct simulate_now *now);
/* Objects that a kind's pool has room for, and the device's table. */
uint32_t simulate_capacity(const struct simulate_now *now, uint8_t kind);
/* The name of the state that the object at a place is in. */
const char *simulate_state_name(const struct simulate_now *now, uint8_t kind, uint32_t index);
/* Its own marks as bits, and those that it sees along its links. */
uint8_t simulate_marks(const struct simulate_now *now, uint8_t kind, uint32_t index, bool along);

/* What the host has: an object at a place. */
struct simulate_object {
    uint64_t handle;
    uint8_t variant;
    bool at_rest;     /* no request is about it, and nobody works for it */
    bool in_hardware; /* its state says so, and no bad, lost or late answer leaves it open */
};
/* False: the host has none there, or a request may have ended it. */
bool simulate_host_has(const struct simulate_now *now, uint8_t kind, uint32_t index,
                       struct simulate_object *object);
/*
 * The number or flag that the host brought last, by the variable's name in the spec. False: there
 * is no such variable, or requests that overlapped or failed leave it open.
 */
bool simulate_host_value(const struct simulate_now *now, uint8_t kind, uint32_t index,
                         const char *name, uint64_t *value);

#endif
