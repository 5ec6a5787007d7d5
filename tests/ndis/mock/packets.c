/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Packets: a ledger of those that a miniport has, and of what it has made and lent. Below an
 * intermediate driver a list is in the ledger twice: as the host's and as that driver's.
 */
#include <stdlib.h>
#include <string.h>

#include "ndis.h"

#define UNWRITTEN ((int32_t)0x7eadbeef)

enum { WAYS = 5, MOST = 4096, PATIENCE_MS = 60000 };
static const char *const names[WAYS] = {"frame", "send", "receive", "disconnect", "forward"};

/* A list that a miniport has. */
static struct out {
    NET_BUFFER_LIST *list;
    const struct adapter *adapter;
    void *connection;
    uint64_t number, bytes, since;
    unsigned way;
    bool late; /* its connection's terminate was out: that is in no order with those before */
    const struct chimney_node
        *with; /* the initiate's that it came with, until that has completed */
} out[MOST];
static uint32_t out_count, back[WAYS];
static uint64_t handed_over;

/* What a miniport has made, by its address. */
static struct made {
    void *what;
    const char *name;
    const struct adapter *adapter;
    bool lent, passed_on; /* to the host; to an intermediate driver */
} made[MOST];
static uint32_t made_count, lent_count;

static mock_packet_back *on_back;
static mock_packet_received *on_received;
static void (*on_way)(void);

/* ---- Handed over, and back ----------------------------------------------------------------- */

static uint64_t bytes_of(const NET_BUFFER_LIST *list)
{
    uint64_t bytes = 0;
    for (const NET_BUFFER *b = list->FirstNetBuffer; b; b = b->Next)
        bytes += b->DataLength;
    return bytes;
}

static uint64_t moved(const NET_BUFFER_LIST *list)
{
    return (uintptr_t)list->NetBufferListInfo[TcpOffloadBytesTransferred];
}

/* A disconnect waits for the sends before it. */
static bool in_order_with(const struct out *o, const struct out *other)
{
    const unsigned queue = o->way == 3 ? 1 : o->way, others = other->way == 3 ? 1 : other->way;
    return o->connection == other->connection && queue == others && o->adapter == other->adapter;
}

static struct out take_out(const struct driver *driver, const NET_BUFFER_LIST *list, unsigned way)
{
    uint32_t i = 0;
    while (i < out_count && (out[i].list != list || out[i].adapter->driver != driver))
        i++;
    if (i == out_count)
        mock_broken("ledger", "a %s is back, and was not out", names[way]);
    const struct out found = out[i];
    if (found.with)
        mock_broken("travels", "a %s is back before the initiate that it came with", names[way]);
    if (found.way != way)
        mock_broken("way", "a %s is back by the call of a %s", names[found.way], names[way]);
    for (uint32_t j = 0; way != 0 && j < out_count; j++)
        if (!found.late && out[j].number < found.number && in_order_with(&found, &out[j]))
            mock_broken("fifo", "a %s is back before one that came earlier", names[way]);
    out[i] = out[--out_count];
    return found;
}

static void check(const struct out *was)
{
    const NET_BUFFER_LIST *list = was->list;
    const NDIS_STATUS status = list->Status;
    if (status != NDIS_STATUS_SUCCESS && status != NDIS_STATUS_FAILURE &&
        status != NDIS_STATUS_REQUEST_ABORTED && status != CHIMNEY_STATUS_UPLOAD_IN_PROGRESS &&
        (status != NDIS_STATUS_INVALID_STATE || was->way != 2) &&
        (status != NDIS_STATUS_PAUSED || was->way != 0))
        mock_broken("packets", "a %s with status %08x", names[was->way], (unsigned)status);
    if (was->way == 0 || !list->FirstNetBuffer)
        return;
    if (moved(list) != was->bytes - bytes_of(list))
        mock_broken("bytes", "a %s says %llu bytes, and was advanced over %llu", names[was->way],
                    (unsigned long long)moved(list),
                    (unsigned long long)(was->bytes - bytes_of(list)));
    if (status == NDIS_STATUS_SUCCESS && (was->way == 1 || was->way == 3) && bytes_of(list))
        mock_broken("bytes", "a %s has succeeded, and something of it is left", names[was->way]);
}

/* As the documentation has it, by the binding's context; what the driver above has saved is its. */
static void complete_above(const struct adapter *a, unsigned way, NET_BUFFER_LIST *list)
{
    const NDIS_CLIENT_CHIMNEY_OFFLOAD_TCP_CHARACTERISTICS *client =
        &mock_intermediate()->client_tcp;
    const CHIMNEY_DATA_COMPLETE calls[WAYS] = {
        NULL, client->TcpOffloadSendCompleteHandler, client->TcpOffloadReceiveCompleteHandler,
        client->TcpOffloadDisconnectCompleteHandler, client->TcpOffloadForwardCompleteHandler};
    list->Next = NULL;
    mock_driver_begins();
    calls[way](a->bound_context, list);
    mock_driver_ends();
}

