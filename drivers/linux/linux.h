/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * linux.h: a driver of the chimney target with the Linux kernel of this machine in the place of a
 * NIC.
 *
 *     example
 *     struct linux_config config = linux_config_default();
 *     config.interfaces[0] = (struct linux_interface){.vlan = 2, .name = "eth0"};
 *     config.interface_count = 1;
 *     config.guard = linux_guard_open("flue", &why);
 *     config.flue.completions = &my_completions;
 *     config.flue.indications = &my_indications;
 *     struct linux_nic *nic = linux_open(&config, &error);
 *     chimney_initiate(nic, root);
 *     while (!completed)
 *         linux_service(nic); // or poll() for linux_descriptor(nic) before
 *     linux_close(nic);
 *
 * A neighbor is a nexthop object with a permanent neighbor entry, a path is a route, a connection
 * is a socket imported with TCP_REPAIR. What the kernel cannot do is in README.md.
 *
 * Data travels in chains of struct linux_data (connection.h), behind SendDataHead and BufferedData.
 * Chains of an initiate stay the host's, and are copied before its completion. Chains of a
 * terminate become the host's, who frees them.
 *
 * Threads: the host's entry points from any; the functions here from one at a time. A worker of the
 * driver's own does what was ordered, in the network namespace of the thread that opened it.
 */
#ifndef LINUX_H
#define LINUX_H

#include "order.h"

#define LINUX_MAX_INTERFACES 16
#define LINUX_NAME_BYTES 16

struct linux_interface {
    uint16_t vlan; /* the same as a neighbor's VlanId; frames are untagged */
    char name[LINUX_NAME_BYTES];
};

/* Between driver and worker, for tests: what goes out may be changed, what comes back held. */
struct linux_shim {
    void (*order)(void *context, flue_cookie cookie, struct linux_order *order);
    /* True: kept from the driver; linux_deliver() may be called for it later, or twice. */
    bool (*answer)(void *context, const struct linux_answer *answer);
    void *context;
};

struct linux_config {
    struct flue_config flue;
    struct linux_interface interfaces[LINUX_MAX_INTERFACES];
    uint32_t interface_count;
    struct linux_guard *guard; /* shared with the host; must outlive the driver */
    uint32_t table;            /* of routes; nobody else's */
    uint32_t mark;             /* of packets that go by this table; the next one is taken, too */
    uint32_t first_nexthop;    /* ids from here on are the driver's */
    uint32_t batch;            /* requests to the kernel in one call */
    uint32_t poll_budget;      /* of one flue_poll(): bounds what one doorbell covers */
    const struct linux_shim *shim; /* NULL but in tests */
};

struct linux_counters {
    uint64_t orders;    /* given to the worker */
    uint64_t doorbells; /* that woke it */
    uint64_t answers;   /* taken from it */
    uint64_t bad;       /* with another result than ok */
    uint64_t late;      /* flue did not want them any more */
    uint64_t refused;   /* without the worker: no such VLAN, a state that cannot be imported */
    uint64_t ring_full;
    uint64_t moved_in, moved_out; /* connections */
    uint64_t bytes_in, bytes_out; /* of data in their queues */
    uint64_t not_set;             /* variables of initiates that the kernel has no way to be told */
    uint64_t not_read;            /* variables of queries and terminates that it does not tell */
    uint64_t links_gone, resets_by_peer, closed_by_peer;
    uint64_t kernel_answers_lost; /* ENOBUFS */
    int last_error;               /* the errno in the last bad answer */
    const char *last_step;        /* which call refused the last import; NULL if none did */
};

struct linux_nic; /* begins with its struct chimney_target: its address is the adapter's */

/* 64 neighbors, 1024 paths, 4096 connections, 512 commands under way, batches of 256. */
struct linux_config linux_config_default(void);

/* NULL if it is impossible, or not permitted, or one of the interfaces is not there. */
struct linux_nic *linux_open(const struct linux_config *config, enum flue_error *error);
/* The target must be quiet, or its host gone. Routes, rules and sockets go without a trace. */
void linux_close(struct linux_nic *nic);

/* What interrupt and poll do: take answers and events, poll flue if it asked. True: more to do. */
bool linux_service(struct linux_nic *nic);
/*
 * Readable when linux_service() has something to do: an answer, a peer that closed or reset, an
 * interface that went, a poll that flue asked for. Time is not in it: linux_tick() is the host's.
 */
int linux_descriptor(const struct linux_nic *nic);
/* Sleep until the worker has nothing to do; its answers wait for linux_service(). */
void linux_wait(struct linux_nic *nic);
/* Tell the time, in ticks. */
void linux_tick(struct linux_nic *nic, uint64_t now);
/* All that was added is taken away. Connections end without a word, and are told to be lost. */
bool linux_reset(struct linux_nic *nic);
/* Flue has asked for one since the last. */
bool linux_reset_wanted(const struct linux_nic *nic);

/*
 * The socket of a connection that is offloaded, by its index: to send, to receive, to poll, and to
 * shut down; not to close. From the completion of its initiate until its terminate is submitted.
 */
int linux_socket(const struct linux_nic *nic, uint32_t index);

/* ---- For tests ----------------------------------------------------------------------------- */

/* Hand over an answer that the shim kept. */
void linux_deliver(struct linux_nic *nic, const struct linux_answer *answer);
struct linux_counters linux_counters(const struct linux_nic *nic);
/* The remote address of a path, as it was added. NULL: there is none. */
const uint8_t *linux_destination(const struct linux_nic *nic, uint32_t path, bool *ipv6);

#endif
