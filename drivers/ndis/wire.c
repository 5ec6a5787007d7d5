/* SPDX-License-Identifier: BSD-2-Clause */
#include "wire.h"

#include <stdlib.h>
#include <string.h>

#include "packet.h"
#include "travel.h"

/* The push timer is Windows' by default. */
enum { STEP_BYTES = 32768, HEADER_BYTES = 20, FIN = 1, PUSH_MS = 500, STARVES_MS = 200 };

/* ---- Data arrives -------------------------------------------------------------------------- */

/* A receive without room takes nothing, and is done; so is one that has failed. */
static void finish_full(struct wire *w, struct end *e)
{
    for (const NET_BUFFER_LIST *list;
         (list = e->receives.first) != NULL &&
         (list->Status != NDIS_STATUS_SUCCESS || packet_is_empty(list));)
        finish(w, e, &e->receives);
    e->filled = w->done;
}

/* A receive is done with when it is full, or the peer pushes at the end of the list. */
static uint32_t fill(struct wire *w, struct end *e, NET_BUFFER_LIST *from, bool push)
{
    NET_BUFFER_LIST *list = e->receives.first;
    const uint32_t moved = packet_move(list, from, w->budget);
    if (push && packet_is_empty(from) && !list->NetBufferListInfo[TcpReceiveNoPush])
        finish(w, e, &e->receives);
    finish_full(w, e);
    e->push_at = w->nic->device->now + PUSH_MS;
    activate(w, (uint32_t)(e - w->ends));
    return moved;
}

/*
 * The host has what came before: receives that were done with, and the completion of the operation
 * that offloaded it.
 */
static bool is_next(struct wire *w, const struct end *e)
{
    return is_over(w, e->came) && e->filled <= w->back;
}

/* How many bytes the host has taken. It refuses the rest, if there is one: that is not touched. */
static uint32_t offer(struct wire *w, struct end *e, NET_BUFFER_LIST *list, uint32_t bytes,
                      void *handle)
{
    ULONG consumed = 0;
    lent_fill(list, bytes);
    const NDIS_STATUS status = w->indicate(handle, list, NDIS_STATUS_SUCCESS, &consumed);
    if (status == NDIS_STATUS_SUCCESS)
        return bytes;
    lent_back(list);
    e->refused = true;
    if (status != NDIS_STATUS_OFFLOAD_DATA_PARTIALLY_ACCEPTED)
        return 0;
    return consumed < bytes ? consumed : bytes;
}

/* Nobody has asked for it. */
static uint32_t indicate(struct wire *w, uint32_t tcp, NET_BUFFER_LIST *from)
{
    struct end *e = &w->ends[tcp];
    void *handle = flue_object_host_handle(&w->nic->target.flue, CHIMNEY_TCP, e->name);
    if (e->refused || !handle || !is_next(w, e))
        return 0;
    NET_BUFFER_LIST *list = lent_take(&w->lent);
    if (!list)
        return 0;
    uint32_t most = entry(w, tcp)->holds.rcv_indication_size;
    most = most && most < LENT_BYTES ? most : LENT_BYTES;
    const uint32_t taken = offer(w, e, list, packet_peek(from, 0, lent_bytes(list), most), handle);
    packet_advance(from, taken);
    return taken;
}

/* As much of a list as the host has room for. */
static uint32_t put(struct wire *w, uint32_t tcp, NET_BUFFER_LIST *from, bool push)
{
    struct end *e = &w->ends[tcp];
    uint32_t all = 0;
    while (w->budget && !packet_is_empty(from)) {
        const uint32_t moved = e->receives.first ? fill(w, e, from, push) : indicate(w, tcp, from);
        if (!moved)
            break;
        w->budget -= moved < w->budget ? moved : w->budget;
        all += moved;
    }
    return all;
}

/* As much as the connection has room for; what the host had received goes first. */
static uint32_t deliver(struct wire *w, uint32_t tcp, NET_BUFFER_LIST *from)
{
    const uint32_t all = w->ends[tcp].buffered ? 0 : put(w, tcp, from, true);
    sim_traffic(w->nic, tcp, 0, all);
    return all;
}

/* ---- What a connection has to do ----------------------------------------------------------- */

/* It has to wait for the host; it is tried again by itself, with the next DPC; or there is more. */
enum outcome { RESTS, LATER, MORE };

static enum outcome why_not(const struct wire *w, const struct end *to)
{
    if (!w->budget || to->filled > w->back)
        return MORE;
    return !to->receives.first && !to->refused ? LATER : RESTS;
}

