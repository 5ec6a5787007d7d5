/* SPDX-License-Identifier: BSD-2-Clause */
/* nic.h: what the driver consists of behind struct linux_nic. */
#ifndef LINUX_NIC_H
#define LINUX_NIC_H

#include <pthread.h>
#include <stdatomic.h>

#include "linux.h"
#include "netlink.h"

#define LINUX_PROTOCOL 0x66 /* of routes and nexthops: who made them */

/* What the worker keeps of each entry: requests to the kernel name all of it, every time. */
struct linux_route {
    bool ipv6, present;
    uint8_t source[16], destination[16];
    uint32_t nexthop, mtu;
};

struct linux_hop {
    uint32_t interface; /* 0: never added */
};

struct linux_tcp {
    int fd; /* -1: none */
    /*
     * Moved in, and not started: it is as the host brought it. The host keeps it too until flue has
     * taken the answer, so what is removed before is not told to anybody.
     */
    struct linux_connection *waiting;
    bool accepted;
    bool guarded; /* by this driver, and about to be moved out */
    /* Moved out, and in nobody's hands yet: if the answer is lost, the next one brings it. */
    bool is_kept;
    struct linux_connection kept;
    struct linux_tuple tuple;
    struct linux_settings settings; /* as they are set */
    uint32_t rto_base_ms;           /* time spent retransmitting is counted from here */
};

/* The worker: it alone talks to the kernel about entries. */
struct linux_worker {
    pthread_t thread;
    bool started, stop;
    pthread_mutex_t lock;
    pthread_mutex_t tcp_lock; /* a connection is worked on, or started */
    pthread_cond_t wake, idle;
    struct linux_order *orders; /* a ring; from `first`, `rung` of `count` are visible to it */
    struct linux_answer *answers;
    uint32_t capacity, first_order, order_count, rung;
    uint32_t first_answer, answer_count;
    bool working;
    int event;
    struct linux_netlink netlink;
    struct linux_hop *hops;
    struct linux_route *routes;
    struct linux_tcp *tcps;
    const char *last_step; /* under the lock */
    /* One answer is being made of `part_count` requests from `first_part` on. */
    struct linux_part {
        uint32_t first, count, order;
    } * parts;
    uint32_t part_count;
};

/* What the driver keeps, and the kernel cannot tell. */
struct linux_neighbor {
    uint32_t interface;
    uint64_t confirmed_at;
};

/* What the host is to hear of a connection, by an indication. */
enum linux_news { LINUX_NEWS_ABORT, LINUX_NEWS_DISCONNECT, LINUX_NEWS_WANTED_BACK, LINUX_NEWS };

struct linux_life {
    flue_name name; /* for indications; 0: not offloaded */
    struct chimney_add_tcp_args holds;
    uint64_t ts_recent_at;
    bool pending[LINUX_NEWS]; /* flue had no room for it */
};

struct linux_path {
    bool ipv6, taken;
    uint8_t source[16], destination[16];
    uint32_t neighbor;
};

struct linux_nic {
    struct chimney_target target;
    void *memory; /* of the target */
    struct linux_config config;
    uint32_t interfaces[LINUX_MAX_INTERFACES]; /* the kernel's numbers; 0: gone */
    bool down[LINUX_MAX_INTERFACES];           /* and told to be */
    struct linux_neighbor *neighbors;
    struct linux_path *paths;
    struct linux_life *lives;
    struct linux_worker worker;
    struct mnl_socket *links; /* tells of interfaces */
    int watch;                /* epoll of the sockets */
    int readable;             /* epoll of that, of `links` and of the worker's event */
    uint64_t now;
    atomic_uint woken;
    bool reset_wanted;
    bool news_pending; /* news of some connection */
    struct linux_counters counters;
};

static inline uint32_t linux_ticks_since(const struct linux_nic *nic, uint64_t moment)
{
    uint64_t age = nic->now - moment;
    return age < UINT32_MAX ? (uint32_t)age : UINT32_MAX;
}

/* Files in their order: each calls what stands before it. */

/* ---- routes.c: the worker's requests about neighbors and paths ------------------------------- */

/* Puts the requests of an order into the batch; how many. */
uint32_t linux_request(struct linux_nic *nic, const struct linux_order *order);
/* What became of them: errno of each. */
enum chimney_result linux_requested(struct linux_nic *nic, const struct linux_order *order,
                                    uint32_t first, uint32_t count, int *error);
