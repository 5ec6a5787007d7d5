/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a command carries, as the state behind a node; and what comes back in it. Ages are in ticks
 * gone by in both, so they pass as they are.
 */
#include <string.h>

#include "im.h"

#define STRIDE(type) CHIMNEY_STATE_STRIDE(struct chimney_##type)

static void *begin(void *at, uint32_t bytes)
{
    struct chimney_state_header *header = memset(at, 0, bytes);
    header->Length = bytes;
    return header;
}
#define BEGIN(type, at) ((struct chimney_##type *)begin((at), sizeof(struct chimney_##type)))

uint8_t translate_type(uint8_t kind, uint8_t variant, uint8_t state_class)
{
    static const uint8_t first[CHIMNEY_KINDS] = {
        CHIMNEY_TYPE_NEIGHBOR_CONST, CHIMNEY_TYPE_PATH_IPV4_CONST, CHIMNEY_TYPE_TCP_CONST};
    if (kind == CHIMNEY_TCP && state_class == CLASS_ALL)
        return CHIMNEY_TYPE_TCP_ALL;
    const bool ipv6 = kind == CHIMNEY_PATH && variant == CHIMNEY_VARIANT_IPV6;
    return (uint8_t)((ipv6 ? CHIMNEY_TYPE_PATH_IPV6_CONST : first[kind]) + state_class);
}

/* ---- New objects --------------------------------------------------------------------------- */

void translate_neighbor(struct call *call, const struct chimney_add_neighbor_args *args)
{
    uint8_t *at = call->state;
    struct chimney_neighbor_const *fixed = BEGIN(neighbor_const, at);
    struct chimney_neighbor_cached *cached = BEGIN(neighbor_cached, at += STRIDE(neighbor_const));
    struct chimney_neighbor_delegated *delegated =
        BEGIN(neighbor_delegated, at + STRIDE(neighbor_cached));
    memcpy(fixed->DlSourceAddress, args->source_mac, sizeof fixed->DlSourceAddress);
    fixed->VlanId = args->vlan_id & 0xfff;
    memcpy(cached->DlDestinationAddress, args->destination_mac,
           sizeof cached->DlDestinationAddress);
    cached->HostReachabilityDelta = args->host_reachability_delta;
    delegated->NicReachabilityDelta = args->nic_reachability_delta;
}

/* The arguments' addresses are valid during the call of the binding only. */
void translate_path(struct call *call, const struct chimney_add_path_args *args)
{
    const size_t bytes = args->variant == CHIMNEY_VARIANT_IPV6 ? ADDRESS_BYTES : 4;
    uint8_t *at = call->state;
    struct chimney_path_const *fixed = BEGIN(path_const, at);
    struct chimney_path_cached *cached = BEGIN(path_cached, at += STRIDE(path_const));
    BEGIN(path_delegated, at + STRIDE(path_cached));
    memcpy(call->addresses[0], args->source_address, bytes);
    memcpy(call->addresses[1], args->destination_address, bytes);
    fixed->SourceAddress = call->addresses[0];
    fixed->DestinationAddress = call->addresses[1];
    cached->PathMtu = args->path_mtu;
}

static void tcp_const(struct chimney_tcp_const *to, const struct chimney_add_tcp_args *args)
{
    to->Flags = (uint16_t)((args->timestamps ? CHIMNEY_TCP_OPTIONS_TIMESTAMPS : 0) |
                           (args->sack ? CHIMNEY_TCP_OPTIONS_SACK : 0) |
                           (args->window_scaling ? CHIMNEY_TCP_OPTIONS_WINDOW_SCALING : 0));
    to->RemotePort = args->remote_port;
    to->LocalPort = args->local_port;
    to->SndWindScale = args->snd_wind_scale & 0xf;
    to->RcvWindScale = args->rcv_wind_scale & 0xf;
    to->RemoteMss = args->remote_mss;
    to->HashValue = args->hash_value;
}

