/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * device.h: what the software NIC consists of behind struct sim_nic.
 *
 * Members between `lock` and the next heading are the device's and are touched under its lock;
 * the driver's half reaches them only through the functions here.
 */
#ifndef SIM_DEVICE_H
#define SIM_DEVICE_H

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "sim.h"

/* ---- Rings (ring.c): one producer, one consumer, a power of two of entries ------------------ */

struct sim_ring {
    _Atomic uint32_t head; /* next to be consumed; the consumer's */
    _Atomic uint32_t tail; /* next to be published; the producer's */
    uint32_t produced;     /* written, but not published */
    uint32_t entries;
};

/* The index to write next, or UINT32_MAX if the ring is full. */
uint32_t sim_ring_space(const struct sim_ring *ring);
/* The entry was written; the consumer sees it only after sim_ring_publish(). */
void sim_ring_produce(struct sim_ring *ring);
void sim_ring_publish(struct sim_ring *ring);
/* The index to read next, or UINT32_MAX if nothing is there. */
uint32_t sim_ring_next(const struct sim_ring *ring);
void sim_ring_consume(struct sim_ring *ring);
bool sim_ring_empty(const struct sim_ring *ring);

/* Arguments of any command, data of any answer. */
union sim_args {
    struct chimney_add_neighbor_args add_neighbor;
    struct chimney_write_mac_args write_mac;
    struct chimney_add_path_args add_path;
    struct chimney_write_route_args write_route;
    struct chimney_write_mtu_args write_mtu;
    struct chimney_add_tcp_args add_tcp;
    struct chimney_write_timers_args write_timers;
    struct chimney_write_buffers_args write_buffers;
    struct chimney_write_header_args write_header;
    struct chimney_restart_args restart;
};

union sim_data {
    struct chimney_read_neighbor_data read_neighbor;
    struct chimney_remove_neighbor_data remove_neighbor;
    struct chimney_read_tcp_data read_tcp;
    struct chimney_remove_tcp_data remove_tcp;
};

#define SIM_INLINE_BYTES 44
#define SIM_BUFFER_BYTES 256

/* One command, one cache line. What does not fit lies in the buffer of the same index. */
struct sim_descriptor {
    flue_cookie cookie;
    uint32_t index;
    uint8_t kind, command;
    uint16_t bytes; /* of the arguments */
    uint32_t reserved;
    uint8_t args[SIM_INLINE_BYTES];
};
_Static_assert(sizeof(struct sim_descriptor) == 64, "a descriptor is a cache line");
_Static_assert(sizeof(union sim_args) + 32 <= SIM_BUFFER_BYTES, "a buffer takes any arguments");

struct sim_answer {
    flue_cookie cookie;
    uint8_t kind, command, result;
    bool has_data;
    union sim_data data;
};

/* A command the device has fetched and not answered. */
struct sim_work {
    struct sim_answer answer;
    uint64_t due; /* step */
    bool again;   /* the second answer of a duplicate */
};

struct sim_faults {
    struct sim_fault set[SIM_MAX_FAULTS];
    uint32_t fitted[SIM_MAX_FAULTS];
    uint32_t struck[SIM_MAX_FAULTS];
    uint32_t count;
    uint64_t struck_in_all;
};

/* How a connection comes to the table, or goes. */
enum sim_plug { SIM_COMES, SIM_REMOVED, SIM_LOST };

struct sim_device {
    pthread_mutex_t lock;
    uint64_t step, now, last_due, random;
    struct sim_behavior behavior;
    struct sim_faults faults;
    sim_judge *judge;
    void *judge_context;
    struct sim_fault judged;      /* what the judge said last */
    struct sim_counters counters; /* those of the device */
    uint32_t entries[CHIMNEY_KINDS], in_use[CHIMNEY_KINDS], capacity[CHIMNEY_KINDS];
    bool *present[CHIMNEY_KINDS];
    bool *vanished[CHIMNEY_KINDS]; /* lost by itself; nobody can know before it is asked for */
    struct sim_neighbor *neighbors;
    struct sim_path *paths;
    struct sim_tcp *tcps;
    /* Told when a connection comes to the table or goes, for who moves its data; NULL: nobody. */
    void (*plug)(void *wire, uint32_t tcp, enum sim_plug how);
    /*
     * And before one goes to the device, while the request owns what it names: an enum
     * chimney_result, with which it fails if that is not good.
     */
    uint8_t (*bring)(void *wire, const struct chimney_add_tcp_args *args);
    void *wire;
    struct sim_work *work; /* in the order of fetching, unless answers may overtake */
    uint32_t work_count, work_limit;

    /* Between the halves. */
    struct sim_ring commands, answers;
    struct sim_descriptor *descriptors;
    uint8_t (*buffers)[SIM_BUFFER_BYTES]; /* as many as descriptors */
    struct sim_answer *answer_slots;

    /* The driver's. */
    atomic_uint woken; /* flue wants to be polled; a byte cannot be exchanged everywhere */
    atomic_bool reset_wanted;
    atomic_flag serving; /* someone is taking answers */
    uint64_t driver_random;
    _Atomic uint32_t inline_chance, full_chance, full[CHIMNEY_KINDS];
    _Atomic uint64_t doorbells, ring_full, inline_calls, answers_taken, answers_stray;

    /* Threads. */
    bool threads; /* changed only while none run */
    atomic_bool stopping;
    pthread_t device_thread, driver_thread;
    sem_t device_bell, driver_bell;
};

/* ---- faults.c ------------------------------------------------------------------------------ */

uint64_t sim_random(uint64_t *state);
/* True `chance` times in a million; a chance of 0 draws nothing. */
bool sim_chance(uint64_t *state, uint32_t chance);
/* The fault that strikes this command, or NULL. */
const struct sim_fault *sim_fault_for(struct sim_device *d, const struct sim_descriptor *command,
                                      const union sim_args *args);

/* ---- tables.c ------------------------------------------------------------------------------ */

bool sim_tables_open(struct sim_device *d);
void sim_tables_close(struct sim_device *d);
void sim_tables_forget(struct sim_device *d);
static inline bool sim_present(const struct sim_device *d, uint8_t kind, uint32_t index)
{
    return index < d->capacity[kind] && d->present[kind][index];
}

/* ---- execute.c ----------------------------------------------------------------------------- */

/* Do one command to the tables; returns enum chimney_result. `data` is set for what brings some. */
uint8_t sim_execute(struct sim_device *d, const struct sim_descriptor *command,
                    const union sim_args *args, union sim_data *data);
/* The device loses an entry by itself. */
void sim_vanish(struct sim_device *d, uint8_t kind, uint32_t index);
/* Whether a good answer to this command brings data. */
bool sim_brings_data(uint8_t kind, uint8_t command);

/* ---- device.c ------------------------------------------------------------------------------ */

/* One step; true if answers were given or work is left. */
bool sim_device_step(struct sim_nic *nic);
/*
 * Publish and fetch everything, and take the last command's answer out again, to be given at
 * once. False: it is in the rings or at work like any other, or lost.
 */
bool sim_device_inline(struct sim_device *d, struct sim_answer *answer);

/* ---- commands.c, nic.c, thread.c ----------------------------------------------------------- */

extern const struct chimney_binding sim_binding;
/* Hand one answer to flue. */
void sim_deliver(struct sim_nic *nic, const struct sim_answer *answer);
void sim_wake(void *adapter);

#endif
