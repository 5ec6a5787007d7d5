/* SPDX-License-Identifier: BSD-2-Clause */
/* world.c: the device of world.h, its orders and answers, the host's nodes, and who was reached. */
#include "world.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t leads_to[FWD_KINDS][WORLD_LINKS] = {
    [FWD_TABLE] = {FLUE_NO_BYTE, FLUE_NO_BYTE},
    [FWD_HOP] = {FWD_TABLE, FLUE_NO_BYTE},
    [FWD_FLOW] = {FWD_TABLE, FWD_HOP},
};

/* ---- The device ------------------------ */

static struct order *take(void *adapter, flue_cookie cookie, uint8_t kind, uint32_t place)
{
    struct world *w = adapter;
    ck_assert_uint_lt(w->order_count, WORLD_ANSWERS);
    struct order *o = &w->orders[w->order_count++];
    *o = (struct order){.cookie = cookie, .kind = kind, .place = place};
    if (w->order_count > w->most_orders)
        w->most_orders = w->order_count;
    return o;
}

/* The hardware is told of nothing that stands on what it does not have. */
static void must_have(const struct world *w, uint8_t kind, const uint32_t links[WORLD_LINKS])
{
    for (unsigned l = 0; l < WORLD_LINKS; l++)
        if (leads_to[kind][l] != FLUE_NO_BYTE && links[l] != FLUE_NONE)
            ck_assert_msg(w->entries[leads_to[kind][l]][links[l]].has,
                          "a %s is told of a %s that the hardware does not have",
                          fwd_kind_name(kind), fwd_kind_name(leads_to[kind][l]));
}

#define ORDERS(name, KIND, first, second, number)                                                \
    static enum flue_issued add_##name(void *adapter, flue_cookie cookie,                        \
                                       const struct fwd_add_##name##_args *args)                 \
    {                                                                                            \
        struct order *o = take(adapter, cookie, KIND, args->index);                              \
        o->adds = true;                                                                          \
        o->entry = (struct entry){.has = true, .links = {first, second}, .value = args->number}; \
        must_have(adapter, KIND, o->entry.links);                                                \
        return FLUE_ISSUED;                                                                      \
    }                                                                                            \
    static enum flue_issued write_##number(void *adapter, flue_cookie cookie,                    \
                                           const struct fwd_write_##number##_args *args)         \
    {                                                                                            \
        struct order *o = take(adapter, cookie, KIND, args->index);                              \
        o->writes_value = true;                                                                  \
        o->entry.value = args->number;                                                           \
        return FLUE_ISSUED;                                                                      \
    }                                                                                            \
    static enum flue_issued flush_##name(void *adapter, flue_cookie cookie,                      \
                                         const struct fwd_flush_##name##_args *args)             \
    {                                                                                            \
        take(adapter, cookie, KIND, args->index)->flushes = true;                                \
        return FLUE_ISSUED;                                                                      \
    }                                                                                            \
    static enum flue_issued block_##name(void *adapter, flue_cookie cookie,                      \
                                         const struct fwd_block_##name##_args *args)             \
    {                                                                                            \
        take(adapter, cookie, KIND, args->index)->blocks = true;                                 \
        return FLUE_ISSUED;                                                                      \
    }                                                                                            \
    static enum flue_issued unblock_##name(void *adapter, flue_cookie cookie,                    \
                                           const struct fwd_unblock_##name##_args *args)         \
    {                                                                                            \
        take(adapter, cookie, KIND, args->index)->unblocks = true;                               \
        return FLUE_ISSUED;                                                                      \
    }                                                                                            \
    static enum flue_issued remove_##name(void *adapter, flue_cookie cookie,                     \
                                          const struct fwd_remove_##name##_args *args)           \
    {                                                                                            \
        take(adapter, cookie, KIND, args->index)->removes = true;                                \
        return FLUE_ISSUED;                                                                      \
    }
ORDERS(table, FWD_TABLE, FLUE_NONE, FLUE_NONE, size)
ORDERS(hop, FWD_HOP, args->table, FLUE_NONE, mac)
ORDERS(flow, FWD_FLOW, args->table, args->hop, priority)

static enum flue_issued move(struct world *w, flue_cookie cookie, uint8_t kind, uint32_t place,
                             unsigned link, uint32_t to)
{
    struct order *o = take(w, cookie, kind, place);
    uint32_t links[WORLD_LINKS] = {FLUE_NONE, FLUE_NONE};
    o->writes[link] = true;
    o->entry.links[link] = links[link] = to;
    must_have(w, kind, links);
    return FLUE_ISSUED;
}

