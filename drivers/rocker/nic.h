/* SPDX-License-Identifier: BSD-2-Clause */
/* nic.h: what the driver consists of behind struct rocker_nic. */
#ifndef ROCKER_NIC_H
#define ROCKER_NIC_H

#include "rocker.h"

#define ROCKER_MAX_PARTS 2
#define ROCKER_NO_JOB UINT64_MAX /* cookie of orders that belong to no job */

struct rocker_job;
/* What is to be done when all parts of a job are answered, before flue gets the answer. */
typedef void rocker_job_over(struct rocker_nic *nic, const struct rocker_job *job,
                             enum chimney_result result);

/* A command of flue's and the orders it became; answered when all of them are. */
struct rocker_job {
    flue_cookie cookie;
    uint32_t generation; /* of the orders' cookies; answers of before a reset are strays */
    uint32_t index, next_free;
    uint8_t kind, command;
    uint8_t parts, pending, bad; /* pending, bad: a bit for each part */
    uint16_t error;              /* the first one that is not tolerated */
    uint16_t tolerated[ROCKER_MAX_PARTS];
    rocker_job_over *over; /* set by who began it */
};

/* What the device cannot tell about an entry, or must be told again with every change. */
struct rocker_neighbor {
    const struct rocker_interface *interface;
    bool counted; /* among the interface's neighbors */
    uint64_t confirmed_at;
};

struct rocker_path {
    uint8_t destination[4];
    bool taken;
    uint32_t mtu;
};

struct rocker_tcp {
    struct chimney_add_tcp_args holds;
    uint64_t ts_recent_at;
};

struct rocker_nic {
    struct chimney_target target;
    void *memory; /* of the target */
    struct rocker_bus *bus;
    struct rocker_config config;
    uint32_t ports;
    struct rocker_ring commands, events;
    _Atomic uint32_t *vectors; /* written by the device; one for each ring */
    uint64_t vectors_address;
    uint32_t neighbors_of[ROCKER_MAX_INTERFACES];
    struct rocker_neighbor *neighbors;
    struct rocker_path *paths;
    struct rocker_tcp *tcps;
    struct rocker_job *jobs;
    uint32_t free_job; /* index + 1 */
    uint64_t links;    /* that are up, a bit for each port */
    uint64_t now;
    atomic_uint woken; /* flue wants to be polled; a byte cannot be exchanged everywhere */
    bool reset_wanted;
    bool taking; /* inside rocker_take_answers() */
    struct rocker_counters counters;
};

static inline uint32_t rocker_ticks_since(const struct rocker_nic *nic, uint64_t moment)
{
    uint64_t age = nic->now - moment;
    return age < UINT32_MAX ? (uint32_t)age : UINT32_MAX; /* or more; it never comes round */
}

/* Files in their order: each calls what stands before it, and ring.h, order.h, bus.h. */

/* ---- queue.c -------------------------------------------------------------------------------- */

/* Put an order into the ring if it does no harm. */
bool rocker_post(struct rocker_nic *nic, uint64_t cookie, const struct rocker_order *order);
void rocker_ring_commands(struct rocker_nic *nic);
/* Ring, and look until the one order in the ring is done. */
struct rocker_done rocker_wait_for_one(struct rocker_nic *nic);

/* ---- events.c ------------------------------------------------------------------------------- */

void rocker_events_start(struct rocker_nic *nic);
void rocker_events_take(struct rocker_nic *nic);

/* ---- setup.c -------------------------------------------------------------------------------- */

/* Everything that a reset wipes: rings, vectors, ports, the interfaces' flows. */
bool rocker_set_up(struct rocker_nic *nic);
void rocker_take_back(struct rocker_nic *nic);

/* ---- jobs.c --------------------------------------------------------------------------------- */

bool rocker_jobs_open(struct rocker_nic *nic);
/* Nobody waits for anything any more. */
void rocker_jobs_forget(struct rocker_nic *nic);
/* NULL if the ring has no room for so many orders. */
struct rocker_job *rocker_job_begin(struct rocker_nic *nic, flue_cookie cookie, uint8_t kind,
                                    uint8_t command, uint32_t index, uint8_t parts);
/* The next of its orders; `tolerated` is an errno that is as good as none. */
void rocker_job_order(struct rocker_nic *nic, struct rocker_job *job, struct rocker_order order,
                      uint16_t tolerated);
/* All parts are in the ring, or were refused. */
void rocker_job_end(struct rocker_nic *nic, struct rocker_job *job);
void rocker_take_answers(struct rocker_nic *nic);
/* A command that the device has no part in. */
enum flue_issued rocker_in_software(struct rocker_nic *nic, flue_cookie cookie,
                                    enum chimney_result result);

/* ---- commands.c, connections.c -------------------------------------------------------------- */

#define ROCKER_COMMAND(name)                                          \
    enum flue_issued rocker_##name(void *adapter, flue_cookie cookie, \
                                   const struct chimney_##name##_args *args)
ROCKER_COMMAND(add_neighbor);
ROCKER_COMMAND(write_mac);
ROCKER_COMMAND(read_neighbor);
ROCKER_COMMAND(block_neighbor);
ROCKER_COMMAND(remove_neighbor);
ROCKER_COMMAND(add_path);
ROCKER_COMMAND(write_route);
ROCKER_COMMAND(write_mtu);
ROCKER_COMMAND(block_path);
ROCKER_COMMAND(remove_path);
ROCKER_COMMAND(add_tcp);
ROCKER_COMMAND(write_timers);
ROCKER_COMMAND(write_buffers);
ROCKER_COMMAND(write_header);
ROCKER_COMMAND(restart);
ROCKER_COMMAND(read_tcp);
ROCKER_COMMAND(block_tcp);
ROCKER_COMMAND(remove_tcp);

/* ---- binding.c ------------------------------------------------------------------------------ */

extern const struct chimney_binding rocker_binding;

#endif
