/* SPDX-License-Identifier: BSD-2-Clause */
#include "hand.h"

enum hand_kind { HAND_NEIGHBOR, HAND_PATH, HAND_TCP };
enum hand_state { HAND_FREE, HAND_OFFLOADED, HAND_UPDATING, HAND_QUERYING, HAND_TERMINATING };
enum { HAND_WRITE_TIMERS = 1, HAND_WRITE_BUFFERS, HAND_WRITE_HEADER };
enum { HAND_BURST = 256 }; /* answers are taken before more than this are under way */

struct hand_tcp {
    uint8_t kind, state, in_flight, failed;
    bool ipv6, invalid;
    uint8_t ka_probe_count, ttl, tos, user_priority;
    uint16_t flags;
    uint32_t index;
    uint32_t initial_rcv_wnd, rcv_indication_size;
    uint32_t ka_timeout, ka_interval, max_rt;
    uint32_t flow_label;
    struct chimney_node *node; /* being updated */
    struct hand_tcp *path;
    struct chimney_tcp_const constant;
    void *host_handle;
};

struct hand {
    struct ring ring;
    uint32_t left; /* nodes without a status */
    struct hand_tcp *objects;
    struct hand_tcp *lower; /* neighbors and paths; an update of connections only passes them */
    uint32_t count, lower_count;
};

static void keep(struct hand_tcp *o, const struct chimney_tcp_cached *c)
{
    o->flags = c->Flags & 3;
    o->initial_rcv_wnd = c->InitialRcvWnd;
    o->rcv_indication_size = c->RcvIndicationSize;
    o->ka_probe_count = c->KaProbeCount;
    o->ka_timeout = c->KaTimeout;
    o->ka_interval = c->KaInterval;
    o->max_rt = c->MaxRT;
    o->flow_label = c->FlowLabel;
    o->ttl = c->TtlOrHopLimit;
    o->tos = c->TosOrTrafficClass;
    o->user_priority = c->UserPriority;
}

static void finish(struct hand *h, struct hand_tcp *o, struct chimney_node *node, int32_t status)
{
    o->state = HAND_OFFLOADED;
    node->Status = status;
    h->left--;
}

static void answer(struct hand *h, const struct descriptor *d)
{
    struct hand_tcp *o = (struct hand_tcp *)(uintptr_t)d->cookie;
    if (--o->in_flight)
        return;
    if (!o->failed)
        keep(o, chimney_state_behind(o->node));
    finish(h, o, o->node, o->failed ? CHIMNEY_STATUS_FAILURE : CHIMNEY_STATUS_SUCCESS);
}

static void take_answers(struct hand *h)
{
    const struct descriptor *d;
    while ((d = ring_answer(&h->ring)) != NULL)
        answer(h, d);
}

static struct descriptor *room(struct hand *h)
{
    if (h->ring.head - h->ring.tail >= HAND_BURST)
        take_answers(h);
    return ring_next(&h->ring);
}

static bool timers_differ(const struct hand_tcp *o, const struct chimney_tcp_cached *c)
{
    return ((o->flags ^ c->Flags) & 1) || o->ka_probe_count != c->KaProbeCount ||
           o->ka_timeout != c->KaTimeout || o->ka_interval != c->KaInterval ||
           o->max_rt != c->MaxRT;
}

static bool buffers_differ(const struct hand_tcp *o, const struct chimney_tcp_cached *c)
{
    return ((o->flags ^ c->Flags) & 2) || o->initial_rcv_wnd != c->InitialRcvWnd ||
           o->rcv_indication_size != c->RcvIndicationSize;
}

static bool header_differs(const struct hand_tcp *o, const struct chimney_tcp_cached *c)
{
    return (o->ipv6 && o->flow_label != c->FlowLabel) || o->ttl != c->TtlOrHopLimit ||
           o->tos != c->TosOrTrafficClass || o->user_priority != c->UserPriority;
}

static void write_timers(struct hand *h, struct hand_tcp *o, const struct chimney_tcp_cached *c)
{
    struct descriptor *d = room(h);
    RING_POST(d, (uintptr_t)o, o->index, HAND_WRITE_TIMERS, c->Flags & 1u, c->KaProbeCount,
              c->KaTimeout, c->KaInterval, c->MaxRT);
}

