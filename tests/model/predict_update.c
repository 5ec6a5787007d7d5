/* SPDX-License-Identifier: BSD-2-Clause */
/* Update: what changed is told by as few commands as can be; all of it holds, or nothing does. */
#include <string.h>

#include "model.h"

/* Everything that one node asks of one object. */
struct change {
    struct facts facts; /* as they shall be */
    struct thing *link;
    uint8_t commands[4], count;
    uint32_t effects;
};

static void plan(struct change *c, bool needed, uint8_t command)
{
    if (needed)
        c->commands[c->count++] = command;
}

/*
 * Tell the hardware of every change. What had to wait for room in the ring while another command
 * came back bad need not be told any more; then nothing of it is to be undone.
 */
static bool order_all(struct model *m, struct thing *t, struct change *c)
{
    bool good = true;
    uint8_t told = 0;
    for (uint8_t i = 0; i < c->count; i++) {
        struct order order = {.command = c->commands[i], .facts = &c->facts, .link = c->link};
        if (!good && !was_next(t, order.command))
            continue;
        good = hardware_do(m, t, &order) == CHIMNEY_RESULT_OK && good;
        c->commands[told++] = order.command;
    }
    c->count = told;
    return good;
}

static bool undo_all(struct model *m, struct thing *t, const struct change *c)
{
    bool good = true;
    for (uint8_t i = 0; i < c->count; i++) {
        struct order order = {.command = c->commands[i], .facts = &t->facts, .link = t->link};
        good = hardware_do(m, t, &order) == CHIMNEY_RESULT_OK && good;
    }
    return good;
}

/* What cannot be undone goes last, when nothing else can fail any more. */
static bool carry_out(struct model *m, struct thing *t, struct change *c)
{
    bool good = order_all(m, t, c);
    if (good && c->effects) {
        struct order order = {.command = CHIMNEY_TCP_RESTART, .effects = c->effects};
        good = hardware_do(m, t, &order) == CHIMNEY_RESULT_OK;
    }
    if (good) {
        t->facts = c->facts;
        t->link = c->link;
        return true;
    }
    if (!undo_all(m, t, c)) {
        t->state = CORRUPT;
        t->maybe = c->link != t->link ? c->link : NULL;
    }
    return false;
}

static void plan_neighbor(struct tree *tree, const struct tree_spec *b, struct change *c)
{
    const struct chimney_neighbor_cached *old = &b->thing->facts.cached.neighbor;
    const struct chimney_neighbor_cached *new = &b->says.cached.neighbor;
    c->facts.cached.neighbor = *new;
    c->facts.host_confirmed = age_to_moment(tree, new->HostReachabilityDelta);
    plan(c, memcmp(old->DlDestinationAddress, new->DlDestinationAddress, 32) != 0,
         CHIMNEY_NEIGHBOR_WRITE_MAC);
}

static void plan_path(const struct tree_spec *b, struct change *c, bool has_values)
{
    struct thing *t = b->thing;
    plan(c, c->link != t->link, CHIMNEY_PATH_WRITE_ROUTE);
    if (!has_values)
        return;
    c->facts.cached.path = b->says.cached.path;
    plan(c, t->facts.cached.path.PathMtu != b->says.cached.path.PathMtu, CHIMNEY_PATH_WRITE_MTU);
}

static void plan_tcp(const struct tree_spec *b, struct change *c)
{
    const struct chimney_tcp_cached *o = &b->thing->facts.cached.tcp, *n = &b->says.cached.tcp;
    bool probes = o->KaProbeCount != n->KaProbeCount;
    bool times = o->KaTimeout != n->KaTimeout || o->KaInterval != n->KaInterval;
    unsigned int flags = o->Flags ^ n->Flags;
    c->facts.cached.tcp = *n;
    c->facts.cached.tcp.Flags &= 3;
    plan(c, (flags & 1) || probes || times || o->MaxRT != n->MaxRT, CHIMNEY_TCP_WRITE_TIMERS);
    plan(c,
         (flags & 2) || o->InitialRcvWnd != n->InitialRcvWnd ||
             o->RcvIndicationSize != n->RcvIndicationSize,
         CHIMNEY_TCP_WRITE_BUFFERS);
    plan(c,
         (b->thing->ipv6 && o->FlowLabel != n->FlowLabel) || o->TtlOrHopLimit != n->TtlOrHopLimit ||
             o->TosOrTrafficClass != n->TosOrTrafficClass || o->UserPriority != n->UserPriority,
         CHIMNEY_TCP_WRITE_HEADER);
    if (n->Flags & CHIMNEY_TCP_SETTINGS_RESTART_MAX_RT)
        c->effects |=
            CLEAR_TOTAL_RT | (probes ? CLEAR_PROBE_COUNT : 0u) | (times ? REARM_KEEPALIVE : 0u);
    if (n->Flags & CHIMNEY_TCP_SETTINGS_RESTART_KEEPALIVE)
        c->effects |= REARM_KEEPALIVE;
    if (n->Flags & CHIMNEY_TCP_SETTINGS_UPDATE_RECEIVE_WINDOW)
        c->effects |= ADVERTISE;
}

/* The parent in the tree is what it shall link to. False: that cannot be. */
static bool find_link(const struct tree_spec *b, struct thing **link)
{
    *link = b->thing->link;
    if (!b->up || b->up->what == PLACEHOLDER)
        return true;
    bool there = b->up->what == HELD && b->up->kind + 1 == b->kind;
    if (!there)
        return false;
    if (b->up->thing == b->thing->link)
        return true;
    *link = b->up->thing;
    return b->kind == CHIMNEY_PATH && !unusable(b->up->thing);
}

/* The hardware need not be told; but where the path stands now it may be put back. */
static bool update_lost(struct model *m, struct thing *t, const struct change *c)
{
    bool moved = c->link != t->link;
    t->facts = c->facts;
    t->link = c->link;
    if (moved && restorable(t))
        restore(m, t);
    return true;
}

static bool update(struct model *m, struct tree *tree, struct tree_spec *b)
{
    struct thing *t = b->thing;
    struct change c = {.facts = t->facts};
    bool has_values = classes_of(b->type) == CACHED;
    bool lost_path = t->state == LOST && t->kind == CHIMNEY_PATH;
    if ((t->state != OFFLOADED && !lost_path) || t->invalid || !find_link(b, &c.link))
        return false;
    if (t->kind == CHIMNEY_NEIGHBOR && has_values)
        plan_neighbor(tree, b, &c);
    else if (t->kind == CHIMNEY_PATH)
        plan_path(b, &c, has_values);
    else if (t->kind == CHIMNEY_TCP && has_values)
        plan_tcp(b, &c);
    return lost_path ? update_lost(m, t, &c) : carry_out(m, t, &c);
}

static void each(struct model *m, struct tree *tree, struct tree_spec *b)
{
    for (; b; b = b->next) {
        b->good = b->what == PLACEHOLDER || (b->what == HELD && update(m, tree, b));
        b->expected = b->good ? CHIMNEY_STATUS_SUCCESS : CHIMNEY_STATUS_FAILURE;
        each(m, tree, b->first);
    }
}

void predict_update(struct model *m, struct tree *tree)
{
    each(m, tree, tree->root);
}
