/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Host, object and hardware agree wherever nothing is under way between them; and the statuses of
 * a completed tree fit together.
 */
#include <string.h>

#include "chimney_objects.h"
#include "device.h"
#include "flue/priv/object.h"
#include "simulation.h"

/* ---- Things -------------------------------------------------------------------------------- */

static bool same_tcp(const struct chimney_tcp_cached *a, const struct chimney_tcp_cached *b)
{
    return (a->Flags & 3) == (b->Flags & 3) && a->InitialRcvWnd == b->InitialRcvWnd &&
           a->RcvIndicationSize == b->RcvIndicationSize && a->KaProbeCount == b->KaProbeCount &&
           a->KaTimeout == b->KaTimeout && a->KaInterval == b->KaInterval && a->MaxRT == b->MaxRT &&
           a->TtlOrHopLimit == b->TtlOrHopLimit && a->TosOrTrafficClass == b->TosOrTrafficClass &&
           a->UserPriority == b->UserPriority;
}

static bool hardware_has_tcp(const struct chimney_add_tcp_args *h,
                             const struct chimney_tcp_cached *c)
{
    return h->keepalive_on == (c->Flags & 1) && h->nagle_on == (c->Flags >> 1 & 1) &&
           h->initial_rcv_wnd == c->InitialRcvWnd &&
           h->rcv_indication_size == c->RcvIndicationSize && h->ka_probe_count == c->KaProbeCount &&
           h->ka_timeout == c->KaTimeout && h->ka_interval == c->KaInterval &&
           h->max_rt == c->MaxRT && h->ttl_or_hop_limit == c->TtlOrHopLimit &&
           h->tos_or_traffic_class == c->TosOrTrafficClass && h->user_priority == c->UserPriority;
}

/* An entry may be lost by itself; who would have told of it may have come too late. */
static void not_there(struct play *p, const struct thing *t, const struct flue_object *o)
{
    const struct flue_target *target = target_of(p);
    bool late = o->timeouts_outstanding || atomic_load(&target->shared.late_answers);
    if (!late || !p->w.host.nic->device->vanished[t->kind][host_index(t->host)])
        fail(p, "%s is not in hardware", thing_name(t));
}

/* Object and hardware. */
static void neighbor_agrees(struct play *p, const struct thing *t, const struct flue_object *o)
{
    const struct chimney_neighbor *n = (const void *)o;
    struct sim_neighbor held;
    if (!sim_neighbor(p->w.host.nic, host_index(t->host), &held))
        not_there(p, t, o);
    else if (memcmp(held.holds.destination_mac, n->cached.DlDestinationAddress, 32) != 0)
        fail(p, "%s: hardware has another MAC address", thing_name(t));
    else if (held.blocked != ((o->marks & 1) != 0))
        fail(p, "%s: marks %x, blocked %d", thing_name(t), o->marks, held.blocked);
}

static void path_agrees(struct play *p, const struct thing *t, const struct flue_object *o)
{
    const struct chimney_path *path = (const void *)o;
    struct sim_path held;
    if (!sim_path(p->w.host.nic, host_index(t->host), &held))
        not_there(p, t, o);
    else if (held.holds.path_mtu != path->cached.PathMtu)
        fail(p, "%s: hardware has MTU %u, object has %u", thing_name(t), held.holds.path_mtu,
             path->cached.PathMtu);
    else if (held.holds.neighbor != o->links[0].to)
        fail(p, "%s: hardware has neighbor %u, object has %u", thing_name(t), held.holds.neighbor,
             o->links[0].to);
    else if (held.blocked != ((o->marks & 1) != 0))
        fail(p, "%s: marks %x, blocked %d", thing_name(t), o->marks, held.blocked);
}

static void tcp_agrees(struct play *p, const struct thing *t, const struct flue_object *o)
{
    const struct chimney_tcp *tcp = (const void *)o;
    struct sim_tcp held;
    if (!sim_tcp(p->w.host.nic, host_index(t->host), &held))
        not_there(p, t, o);
    else if (!hardware_has_tcp(&held.holds, &tcp->cached))
        fail(p, "%s: hardware has other cached variables", thing_name(t));
    else if (held.holds.path != o->links[0].to)
        fail(p, "%s: hardware has path %u, object has %u", thing_name(t), held.holds.path,
             o->links[0].to);
    else if (held.blocked != ((o->marks & 1) != 0))
        fail(p, "%s: marks %x, blocked %d", thing_name(t), o->marks, held.blocked);
}

static bool host_agrees(const struct thing *t, const struct flue_object *o)
{
    if (t->kind == CHIMNEY_NEIGHBOR)
        return memcmp(
                   ((const struct chimney_neighbor *)(const void *)o)->cached.DlDestinationAddress,
                   t->facts.cached.neighbor.DlDestinationAddress, 32) == 0;
    if (t->kind == CHIMNEY_PATH)
        return ((const struct chimney_path *)(const void *)o)->cached.PathMtu ==
               t->facts.cached.path.PathMtu;
    return same_tcp(&((const struct chimney_tcp *)(const void *)o)->cached, &t->facts.cached.tcp);
}

static void check_belief(struct play *p, const struct thing *t, const struct flue_object *o)
{
    const struct shadow *s = &p->shadows[t->kind][t->number];
    if (s->vague || s->out[CHIMNEY_UPDATE] != 0)
        return;
    if (!host_agrees(t, o))
        fail(p, "%s: the object's variables are not those the host was told it has", thing_name(t));
    if (t->link && known(p, t->link->host, t->link->kind) &&
        o->links[0].to != host_index(t->link->host))
        fail(p, "%s: links to %u, the host was told of %u", thing_name(t), o->links[0].to,
             host_index(t->link->host));
}

