/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * world.h: a device that holds ports, associations and policies, and the host's trees for it.
 *
 * world_put() makes a node of a tree, world_submit() asks, world_settle() answers all orders well.
 * What the device has of a thing is an entry; world_same() says whether it is what the host was
 * last told of it.
 */
#ifndef WORLD_H
#define WORLD_H

#include "fleet.h"
#include "flue/priv/object.h"

enum { WORLD_PLACES = 16, WORLD_ORDERS = 64 };

/* What the hardware has of an object: what it stands on, and its numbers. */
struct entry {
    bool has;
    uint32_t link; /* place, or FLUE_NONE */
    uint32_t values[2];
};

/* An order that is not answered yet; what it does is done when it is. */
struct order {
    flue_cookie cookie;
    uint8_t kind;
    uint32_t place;
    bool adds, removes, moves, writes[2];
    struct entry entry;
};

struct world;

/* What the host has, or asks for: a node and the structures behind it. */
struct thing {
    uint8_t kind; /* enum fleet_kind */
    struct fleet_node node;
    uint64_t state[8];
    bool asked;         /* and not completed */
    struct entry known; /* what the host was told that it is, since the last good status */
    struct entry wanted;
};

struct world {
    struct fleet_target target;
    void *memory;
    struct entry entries[FLEET_KINDS][WORLD_PLACES];
    struct order orders[WORLD_ORDERS];
    unsigned order_count, orders_taken;
    unsigned completions;
    uint64_t now;
    /* At each completion, before what is known is what was asked for; NULL: nobody looks. */
    void (*completed)(struct world *w, struct thing *root, uint8_t operation);
};
FLEET_ADAPTER_BEGINS_WITH(struct world, target);

void world_open(struct world *w, uint32_t capacity);
void world_close(struct world *w);

/* An order is answered; with a bad result it is carried out only where that says so. */
void world_answer(struct world *w, unsigned order, enum fleet_result result, bool done);
/* Orders are answered well, and polled, until nothing is left. */
void world_settle(struct world *w);
void world_poll(struct world *w);
void world_reset(struct world *w);

/* A node that stands alone; it brings these values, and a policy `on`, which may be NULL. */
void world_put(struct thing *t, const struct thing *on, uint32_t first, uint32_t second, bool new);
/* Behind the last dependent of `above`, or behind the last root. */
void world_hang(struct thing *above, struct thing *t);
void world_chain(struct thing *root, struct thing *t);
void world_submit(struct world *w, struct thing *root, uint8_t operation);

/* All nodes of a tree, in its order. */
struct thing *world_next(const struct thing *root, const struct thing *t);

const char *world_state(const struct world *w, const struct thing *t);
struct entry *world_entry(struct world *w, const struct thing *t);
/* The hardware has what the host was told. */
bool world_same(struct world *w, const struct thing *t);

#endif
