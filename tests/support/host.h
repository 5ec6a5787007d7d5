/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * host.h: a host stack that counts: its completion table, its indication table, and a pump that
 * steps the software NIC in virtual time until everything asked for is completed.
 *
 *     example
 *     struct host host;
 *     struct sim_config config = sim_config_default();
 *     host_open(&host, &config);
 *     host_submit(&host, CHIMNEY_INITIATE, root);
 *     assert(host_run(&host, 1000) && root->Status == CHIMNEY_STATUS_SUCCESS);
 *     host_close(&host);
 */
#ifndef HOST_H
#define HOST_H

#include <stdatomic.h>

#include "host_tree.h"
#include "sim.h"

#define HOST_REASONS 32                      /* reasons of a Retrieve are below it */
#define HOST_UNWRITTEN ((int32_t)0x7eadbeef) /* in every node's status when it is submitted */

/* What a connection's indication may say, by the code of the host's call. */
enum host_event {
    HOST_SEND_BACKLOG_CHANGE = 1,
    HOST_DISCONNECT = 2,
    HOST_RETRIEVE = 3,
    HOST_ABORT = 4,
    HOST_EVENTS
};

/* What the host has seen. Written by completion and indication calls, on whatever thread polls. */
struct host_record {
    uint64_t requests[FLUE_MAX_OPERATIONS];
    uint64_t completions[FLUE_MAX_OPERATIONS];
    uint64_t nodes[FLUE_MAX_OPERATIONS]; /* submitted */
    uint64_t nodes_completed[FLUE_MAX_OPERATIONS];
    uint64_t statuses[FLUE_MAX_OPERATIONS][FLUE_MAX_STATUSES]; /* by operation and status index */
    uint64_t unwritten;               /* nodes without a status in a completed tree */
    uint64_t unknown;                 /* nodes with a status that is not in the spec */
    uint64_t unexpected;              /* completions of trees that were not submitted, or twice */
    uint64_t wrong;                   /* completions by another operation's call */
    uint64_t events[HOST_EVENTS];     /* told of connections, by code */
    uint64_t retrieves[HOST_REASONS]; /* of these, by reason */
    uint64_t reachability_asked;
    uint64_t status_indications;
    int32_t last_status_indication;
    _Atomic uint64_t outstanding;
    /* Called after counting, inside the completion call. May be NULL. */
    void (*on_complete)(void *context, uint8_t operation, struct chimney_node *root);
    void *context;
};

struct host {
    struct sim_nic *nic;
    uint64_t now;          /* ticks */
    enum flue_error error; /* why host_open() failed */
    const char *missing;   /* a function that the NIC's driver lacks, or NULL */
    struct host_record record;
};

/*
 * The host's tables, for a host handle that points to a struct host_record. What indications tell
 * of an object is noted in its struct host_object.
 */
extern const struct chimney_completions host_completions;
extern const struct chimney_indications host_indications;
/* What all functions of the first one do. */
void host_completed(void *host_handle, uint8_t operation, struct chimney_node *root);

/* Opens a NIC with the host's tables put into `config`. False if that is impossible. */
bool host_open(struct host *host, const struct sim_config *config);
void host_close(struct host *host);

/*
 * Poison the tree's statuses, count it, and call the operation's entry point. From one thread at a
 * time; completions may run on another.
 */
void host_submit(struct host *host, uint8_t operation, struct chimney_node *root);

/* One tick: tell the time, step the device once, serve the driver until it has nothing to do. */
void host_tick(struct host *host);
/* Until nothing is outstanding, `ticks` ticks at most; true if it came to that. */
bool host_run(struct host *host, uint64_t ticks);
/* Both of the above, for one tree. */
bool host_do(struct host *host, uint8_t operation, struct chimney_node *root);
/* For threads: sleep until nothing is outstanding, `ms` milliseconds at most. */
bool host_wait(struct host *host, uint32_t ms);

/* Nodes that got a status, in an operation. */
uint64_t host_statuses(const struct host *host, uint8_t operation, int32_t status);
/* The index of a status value, or FLUE_NO_BYTE. */
uint8_t host_status_index(int32_t status);

#endif
