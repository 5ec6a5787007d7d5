/* SPDX-License-Identifier: BSD-2-Clause */
/* world.c: the device of world.h, its orders and answers, and the nodes that the host asks with. */
#include "world.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t leads_to[VPN_KINDS][WORLD_LINKS] = {
    [VPN_PORT] = {FLUE_NO_BYTE, FLUE_NO_BYTE},
    [VPN_KEY] = {FLUE_NO_BYTE, FLUE_NO_BYTE},
    [VPN_SA] = {VPN_PORT, VPN_KEY},
    [VPN_POLICY] = {VPN_SA, VPN_SA},
};

/* ---- The device ------------------------ */

static struct order *take(void *adapter, flue_cookie cookie, uint8_t kind, uint32_t place)
{
    struct world *w = adapter;
    ck_assert_uint_lt(w->order_count, WORLD_ANSWERS);
    struct order *o = &w->orders[w->order_count++];
    *o = (struct order){.cookie = cookie, .kind = kind, .place = place};
    w->orders_taken++;
    return o;
}

/* The hardware is told of nothing that stands on what it does not have. */
static void must_have(const struct world *w, uint8_t kind, const uint32_t links[WORLD_LINKS])
{
    for (unsigned l = 0; l < WORLD_LINKS; l++)
        if (leads_to[kind][l] != FLUE_NO_BYTE && links[l] != FLUE_NONE)
            ck_assert_msg(w->entries[leads_to[kind][l]][links[l]].has,
                          "a %s is told of a %s that the hardware does not have",
                          vpn_kind_name(kind), vpn_kind_name(leads_to[kind][l]));
}

static enum flue_issued add(void *adapter, flue_cookie cookie, uint8_t kind, uint32_t place,
                            const struct entry *entry)
{
    struct order *o = take(adapter, cookie, kind, place);
    o->adds = true;
    o->entry = *entry;
    must_have(adapter, kind, entry->links);
    return FLUE_ISSUED;
}

#define ADD(name, KIND, first, second, number)                                   \
    static enum flue_issued add_##name(void *adapter, flue_cookie cookie,        \
                                       const struct vpn_add_##name##_args *args) \
    {                                                                            \
        const struct entry entry = {true, {first, second}, args->number};        \
        return add(adapter, cookie, KIND, args->index, &entry);                  \
    }
ADD(port, VPN_PORT, FLUE_NONE, FLUE_NONE, mtu)
ADD(key, VPN_KEY, FLUE_NONE, FLUE_NONE, use)
ADD(sa, VPN_SA, args->port, args->key, window)
ADD(policy, VPN_POLICY, args->in_sa, args->out_sa, priority)

#define WRITE(name, KIND, number)                                                        \
    static enum flue_issued write_##number(void *adapter, flue_cookie cookie,            \
                                           const struct vpn_write_##number##_args *args) \
    {                                                                                    \
        struct order *o = take(adapter, cookie, KIND, args->index);                      \
        o->writes_value = true;                                                          \
        o->entry.value = args->number;                                                   \
        return FLUE_ISSUED;                                                              \
    }
WRITE(port, VPN_PORT, mtu)
WRITE(key, VPN_KEY, use)
WRITE(sa, VPN_SA, window)
WRITE(policy, VPN_POLICY, priority)

static enum flue_issued move(struct world *w, flue_cookie cookie, uint32_t place, unsigned link,
                             uint32_t to)
{
    struct order *o = take(w, cookie, VPN_POLICY, place);
    uint32_t links[WORLD_LINKS] = {FLUE_NONE, FLUE_NONE};
    o->writes[link] = true;
    o->entry.links[link] = links[link] = to;
    must_have(w, VPN_POLICY, links);
    return FLUE_ISSUED;
}

static enum flue_issued move_in(void *adapter, flue_cookie cookie,
                                const struct vpn_move_in_args *args)
{
    return move(adapter, cookie, args->index, 0, args->in_sa);
}

static enum flue_issued move_out(void *adapter, flue_cookie cookie,
                                 const struct vpn_move_out_args *args)
{
    return move(adapter, cookie, args->index, 1, args->out_sa);
}

