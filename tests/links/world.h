/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * world.h: a device that holds ports, keys, associations and policies, and the host's trees for it.
 *
 * The device knows which entry stands on which. It is wrong to tell it of what stands on an entry
 * that it does not have, or to remove an entry on which another stands: either ends the test.
 *
 * world_ask() makes the nodes of an operation, world_submit() asks, world_settle() answers all
 * orders well; world_check() and world_agrees() say what must be so then.
 */
#ifndef WORLD_H
#define WORLD_H

#include "flue/priv/object.h"
#include "vpn.h"

enum { WORLD_PLACES = 8, WORLD_ANSWERS = 64, WORLD_LINKS = 2, WORLD_CODES = 5 };

/* What the hardware has at a place of a kind. */
struct entry {
    bool has;
    uint32_t links[WORLD_LINKS]; /* places, or FLUE_NONE */
    uint32_t value;              /* mtu, use, window, priority */
};

/* An order that is not answered yet; what it does is done when it is. */
struct order {
    flue_cookie cookie;
    uint8_t kind;
    uint32_t place;
    bool adds, removes;
    bool writes[WORLD_LINKS], writes_value;
    struct entry entry;
};

struct world {
    struct vpn_target target;
    void *memory;
    struct entry entries[VPN_KINDS][WORLD_PLACES];
    struct order orders[WORLD_ANSWERS];
    unsigned order_count, orders_taken;
    unsigned completions, events;
};
VPN_ADAPTER_BEGINS_WITH(struct world, target);

/* What the host has, or asks for: a node and the structures behind it. */
struct thing {
    uint8_t kind; /* enum vpn_kind */
    struct vpn_node node;
    uint64_t state[8];
    bool asked;                 /* and not completed */
    unsigned told[WORLD_CODES]; /* how often, by the code of the indication */
};

void world_open(struct world *w);
void world_close(struct world *w);

/* An order is answered; with a bad result it is carried out only where that says so. */
void world_answer(struct world *w, unsigned order, enum vpn_result result, bool done);
/* Orders are answered well, and polled, until nothing is left. */
void world_settle(struct world *w);
void world_reset(struct world *w);

/* The thing's handles and its value, to be brought by the next create or modify. */
struct brought {
    uint64_t links[WORLD_LINKS]; /* handles: of a policy in_sa, out_sa; of an sa [1] is the key */
    uint32_t value;
};
/* Node and structures for an operation; `above` may be NULL. Returns the root. */
struct vpn_node *world_ask(struct thing *t, struct thing *above, const struct brought *brought,
                           uint8_t operation);
void world_submit(struct world *w, struct vpn_node *root, uint8_t operation);

struct flue_object *world_object(const struct world *w, const struct thing *t);
/* Counts are what links there are, and nothing is left of what has gone. */
void world_check(struct world *w);
/* The hardware has the object, and it stands there on what it stands on here. */
void world_agrees(struct world *w, const struct thing *t);

#endif
