/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * world.h: a device that takes pieces of work, and a host that keeps a ledger of them.
 *
 * A piece is the host's, or out. It is wrong to give back one that is not out, one that the device
 * still holds, or one with a status that neither the device has said nor the spec names; to take or
 * give back out of order; and to complete a `close` before all that came before it is back. Each
 * ends the test.
 *
 *     example
 *     world_open(&w);
 *     uint64_t lane = world_made(&w, WORKS_LANE);
 *     struct works_item *piece = world_post(&w, WORKS_TRANSFER_LANE_WRITE, &lane, 1);
 *     world_settle(&w);
 *     world_work(&w, piece, WORKS_STATUS_OK);
 *     world_settle(&w);
 *     assert(!piece->out && piece->status == WORKS_STATUS_OK);
 */
#ifndef WORLD_H
#define WORLD_H

#include <assert.h>

#include "flue/priv/object.h"
#include "works.h"

enum { WORLD_PLACES = 3, WORLD_PIECES = 96, WORLD_ORDERS = 64, WORLD_REQUESTS = 32 };

/* A piece of work; the host's members come after those that the spec names. */
struct works_item {
    uint64_t host_first, words[2];
    void *link;
    struct works_item *next;
    int32_t status;
    uint32_t number; /* passed along */
    uint8_t transfer;
    bool out;      /* with the target */
    bool taken;    /* by the device, */
    bool held;     /* which has it still, */
    bool answered; /* or has said that it is done */
    int32_t said;  /* and how */
    uint32_t position, index;
    flue_name name;
    uint64_t handle, serial; /* of which object, in which order it was handed over */
};

/* A command that is not answered yet. */
struct order {
    flue_cookie cookie;
    uint8_t kind;
    uint32_t index;
    bool removes;
};

struct request {
    struct works_node node;
    uint32_t states[4];
    uint8_t operation, kind;
    uint64_t handle, serial;
    bool asked, lived; /* the object, when it was asked */
};

struct world {
    struct works_target target; /* the adapter's address is that of its target */
    void *memory;
    struct works_item pieces[WORLD_PIECES], loans[4];
    struct order orders[WORLD_ORDERS];
    struct request requests[WORLD_REQUESTS];
    unsigned order_count, room; /* how many pieces the device takes at all */
    uint64_t serial, ticks;
    uint64_t last_taken[WORKS_KINDS][WORLD_PLACES][2], last_back[WORKS_KINDS][WORLD_PLACES][2];
    bool gone[WORKS_KINDS][WORLD_PLACES]; /* the device has said so, and takes nothing for it */
    unsigned offers, held, back, loans_back, opened, wakes;
    uint64_t handle; /* the last that was opened */
};

void world_open(struct world *w);
/* All is back, and the target is quiet. */
void world_close(struct world *w);
/* Polls until nothing is left to do. */
void world_settle(struct world *w);

/* One request; NULL: none is free. */
struct request *world_ask(struct world *w, uint8_t operation, uint8_t kind, uint64_t handle);
/* The device answers an order; what it removes it holds nothing of any more. */
void world_answer(struct world *w, unsigned order, enum works_result result);
void world_answer_all(struct world *w, enum works_result result);
/* Opened, and answered: its handle. */
uint64_t world_made(struct world *w, uint8_t kind);

/* A chain of pieces is handed over; its first, or NULL: so many are not free. */
struct works_item *world_post(struct world *w, uint8_t transfer, const uint64_t *handle,
                              unsigned count);
/* The device has done a piece and all before it. False: nobody waits for that. */
bool world_work(struct world *w, struct works_item *piece, int32_t said);
/* It says so of any position, true or not. */
bool world_claim(struct world *w, uint8_t transfer, flue_name name, uint32_t position);
/* The device touches no memory any more. */
void world_stop(struct world *w);
unsigned world_out(const struct world *w);

#endif