static void came_back(const struct driver *driver, unsigned way, NET_BUFFER_LIST *lists)
{
    for (NET_BUFFER_LIST *list = lists, *next; list; list = next) {
        const struct out was = take_out(driver, list, way);
        mock_called(was.adapter, "a completion of packets");
        check(&was);
        next = list->Next;
        if (mock_is_lower(was.adapter)) {
            complete_above(was.adapter, way, list);
            continue;
        }
        back[way]++;
        if (on_back)
            on_back(way, list);
    }
}

uint32_t mock_packets_back(unsigned way)
{
    return back[way];
}

uint32_t mock_packets_out(void)
{
    for (uint32_t i = 0; i < out_count; i++)
        if (mock_now() - out[i].since > PATIENCE_MS)
            mock_broken("late", "a %s is out for a minute", names[out[i].way]);
    return out_count;
}

void mock_packets_lost(const struct adapter *a)
{
    for (uint32_t i = 0; i < out_count; i++)
        if (out[i].adapter == a)
            mock_broken("lost", "a %s is not back when the adapter has halted", names[out[i].way]);
}

void mock_packets_ended(const struct adapter *a, const void *connection)
{
    for (uint32_t i = 0; connection && i < out_count; i++)
        if (out[i].adapter == a && out[i].connection == connection)
            mock_broken("upload", "a %s is out when its connection's terminate completes",
                        names[out[i].way]);
}

static struct out *enter(const struct adapter *a, unsigned way, void *connection,
                         NET_BUFFER_LIST *list)
{
    if (out_count == MOST)
        mock_broken("late", "%d packets are out", MOST);
    list->Status = UNWRITTEN;
    out[out_count] = (struct out){.list = list,
                                  .adapter = a,
                                  .connection = connection,
                                  .number = handed_over++,
                                  .bytes = bytes_of(list),
                                  .since = mock_now(),
                                  .way = way,
                                  .late = mock_is_terminating(a, connection)};
    return &out[out_count++];
}

/* Sends that an initiate brings are the host's until it has succeeded, and still if it fails. */
void mock_packets_travel(const struct chimney_node *node)
{
    if (!on_back)
        return; /* those who move no data have what they like there */
    for (NET_BUFFER_LIST *list = node->NetBufferListChain; list; list = list->Next)
        enter(mock_at, 1, node->MiniportOffloadContext, list)->with = node;
}

void mock_packets_arrived(const struct chimney_node *node, bool good)
{
    for (uint32_t i = out_count; i-- > 0;) {
        struct out *o = &out[i];
        if (o->with != node)
            continue;
        o->with = NULL;
        if (good)
            continue;
        if (o->list->Status != UNWRITTEN || moved(o->list) || bytes_of(o->list) != o->bytes)
            mock_broken("travels", "a send of an initiate that has failed is not as it was");
        *o = out[--out_count];
    }
}

static void hand_over(struct adapter *a, unsigned way, void *offload_context,
                      NET_BUFFER_LIST *chain, uint32_t flags)
{
    int before;
    NDIS_STATUS status = NDIS_STATUS_PENDING;
    const NDIS_PROVIDER_CHIMNEY_OFFLOAD_TCP_CHARACTERISTICS *tcp = &a->driver->tcp;
    const TCP_OFFLOAD_HANDLER calls[WAYS] = {NULL, tcp->TcpOffloadSendHandler,
                                             tcp->TcpOffloadReceiveHandler, NULL,
                                             tcp->TcpOffloadForwardHandler};
    for (NET_BUFFER_LIST *list = chain; list; list = list->Next)
        enter(a, way, offload_context, list);
    mock_enter(a, DISPATCH_LEVEL, &before);
    if (way == 0)
        a->driver->miniport.SendNetBufferListsHandler(a->context, chain, 0, 0);
    else if (way == 3)
        status = tcp->TcpOffloadDisconnectHandler(a->context, offload_context, chain, flags);
    else
        status = calls[way](a->context, offload_context, chain);
    mock_leave(a, DISPATCH_LEVEL, before);
    if (status != NDIS_STATUS_PENDING)
        mock_broken("packets", "way %u returned %08x", way, (unsigned)status);
}

void mock_packets(unsigned way, void *offload_context, void *chain, uint32_t flags)
{
    hand_over(mock_at, way, offload_context, chain, flags);
}