static enum flue_issued move_hop(void *adapter, flue_cookie cookie,
                                 const struct fwd_move_hop_args *args)
{
    return move(adapter, cookie, FWD_HOP, args->index, 0, args->table);
}

static enum flue_issued move_flow(void *adapter, flue_cookie cookie,
                                  const struct fwd_move_flow_args *args)
{
    return move(adapter, cookie, FWD_FLOW, args->index, 1, args->hop);
}

static const struct fwd_binding binding = {
    .add_table = add_table,
    .write_size = write_size,
    .flush_table = flush_table,
    .block_table = block_table,
    .unblock_table = unblock_table,
    .remove_table = remove_table,
    .add_hop = add_hop,
    .write_mac = write_mac,
    .move_hop = move_hop,
    .flush_hop = flush_hop,
    .block_hop = block_hop,
    .unblock_hop = unblock_hop,
    .remove_hop = remove_hop,
    .add_flow = add_flow,
    .write_priority = write_priority,
    .move_flow = move_flow,
    .flush_flow = flush_flow,
    .block_flow = block_flow,
    .unblock_flow = unblock_flow,
    .remove_flow = remove_flow,
};

/* Nobody stands on what is taken away. */
static void must_be_free(const struct world *w, uint8_t kind, uint32_t place)
{
    for (uint8_t k = 0; k < FWD_KINDS; k++)
        for (uint32_t p = 0; p < w->places; p++)
            for (unsigned l = 0; l < WORLD_LINKS; l++)
                ck_assert_msg(!w->entries[k][p].has || leads_to[k][l] != kind ||
                                  w->entries[k][p].links[l] != place,
                              "a %s is removed on which a %s stands", fwd_kind_name(kind),
                              fwd_kind_name(k));
}

static void carry_out(struct world *w, const struct order *o)
{
    struct entry *e = &w->entries[o->kind][o->place];
    if (o->adds)
        *e = o->entry;
    if (o->removes) {
        if (e->has)
            must_be_free(w, o->kind, o->place);
        e->has = false;
    }
    e->flushed += o->flushes;
    e->blocked += o->blocks;
    e->unblocked += o->unblocks;
    for (unsigned l = 0; l < WORLD_LINKS; l++)
        if (o->writes[l])
            e->links[l] = o->entry.links[l];
    if (o->writes_value)
        e->value = o->entry.value;
}

void world_answer(struct world *w, unsigned order, enum fwd_result result, bool done)
{
    struct order o = w->orders[order];
    w->orders[order] = w->orders[--w->order_count];
    if (done)
        carry_out(w, &o);
    ck_assert(fwd_done(&w->target, o.cookie, result));
}

void world_settle_by(struct world *w, uint32_t budget)
{
    for (unsigned idle = 0; idle < 3;) {
        bool more = flue_poll(&w->target.flue, budget);
        idle = more || w->order_count ? 0 : idle + 1;
        while (w->order_count)
            world_answer(w, 0, FWD_RESULT_OK, true);
    }
}

void world_settle(struct world *w)
{
    world_settle_by(w, 64);
}

void world_reset(struct world *w)
{
    flue_reset_begin(&w->target.flue);
    flue_poll(&w->target.flue, 4096);
    memset(w->entries, 0, sizeof w->entries);
    w->order_count = 0;
    flue_reset_end(&w->target.flue);
}

uint8_t world_kind(uint64_t handle)
{
    return (uint8_t)(handle >> 32 & 15);
}

/* ---- Who was reached ------------------------ */

bool world_stands_on(const struct world *w, const struct flue_object *o,
                     const struct flue_object *base)
{
    const struct flue_target *t = &w->target.flue;
    for (unsigned l = 0; l < t->spec->kinds[o->kind].link_count; l++) {
        const uint32_t ends[] = {flue_links(o)[l].to, flue_links(o)[l].next};
        for (unsigned e = 0; e < 2; e++) {
            if (ends[e] == FLUE_NONE || ends[e] == FLUE_LINK_NONE)
                continue;
            const struct flue_object *on = flue_object_at(t, leads_to[o->kind][l], ends[e]);
            if (on == base || world_stands_on(w, on, base))
                return true;
        }
    }
    return false;
}

static bool reaches(uint8_t operation)
{
    return operation == FWD_FLUSH || operation == FWD_PURGE || operation == FWD_BLOCK ||
           operation == FWD_UNBLOCK || operation == FWD_DRAIN;
}

static struct record *record_of(struct world *w, uint32_t request)
{
    struct record *r = w->records;
    while (r->request != request)
        ck_assert(++r < w->records + 16);
    return r;
}