static void write_buffers(struct hand *h, struct hand_tcp *o, const struct chimney_tcp_cached *c)
{
    struct descriptor *d = room(h);
    RING_POST(d, (uintptr_t)o, o->index, HAND_WRITE_BUFFERS, c->Flags & 2u, c->InitialRcvWnd,
              c->RcvIndicationSize);
}

static void write_header(struct hand *h, struct hand_tcp *o, const struct chimney_tcp_cached *c)
{
    struct descriptor *d = room(h);
    RING_POST(d, (uintptr_t)o, o->index, HAND_WRITE_HEADER, c->FlowLabel, c->TtlOrHopLimit,
              c->TosOrTrafficClass, c->UserPriority);
}

static void start_update(struct hand *h, struct hand_tcp *o, struct chimney_node *node)
{
    const struct chimney_tcp_cached *c = chimney_state_behind(node);
    bool timers = timers_differ(o, c), buffers = buffers_differ(o, c),
         header = header_differs(o, c);
    o->in_flight = (uint8_t)(timers + buffers + header);
    if (!o->in_flight) {
        finish(h, o, node, CHIMNEY_STATUS_SUCCESS);
        return;
    }
    o->state = HAND_UPDATING;
    o->failed = 0;
    o->node = node;
    if (timers)
        write_timers(h, o, c);
    if (buffers)
        write_buffers(h, o, c);
    if (header)
        write_header(h, o, c);
}

static void update_tcp(struct hand *h, struct hand_tcp *o, struct chimney_node *node)
{
    switch (o->state) {
    case HAND_OFFLOADED:
        if (o->invalid || node->Header.Type != CHIMNEY_TYPE_TCP_CACHED)
            break;
        start_update(h, o, node);
        return;
    default: /* the host must not */
        break;
    }
    node->Status = CHIMNEY_STATUS_FAILURE;
    h->left--;
}

static void update_list(struct hand *h, struct chimney_node *node)
{
    for (; node; node = node->NextBlock) {
        struct hand_tcp *o = *node->MiniportOffloadContext;
        h->left++;
        if (o->kind == HAND_TCP) {
            update_tcp(h, o, node);
        } else {
            node->Status = CHIMNEY_STATUS_SUCCESS;
            h->left--;
        }
        if (node->DependentBlockList)
            update_list(h, node->DependentBlockList);
    }
}

void hand_update(struct hand *h, struct chimney_node *root)
{
    update_list(h, root);
    while (h->left)
        take_answers(h);
}

static void adopt(struct hand_tcp *o, struct host_object *object, uint32_t index, uint8_t kind)
{
    object->handle.MiniportOffloadContext = o;
    o->index = index;
    o->kind = kind;
    o->state = HAND_OFFLOADED;
    o->host_handle = &object->handle;
}

struct hand *hand_open(struct forest *f)
{
    struct hand *h = bench_memory(sizeof *h);
    h->count = f->connections;
    h->lower_count = f->paths + 1;
    h->objects = bench_memory(h->count * sizeof *h->objects);
    h->lower = bench_memory(h->lower_count * sizeof *h->lower);
    h->ring.entries = bench_memory(RING_ENTRIES * sizeof(struct descriptor));
    adopt(&h->lower[0], &f->neighbor[0], 0, HAND_NEIGHBOR);
    for (uint32_t i = 0; i < f->paths; i++)
        adopt(&h->lower[i + 1], &f->path[i], i, HAND_PATH);
    for (uint32_t i = 0; i < h->count; i++) {
        struct hand_tcp *o = &h->objects[i];
        adopt(o, f->objects[f->object_order[i]], i, HAND_TCP);
        keep(o, &f->value);
    }
    return h;
}

void hand_close(struct hand *h)
{
    bench_memory_free(h->objects, h->count * sizeof *h->objects);
    bench_memory_free(h->lower, h->lower_count * sizeof *h->lower);
    bench_memory_free(h->ring.entries, RING_ENTRIES * sizeof(struct descriptor));
    bench_memory_free(h, sizeof *h);
}
