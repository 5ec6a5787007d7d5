/* SPDX-License-Identifier: BSD-2-Clause */
/* world.c: the device of world.h, its orders and answers, and the nodes that the host asks with. */
#include "world.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* ---- The device ------------------------ */

static struct order *take(void *adapter, flue_cookie cookie, uint8_t kind, uint32_t place)
{
    struct world *w = adapter;
    ck_assert_uint_lt(w->order_count, WORLD_ORDERS);
    struct order *o = &w->orders[w->order_count++];
    *o = (struct order){.cookie = cookie, .kind = kind, .place = place};
    w->orders_taken++;
    return o;
}

/* The hardware is told of nothing that stands on what it does not have. */
static void must_have(const struct world *w, uint8_t kind, uint32_t link)
{
    if (link != FLUE_NONE)
        ck_assert_msg(w->entries[kind - 1][link].has, "a %s stands on what the hardware lacks",
                      fleet_kind_name(kind));
}

static enum flue_issued add(void *adapter, flue_cookie cookie, uint8_t kind, uint32_t place,
                            struct entry entry)
{
    struct order *o = take(adapter, cookie, kind, place);
    o->adds = true;
    o->entry = entry;
    must_have(adapter, kind, entry.link);
    return FLUE_ISSUED;
}

#define ADD(name, KIND, link, first, second)                                             \
    static enum flue_issued add_##name(void *adapter, flue_cookie cookie,                \
                                       const struct fleet_add_##name##_args *args)       \
    {                                                                                    \
        const struct entry entry = {true, link, {first, second}};                        \
        return add(adapter, cookie, KIND, args->index, entry);                           \
    }                                                                                    \
    static enum flue_issued remove_##name(void *adapter, flue_cookie cookie,             \
                                          const struct fleet_remove_##name##_args *args) \
    {                                                                                    \
        take(adapter, cookie, KIND, args->index)->removes = true;                        \
        return FLUE_ISSUED;                                                              \
    }
ADD(port, FLEET_PORT, FLUE_NONE, args->mtu, 0)
ADD(sa, FLEET_SA, args->port, args->key, args->window)
ADD(policy, FLEET_POLICY, args->sa, args->priority, 0)

#define WRITE(KIND, name, number)                                                      \
    static enum flue_issued write_##name(void *adapter, flue_cookie cookie,            \
                                         const struct fleet_write_##name##_args *args) \
    {                                                                                  \
        struct order *o = take(adapter, cookie, KIND, args->index);                    \
        o->writes[number] = true;                                                      \
        o->entry.values[number] = args->name;                                          \
        return FLUE_ISSUED;                                                            \
    }
WRITE(FLEET_PORT, mtu, 0)
WRITE(FLEET_SA, key, 0)
WRITE(FLEET_SA, window, 1)
WRITE(FLEET_POLICY, priority, 0)

static enum flue_issued move_policy(void *adapter, flue_cookie cookie,
                                    const struct fleet_move_policy_args *args)
{
    struct order *o = take(adapter, cookie, FLEET_POLICY, args->index);
    o->moves = true;
    o->entry.link = args->sa;
    must_have(adapter, FLEET_POLICY, args->sa);
    return FLUE_ISSUED;
}

static const struct fleet_binding binding = {
    .add_port = add_port,
    .write_mtu = write_mtu,
    .remove_port = remove_port,
    .add_sa = add_sa,
    .write_key = write_key,
    .write_window = write_window,
    .remove_sa = remove_sa,
    .add_policy = add_policy,
    .move_policy = move_policy,
    .write_priority = write_priority,
    .remove_policy = remove_policy,
};

/* Nobody stands on what is taken away. */
static void must_be_free(const struct world *w, uint8_t kind, uint32_t place)
{
    for (uint32_t p = 0; kind + 1u < FLEET_KINDS && p < WORLD_PLACES; p++)
        ck_assert_msg(!w->entries[kind + 1][p].has || w->entries[kind + 1][p].link != place,
                      "a %s is removed on which another stands", fleet_kind_name(kind));
}

static void carry_out(struct world *w, const struct order *o)
{
    struct entry *e = &w->entries[o->kind][o->place];
    if (o->adds)
        *e = o->entry;
    if (o->removes && e->has)
        must_be_free(w, o->kind, o->place);
    if (o->removes)
        e->has = false;
    if (o->moves)
        e->link = o->entry.link;
    for (unsigned v = 0; v < 2; v++)
        if (o->writes[v])
            e->values[v] = o->entry.values[v];
}

void world_answer(struct world *w, unsigned order, enum fleet_result result, bool done)
{
    struct order o = w->orders[order];
    w->orders[order] = w->orders[--w->order_count];
    if (done)
        carry_out(w, &o);
    ck_assert(fleet_done(&w->target, o.cookie, result));
}

void world_poll(struct world *w)
{
    while (flue_poll(&w->target.flue, 64))
        ;
}

void world_settle(struct world *w)
{
    for (unsigned n = 0; n < 1000; n++) {
        while (w->order_count)
            world_answer(w, 0, FLEET_RESULT_OK, true);
        flue_poll(&w->target.flue, 64);
    }
    ck_assert_uint_eq(w->order_count, 0);
}

void world_reset(struct world *w)
{
    flue_reset_begin(&w->target.flue);
    flue_dma_stopped(&w->target.flue);
    world_poll(w);
    memset(w->entries, 0, sizeof w->entries);
    w->order_count = 0;
    flue_reset_end(&w->target.flue);
}

/* ---- The host ------------------------ */