/* An intermediate driver's, for the connection of that handle. */
static NDIS_STATUS go_down(unsigned way, struct chimney_offload_handle *handle,
                           NET_BUFFER_LIST *chain, uint32_t flags)
{
    MOCK_TURN;
    void (*const then)(void) = on_way;
    on_way = NULL;
    if (then)
        then();
    hand_over(objects_adapter(handle, names[way]), way, &handle->MiniportOffloadContext, chain,
              flags);
    return NDIS_STATUS_PENDING;
}

NDIS_STATUS NdisOffloadTcpSend(struct chimney_offload_handle *handle, NET_BUFFER_LIST *lists)
{
    return go_down(1, handle, lists, 0);
}

NDIS_STATUS NdisOffloadTcpReceive(struct chimney_offload_handle *handle, NET_BUFFER_LIST *lists)
{
    return go_down(2, handle, lists, 0);
}

NDIS_STATUS NdisOffloadTcpDisconnect(struct chimney_offload_handle *handle, NET_BUFFER_LIST *lists,
                                     ULONG flags)
{
    return go_down(3, handle, lists, flags);
}

NDIS_STATUS NdisOffloadTcpForward(struct chimney_offload_handle *handle, NET_BUFFER_LIST *lists)
{
    return go_down(4, handle, lists, 0);
}

void mock_on_way(void (*function)(void))
{
    on_way = function;
}

const void *mock_transfer_handler(uint8_t transfer)
{
    const NDIS_PROVIDER_CHIMNEY_OFFLOAD_TCP_CHARACTERISTICS *tcp = &mock_at->driver->tcp;
    const uintptr_t handlers[] = {
        [CHIMNEY_TRANSFER_TCP_SEND] = (uintptr_t)tcp->TcpOffloadSendHandler,
        [CHIMNEY_TRANSFER_TCP_DISCONNECT] = (uintptr_t)tcp->TcpOffloadDisconnectHandler,
        [CHIMNEY_TRANSFER_TCP_RECEIVE] = (uintptr_t)tcp->TcpOffloadReceiveHandler,
        [CHIMNEY_TRANSFER_TCP_FORWARD] = (uintptr_t)tcp->TcpOffloadForwardHandler,
        [CHIMNEY_TRANSFER_TCP_RECEIVE_RETURN] = (uintptr_t)tcp->TcpOffloadReceiveReturnHandler,
    };
    return (const void *)handlers[transfer];
}

const void *mock_transfer_completion(uint8_t transfer)
{
    const uintptr_t completions[] = {
        [CHIMNEY_TRANSFER_TCP_SEND] = (uintptr_t)mock_send_complete,
        [CHIMNEY_TRANSFER_TCP_DISCONNECT] = (uintptr_t)mock_disconnect_complete,
        [CHIMNEY_TRANSFER_TCP_RECEIVE] = (uintptr_t)mock_receive_complete,
        [CHIMNEY_TRANSFER_TCP_FORWARD] = (uintptr_t)mock_forward_complete,
    };
    return (const void *)completions[transfer];
}

void NdisMSendNetBufferListsComplete(NDIS_HANDLE adapter, NET_BUFFER_LIST *lists, ULONG flags)
{
    MOCK_TURN;
    (void)flags;
    came_back(mock_adapter_of(adapter, "packets")->driver, 0, lists);
}

#define PACKETS_COMPLETE(name, way)                                 \
    void name(NDIS_HANDLE driver, NET_BUFFER_LIST *lists)           \
    {                                                               \
        MOCK_TURN;                                                  \
        const struct driver *d = mock_driver_of(driver, "packets"); \
        came_back(d, way, lists);                                   \
    }
PACKETS_COMPLETE(mock_send_complete, 1)
PACKETS_COMPLETE(mock_receive_complete, 2)
PACKETS_COMPLETE(mock_disconnect_complete, 3)
PACKETS_COMPLETE(mock_forward_complete, 4)

/* ---- Lent to the host ---------------------------------------------------------------------- */

static struct made *made_of(const void *what, const char *name)
{
    for (uint32_t i = 0; i < made_count; i++)
        if (made[i].what == what)
            return &made[i];
    mock_broken("lent", "%s that NDIS has not allocated", name);
}

void mock_on_packets(mock_packet_back *is_back, mock_packet_received *is_received)
{
    on_back = is_back;
    on_received = is_received;
}

static struct made *indicated(const struct adapter *a, const NET_BUFFER_LIST *list,
                              NDIS_STATUS status)
{
    struct made *m = made_of(list, "a list is indicated");
    mock_called(a, "NdisTcpOffloadReceiveHandler");
    if (m->lent)
        mock_broken("lent", "a list is indicated that the host has");
    if (list->Next || !list->FirstNetBuffer || list->FirstNetBuffer->Next ||
        status != NDIS_STATUS_SUCCESS)
        mock_broken("lent", "a list is indicated that does not stand alone, or with a bad status");
    return m;
}