/* Received by the host, before the connection came to the NIC. */
static enum outcome run_buffered(struct wire *w, uint32_t tcp)
{
    struct end *e = &w->ends[tcp];
    if (!e->buffered)
        return RESTS;
    for (NET_BUFFER_LIST *list; (list = e->buffered) != NULL;) {
        put(w, tcp, list, !list->Next);
        if (!packet_is_empty(list))
            return why_not(w, e);
        e->buffered = list->Next;
        lent_back(list);
    }
    if (e->peer != FLUE_NONE)
        activate(w, e->peer);
    return RESTS;
}

static void fin_arrives(struct wire *w, uint32_t tcp)
{
    int32_t *state = &entry(w, tcp)->holds.state;
    *state = *state == CHIMNEY_TCP_STATE_ESTABLISHED ? CHIMNEY_TCP_STATE_CLOSE_WAIT
                                                     : CHIMNEY_TCP_STATE_TIME_WAIT;
    sim_traffic(w->nic, tcp, 0, 1);
    w->ends[tcp].ended = true;
    activate(w, tcp);
}

/* Something is in it, and more has room. */
static bool is_begun(const struct end *e)
{
    const NET_BUFFER_LIST *list = e->receives.first;
    return list && list->NetBufferListInfo[TcpOffloadBytesTransferred];
}

static void finish_begun(struct wire *w, struct end *e)
{
    finish(w, e, &e->receives);
    e->filled = w->done;
}

/* The push timer: no byte has come for so long. */
static enum outcome run_push(struct wire *w, uint32_t tcp)
{
    struct end *e = &w->ends[tcp];
    if (!is_begun(e) || e->receives.first->NetBufferListInfo[TcpReceiveNoPush])
        return RESTS;
    if (w->nic->device->now < e->push_at)
        return LATER;
    finish_begun(w, e);
    return RESTS;
}

/* After all data, of which none waits in a receive for more. */
static enum outcome run_end(struct wire *w, uint32_t tcp)
{
    struct end *e = &w->ends[tcp];
    if (!e->ended)
        return RESTS;
    if (is_begun(e))
        finish_begun(w, e);
    if (e->filled > w->back)
        return MORE;
    e->ended = false;
    e->heard = true;
    chimney_disconnect(&w->nic->target, e->name);
    return RESTS;
}

/* Its peer acknowledges it at once. */
static void send_fin(struct wire *w, uint32_t tcp)
{
    int32_t *state = &entry(w, tcp)->holds.state;
    *state = *state == CHIMNEY_TCP_STATE_ESTABLISHED ? CHIMNEY_TCP_STATE_FIN_WAIT_2
                                                     : CHIMNEY_TCP_STATE_CLOSED;
    sim_traffic(w->nic, tcp, 1, 0);
    count(w, tcp, 0, false);
    fin_arrives(w, w->ends[tcp].peer);
}

/* The peer has these bytes already, by another way: it acknowledges them once more. */
static void skip(struct wire *w, uint32_t tcp, NET_BUFFER_LIST *list, uint32_t ahead)
{
    const uint64_t left = packet_bytes(list);
    const uint32_t bytes = ahead < left ? ahead : (uint32_t)left;
    packet_advance(list, bytes);
    sim_traffic(w->nic, tcp, bytes, 0);
    if (bytes)
        count(w, tcp, bytes, true);
}

/* By sequence numbers, as TCP does it: what is missing before it never comes. */
static bool transmit(struct wire *w, uint32_t tcp, NET_BUFFER_LIST *list)
{
    const uint32_t peer = w->ends[tcp].peer;
    if (peer == FLUE_NONE)
        return false;
    const uint32_t ahead = entry(w, peer)->holds.rcv_nxt - entry(w, tcp)->holds.snd_nxt;
    if (ahead > INT32_MAX)
        return false;
    skip(w, tcp, list, ahead);
    const uint32_t moved = deliver(w, peer, list);
    sim_traffic(w->nic, tcp, moved, 0);
    if (moved)
        count(w, tcp, moved, false);
    return packet_is_empty(list);
}

/* What comes of a send that was not transmitted to its end. */
static enum outcome why_not_sent(const struct wire *w, const struct end *e)
{
    return e->peer == FLUE_NONE ? RESTS : why_not(w, &w->ends[e->peer]);
}

/* Before all others. */
static enum outcome run_brought(struct wire *w, uint32_t tcp)
{
    struct end *e = &w->ends[tcp];
    if (e->brought && !brought_begins(w, e))
        return LATER;
    while (e->brought) {
        if (e->brought->Status == NDIS_STATUS_SUCCESS && !transmit(w, tcp, e->brought))
            return why_not_sent(w, e);
        brought_done(w, e);
        if (!w->budget)
            return MORE;
    }
    return RESTS;
}