/* As the request gets its status all that stands on its object was reached. */
static void compare(struct world *w, const struct record *r, bool good)
{
    const struct flue_target *t = &w->target.flue;
    bool tried = !w->wrong && (r->operation != FWD_BLOCK || good);
    if (!tried)
        ck_assert_uint_eq(r->count, 0);
    const struct flue_object *base = world_object(w, r->named);
    bool drained = r->operation == FWD_DRAIN && good && !r->failed;
    if (drained)
        ck_assert_msg(base && t->spec->kinds[base->kind].states[base->state].host_has,
                      "what is to stay has gone");
    if (!tried || !base || world_kind(r->named) == FWD_FLOW)
        return;
    for (uint8_t k = FWD_HOP; k < FWD_KINDS; k++)
        for (uint32_t p = 0; p < w->places; p++) {
            const struct flue_object *o = flue_object_at(t, k, p);
            if (!t->spec->kinds[k].states[o->state].host_has || !world_stands_on(w, o, base))
                continue;
            ck_assert_msg(r->reached[k][p], "a %s was not reached", fwd_kind_name(k));
            ck_assert_msg(!drained || k != FWD_FLOW, "a flow stays, and is not counted as failed");
        }
    w->compared++;
}

static void seen(void *context, const struct flue_trace *step)
{
    struct world *w = context;
    if (step->what == FLUE_TRACE_REQUEST) {
        *record_of(w, 0) = (struct record){
            .request = step->request,
            .root = step->node,
            .operation = step->operation,
            .named = ((const struct fwd_node *)step->node)->handle,
        };
        return;
    }
    if (!reaches(step->operation) || step->index == FLUE_NONE ||
        (step->what != FLUE_TRACE_STATUS && step->what != FLUE_TRACE_NODE))
        return;
    struct record *r = record_of(w, step->request);
    if (step->node == r->root) {
        if (step->what == FLUE_TRACE_STATUS)
            compare(w, r, w->target.flue.spec->statuses[step->status].good);
        return;
    }
    const struct flue_object *o = flue_object_at(&w->target.flue, step->kind, step->index);
    if (step->what == FLUE_TRACE_NODE) {
        ck_assert_msg(world_stands_on(w, o, world_object(w, r->named)),
                      "a %s is reached that does not stand there", fwd_kind_name(step->kind));
        return;
    }
    ck_assert_msg(!r->reached[step->kind][step->index], "a %s is reached twice",
                  fwd_kind_name(step->kind));
    r->reached[step->kind][step->index] = true;
    r->count++;
    r->failed += !w->target.flue.spec->statuses[step->status].good;
}

/* ---- The host ------------------------ */

static void completed(void *host_handle, struct fwd_node *root)
{
    struct world *w = host_handle;
    struct record *r = w->records;
    while (r->root != root)
        ck_assert(++r < w->records + 16);
    if (reaches(r->operation)) {
        ck_assert_uint_eq(root->reached, r->count);
        ck_assert_uint_eq(root->failed, r->failed);
    }
    *r = (struct record){.request = 0};
    w->completions++;
    for (; root; root = root->dependents) {
        struct item *item = root->cookie;
        ck_assert(item->asked);
        item->asked = false;
        item->completed++;
    }
}

static void wake(void *adapter)
{
    (void)adapter;
}

static const struct fwd_completions completions = {completed, completed, completed, completed,
                                                   completed, completed, completed, completed};

void world_open(struct world *w, uint32_t places)
{
    *w = (struct world){.places = places};
    struct flue_config config = {.ring_entries = 48,
                                 .running_requests = 16,
                                 .ticks_per_second = 1000,
                                 .host_handle = w,
                                 .trace = seen,
                                 .trace_context = w,
                                 .wake = wake};
    for (unsigned k = 0; k < FWD_KINDS; k++)
        config.capacity[k] = places;
    size_t bytes = (fwd_memory_bytes(&config) + 63) / 64 * 64;
    w->memory = aligned_alloc(64, bytes);
    ck_assert_int_eq(fwd_init(&w->target, &config, &binding, &completions, NULL, w->memory, bytes),
                     FLUE_OK);
}

void world_close(struct world *w)
{
    free(w->memory);
}

static const uint16_t types[FWD_KINDS] = {[FWD_TABLE] = 16, [FWD_HOP] = 32, [FWD_FLOW] = 48};

static struct item *item(struct world *w, uint8_t kind, uint64_t handle, bool new)
{
    struct item *i = w->items;
    while (i->asked)
        if (++i == w->items + WORLD_ITEMS)
            ck_abort_msg("more requests at a time than there are nodes");
    memset(i, 0, sizeof *i);
    i->asked = true;
    i->root = i;
    i->node.handle = handle;
    i->node.cookie = i;
    i->node.kind = (uint16_t)(types[kind] + (new ? 2 : 1));
    return i;
}