static void tcp_cached(struct chimney_tcp_cached *to, const struct chimney_add_tcp_args *args)
{
    to->Flags = (uint16_t)((args->keepalive_on ? CHIMNEY_TCP_SETTINGS_KEEPALIVE_ON : 0) |
                           (args->nagle_on ? CHIMNEY_TCP_SETTINGS_NAGLE_ON : 0));
    to->InitialRcvWnd = args->initial_rcv_wnd;
    to->RcvIndicationSize = args->rcv_indication_size;
    to->KaProbeCount = args->ka_probe_count;
    to->KaTimeout = args->ka_timeout;
    to->KaInterval = args->ka_interval;
    to->MaxRT = args->max_rt;
    to->FlowLabel = args->flow_label & 0xfffff;
    to->TtlOrHopLimit = args->ttl_or_hop_limit;
    to->TosOrTrafficClass = args->tos_or_traffic_class;
    to->UserPriority = args->user_priority & 7;
}

/* Members of the same meaning, between the host's structure and a command's. */
#define TCP_NUMBERS(X)                                   \
    X(State, state)                                      \
    X(Flags, flags)                                      \
    X(RcvNxt, rcv_nxt)                                   \
    X(RcvWnd, rcv_wnd)                                   \
    X(SndUna, snd_una)                                   \
    X(SndNxt, snd_nxt)                                   \
    X(SndMax, snd_max)                                   \
    X(SndWnd, snd_wnd)                                   \
    X(MaxSndWnd, max_snd_wnd)                            \
    X(SendWL1, send_wl1)                                 \
    X(CWnd, cwnd)                                        \
    X(SsThresh, ss_thresh)                               \
    X(SRtt, srtt)                                        \
    X(RttVar, rtt_var)                                   \
    X(TsRecent, ts_recent)                               \
    X(TsRecentAge, ts_recent_age)                        \
    X(TsTime, ts_time)                                   \
    X(TotalRT, total_rt)                                 \
    X(DupAckCount, dup_ack_count)                        \
    X(SndWndProbeCount, snd_wnd_probe_count)             \
    X(KeepAlive.ProbeCount, keepalive_probe_count)       \
    X(KeepAlive.TimeoutDelta, keepalive_timeout_delta)   \
    X(Retransmit.Count, retransmit_count)                \
    X(Retransmit.TimeoutDelta, retransmit_timeout_delta) \
    X(DWnd, dwnd)
#define DATA_WAITS(X)                     \
    X(SendBacklogSize, send_backlog_size) \
    X(ReceiveBacklogSize, receive_backlog_size)
#define DOWN(theirs, ours) to->theirs = args->ours;
#define UP(theirs, ours) to->ours = from->theirs;

void translate_tcp(struct call *call, const struct chimney_add_tcp_args *args)
{
    uint8_t *at = call->state;
    tcp_const(BEGIN(tcp_const, at), args);
    tcp_cached(BEGIN(tcp_cached, at += STRIDE(tcp_const)), args);
    struct chimney_tcp_delegated *to = BEGIN(tcp_delegated, at + STRIDE(tcp_cached));
    TCP_NUMBERS(DOWN)
    to->BufferedData = args->buffered_data;
    if (args->send_data_head)
        to->SndNxt = to->SndUna; /* it is sent anew, see data.c */
}

/* ---- Cached state -------------------------------------------------------------------------- */

static uint32_t ticks(void)
{
    int64_t now;
    NdisGetSystemUpTimeEx(&now);
    return (uint32_t)now;
}

void *translate_cached(struct call *call)
{
    const struct entry *e = call->entry;
    memcpy(call->state, &e->cached, sizeof e->cached);
    if (e->kind == CHIMNEY_NEIGHBOR)
        ((struct chimney_neighbor_cached *)(void *)call->state)->HostReachabilityDelta =
            ticks() - e->reachable_at;
    return call->state;
}

/* What acts once is not kept. */
void translate_keep(struct call *call)
{
    static const size_t skipped[CHIMNEY_KINDS] = {STRIDE(neighbor_const), STRIDE(path_const),
                                                  STRIDE(tcp_const)};
    struct entry *e = call->entry;
    const bool all = call->operation == CHIMNEY_INITIATE;
    memcpy(&e->cached, call->state + (all ? skipped[e->kind] : 0), sizeof e->cached);
    if (e->kind == CHIMNEY_TCP)
        e->cached.tcp.Flags &= CHIMNEY_TCP_SETTINGS_KEEPALIVE_ON | CHIMNEY_TCP_SETTINGS_NAGLE_ON;
    else if (e->kind == CHIMNEY_NEIGHBOR && all)
        e->reachable_at = ticks() - e->cached.neighbor.HostReachabilityDelta;
}