struct thing *world_next(const struct thing *root, const struct thing *t)
{
    const struct fleet_node *n = &t->node;
    if (n->dependents)
        return n->dependents->cookie;
    if (n->next)
        return n->next->cookie;
    /* Trees of the tests have no more than three layers: who is above is found from the root. */
    for (const struct fleet_node *a = &root->node; a; a = a->next)
        for (const struct fleet_node *b = a->dependents; b; b = b->next) {
            const struct fleet_node *c = b->dependents;
            while (c && c != n)
                c = c->next;
            if (c && b->next)
                return b->next->cookie;
            if ((c || b == n) && a->next)
                return a->next->cookie;
        }
    return NULL;
}

static void completed(struct world *w, struct fleet_node *root, uint8_t operation)
{
    w->completions++;
    if (w->completed)
        w->completed(w, root->cookie, operation);
    for (struct thing *t = root->cookie; t; t = world_next(root->cookie, t)) {
        t->asked = false;
        if (t->node.status == FLEET_STATUS_SUCCESS)
            t->known = t->wanted;
        if (t->node.status == FLEET_STATUS_SUCCESS && operation == FLEET_DESTROY)
            t->node.handle = 0;
    }
}

#define COMPLETED(name, OPERATION)                               \
    static void name(void *host_handle, struct fleet_node *root) \
    {                                                            \
        completed(host_handle, root, OPERATION);                 \
    }
COMPLETED(installed, FLEET_INSTALL)
COMPLETED(rekeyed, FLEET_REKEY)
COMPLETED(modified, FLEET_MODIFY)
COMPLETED(destroyed, FLEET_DESTROY)

static void wake(void *adapter)
{
    (void)adapter;
}

static const struct fleet_completions completions = {installed, rekeyed, modified, destroyed};

void world_open(struct world *w, uint32_t capacity)
{
    *w = (struct world){.memory = NULL};
    struct flue_config config = {.ring_entries = 32,
                                 .running_requests = 8,
                                 .quarantine_limit = 20,
                                 .ticks_per_second = 1000,
                                 .host_handle = w,
                                 .wake = wake};
    for (unsigned k = 0; k < FLEET_KINDS; k++)
        config.capacity[k] = capacity;
    size_t bytes = (fleet_memory_bytes(&config) + 63) / 64 * 64;
    w->memory = aligned_alloc(64, bytes);
    ck_assert_int_eq(
        fleet_init(&w->target, &config, &binding, &completions, NULL, w->memory, bytes), FLUE_OK);
    if (getenv("FLUE_SLOW_PATH"))
        memset(w->target.flue.fast_paths, 0, sizeof w->target.flue.fast_paths);
}

void world_close(struct world *w)
{
    free(w->memory);
}

static uint32_t place_of(const struct thing *t)
{
    return t ? (uint32_t)t->node.handle : FLUE_NONE;
}

void world_put(struct thing *t, const struct thing *on, uint32_t first, uint32_t second, bool new)
{
    static const uint16_t types[FLEET_KINDS] = {16, 32, 48};
    unsigned char *at = (unsigned char *)t->state;
    memset(t->state, 0, sizeof t->state);
    t->node.next = t->node.dependents = NULL;
    t->node.cookie = t;
    t->node.kind = (uint16_t)(types[t->kind] + (new ? 2 : 1));
    at += new ? 8 : 0;
    t->wanted = (struct entry){true, new ? FLUE_NONE : t->known.link, {first, second}};
    if (t->kind == FLEET_POLICY) {
        const struct fleet_policy_cached cached = {on ? on->node.handle : 0, first};
        t->wanted.link = place_of(on);
        t->wanted.values[1] = 0;
        memcpy(at, &cached, sizeof cached);
    } else if (t->kind == FLEET_SA) {
        const struct fleet_sa_cached cached = {first, second};
        memcpy(at, &cached, sizeof cached);
    } else {
        const struct fleet_port_cached cached = {first};
        t->wanted.values[1] = 0;
        memcpy(at, &cached, sizeof cached);
    }
}

void world_chain(struct thing *root, struct thing *t)
{
    struct fleet_node *n = &root->node;
    while (n->next)
        n = n->next;
    n->next = &t->node;
}

void world_hang(struct thing *above, struct thing *t)
{
    if (above->node.dependents)
        world_chain(above->node.dependents->cookie, t);
    else
        above->node.dependents = &t->node;
}

void world_submit(struct world *w, struct thing *root, uint8_t operation)
{
    void (*const calls[])(void *, struct fleet_node *) = {
        [FLEET_INSTALL] = fleet_install,
        [FLEET_REKEY] = fleet_rekey,
        [FLEET_MODIFY] = fleet_modify,
        [FLEET_DESTROY] = fleet_destroy,
    };
    for (struct thing *t = root; t; t = world_next(root, t))
        t->asked = true;
    calls[operation](w, &root->node);
}

/* ---- What must be so ------------------------ */

const char *world_state(const struct world *w, const struct thing *t)
{
    const struct flue_object *o =
        flue_object_at(&w->target.flue, t->kind, (uint32_t)t->node.handle);
    return fleet_state_name(t->kind, o->state);
}

struct entry *world_entry(struct world *w, const struct thing *t)
{
    return &w->entries[t->kind][(uint32_t)t->node.handle];
}

bool world_same(struct world *w, const struct thing *t)
{
    const struct entry *e = world_entry(w, t);
    bool link = t->kind != FLEET_POLICY || e->link == t->known.link;
    return e->has && link && memcmp(e->values, t->known.values, sizeof e->values) == 0;
}
