/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tls_host.h: a host for spec/tls as a driver's side towards kTLS is one: connections of two
 * directions, each with a cell for its handle, a node for its add and one for all that is asked of
 * it later.
 */
#ifndef TLS_HOST_H_OF_STORY
#define TLS_HOST_H_OF_STORY

#include "story.h"
#include "tls_device.h"

enum { HOST_CONNECTIONS = 500, HOST_WAYS = 2 };

struct host_direction {
    struct tls_node node;
    struct tls_direction_const fixed;
    _Alignas(8) struct tls_direction_cached key;
    _Alignas(8) struct tls_direction_delegated counts;
};

struct host_connection {
    struct tls_node node;
    struct tls_connection_const fixed;
};

/* What is asked of a direction below its connection, or of the connection alone. */
struct host_ask {
    struct tls_node connection;
    struct tls_node node;
    union {
        struct {
            struct tls_direction_cached key;
            _Alignas(8) struct tls_direction_request place;
        } rekey;
        struct tls_direction_request place;
        struct tls_direction_delegated counts;
    } state;
};

struct host {
    struct tls_device nic;
    struct story story;
    uint64_t handle[HOST_CONNECTIONS], direction_handle[HOST_CONNECTIONS][HOST_WAYS];
    struct host_connection connection[HOST_CONNECTIONS];
    struct host_direction direction[HOST_CONNECTIONS][HOST_WAYS];
    struct host_ask ask[HOST_CONNECTIONS][HOST_WAYS];
    struct tls_node end[HOST_CONNECTIONS];
    uint32_t told_tcp_sequence; /* by the last event */
};

bool host_open(struct host *h);
void host_close(struct host *h);

/* A key that says whose it is; each begins with HOST_KEY_BEGINS. */
void host_key(unsigned c, unsigned way, unsigned generation, uint8_t key[32]);
#define HOST_KEY_BEGINS "KEY-OF-TLS-"

/* Ready to be asked for: the connection and what is added with it; bits say which ways. */
struct tls_node *host_make(struct host *h, unsigned c, unsigned ways);
/* One direction of a connection that is there. */
struct tls_node *host_make_direction(struct host *h, unsigned c, unsigned way);

/* The tree to ask something of one direction; with the place of a record; with another key, too. */
struct tls_node *host_of(struct host *h, unsigned c, unsigned way, enum tls_type type);
struct tls_node *host_place(struct host *h, unsigned c, unsigned way, uint32_t tcp,
                            uint64_t record);
struct tls_node *host_rekey(struct host *h, unsigned c, unsigned way, unsigned generation,
                            uint32_t tcp);
struct tls_node *host_end(struct host *h, unsigned c);

/*
 * Submits. `host_now()` also runs until all is completed, and returns the status of the first
 * direction below the root, or the root's own where it has none.
 */
void host_ask(struct host *h, enum tls_operation operation, struct tls_node *root);
int32_t host_now(struct host *h, enum tls_operation operation, struct tls_node *root);

const struct tls_device_direction *host_entry(const struct host *h, unsigned c, unsigned way);
bool host_has_key(const struct host *h, unsigned c, unsigned way, unsigned generation);

/* Requests and faults by chance; in tls_chance.c. */
void host_chance(struct host *h, uint64_t seed, unsigned rounds);

#endif
