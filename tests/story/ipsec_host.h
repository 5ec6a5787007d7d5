/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ipsec_host.h: a host for spec/ipsec as a driver's side towards xfrm is one: a node for the add of
 * each object and one for all that is asked of it later.
 */
#ifndef IPSEC_HOST_H_OF_STORY
#define IPSEC_HOST_H_OF_STORY

#include "ipsec_device.h"
#include "story.h"

enum { HOST_SAS = 64, HOST_POLICIES = 1000 };

struct host_port {
    struct ipsec_node node;
    struct ipsec_port_const fixed;
};

struct host_sa {
    struct ipsec_node node;
    struct ipsec_sa_const fixed;
    _Alignas(8) struct ipsec_sa_cached esn;
    _Alignas(8) struct ipsec_sa_delegated counts;
};

struct host_policy {
    struct ipsec_node node;
    struct ipsec_policy_const fixed;
    _Alignas(8) struct ipsec_policy_cached sas;
};

/* What is asked of an object that is there. */
struct host_ask {
    struct ipsec_node node;
    union {
        struct ipsec_sa_cached esn;
        struct ipsec_sa_delegated counts;
        struct ipsec_policy_cached sas;
    } state;
};

struct host {
    struct ipsec_device nic;
    struct story story;
    struct host_port port;
    struct host_sa sa[HOST_SAS];
    struct host_policy policy[HOST_POLICIES];
    struct host_ask of_port, of_sa[HOST_SAS], of_policy[HOST_POLICIES];
    uint64_t told_packets; /* by the last event */
};

bool host_open(struct host *h);
void host_close(struct host *h);

/* Ready to be asked for; the SA's number is its SPI, and in its key. */
void host_make_sa(struct host *h, unsigned i, enum ipsec_direction_value direction,
                  enum ipsec_offload_value offload);
/* SAs by their numbers, or a negative one for none. */
void host_make_policy(struct host *h, unsigned i, int in, int out);
void host_key(unsigned i, uint8_t key[32]);
/* Every key of this host begins with it. */
#define HOST_KEY_BEGINS "KEY-OF-SA-"

/* The node to ask something of the object whose add was completed. */
struct ipsec_node *host_of_port(struct host *h);
struct ipsec_node *host_of_sa(struct host *h, unsigned i, enum ipsec_type type);
struct ipsec_node *host_of_policy(struct host *h, unsigned i, enum ipsec_type type);
/* The same with the SAs to move to. */
struct ipsec_node *host_move(struct host *h, unsigned i, int in, int out);

/* Submits. `host_now()` also runs until all is completed, and returns the first node's status. */
void host_ask(struct host *h, enum ipsec_operation operation, struct ipsec_node *root);
int32_t host_now(struct host *h, enum ipsec_operation operation, struct ipsec_node *root);

/* Places in the tables, as the device has them. */
uint32_t host_index(const struct ipsec_node *node);
const struct ipsec_device_sa *host_sa_entry(const struct host *h, unsigned i);
/* The SA by which the device sends what a policy is about, FLUE_NONE for none. */
uint32_t host_policy_out(const struct host *h, unsigned i);

/* Requests and faults by chance; in ipsec_chance.c. */
void host_chance(struct host *h, uint64_t seed, unsigned rounds);

#endif