#define REST(name, KIND)                                                               \
    static enum flue_issued block_##name(void *adapter, flue_cookie cookie,            \
                                         const struct vpn_block_##name##_args *args)   \
    {                                                                                  \
        take(adapter, cookie, KIND, args->index);                                      \
        return FLUE_ISSUED;                                                            \
    }                                                                                  \
    static enum flue_issued remove_##name(void *adapter, flue_cookie cookie,           \
                                          const struct vpn_remove_##name##_args *args) \
    {                                                                                  \
        take(adapter, cookie, KIND, args->index)->removes = true;                      \
        return FLUE_ISSUED;                                                            \
    }
REST(port, VPN_PORT)
REST(key, VPN_KEY)
REST(sa, VPN_SA)
REST(policy, VPN_POLICY)

static const struct vpn_binding binding = {
    .add_port = add_port,
    .write_mtu = write_mtu,
    .block_port = block_port,
    .remove_port = remove_port,
    .add_key = add_key,
    .write_use = write_use,
    .block_key = block_key,
    .remove_key = remove_key,
    .add_sa = add_sa,
    .write_window = write_window,
    .block_sa = block_sa,
    .remove_sa = remove_sa,
    .add_policy = add_policy,
    .move_in = move_in,
    .move_out = move_out,
    .write_priority = write_priority,
    .block_policy = block_policy,
    .remove_policy = remove_policy,
};

/* Nobody stands on what is taken away. */
static void must_be_free(const struct world *w, uint8_t kind, uint32_t place)
{
    for (uint8_t k = 0; k < VPN_KINDS; k++)
        for (uint32_t p = 0; p < WORLD_PLACES; p++)
            for (unsigned l = 0; l < WORLD_LINKS; l++)
                ck_assert_msg(!w->entries[k][p].has || leads_to[k][l] != kind ||
                                  w->entries[k][p].links[l] != place,
                              "a %s is removed on which a %s stands", vpn_kind_name(kind),
                              vpn_kind_name(k));
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
    for (unsigned l = 0; l < WORLD_LINKS; l++)
        if (o->writes[l])
            e->links[l] = o->entry.links[l];
    if (o->writes_value)
        e->value = o->entry.value;
}

void world_answer(struct world *w, unsigned order, enum vpn_result result, bool done)
{
    struct order o = w->orders[order];
    w->orders[order] = w->orders[--w->order_count];
    if (done)
        carry_out(w, &o);
    ck_assert(vpn_done(&w->target, o.cookie, result));
}

void world_settle(struct world *w)
{
    for (unsigned n = 0; n < 1000; n++) {
        while (w->order_count)
            world_answer(w, 0, VPN_RESULT_OK, true);
        flue_poll(&w->target.flue, 64);
    }
    ck_assert_uint_eq(w->order_count, 0);
}

void world_reset(struct world *w)
{
    flue_reset_begin(&w->target.flue);
    flue_poll(&w->target.flue, 256);
    memset(w->entries, 0, sizeof w->entries);
    w->order_count = 0;
    flue_reset_end(&w->target.flue);
}

/* ---- The host ------------------------ */

static void completed(void *host_handle, struct vpn_node *root)
{
    struct world *w = host_handle;
    w->completions++;
    for (; root; root = root->dependents)
        ((struct thing *)root->cookie)->asked = false;
}

static void event(void *object_handle, uint32_t code)
{
    ck_assert_uint_lt(code, WORLD_CODES);
    ((struct thing *)object_handle)->told[code]++;
}

static void wake(void *adapter)
{
    (void)adapter;
}

static const struct vpn_completions completions = {completed, completed, completed,
                                                   completed, completed, completed};
static const struct vpn_indications indications = {event};

void world_open(struct world *w)
{
    *w = (struct world){.memory = NULL};
    struct flue_config config = {.ring_entries = 32,
                                 .running_requests = 8,
                                 .ticks_per_second = 1000,
                                 .host_handle = w,
                                 .wake = wake};
    for (unsigned k = 0; k < VPN_KINDS; k++)
        config.capacity[k] = WORLD_PLACES;
    size_t bytes = (vpn_memory_bytes(&config) + 63) / 64 * 64;
    w->memory = aligned_alloc(64, bytes);
    ck_assert_int_eq(
        vpn_init(&w->target, &config, &binding, &completions, &indications, w->memory, bytes),
        FLUE_OK);
    if (getenv("FLUE_SLOW_PATH"))
        memset(w->target.flue.fast_paths, 0, sizeof w->target.flue.fast_paths);
}

