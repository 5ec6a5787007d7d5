/* SPDX-License-Identifier: BSD-2-Clause */
/* What lies behind the nodes afterwards, and the members that are not the target's to touch. */
#include <string.h>

#include "oracle.h"

#define SAME(member) same(w, t, #member, (uint64_t)e->member, (uint64_t)a->member)

/* An age that was counted from a moment, read at some time while the tree was out. */
static bool aged(struct world *w, const struct tree *tree, const struct thing *t, const char *what,
                 struct span moment, uint32_t age)
{
    struct span ages = {tree->from - moment.to, tree->to - moment.from};
    return within(w, t, what, ages, age);
}

static bool neighbor_given(struct world *w, const struct tree *tree, const struct tree_spec *b)
{
    const struct thing *t = b->thing;
    const struct chimney_neighbor_const *c = host_neighbor_const(b->node);
    const struct chimney_neighbor_cached *k = host_neighbor_cached(b->node);
    const struct chimney_neighbor_delegated *d = host_neighbor_delegated(b->node);
    const struct facts *e = &b->gives;
    if ((b->given & CONST) &&
        !(same_bytes(w, t, "DlSourceAddress", e->constant.neighbor.DlSourceAddress,
                     c->DlSourceAddress, 32) &&
          same(w, t, "VlanId", e->constant.neighbor.VlanId, c->VlanId)))
        return false;
    if ((b->given & CACHED) &&
        !(same_bytes(w, t, "DlDestinationAddress", e->cached.neighbor.DlDestinationAddress,
                     k->DlDestinationAddress, 32) &&
          aged(w, tree, t, "HostReachabilityDelta", e->host_confirmed, k->HostReachabilityDelta)))
        return false;
    if (!(b->given & DELEGATED))
        return true;
    return aged(w, tree, t, "NicReachabilityDelta", e->nic_confirmed, d->NicReachabilityDelta);
}

static bool path_given(struct world *w, const struct tree_spec *b)
{
    const struct thing *t = b->thing;
    const struct chimney_path_const *c = host_path_const(b->node);
    const struct chimney_path_cached *k = host_path_cached(b->node);
    const size_t length = t->ipv6 ? 16 : 4;
    if ((b->given & CONST) &&
        !(same_bytes(w, t, "SourceAddress", b->gives.source, c->SourceAddress, length) &&
          same_bytes(w, t, "DestinationAddress", b->gives.destination, c->DestinationAddress,
                     length)))
        return false;
    return !(b->given & CACHED) || same(w, t, "PathMtu", b->gives.cached.path.PathMtu, k->PathMtu);
}

static bool tcp_const_given(struct world *w, const struct thing *t,
                            const struct chimney_tcp_const *e, const struct chimney_tcp_const *a)
{
    return SAME(Flags) && SAME(RemotePort) && SAME(LocalPort) && SAME(SndWindScale) &&
           SAME(RcvWindScale) && SAME(RemoteMss) && SAME(HashValue);
}

static bool tcp_cached_given(struct world *w, const struct thing *t,
                             const struct chimney_tcp_cached *e, const struct chimney_tcp_cached *a)
{
    return SAME(Flags) && SAME(InitialRcvWnd) && SAME(RcvIndicationSize) && SAME(KaProbeCount) &&
           SAME(KaTimeout) && SAME(KaInterval) && SAME(MaxRT) && (!t->ipv6 || SAME(FlowLabel)) &&
           SAME(TtlOrHopLimit) && SAME(TosOrTrafficClass) && SAME(UserPriority);
}