static enum outcome run_sends(struct wire *w, uint32_t tcp)
{
    struct end *e = &w->ends[tcp];
    const enum outcome before = run_brought(w, tcp);
    if (e->brought)
        return before;
    for (NET_BUFFER_LIST *list; (list = e->sends.first) != NULL;) {
        if (list->Status == NDIS_STATUS_SUCCESS) {
            if (!transmit(w, tcp, list))
                return why_not_sent(w, e);
            if (transfer_of(list) == CHIMNEY_TRANSFER_TCP_DISCONNECT)
                send_fin(w, tcp);
        }
        finish(w, e, &e->sends);
        if (!w->budget)
            return MORE;
    }
    return RESTS;
}

static uint32_t be32(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/*
 * A segment that the host has received: its header goes, and what has come before. False: nothing
 * of it is new, or something is missing before it, which the peer will send again with it.
 */
static bool begin_segment(const struct wire *w, uint32_t tcp, NET_BUFFER_LIST *list)
{
    uint8_t header[HEADER_BYTES];
    if (packet_peek(list, 0, header, sizeof header) != sizeof header)
        return false;
    const uint32_t bytes = (uint32_t)(header[12] >> 4) * 4;
    const uint32_t behind = entry(w, tcp)->holds.rcv_nxt - be32(header + 4);
    const uint64_t left = packet_bytes(list);
    if (bytes < HEADER_BYTES || behind > INT32_MAX || left < (uint64_t)bytes + behind)
        return false;
    packet_advance(list, bytes + behind);
    *word(list, BEGUN) = (PVOID)(uintptr_t)(header[13] & FIN ? 2 : 1);
    return true;
}

static enum outcome run_forwards(struct wire *w, uint32_t tcp)
{
    struct end *e = &w->ends[tcp];
    for (NET_BUFFER_LIST *list; (list = e->forwards.first) != NULL;) {
        if (list->Status == NDIS_STATUS_SUCCESS &&
            (*word(list, BEGUN) || begin_segment(w, tcp, list))) {
            deliver(w, tcp, list);
            if (!packet_is_empty(list))
                return why_not(w, e);
            if (*word(list, BEGUN) == (PVOID)2)
                fin_arrives(w, tcp);
        }
        finish(w, e, &e->forwards);
        if (!w->budget)
            return MORE;
    }
    return RESTS;
}

/* The data in the order of its bytes, then the end of it; one after the other. */
static enum outcome run(struct wire *w, uint32_t tcp)
{
    static enum outcome (*const all[])(struct wire *, uint32_t) = {run_buffered, run_forwards,
                                                                   run_sends, run_end, run_push};
    enum outcome most = RESTS;
    for (unsigned i = 0; i < sizeof all / sizeof *all; i++) {
        const enum outcome outcome = all[i](w, tcp);
        most = outcome > most ? outcome : most;
    }
    return most;
}

bool wire_step(struct wire *w)
{
    const struct flue_stats *stats = flue_target_stats(&w->nic->target.flue);
    bool more = false;
    if (stats->requests[CHIMNEY_INITIATE] == stats->completions[CHIMNEY_INITIATE]) {
        w->round++;
        w->waits = false;
    }
    if (stats->transfers_done == w->done)
        w->back = w->done;
    w->budget = STEP_BYTES;
    travel_step(w);
    for (uint32_t n = w->active; n && w->budget; n--) {
        const uint32_t tcp = next_active(w);
        const enum outcome outcome = run(w, tcp);
        if (outcome != RESTS)
            activate(w, tcp);
        more |= outcome == MORE;
    }
    return more || (w->active && !w->budget);
}

bool wire_starves(const struct wire *w)
{
    return w->waits && w->nic->device->now - w->waits_since >= STARVES_MS;
}

/* ---- The target hands over ----------------------------------------------------------------- */

/* Without a NET_BUFFER there is no room for its words: it fails, and what was before it, too. */
static bool enqueue(struct wire *w, struct queue *q, const struct flue_taken *taken)
{
    NET_BUFFER_LIST *list = taken->element;
    const struct end *e = &w->ends[taken->index];
    if (!e->plugged)
        return false; /* the NIC has lost it by itself; the target will find out */
    if (list->FirstNetBuffer) {
        if (!packet_begin(list))
            list->Status = NDIS_STATUS_FAILURE;
        append(q, list, taken);
        return true;
    }
    finish_all(w, e, q, NDIS_STATUS_FAILURE);
    list->Status = NDIS_STATUS_FAILURE;
    answer(w, taken->transfer, taken->name, taken->position);
    return false;
}

static void reset_one(struct wire *w, uint32_t tcp)
{
    struct end *e = &w->ends[tcp];
    struct chimney_add_tcp_args *holds = &entry(w, tcp)->holds;
    w->counted[holds->variant].tcp.ResetEstablished += nic_is_established(holds->state);
    holds->state = CHIMNEY_TCP_STATE_CLOSED;
    finish_all(w, e, &e->receives, NDIS_STATUS_REQUEST_ABORTED);
    finish_all(w, e, &e->forwards, NDIS_STATUS_REQUEST_ABORTED);
}

/* A disconnect that waits for nothing: all before it is given up, and it has succeeded itself. */
static void abort_both(struct wire *w, uint32_t tcp)
{
    struct end *e = &w->ends[tcp];
    count(w, tcp, 0, false);
    w->counted[entry(w, tcp)->holds.variant].tcp.OutResets++;
    brought_abort(w, e);
    for (NET_BUFFER_LIST *list = e->sends.first; list != e->sends.last; list = *word(list, NEXT))
        list->Status = NDIS_STATUS_REQUEST_ABORTED;
    while (e->sends.first)
        finish(w, e, &e->sends);
    reset_one(w, tcp);
    if (e->peer == FLUE_NONE)
        return;
    brought_abort(w, &w->ends[e->peer]);
    finish_all(w, &w->ends[e->peer], &w->ends[e->peer].sends, NDIS_STATUS_REQUEST_ABORTED);
    reset_one(w, e->peer);
    chimney_abort(&w->nic->target, w->ends[e->peer].name);
}

enum flue_issued wire_take_send(struct wire *w, const struct flue_taken *taken)
{
    NET_BUFFER_LIST *list = taken->element;
    const int32_t state = entry(w, taken->index)->holds.state;
    if (!enqueue(w, &w->ends[taken->index].sends, taken))
        return FLUE_ISSUED;
    if (taken->transfer == CHIMNEY_TRANSFER_TCP_DISCONNECT &&
        taken->number & TCP_DISCONNECT_ABORTIVE_CLOSE)
        abort_both(w, taken->index);
    else if (!nic_is_established(state))
        list->Status = NDIS_STATUS_REQUEST_ABORTED;
    activate(w, taken->index);
    return FLUE_ISSUED;
}

enum flue_issued wire_take_receive(struct wire *w, const struct flue_taken *taken)
{
    struct end *e = &w->ends[taken->index];
    if (!enqueue(w, &e->receives, taken))
        return FLUE_ISSUED;
    e->refused = false;
    if (e->heard)
        ((NET_BUFFER_LIST *)taken->element)->Status = NDIS_STATUS_INVALID_STATE;
    finish_full(w, e);
    activate(w, taken->index);
    if (e->peer != FLUE_NONE)
        activate(w, e->peer);
    return FLUE_ISSUED;
}

enum flue_issued wire_take_forward(struct wire *w, const struct flue_taken *taken)
{
    if (enqueue(w, &w->ends[taken->index].forwards, taken))
        activate(w, taken->index);
    return FLUE_ISSUED;
}

void wire_take_back(struct wire *w, NET_BUFFER_LIST *list)
{
    (void)w;
    lent_back(list);
}

bool wire_has_all(const struct wire *w)
{
    return !w->lent.out && !w->kept.out && !w->aborted;
}

/* ---- Memory -------------------------------------------------------------------------------- */

struct wire *wire_open(struct sim_nic *nic, NDIS_HANDLE adapter,
                       const NDIS_TCP_OFFLOAD_EVENT_HANDLERS *tcp, const uint32_t *offers)
{
    struct wire *w = calloc(1, sizeof *w);
    const uint32_t connections = nic->device->capacity[CHIMNEY_TCP];
    if (!w)
        return NULL;
    w->nic = nic;
    w->indicate = tcp->NdisTcpOffloadReceiveHandler;
    w->sent = tcp->NdisTcpOffloadSendComplete;
    w->connections = connections;
    w->offers = offers;
    for (w->buckets = 1; w->buckets < connections;)
        w->buckets *= 2;
    w->ends = calloc(connections, sizeof *w->ends);
    w->alone = calloc(w->buckets, sizeof *w->alone);
    if (!lent_open(&w->lent, adapter) || !lent_open(&w->kept, adapter) || !w->ends || !w->alone) {
        wire_close(w);
        return NULL;
    }
    memset(w->alone, 0xff, w->buckets * sizeof *w->alone); /* FLUE_NONE */
    nic->device->plug = plug;
    nic->device->bring = bring;
    nic->device->wire = w;
    return w;
}

void wire_close(struct wire *w)
{
    if (!w)
        return;
    lent_close(&w->lent);
    lent_close(&w->kept);
    free(w->ends);
    free(w->alone);
    free(w);
}