void world_close(struct world *w)
{
    free(w->memory);
}

/* The structures of a new thing, const first; those of one that is there are the cached ones. */
static void bring(struct thing *t, const struct brought *b, bool new)
{
    memset(t->state, 0, sizeof t->state);
    unsigned char *at = (unsigned char *)t->state;
    if (new && t->kind == VPN_SA) {
        const struct vpn_sa_const constant = {.key_handle = b->links[1]};
        memcpy(at, &constant, sizeof constant);
    }
    at += !new ? 0 : t->kind == VPN_SA ? sizeof(struct vpn_sa_const) : 8;
    if (t->kind == VPN_POLICY) {
        const struct vpn_policy_cached cached = {b->links[0], b->links[1], b->value};
        memcpy(at, &cached, sizeof cached);
    } else {
        memcpy(at, &b->value, sizeof b->value);
    }
}

static const uint16_t types[VPN_KINDS] = {
    [VPN_PORT] = 16, [VPN_KEY] = 32, [VPN_SA] = 48, [VPN_POLICY] = 64};

struct vpn_node *world_ask(struct thing *t, struct thing *above, const struct brought *brought,
                           uint8_t operation)
{
    bool new = operation == VPN_CREATE;
    const struct brought nothing = {.value = 0};
    t->node.next = t->node.dependents = NULL;
    t->node.cookie = t;
    t->node.kind = (uint16_t)(types[t->kind] + (new ? 2 : 1));
    t->asked = true;
    bring(t, brought ? brought : &nothing, new);
    if (!above)
        return &t->node;
    above->node.next = NULL;
    above->node.dependents = &t->node;
    above->node.cookie = above;
    above->node.kind = (uint16_t)(types[above->kind] + 1);
    above->asked = true;
    return &above->node;
}

void world_submit(struct world *w, struct vpn_node *root, uint8_t operation)
{
    void (*const calls[])(void *, struct vpn_node *) = {
        [VPN_CREATE] = vpn_create, [VPN_MODIFY] = vpn_modify,   [VPN_WITHDRAW] = vpn_withdraw,
        [VPN_REPAIR] = vpn_repair, [VPN_INSPECT] = vpn_inspect, [VPN_DESTROY] = vpn_destroy,
    };
    calls[operation](w, root);
}

/* ---- What must be so ------------------------ */

struct flue_object *world_object(const struct world *w, const struct thing *t)
{
    return flue_object_at(&w->target.flue, t->kind, (uint32_t)t->node.handle);
}

void world_check(struct world *w)
{
    uint32_t counted[VPN_KINDS][WORLD_PLACES] = {{0}};
    const struct flue_target *t = &w->target.flue;
    for (uint8_t k = 0; k < VPN_KINDS; k++)
        for (uint32_t p = 0; p < WORLD_PLACES; p++) {
            const struct flue_object *o = flue_object_at(t, k, p);
            for (unsigned l = 0; l < t->spec->kinds[k].link_count; l++) {
                const struct flue_link link = flue_links(o)[l];
                if (link.to != FLUE_NONE)
                    counted[leads_to[k][l]][link.to]++;
                if (link.next != FLUE_NONE && link.next != FLUE_LINK_NONE)
                    counted[leads_to[k][l]][link.next]++;
            }
        }
    for (uint8_t k = 0; k < VPN_KINDS; k++)
        for (uint32_t p = 0; p < WORLD_PLACES; p++)
            ck_assert_uint_eq(flue_object_at(t, k, p)->dependents, counted[k][p]);
}

void world_agrees(struct world *w, const struct thing *t)
{
    const struct flue_object *o = world_object(w, t);
    const struct entry *e = &w->entries[t->kind][(uint32_t)t->node.handle];
    ck_assert(e->has);
    for (unsigned l = 0; l < w->target.flue.spec->kinds[t->kind].link_count; l++)
        ck_assert_uint_eq(e->links[l], flue_links(o)[l].to);
}