static bool tcp_delegated_given(struct world *w, const struct thing *t,
                                const struct chimney_tcp_delegated *e,
                                const struct chimney_tcp_delegated *a)
{
    return SAME(State) && SAME(Flags) && SAME(RcvNxt) && SAME(RcvWnd) && SAME(SndUna) &&
           SAME(SndNxt) && SAME(SndMax) && SAME(SndWnd) && SAME(MaxSndWnd) && SAME(SendWL1) &&
           SAME(CWnd) && SAME(SsThresh) && SAME(SRtt) && SAME(RttVar) && SAME(TsRecent) &&
           SAME(TsTime) && SAME(TotalRT) && SAME(DupAckCount) && SAME(SndWndProbeCount) &&
           SAME(KeepAlive.ProbeCount) && SAME(KeepAlive.TimeoutDelta) && SAME(Retransmit.Count) &&
           SAME(Retransmit.TimeoutDelta) && SAME(DWnd);
}

static bool tcp_backlog_given(struct world *w, const struct tree *tree, const struct tree_spec *b,
                              const struct chimney_tcp_delegated *a)
{
    const struct thing *t = b->thing;
    const struct chimney_tcp_delegated *e = &b->gives.delegated.tcp;
    if (tree->operation == CHIMNEY_QUERY) /* the device cannot tell */
        return same(w, t, "SendBacklogSize", UINT32_MAX, a->SendBacklogSize) &&
               same(w, t, "ReceiveBacklogSize", UINT32_MAX, a->ReceiveBacklogSize);
    return same(w, t, "SendDataHead", (uintptr_t)e->SendDataHead, (uintptr_t)a->SendDataHead) &&
           same(w, t, "SendDataTail", (uintptr_t)e->SendDataTail, (uintptr_t)a->SendDataTail) &&
           same(w, t, "BufferedData", (uintptr_t)e->BufferedData, (uintptr_t)a->BufferedData);
}

static bool tcp_given(struct world *w, const struct tree *tree, const struct tree_spec *b)
{
    const struct thing *t = b->thing;
    const struct chimney_tcp_delegated *d = host_tcp_delegated(b->node);
    if ((b->given & CONST) &&
        !tcp_const_given(w, t, &b->gives.constant.tcp, host_tcp_const(b->node)))
        return false;
    if ((b->given & CACHED) &&
        !tcp_cached_given(w, t, &b->gives.cached.tcp, host_tcp_cached(b->node)))
        return false;
    if (!(b->given & DELEGATED))
        return true;
    return tcp_delegated_given(w, t, &b->gives.delegated.tcp, d) &&
           tcp_backlog_given(w, tree, b, d) &&
           aged(w, tree, t, "TsRecentAge", b->gives.ts_recent, d->TsRecentAge);
}

/* What belongs to others is as it was; send data is not left in what was terminated. */
static bool untouched(struct world *w, const struct tree *tree, const struct tree_spec *b)
{
    uint8_t ndis[16], im[16];
    const void *data = tree->operation == CHIMNEY_TERMINATE ? NULL : b->node;
    memset(ndis, 0xa1, sizeof(ndis));
    memset(im, 0xa2, sizeof(im));
    return same_bytes(w, b->thing, "NdisReserved", ndis, b->node->NdisReserved, sizeof(ndis)) &&
           same_bytes(w, b->thing, "ImReserved", im, b->node->ImReserved, sizeof(im)) &&
           same(w, b->thing, "SourceHandle", (uintptr_t)b->node->ImReserved,
                (uintptr_t)b->node->SourceHandle) &&
           same(w, b->thing, "PortNumber", 0xa3a3a3a3, b->node->PortNumber) &&
           same(w, b->thing, "NetBufferListChain", (uintptr_t)data,
                (uintptr_t)b->node->NetBufferListChain);
}

bool compare_data(struct world *w, const struct tree *tree, const struct tree_spec *b)
{
    if (!untouched(w, tree, b))
        return false;
    if (!b->good || !b->given || !b->thing)
        return true;
    if (b->kind == CHIMNEY_NEIGHBOR)
        return neighbor_given(w, tree, b);
    return b->kind == CHIMNEY_PATH ? path_given(w, b) : tcp_given(w, tree, b);
}