static void check_thing(struct play *p, const struct thing *t)
{
    static void (*const agrees[])(struct play *, const struct thing *,
                                  const struct flue_object *) = {neighbor_agrees, path_agrees,
                                                                 tcp_agrees};
    bool here = known(p, t->host, t->kind);
    if (!here && t->state == OFFLOADED && !p->shadows[t->kind][t->number].out[CHIMNEY_TERMINATE])
        fail(p, "%s is gone, and nobody took it", thing_name(t));
    if (!here)
        return;
    const struct flue_object *o = flue_object_at(target_of(p), t->kind, host_index(t->host));
    if (strcmp(chimney_spec.kinds[t->kind].states[o->state].name, "offloaded") != 0 ||
        o->deferred) /* an invalidate that waits has marked it already */
        return;
    agrees[t->kind](p, t, o);
    if (t->state == OFFLOADED)
        check_belief(p, t, o);
}

void check_things(struct play *p)
{
    struct sim_counters counters;
    if (flue_target_phase(target_of(p)) != FLUE_RUNNING || p->failure[0])
        return;
    for (uint8_t kind = 0; kind < CHIMNEY_KINDS; kind++) {
        for (uint32_t i = 0; i < p->w.model.count[kind]; i++)
            check_thing(p, &p->w.model.things[kind][i]);
    }
    crowd_check(p);
    sim_counters(p->w.host.nic, &counters);
    if (counters.nonsense != 0)
        fail(p, "the device was told nonsense");
}

/* Once all is quiet, the host has heard of every mark that a connection has or stands on. */
void check_told(struct play *p)
{
    for (uint32_t i = 0; i < p->w.model.count[CHIMNEY_TCP]; i++) {
        const struct thing *t = &p->w.model.things[CHIMNEY_TCP][i];
        const struct shadow *s = &p->shadows[CHIMNEY_TCP][i];
        if (!known(p, t->host, CHIMNEY_TCP))
            continue;
        const struct flue_object *o =
            flue_object_at(target_of(p), CHIMNEY_TCP, host_index(t->host));
        uint8_t marks = o->marks;
        for (uint8_t kind = CHIMNEY_TCP; kind-- > 0 && o->links[0].to != FLUE_NONE;) {
            o = flue_object_at(target_of(p), kind, o->links[0].to);
            marks |= o->marks;
        }
        if ((marks & 1 << CHIMNEY_MARK_INVALID) && !s->invalid_told)
            fail(p, "the host is not told that %s is invalid", thing_name(t));
        if ((marks & 1 << CHIMNEY_MARK_BROKEN) && !(s->broken_told && s->aborted))
            fail(p, "the host is not told that the hardware of %s failed", thing_name(t));
    }
}

/* ---- Statuses ------------------------------------------------------------------------------ */

static bool good(const struct tree_spec *b)
{
    return b->node->Status == CHIMNEY_STATUS_SUCCESS ||
           b->node->Status == CHIMNEY_STATUS_PARTIAL_SUCCESS;
}

/* Nothing new stands on what is not there. */
static bool some_new_is_good(const struct tree_spec *b)
{
    for (const struct tree_spec *up = b->first; up; up = up->next) {
        if (up->what == NEW && good(up))
            return true;
    }
    return false;
}

/* What the statuses of its immediate dependents leave for a node of an initiate. */
static bool fits_dependents(const struct tree_spec *b)
{
    bool some_bad = false, some_good = false;
    for (const struct tree_spec *up = b->first; up; up = up->next) {
        some_bad = some_bad || !good(up);
        some_good = some_good || good(up);
    }
    int32_t status = b->node->Status;
    bool partial = status == CHIMNEY_STATUS_PARTIAL_SUCCESS;
    if (b->what == NEW && host_handle(b->thing->host))
        return some_bad ? partial : status == CHIMNEY_STATUS_SUCCESS;
    if (b->what == NEW)
        return !good(b) && !some_new_is_good(b);
    if (b->what == HELD && some_bad && some_good)
        return partial || status == CHIMNEY_STATUS_FAILURE;
    if (b->what == HELD && !some_bad)
        return status == CHIMNEY_STATUS_SUCCESS || status == CHIMNEY_STATUS_FAILURE;
    return status == CHIMNEY_STATUS_FAILURE;
}

static void check_node(struct play *p, const struct live *l, const struct tree_spec *b)
{
    uint8_t operation = l->tree.operation;
    int32_t status = b->node->Status;
    if (status == HOST_UNWRITTEN)
        fail(p, "a node of a completed tree has no status");
    else if (!status_allowed(operation, status))
        fail(p, "status %s in %s", status_name(status), chimney_spec.operations[operation].name);
    else if (b->what == PLACEHOLDER)
        status == CHIMNEY_STATUS_SUCCESS ? (void)0 : fail(p, "a placeholder failed");
    else if (operation == CHIMNEY_INITIATE && !fits_dependents(b))
        fail(p, "%s: status %s does not fit those of its dependents",
             b->thing ? thing_name(b->thing) : "a node", status_name(status));
    else if (operation != CHIMNEY_INITIATE && b->what == NEW && good(b))
        fail(p, "what is not offloaded succeeded in %s", chimney_spec.operations[operation].name);
}

static void check_nodes(struct play *p, const struct live *l, const struct tree_spec *b)
{
    for (; b; b = b->next) {
        check_node(p, l, b);
        check_nodes(p, l, b->first);
    }
}

void check_tree(struct play *p, const struct live *l)
{
    if (!l->bent)
        check_nodes(p, l, l->tree.root);
    else if (l->tree.root->node->Status == HOST_UNWRITTEN)
        fail(p, "the root of a completed tree has no status");
}
