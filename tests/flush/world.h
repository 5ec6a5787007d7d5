/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * world.h: a device that holds tables, hops and flows, and the host's nodes for it.
 *
 * The device knows which entry stands on which, and counts how often each was flushed and blocked.
 * It is wrong to tell it of what stands on an entry that it does not have, or to remove an entry on
 * which another stands: either ends the test. A record is kept of whom each request reached; it is
 * compared with what the host is told, and with all that stands there, as the request completes.
 *
 *     example
 *     world_open(&w, 8);
 *     uint64_t table = world_made(&w, FWD_TABLE, 0, 0);
 *     world_made(&w, FWD_FLOW, table, 0);
 *     struct item *flush = world_ask(&w, FWD_FLUSH, table);
 *     world_settle(&w);
 *     ck_assert_uint_eq(flush->node.reached, 1);
 */
#ifndef WORLD_H
#define WORLD_H

#include "flue/priv/object.h"
#include "fwd.h"

enum { WORLD_PLACES = 128, WORLD_ANSWERS = 256, WORLD_LINKS = 2, WORLD_ITEMS = 512 };

/* What the hardware has at a place of a kind. */
struct entry {
    bool has;
    uint32_t links[WORLD_LINKS]; /* places, or FLUE_NONE */
    uint32_t value;
    unsigned flushed, blocked, unblocked;
};

/* An order that is not answered yet; what it does is done when it is. */
struct order {
    flue_cookie cookie;
    uint8_t kind;
    uint32_t place;
    bool adds, removes, flushes, blocks, unblocks, writes_value;
    bool writes[WORLD_LINKS];
    struct entry entry;
};

/* A node and the structures behind it, for one request at a time. */
struct item {
    struct fwd_node node;
    uint64_t state[8];
    bool asked;         /* and not completed */
    unsigned completed; /* how often */
    struct item *root;
};

/* Whom a running request reached. */
struct record {
    uint32_t request;
    const void *root;
    uint8_t operation;
    uint64_t named;
    bool reached[FWD_KINDS][WORLD_PLACES];
    unsigned count, failed;
};

struct world {
    struct fwd_target target;
    void *memory;
    uint32_t places; /* of each kind */
    struct entry entries[FWD_KINDS][WORLD_PLACES];
    struct order orders[WORLD_ANSWERS];
    unsigned order_count, most_orders, completions, compared;
    bool wrong; /* the next request is refused, and reaches nobody */
    struct item items[WORLD_ITEMS];
    struct record records[16];
};
FWD_ADAPTER_BEGINS_WITH(struct world, target);

void world_open(struct world *w, uint32_t places);
void world_close(struct world *w);

/* An order is answered; with a bad result it is carried out only where that says so. */
void world_answer(struct world *w, unsigned order, enum fwd_result result, bool done);
/* Orders are answered well, and polled by so many steps at a time, until nothing is left. */
void world_settle_by(struct world *w, uint32_t budget);
void world_settle(struct world *w);
void world_reset(struct world *w);

/* A request about what the handle names; what it brings is `world_bring`'s. */
struct item *world_ask(struct world *w, uint8_t operation, uint64_t handle);
/* The handles that a modify brings: of a hop its table, of a flow its hop; and the value. */
struct item *world_modify(struct world *w, uint64_t handle, uint64_t link, uint32_t value);
/* A new object: of a hop and a flow the table, and of a flow the hop or 0. Not answered yet. */
struct item *world_create(struct world *w, uint8_t kind, uint64_t table, uint64_t hop);
/* The same, when all is done: the handle. */
uint64_t world_made(struct world *w, uint8_t kind, uint64_t table, uint64_t hop);

uint8_t world_kind(uint64_t handle);
struct entry *world_entry(struct world *w, uint64_t handle);
struct flue_object *world_object(const struct world *w, uint64_t handle);
/* The position of the first order of the object, which has one. */
unsigned world_order_of(const struct world *w, uint64_t handle);
bool world_has_order(const struct world *w, uint64_t handle);
/* One object stands on another, by any way along links that are laid, or may be. */
bool world_stands_on(const struct world *w, const struct flue_object *o,
                     const struct flue_object *base);
/* Counts are what links there are; nothing is left of sweeps where nothing runs. */
void world_check(struct world *w);

#endif
