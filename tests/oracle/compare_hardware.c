/* SPDX-License-Identifier: BSD-2-Clause */
/* The device's tables, entry by entry and variable by variable. */
#include "flue/priv/object.h"
#include "oracle.h"

#define SAME(name, expected) \
    same(w, t, "hardware's " #name, (uint64_t)(expected), (uint64_t)a->name)

/* The entry that the device was last told is this thing's. */
static uint32_t place_of(const struct world *w, const struct thing *t)
{
    if (w->by_calls)
        return t->hardware.present ? host_index(t->host) : UINT32_MAX;
    for (uint32_t i = 0; i < w->model.capacity[t->kind]; i++) {
        if (w->at[t->kind][i] == t)
            return i;
    }
    return UINT32_MAX;
}

static uint32_t place_of_link(const struct world *w, const struct thing *t)
{
    return t->hardware.link ? place_of(w, t->hardware.link) : UINT32_MAX;
}

static bool neighbor_held(struct world *w, const struct thing *t, const struct sim_neighbor *n)
{
    const struct facts *e = &t->hardware.holds;
    const struct chimney_add_neighbor_args *a = &n->holds;
    return same_bytes(w, t, "hardware's source_mac", e->constant.neighbor.DlSourceAddress,
                      a->source_mac, 32) &&
           same_bytes(w, t, "hardware's destination_mac", e->cached.neighbor.DlDestinationAddress,
                      a->destination_mac, 32) &&
           SAME(vlan_id, e->constant.neighbor.VlanId) &&
           within(w, t, "when the host confirmed it", e->host_confirmed,
                  (uint32_t)n->host_confirmed_at) &&
           within(w, t, "when the device confirmed it", e->nic_confirmed,
                  (uint32_t)n->nic_confirmed_at) &&
           same(w, t, "hardware's block", t->hardware.blocked, n->blocked);
}

static bool path_held(struct world *w, const struct thing *t, const struct sim_path *p)
{
    const struct facts *e = &t->hardware.holds;
    const struct chimney_add_path_args *a = &p->holds;
    const size_t length = t->ipv6 ? 16 : 4;
    return SAME(variant, t->ipv6 ? CHIMNEY_VARIANT_IPV6 : CHIMNEY_VARIANT_IPV4) &&
           SAME(neighbor, place_of_link(w, t)) && SAME(path_mtu, e->cached.path.PathMtu) &&
           same_bytes(w, t, "hardware's source", e->source, p->source, length) &&
           same_bytes(w, t, "hardware's destination", e->destination, p->destination, length) &&
           same(w, t, "hardware's block", t->hardware.blocked, p->blocked);
}

static bool tcp_const_held(struct world *w, const struct thing *t,
                           const struct chimney_add_tcp_args *a)
{
    const struct chimney_tcp_const *e = &t->hardware.holds.constant.tcp;
    return SAME(timestamps, (e->Flags & 1) != 0) && SAME(sack, (e->Flags & 2) != 0) &&
           SAME(window_scaling, (e->Flags & 4) != 0) && SAME(remote_port, e->RemotePort) &&
           SAME(local_port, e->LocalPort) && SAME(snd_wind_scale, e->SndWindScale) &&
           SAME(rcv_wind_scale, e->RcvWindScale) && SAME(remote_mss, e->RemoteMss) &&
           SAME(hash_value, e->HashValue);
}

static bool tcp_cached_held(struct world *w, const struct thing *t,
                            const struct chimney_add_tcp_args *a)
{
    const struct chimney_tcp_cached *e = &t->hardware.holds.cached.tcp;
    return SAME(keepalive_on, (e->Flags & 1) != 0) && SAME(nagle_on, (e->Flags & 2) != 0) &&
           SAME(initial_rcv_wnd, e->InitialRcvWnd) &&
           SAME(rcv_indication_size, e->RcvIndicationSize) &&
           SAME(ka_probe_count, e->KaProbeCount) && SAME(ka_timeout, e->KaTimeout) &&
           SAME(ka_interval, e->KaInterval) && SAME(max_rt, e->MaxRT) &&
           (!t->ipv6 || SAME(flow_label, e->FlowLabel)) &&
           SAME(ttl_or_hop_limit, e->TtlOrHopLimit) &&
           SAME(tos_or_traffic_class, e->TosOrTrafficClass) && SAME(user_priority, e->UserPriority);
}

static bool tcp_delegated_held(struct world *w, const struct thing *t,
                               const struct chimney_add_tcp_args *a)
{
    const struct chimney_tcp_delegated *e = &t->hardware.holds.delegated.tcp;
    return SAME(state, e->State) && SAME(flags, e->Flags) && SAME(rcv_nxt, e->RcvNxt) &&
           SAME(rcv_wnd, e->RcvWnd) && SAME(snd_una, e->SndUna) && SAME(snd_nxt, e->SndNxt) &&
           SAME(snd_max, e->SndMax) && SAME(snd_wnd, e->SndWnd) &&
           SAME(max_snd_wnd, e->MaxSndWnd) && SAME(send_wl1, e->SendWL1) && SAME(cwnd, e->CWnd) &&
           SAME(ss_thresh, e->SsThresh) && SAME(srtt, e->SRtt) && SAME(rtt_var, e->RttVar) &&
           SAME(ts_recent, e->TsRecent) && SAME(ts_time, e->TsTime) && SAME(total_rt, e->TotalRT) &&
           SAME(dup_ack_count, e->DupAckCount) && SAME(snd_wnd_probe_count, e->SndWndProbeCount) &&
           SAME(keepalive_probe_count, e->KeepAlive.ProbeCount) &&
           SAME(keepalive_timeout_delta, e->KeepAlive.TimeoutDelta) &&
           SAME(retransmit_count, e->Retransmit.Count) &&
           SAME(retransmit_timeout_delta, e->Retransmit.TimeoutDelta) &&
           SAME(send_data_head, (uintptr_t)e->SendDataHead) &&
           SAME(send_data_tail, (uintptr_t)e->SendDataTail) &&
           SAME(buffered_data, (uintptr_t)e->BufferedData) && SAME(dwnd, e->DWnd);
}

static bool tcp_held(struct world *w, const struct thing *t, const struct sim_tcp *s)
{
    const struct chimney_add_tcp_args *a = &s->holds;
    return SAME(variant, t->ipv6 ? CHIMNEY_VARIANT_IPV6 : CHIMNEY_VARIANT_IPV4) &&
           SAME(path, place_of_link(w, t)) && tcp_const_held(w, t, a) && tcp_cached_held(w, t, a) &&
           tcp_delegated_held(w, t, a) &&
           within(w, t, "when the timestamp came", t->hardware.holds.ts_recent,
                  (uint32_t)s->ts_recent_at) &&
           same(w, t, "windows advertised", t->hardware.windows_advertised,
                s->windows_advertised) &&
           same(w, t, "hardware's block", t->hardware.blocked, s->blocked);
}

bool compare_hardware(struct world *w, const struct thing *t)
{
    struct sim_neighbor neighbor;
    struct sim_path path;
    struct sim_tcp tcp;
    uint32_t index = place_of(w, t);
    bool present = t->kind == CHIMNEY_NEIGHBOR ? sim_neighbor(w->host.nic, index, &neighbor)
                   : t->kind == CHIMNEY_PATH   ? sim_path(w->host.nic, index, &path)
                                               : sim_tcp(w->host.nic, index, &tcp);
    if (!same(w, t, "entry in the device's table", t->hardware.present, present))
        return false;
    if (!present)
        return true;
    if (t->state != STRANDED && !same(w, t, "index in the device", host_index(t->host), index))
        return false;
    if (t->kind == CHIMNEY_NEIGHBOR)
        return neighbor_held(w, t, &neighbor);
    return t->kind == CHIMNEY_PATH ? path_held(w, t, &path) : tcp_held(w, t, &tcp);
}

static bool path_agrees(struct world *w, struct thing *t, const struct sim_path *p)
{
    const struct flue_object *o =
        flue_object_at(&w->host.nic->target.flue, t->kind, host_index(t->host));
    return same(w, t, "hardware's path_mtu", t->hardware.holds.cached.path.PathMtu,
                p->holds.path_mtu) &&
           same(w, t, "hardware's neighbor", o->links[0].to, p->holds.neighbor);
}

static bool connection_agrees(struct world *w, struct thing *t, const struct sim_tcp *s)
{
    const struct flue_object *o =
        flue_object_at(&w->host.nic->target.flue, t->kind, host_index(t->host));
    t->ipv6 = o->variant == CHIMNEY_VARIANT_IPV6;
    return tcp_cached_held(w, t, &s->holds) &&
           same(w, t, "hardware's path", o->links[0].to, s->holds.path);
}

bool hardware_agrees(struct world *w, struct tree_spec *b)
{
    struct thing *t = b->thing;
    struct sim_neighbor neighbor;
    struct sim_path path;
    struct sim_tcp tcp;
    uint32_t index = host_index(t->host);
    switch (b->kind) {
    case CHIMNEY_NEIGHBOR:
        return same(w, t, "entry in the device", true,
                    sim_neighbor(w->host.nic, index, &neighbor)) &&
               same_bytes(w, t, "hardware's destination_mac", neighbor.holds.destination_mac,
                          host_neighbor_cached(b->node)->DlDestinationAddress, 32);
    case CHIMNEY_PATH:
        t->hardware.holds.cached.path = *host_path_cached(b->node);
        return same(w, t, "entry in the device", true, sim_path(w->host.nic, index, &path)) &&
               path_agrees(w, t, &path);
    default:
        t->hardware.holds.cached.tcp = *host_tcp_cached(b->node);
        return same(w, t, "entry in the device", true, sim_tcp(w->host.nic, index, &tcp)) &&
               connection_agrees(w, t, &tcp);
    }
}