/* Below an intermediate driver. */
NDIS_STATUS mock_lower_received(void *object_handle, NET_BUFFER_LIST *list, NDIS_STATUS status,
                                ULONG *consumed)
{
    MOCK_TURN;
    struct made *m = indicated(objects_adapter(object_handle, "data"), list, status);
    if (m->passed_on)
        mock_broken("lent", "a list is indicated that the driver above has");
    m->passed_on = true;
    mock_driver_begins();
    const NDIS_STATUS answer = mock_intermediate()->client_tcp.TcpOffloadReceiveIndicateHandler(
        object_handle, list, status, consumed);
    mock_driver_ends();
    m = made_of(list, "a list is indicated");
    if (answer != NDIS_STATUS_SUCCESS)
        m->passed_on = false;
    return answer;
}

NDIS_STATUS mock_received(void *object_handle, NET_BUFFER_LIST *list, NDIS_STATUS status,
                          ULONG *consumed)
{
    MOCK_TURN;
    struct made *m = indicated(&mock_adapters[0], list, status);
    const NDIS_STATUS answer = on_received ? on_received(object_handle, list, consumed)
                                           : (NDIS_STATUS)NDIS_STATUS_OFFLOAD_DATA_NOT_ACCEPTED;
    m->lent = answer == NDIS_STATUS_SUCCESS;
    lent_count += m->lent;
    return answer;
}

/* Received data that goes with a terminate is the host's until it returns the lists. */
void mock_packets_given(const struct adapter *a, const struct chimney_node *node,
                        const struct chimney_tcp_delegated *tcp)
{
    if (!on_back)
        return;
    if (node->NetBufferListChain || tcp->SendDataHead || tcp->SendDataTail)
        mock_broken("travels", "sends go with a terminate, and are back already");
    for (NET_BUFFER_LIST *list = tcp->BufferedData; list; list = list->Next) {
        struct made *m = made_of(list, "a list goes with a terminate");
        bool *given = mock_is_lower(a) ? &m->passed_on : &m->lent;
        if (*given)
            mock_broken("lent", "a list goes with a terminate that the host has");
        *given = true;
        lent_count += !mock_is_lower(a);
    }
}

uint32_t mock_packets_lent(void)
{
    return lent_count;
}

void mock_return(void *list)
{
    int before;
    made_of(list, "a list goes back")->lent = false;
    lent_count--;
    mock_enter(mock_at, DISPATCH_LEVEL, &before);
    mock_at->driver->tcp.TcpOffloadReceiveReturnHandler(mock_at->context, list);
    mock_leave(mock_at, DISPATCH_LEVEL, before);
}

void NdisOffloadTcpReceiveReturn(NDIS_HANDLE binding, NET_BUFFER_LIST *lists)
{
    MOCK_TURN;
    struct adapter *a = mock_adapter_of(binding, "a list goes back");
    int before;
    for (NET_BUFFER_LIST *list = lists; list; list = list->Next) {
        struct made *m = made_of(list, "a list goes back");
        if (m->adapter != a || !m->passed_on || m->lent)
            mock_broken("lent", "a list goes back by another binding, or the host has it");
        m->passed_on = false;
    }
    mock_enter(a, DISPATCH_LEVEL, &before);
    a->driver->tcp.TcpOffloadReceiveReturnHandler(a->context, lists);
    mock_leave(a, DISPATCH_LEVEL, before);
}

/* ---- Memory of packets --------------------------------------------------------------------- */

void *mock_make(const struct adapter *adapter, size_t bytes, const char *name)
{
    void *what = _aligned_malloc(bytes, 16);
    if (made_count == MOST || !what)
        mock_broken("memory", "%u pools, lists and MDLs are made", made_count);
    made[made_count++] = (struct made){what, name, adapter, false, false};
    return memset(what, 0, bytes);
}

void mock_unmake(void *what, const char *name)
{
    struct made *m = made_of(what, name);
    if (m->lent || m->passed_on)
        mock_broken("lent", "%s is freed, and the host has it", name);
    *m = made[--made_count];
    _aligned_free(what);
}

void mock_packets_unmade(const struct adapter *a)
{
    for (uint32_t i = 0; i < made_count; i++)
        if (made[i].adapter == a)
            mock_broken("leak", "%s", made[i].name);
}

const struct adapter *mock_maker(const void *what)
{
    return made_of(what, "memory")->adapter;
}
