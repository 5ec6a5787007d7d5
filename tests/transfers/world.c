/* SPDX-License-Identifier: BSD-2-Clause */
/* world.c: see world.h. Whatever is wrong ends the test by an assertion of Check. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "world.h"

static struct world *at(void *adapter)
{
    return adapter;
}

static unsigned queue_of(uint8_t transfer)
{
    return transfer == WORKS_TRANSFER_LANE_READ;
}

static uint8_t kind_of(uint8_t transfer)
{
    return transfer == WORKS_TRANSFER_TAP_WATCH ? WORKS_TAP : WORKS_LANE;
}

/* ---- The device ---- */

static enum flue_issued order(void *adapter, flue_cookie cookie, uint8_t kind, uint32_t index,
                              bool removes)
{
    struct world *w = at(adapter);
    if (w->order_count == WORLD_ORDERS)
        return FLUE_RING_FULL;
    w->gone[kind][index] = false;
    w->orders[w->order_count++] = (struct order){cookie, kind, index, removes};
    return FLUE_ISSUED;
}

#define ORDER(verb, low, up, removes)                                                    \
    static enum flue_issued verb##_##low(void *adapter, flue_cookie cookie,              \
                                         const struct works_##verb##_##low##_args *args) \
    {                                                                                    \
        return order(adapter, cookie, WORKS_##up, args->index, removes);                 \
    }
ORDER(add, tap, TAP, false)
ORDER(tune, tap, TAP, false)
ORDER(remove, tap, TAP, true)
ORDER(add, lane, LANE, false)
ORDER(tune, lane, LANE, false)
ORDER(remove, lane, LANE, true)

static enum flue_issued take(void *adapter, const struct flue_taken *taken)
{
    struct world *w = at(adapter);
    struct works_item *piece = taken->element;
    w->offers++;
    if (w->held == w->room || w->gone[kind_of(taken->transfer)][taken->index])
        return FLUE_RING_FULL;
    ck_assert(piece->out && !piece->taken);
    ck_assert_uint_eq(piece->transfer, taken->transfer);
    ck_assert_uint_eq(piece->number, taken->number);
    ck_assert_uint_eq(piece->handle, taken->name);
    uint64_t *last =
        &w->last_taken[kind_of(taken->transfer)][taken->index][queue_of(taken->transfer)];
    ck_assert_uint_gt(piece->serial, *last);
    *last = piece->serial;
    piece->taken = piece->held = true;
    piece->position = taken->position;
    piece->index = taken->index;
    piece->name = taken->name;
    w->held++;
    return FLUE_ISSUED;
}

static enum flue_issued take_loan(void *adapter, const struct flue_taken *taken)
{
    struct works_item *loan = taken->element;
    ck_assert(loan->out);
    loan->out = false;
    at(adapter)->loans_back++;
    return FLUE_ISSUED;
}

static void let_go(struct world *w, struct works_item *piece)
{
    w->held -= piece->held;
    piece->held = false;
}

/* Of an object that the device has no more; of all, where there is none. */
static void let_go_of(struct world *w, uint8_t kind, uint32_t index)
{
    for (unsigned i = 0; i < WORLD_PIECES; i++)
        if (w->pieces[i].held && (kind == FLUE_NO_BYTE || (kind_of(w->pieces[i].transfer) == kind &&
                                                           w->pieces[i].index == index)))
            let_go(w, &w->pieces[i]);
}

void world_stop(struct world *w)
{
    let_go_of(w, FLUE_NO_BYTE, 0);
}

void world_answer(struct world *w, unsigned number, enum works_result result)
{
    struct order o = w->orders[number];
    w->orders[number] = w->orders[--w->order_count];
    if ((o.removes && result == WORKS_RESULT_OK) || result == WORKS_RESULT_GONE)
        let_go_of(w, o.kind, o.index);
    w->gone[o.kind][o.index] |= result == WORKS_RESULT_GONE;
    works_done(&w->target, o.cookie, result);
}

void world_answer_all(struct world *w, enum works_result result)
{
    while (w->order_count)
        world_answer(w, 0, result);
}

bool world_claim(struct world *w, uint8_t transfer, flue_name name, uint32_t position)
{
    if (!flue_transfer_done(&w->target.flue, transfer, name, position))
        return false;
    bool named = false;
    for (unsigned i = 0; i < WORLD_PIECES; i++) {
        struct works_item *p = &w->pieces[i];
        if (!p->out || !p->taken || p->answered || p->name != name ||
            queue_of(p->transfer) != queue_of(transfer) || (int32_t)(p->position - position) > 0)
            continue;
        named |= p->position == position;
        p->answered = true;
        p->said = p->status;
        let_go(w, p);
    }
    ck_assert(named); /* it had it, and had not said so */
    return true;
}

bool world_work(struct world *w, struct works_item *piece, int32_t said)
{
    if (piece->held)
        piece->status = said;
    return world_claim(w, piece->transfer, piece->name, piece->position);
}

/* ---- The host ---- */

static bool undone(const struct works_item *p)
{
    switch (p->status) {
    case WORKS_STATUS_INVALID:
        return true;
    case WORKS_STATUS_LEAVING:
        return p->transfer == WORKS_TRANSFER_LANE_WRITE && !p->taken;
    case WORKS_STATUS_GIVEN:
    case WORKS_STATUS_LOST:
        return p->transfer != WORKS_TRANSFER_TAP_WATCH;
    default:
        return false;
    }
}

/* What the device said, if it may; else one that the spec names for what was not done. */
static bool as_said(const struct works_item *p)
{
    if (!p->answered)
        return undone(p);
    if (p->said == WORKS_STATUS_OK ||
        (p->said == WORKS_STATUS_FAILED &&
         (p->transfer == WORKS_TRANSFER_LANE_WRITE || p->transfer == WORKS_TRANSFER_LANE_READ)) ||
        (p->said == WORKS_STATUS_FULL && p->transfer == WORKS_TRANSFER_LANE_READ))
        return p->status == p->said;
    return p->status == WORKS_STATUS_INVALID;
}

static void come_back(struct world *w, uint8_t transfer, struct works_item *piece)
{
    ck_assert(piece->out && !piece->held);
    ck_assert_uint_eq(piece->transfer, transfer);
    ck_assert_msg(as_said(piece), "status %d, the device has said %d (%d)", piece->status,
                  piece->said, piece->answered);
    if (piece->taken || piece->status == WORKS_STATUS_LOST) {
        uint64_t *last =
            &w->last_back[kind_of(transfer)][(uint32_t)piece->handle][queue_of(transfer)];
        ck_assert_uint_gt(piece->serial, *last);
        *last = piece->serial;
    }
    piece->out = false;
    w->back++;
}

static void all_back(void *host, uint8_t transfer, struct works_item *chain)
{
    ck_assert_ptr_nonnull(chain);
    for (struct works_item *next; chain; chain = next) {
        next = chain->next;
        come_back(host, transfer, chain);
    }
}

#define BACK(name, up)                                     \
    static void name(void *host, struct works_item *chain) \
    {                                                      \
        all_back(host, WORKS_TRANSFER_##up, chain);        \
    }
BACK(watched, TAP_WATCH)
BACK(written, LANE_WRITE)
BACK(passed, LANE_BARRIER)
BACK(got, LANE_READ)

static bool lives(const struct world *w, const struct request *r)
{
    return flue_object_handle(&w->target.flue, r->kind, (uint32_t)r->handle) == r->handle;
}

/* Another one asked for the end of the same object, and may be the one that ended it. */
static bool another_ends_it(const struct world *w, uint64_t handle)
{
    for (unsigned i = 0; i < WORLD_REQUESTS; i++)
        if (w->requests[i].asked && w->requests[i].operation == WORKS_CLOSE &&
            w->requests[i].handle == handle)
            return true;
    return false;
}

/* It ended the object: by a good status that is clear, by another one if nobody else can have. */
static bool ended(const struct world *w, const struct request *r)
{
    if (r->operation != WORKS_CLOSE || !r->lived || lives(w, r))
        return false;
    return r->node.Status == WORKS_STATUS_OK ||
           (r->node.Status != WORKS_STATUS_INVALID && !another_ends_it(w, r->handle));
}

/* Something that was handed over for the object before is out. */
static bool left_of(const struct world *w, const struct request *r)
{
    for (const struct works_item *p = w->pieces; p < w->pieces + WORLD_PIECES; p++)
        if (p->out && p->handle == r->handle && p->serial < r->serial)
            return true;
    return false;
}

static void completed(void *host, struct works_node *node)
{
    struct world *w = at(host);
    struct request *r = (struct request *)(void *)node;
    ck_assert(r->asked);
    r->asked = false;
    if (r->operation == WORKS_OPEN && node->Status == WORKS_STATUS_OK) {
        w->handle = node->Object;
        w->opened++;
    }
    ck_assert(!ended(w, r) || !left_of(w, r));
}

static void wake(void *adapter)
{
    at(adapter)->wakes++;
}

void world_open(struct world *w)
{
    static const struct works_binding binding = {
        .add_tap = add_tap,
        .tune_tap = tune_tap,
        .remove_tap = remove_tap,
        .add_lane = add_lane,
        .tune_lane = tune_lane,
        .remove_lane = remove_lane,
    };
    static const struct works_completions completions = {completed, completed, completed};
    static const struct works_transfers transfers = {
        .take_tap_watch = take,
        .tap_watch = watched,
        .take_lane_write = take,
        .lane_write = written,
        .take_lane_barrier = take,
        .lane_barrier = passed,
        .take_lane_loan = take_loan,
        .take_lane_read = take,
        .lane_read = got,
    };
    struct flue_config config = {.capacity = {WORLD_PLACES, WORLD_PLACES},
                                 .ring_entries = 16,
                                 .running_requests = 4,
                                 .ticks_per_second = 1000,
                                 .transfers = &transfers,
                                 .host_handle = w,
                                 .wake = wake};
    memset(w, 0, sizeof *w);
    w->room = WORLD_PIECES;
    size_t bytes = works_memory_bytes(&config);
    w->memory = aligned_alloc(64, bytes);
    memset(w->memory, 0xa5, bytes);
    ck_assert_int_eq(
        works_init(&w->target, &config, &binding, &completions, NULL, w->memory, bytes), FLUE_OK);
}

void world_settle(struct world *w)
{
    unsigned polls = 0;
    while (flue_poll(&w->target.flue, 64) && polls < 10000)
        polls++;
    ck_assert_uint_lt(polls, 10000);
}

void world_close(struct world *w)
{
    const struct flue_stats *s = flue_target_stats(&w->target.flue);
    flue_remove(&w->target.flue);
    world_stop(w);
    flue_dma_stopped(&w->target.flue);
    world_settle(w);
    ck_assert(flue_target_quiet(&w->target.flue));
    ck_assert_uint_eq(world_out(w), 0);
    ck_assert_uint_eq(s->transfers, s->transfers_done + s->transfers_returned +
                                        s->transfers_refused + w->loans_back);
    free(w->memory);
}

struct request *world_ask(struct world *w, uint8_t operation, uint8_t kind, uint64_t handle)
{
    struct request *r = w->requests;
    while (r < w->requests + WORLD_REQUESTS && r->asked)
        r++;
    if (r == w->requests + WORLD_REQUESTS)
        return NULL;
    *r = (struct request){.operation = operation, .kind = kind, .handle = handle, .asked = true};
    r->serial = ++w->serial;
    r->lived = lives(w, r);
    r->node.Object = handle;
    r->node.Cookie = r;
    r->states[1] = (uint32_t)r->serial; /* another depth each time; behind the constant */
    r->states[2] = (uint32_t)r->serial;
    r->states[0] = operation == WORKS_TUNE ? (uint32_t)r->serial : (uint32_t)(r - w->requests);
    const uint32_t types[2][3] = {{3, 2, 2}, {13, 12, 12}};
    r->node.Kind = types[kind][operation];
    (operation == WORKS_OPEN   ? works_open
     : operation == WORKS_TUNE ? works_tune
                               : works_close)(w, &r->node);
    return r;
}

uint64_t world_made(struct world *w, uint8_t kind)
{
    world_ask(w, WORKS_OPEN, kind, 0);
    world_settle(w);
    world_answer_all(w, WORKS_RESULT_OK);
    world_settle(w);
    return w->handle;
}

static struct works_item *chained(struct world *w, struct works_item *chain, uint8_t transfer,
                                  uint64_t handle, uint32_t number)
{
    struct works_item *p = w->pieces;
    while (p->out)
        if (++p == w->pieces + WORLD_PIECES)
            return NULL;
    *p = (struct works_item){.next = chain, .status = 77, .number = number, .out = true};
    p->transfer = transfer;
    p->handle = handle;
    return p;
}

struct works_item *world_post(struct world *w, uint8_t transfer, const uint64_t *handle,
                              unsigned count)
{
    uint32_t number = transfer == WORKS_TRANSFER_LANE_BARRIER ? (uint32_t)++w->serial : 0;
    struct works_item *chain = NULL;
    for (unsigned i = 0; i < count; i++) {
        struct works_item *p = chained(w, chain, transfer, handle ? *handle : 0, number);
        if (!p)
            break;
        chain = p;
    }
    for (struct works_item *p = chain; p; p = p->next)
        p->serial = ++w->serial;
    if (chain)
        ck_assert(flue_transfer(&w->target.flue, transfer, handle, chain, number));
    return chain;
}

unsigned world_out(const struct world *w)
{
    unsigned out = 0;
    for (unsigned i = 0; i < WORLD_PIECES; i++)
        out += w->pieces[i].out;
    return out;
}