/* ---- What comes back ----------------------------------------------------------------------- */

void translate_room(struct call *call)
{
    const uint8_t kind = call->entry->kind;
    if (kind == CHIMNEY_NEIGHBOR)
        BEGIN(neighbor_delegated, call->state);
    else if (kind == CHIMNEY_PATH)
        BEGIN(path_delegated, call->state);
    else
        BEGIN(tcp_delegated, call->state);
}

/* Of two lower drivers, the later proof that a neighbor is reachable counts. */
static void neighbor_answer(struct job *job, const struct chimney_neighbor_delegated *from)
{
    if (!job->has_data || from->NicReachabilityDelta < job->data.neighbor.nic_reachability_delta)
        job->data.neighbor.nic_reachability_delta = from->NicReachabilityDelta;
}

void translate_answer(struct job *job, const struct call *call)
{
    const struct chimney_tcp_delegated *from = (const void *)call->state;
    if (job->kind == CHIMNEY_NEIGHBOR) {
        neighbor_answer(job, (const void *)call->state);
    } else if (job->kind == CHIMNEY_TCP && call->operation == CHIMNEY_QUERY) {
        struct chimney_read_tcp_data *to = &job->data.read_tcp;
        TCP_NUMBERS(UP)
        DATA_WAITS(UP)
    } else if (job->kind == CHIMNEY_TCP) {
        struct chimney_remove_tcp_data *to = &job->data.remove_tcp;
        TCP_NUMBERS(UP)
        to->buffered_data = from->BufferedData;
        to->send_data_head = to->send_data_tail = NULL; /* they are back already */
    }
    job->has_data = job->kind != CHIMNEY_PATH;
}

/* A lower driver's status of an initiate, where the command that adds may have it as its result. */
static const struct {
    int32_t status;
    uint8_t kinds; /* by bits */
    uint8_t result;
} reasons[] = {
    {CHIMNEY_STATUS_RESOURCES, 7, CHIMNEY_RESULT_RESOURCES},
    {CHIMNEY_STATUS_NEIGHBOR_ENTRIES, 1, CHIMNEY_RESULT_NEIGHBOR_ENTRIES},
    {CHIMNEY_STATUS_HW_ADDRESS_ENTRIES, 1, CHIMNEY_RESULT_HW_ADDRESS_ENTRIES},
    {CHIMNEY_STATUS_VLAN_ENTRIES, 1, CHIMNEY_RESULT_VLAN_ENTRIES},
    {CHIMNEY_STATUS_VLAN_MISMATCH, 1, CHIMNEY_RESULT_VLAN_MISMATCH},
    {CHIMNEY_STATUS_PATH_ENTRIES, 2, CHIMNEY_RESULT_PATH_ENTRIES},
    {CHIMNEY_STATUS_IP_ADDRESS_ENTRIES, 2, CHIMNEY_RESULT_IP_ADDRESS_ENTRIES},
    {CHIMNEY_STATUS_TCP_ENTRIES, 4, CHIMNEY_RESULT_TCP_ENTRIES},
    {CHIMNEY_STATUS_TCP_XMIT_BUFFER, 4, CHIMNEY_RESULT_TCP_XMIT_BUFFER},
    {CHIMNEY_STATUS_TCP_RCV_BUFFER, 4, CHIMNEY_RESULT_TCP_RCV_BUFFER},
    {CHIMNEY_STATUS_TCP_RCV_WINDOW, 4, CHIMNEY_RESULT_TCP_RCV_WINDOW},
    {CHIMNEY_STATUS_CONNECTION_REJECTED, 4, CHIMNEY_RESULT_CONNECTION_REJECTED},
};

enum chimney_result translate_status(uint8_t kind, uint8_t operation, int32_t status)
{
    if (status == CHIMNEY_STATUS_SUCCESS)
        return CHIMNEY_RESULT_OK;
    for (size_t i = 0; operation == CHIMNEY_INITIATE && i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].status == status && reasons[i].kinds >> kind & 1)
            return (enum chimney_result)reasons[i].result;
    return CHIMNEY_RESULT_FAILURE;
}