static void submit(struct world *w, struct item *root, uint8_t operation)
{
    void (*const calls[])(void *, struct fwd_node *) = {
        [FWD_CREATE] = fwd_create,   [FWD_MODIFY] = fwd_modify, [FWD_FLUSH] = fwd_flush,
        [FWD_PURGE] = fwd_purge,     [FWD_BLOCK] = fwd_block,   [FWD_UNBLOCK] = fwd_unblock,
        [FWD_DESTROY] = fwd_destroy, [FWD_DRAIN] = fwd_drain,
    };
    calls[operation](w, &root->node);
}

/* The cached structure: of a table a number, of others a handle before it. */
static void bring(void *at, uint8_t kind, uint64_t link, uint32_t value)
{
    const struct fwd_flow_cached linked = {link, value};
    if (kind == FWD_TABLE)
        memcpy(at, &value, sizeof value);
    else
        memcpy(at, &linked, sizeof linked);
}

struct item *world_ask(struct world *w, uint8_t operation, uint64_t handle)
{
    struct item *i = item(w, world_kind(handle), handle, false);
    submit(w, i, operation);
    return i;
}

struct item *world_modify(struct world *w, uint64_t handle, uint64_t link, uint32_t value)
{
    uint8_t kind = world_kind(handle);
    struct item *i = item(w, kind, handle, false);
    bring(i->state, kind, link, value);
    submit(w, i, FWD_MODIFY);
    return i;
}

struct item *world_create(struct world *w, uint8_t kind, uint64_t table, uint64_t hop)
{
    struct item *i = item(w, kind, 0, true);
    bring(&i->state[1], kind, kind == FWD_HOP ? table : hop, 7);
    if (kind == FWD_FLOW) {
        i->root = item(w, FWD_TABLE, table, false);
        i->root->node.dependents = &i->node;
    }
    submit(w, i->root, FWD_CREATE);
    return i;
}

uint64_t world_made(struct world *w, uint8_t kind, uint64_t table, uint64_t hop)
{
    struct item *i = world_create(w, kind, table, hop);
    world_settle(w);
    ck_assert_int_eq(i->node.status, FWD_STATUS_SUCCESS);
    ck_assert_uint_eq(i->root->completed, 1);
    return i->node.handle;
}

/* ---- What must be so ------------------------ */

struct entry *world_entry(struct world *w, uint64_t handle)
{
    return &w->entries[world_kind(handle)][(uint32_t)handle];
}

struct flue_object *world_object(const struct world *w, uint64_t handle)
{
    struct flue_object *o = flue_object_at(&w->target.flue, world_kind(handle), (uint32_t)handle);
    return o->tag == handle >> 32 ? o : NULL;
}

bool world_has_order(const struct world *w, uint64_t handle)
{
    for (unsigned i = 0; i < w->order_count; i++)
        if (w->orders[i].kind == world_kind(handle) && w->orders[i].place == (uint32_t)handle)
            return true;
    return false;
}

unsigned world_order_of(const struct world *w, uint64_t handle)
{
    unsigned i = 0;
    while (w->orders[i].kind != world_kind(handle) || w->orders[i].place != (uint32_t)handle)
        ck_assert_uint_lt(++i, w->order_count);
    return i;
}

void world_check(struct world *w)
{
    uint32_t counted[FWD_KINDS][WORLD_PLACES] = {{0}};
    const struct flue_target *t = &w->target.flue;
    for (uint8_t k = 0; k < FWD_KINDS; k++)
        for (uint32_t p = 0; p < w->places; p++) {
            const struct flue_object *o = flue_object_at(t, k, p);
            for (unsigned l = 0; l < t->spec->kinds[k].link_count; l++) {
                const struct flue_link link = flue_links(o)[l];
                if (link.to != FLUE_NONE)
                    counted[leads_to[k][l]][link.to]++;
                if (link.next != FLUE_NONE && link.next != FLUE_LINK_NONE)
                    counted[leads_to[k][l]][link.next]++;
            }
        }
    for (uint8_t k = 0; k < FWD_KINDS; k++)
        for (uint32_t p = 0; p < w->places; p++)
            if (flue_object_at(t, k, p)->dependents != counted[k][p])
                ck_abort_msg("a %s counts other dependents than it has", fwd_kind_name(k));
    if (!t->oldest)
        ck_assert(!t->reaching && !t->held_objects && !t->reach_line && !t->held_back.first);
}
