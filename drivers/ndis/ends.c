/* SPDX-License-Identifier: BSD-2-Clause */
#include "travel.h"

#include <string.h>

bool is_over(struct wire *w, uint32_t came)
{
    if (came != w->round)
        return true;
    if (!w->waits)
        w->waits_since = w->nic->device->now;
    w->waits = true;
    return false;
}

/* ---- Queues -------------------------------------------------------------------------------- */

void append(struct queue *q, NET_BUFFER_LIST *list, const struct flue_taken *taken)
{
    *word(list, NEXT) = NULL;
    *word(list, POSITION) = (PVOID)(uintptr_t)taken->position;
    *word(list, TRANSFER) = (PVOID)(uintptr_t)taken->transfer;
    *word(list, BEGUN) = NULL;
    if (q->first)
        *word(q->last, NEXT) = list;
    else
        q->first = list;
    q->last = list;
}

void answer(struct wire *w, uint8_t transfer, flue_name name, uint32_t position)
{
    w->done += flue_transfer_done(&w->nic->target.flue, transfer, name, position);
}

void finish(struct wire *w, const struct end *e, struct queue *q)
{
    const NET_BUFFER_LIST *list = q->first;
    q->first = *word(list, NEXT);
    w->budget -= w->budget != 0;
    answer(w, transfer_of(list), e->name, (uint32_t)(uintptr_t)*word(list, POSITION));
}

void finish_all(struct wire *w, const struct end *e, struct queue *q, NDIS_STATUS status)
{
    while (q->first) {
        q->first->Status = status;
        finish(w, e, q);
    }
}

/* ---- Those that have something to do ------------------------------------------------------- */

void activate(struct wire *w, uint32_t tcp)
{
    struct end *e = &w->ends[tcp];
    if (e->listed)
        return;
    e->listed = true;
    if (w->active++)
        w->ends[w->last].active = tcp;
    else
        w->first = tcp;
    w->last = tcp;
}

uint32_t next_active(struct wire *w)
{
    const uint32_t tcp = w->first;
    w->first = w->ends[tcp].active;
    w->ends[tcp].listed = false;
    w->active--;
    return tcp;
}

/* ---- Counted ------------------------------------------------------------------------------- */

struct counted *wire_counted(struct wire *w, uint8_t variant)
{
    return &w->counted[variant];
}

void count(struct wire *w, uint32_t tcp, uint32_t bytes, bool again)
{
    enum { MSS_BY_DEFAULT = 536, HEADERS_IPV4 = 40, HEADERS_IPV6 = 60 };
    const struct chimney_add_tcp_args *holds = &entry(w, tcp)->holds;
    const uint32_t headers = holds->variant == CHIMNEY_VARIANT_IPV6 ? HEADERS_IPV6 : HEADERS_IPV4;
    const uint32_t mss = holds->remote_mss ? holds->remote_mss : MSS_BY_DEFAULT;
    const uint32_t segments = bytes ? (bytes - 1) / mss + 1 : 1;
    const uint64_t octets = bytes + (uint64_t)segments * headers;
    struct counted *c = &w->counted[holds->variant];
    if (again)
        c->tcp.RetransmittedSegments += segments;
    else
        c->tcp.OutSegments += segments;
    c->ip.OutRequests += segments;
    c->ip.OutOctets += octets;
    if (w->ends[tcp].peer == FLUE_NONE)
        return;
    c->tcp.InSegments += segments;
    c->ip.InReceives += segments;
    c->ip.InDelivers += segments;
    c->ip.InOctets += octets;
}

/* ---- Peers --------------------------------------------------------------------------------- */

static const struct sim_path *path_of(const struct wire *w, uint32_t tcp)
{
    return &w->nic->device->paths[entry(w, tcp)->holds.path];
}

static bool are_peers(const struct wire *w, uint32_t one, uint32_t other)
{
    const struct chimney_add_tcp_args *a = &entry(w, one)->holds, *b = &entry(w, other)->holds;
    const struct sim_path *p = path_of(w, one), *q = path_of(w, other);
    return a->local_port == b->remote_port && a->remote_port == b->local_port &&
           p->holds.variant == q->holds.variant &&
           !memcmp(p->source, q->destination, sizeof p->source) &&
           !memcmp(p->destination, q->source, sizeof p->destination);
}

/* The same for both. */
static uint32_t *bucket_of(const struct wire *w, uint32_t tcp)
{
    const struct chimney_add_tcp_args *a = &entry(w, tcp)->holds;
    const struct sim_path *p = path_of(w, tcp);
    uint32_t hash = (uint32_t)(a->local_port ^ a->remote_port);
    for (unsigned i = 0; i < sizeof p->source; i++)
        hash = hash * 31 + (uint32_t)(p->source[i] ^ p->destination[i]);
    return &w->alone[hash * 2654435761u & (w->buckets - 1)];
}

/* Where in its bucket that connection is, or its peer; the bucket's end: it is not there. */
static uint32_t *find_alone(const struct wire *w, uint32_t tcp, bool peer)
{
    uint32_t *at = bucket_of(w, tcp);
    while (*at != FLUE_NONE && (peer ? !are_peers(w, *at, tcp) : *at != tcp))
        at = &w->ends[*at].next;
    return at;
}

static void leave_alone(struct wire *w, uint32_t tcp)
{
    uint32_t *bucket = bucket_of(w, tcp);
    w->ends[tcp].peer = FLUE_NONE;
    w->ends[tcp].next = *bucket;
    *bucket = tcp;
}

static void plug_in(struct wire *w, uint32_t tcp)
{
    struct end *e = &w->ends[tcp];
    uint32_t *at = find_alone(w, tcp, true);
    e->came = w->round;
    e->plugged = true;
    e->ended = e->heard = false;
    travel_in(w, tcp);
    if (*at == FLUE_NONE) {
        leave_alone(w, tcp);
        return;
    }
    e->peer = *at;
    *at = w->ends[e->peer].next;
    w->ends[e->peer].peer = tcp;
    activate(w, e->peer);
}

/* From here on nothing of the host's that was handed over for it is touched. */
static void unplug(struct wire *w, uint32_t tcp, bool removed)
{
    struct end *e = &w->ends[tcp];
    travel_out(w, tcp, removed);
    e->plugged = false;
    e->sends.first = e->receives.first = e->forwards.first = NULL;
    if (e->peer != FLUE_NONE)
        leave_alone(w, e->peer);
    else
        *find_alone(w, tcp, false) = e->next;
}

void plug(void *wire, uint32_t tcp, enum sim_plug how)
{
    if (how == SIM_COMES)
        plug_in(wire, tcp);
    else
        unplug(wire, tcp, how == SIM_REMOVED);
}