/* Rules and the last resort of the table; or all of it away, also what was added. */
int linux_table_open(struct linux_nic *nic);
void linux_table_close(struct linux_nic *nic);
void linux_table_wipe(struct linux_nic *nic);

/* ---- sockets.c: the worker's work on connections --------------------------------------------- */

/* Before the orders are done: connections that are to be moved out. */
void linux_guard_removed(struct linux_nic *nic, uint32_t first, uint32_t count);
void linux_do_tcp(struct linux_nic *nic, struct linux_order *order, struct linux_answer *answer);
/* Flue has taken the answer: from now on it lives. 0 or an errno, as of linux_start(); counted. */
int linux_start_tcp(struct linux_nic *nic, uint32_t index);
void linux_sockets_wipe(struct linux_nic *nic);
/* What was moved out, and nobody took: it ends here. */
void linux_drop_kept(struct linux_nic *nic, struct linux_tcp *tcp);

/* ---- worker.c -------------------------------------------------------------------------------- */

int linux_worker_open(struct linux_nic *nic);
void linux_worker_close(struct linux_nic *nic);
/* False: no room. */
bool linux_worker_post(struct linux_nic *nic, const struct linux_order *order);
void linux_worker_ring(struct linux_nic *nic);
/* Whoever sleeps on the descriptor is to look: the worker has answers, or flue asked for a poll. */
void linux_worker_signal(struct linux_nic *nic);
bool linux_worker_take(struct linux_nic *nic, struct linux_answer *answer);
/* Until it has done all; then orders and answers are forgotten. */
void linux_worker_forget(struct linux_nic *nic);

/* ---- variables.c: between the host's variables and a connection's ---------------------------- */

struct linux_connection *linux_connection_of(const struct linux_nic *nic,
                                             const struct chimney_add_tcp_args *args);
/* Variables that were brought, and no socket can be told. */
uint64_t linux_not_set(const struct chimney_add_tcp_args *args);
struct linux_settings linux_settings_of(const struct linux_nic *nic,
                                        const struct chimney_add_tcp_args *args);
void linux_read_data(struct linux_nic *nic, uint32_t index, const struct linux_connection *from,
                     struct chimney_read_tcp_data *data);
void linux_remove_data(struct linux_nic *nic, uint32_t index, struct linux_connection *from,
                       struct chimney_remove_tcp_data *data);

/* ---- news.c: indications, also when flue has no room for them now ---------------------------- */

void linux_announce(struct linux_nic *nic, uint32_t index, enum linux_news news);
/* What is still pending. */
void linux_announce_pending(struct linux_nic *nic);

/* ---- answers.c, watch.c ---------------------------------------------------------------------- */

void linux_take_answers(struct linux_nic *nic);
int linux_watch_open(struct linux_nic *nic);
void linux_watch_close(struct linux_nic *nic);
void linux_watch(struct linux_nic *nic);

/* ---- commands.c, connections.c --------------------------------------------------------------- */

enum flue_issued linux_post(struct linux_nic *nic, struct linux_order *order);
enum flue_issued linux_refuse(struct linux_nic *nic, flue_cookie cookie,
                              enum chimney_result result);

#define LINUX_COMMAND(name)                                          \
    enum flue_issued linux_##name(void *adapter, flue_cookie cookie, \
                                  const struct chimney_##name##_args *args)
LINUX_COMMAND(add_neighbor);
LINUX_COMMAND(write_mac);
LINUX_COMMAND(read_neighbor);
LINUX_COMMAND(block_neighbor);
LINUX_COMMAND(remove_neighbor);
LINUX_COMMAND(add_path);
LINUX_COMMAND(write_route);
LINUX_COMMAND(write_mtu);
LINUX_COMMAND(block_path);
LINUX_COMMAND(remove_path);
LINUX_COMMAND(add_tcp);
LINUX_COMMAND(write_timers);
LINUX_COMMAND(write_buffers);
LINUX_COMMAND(write_header);
LINUX_COMMAND(restart);
LINUX_COMMAND(read_tcp);
LINUX_COMMAND(block_tcp);
LINUX_COMMAND(remove_tcp);

extern const struct chimney_binding linux_binding;

#endif
