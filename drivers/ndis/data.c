/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Packets. What is handed over for a connection comes by entry points that were generated of the
 * specs and goes back by NDIS's completions, with nothing between; wire.c moves it. Frames go
 * nowhere: they go back to the host refused, each chain once, from the DPC.
 */
#include "adapter.h"

/* ---- Of connections ------------------------------------------------------------------------ */

const NDIS_PROVIDER_CHIMNEY_OFFLOAD_TCP_CHARACTERISTICS data_handlers = {
    .Header = {NDIS_OBJECT_TYPE_PROVIDER_CHIMNEY_OFFLOAD_TCP_CHARACTERISTICS, 1,
               sizeof(NDIS_PROVIDER_CHIMNEY_OFFLOAD_TCP_CHARACTERISTICS)},
    .OffloadType = NdisTcpChimneyOffload,
    .TcpOffloadSendHandler = chimney_transfer_tcp_send,
    .TcpOffloadReceiveHandler = chimney_transfer_tcp_receive,
    .TcpOffloadDisconnectHandler = chimney_transfer_tcp_disconnect,
    .TcpOffloadForwardHandler = chimney_transfer_tcp_forward,
    .TcpOffloadReceiveReturnHandler = chimney_transfer_tcp_receive_return,
};

static struct wire *wire_of(void *nic)
{
    return adapter_of(nic)->wire;
}

static enum flue_issued take_send(void *nic, const struct flue_taken *taken)
{
    return wire_take_send(wire_of(nic), taken);
}

static enum flue_issued take_receive(void *nic, const struct flue_taken *taken)
{
    return wire_take_receive(wire_of(nic), taken);
}

static enum flue_issued take_forward(void *nic, const struct flue_taken *taken)
{
    return wire_take_forward(wire_of(nic), taken);
}

static enum flue_issued take_back(void *nic, const struct flue_taken *taken)
{
    wire_take_back(wire_of(nic), taken->element);
    return FLUE_ISSUED;
}

struct chimney_transfers data_transfers(const NDIS_TCP_OFFLOAD_EVENT_HANDLERS *tcp)
{
    return (struct chimney_transfers){
        .take_tcp_send = take_send,
        .tcp_send = tcp->NdisTcpOffloadSendComplete,
        .take_tcp_disconnect = take_send,
        .tcp_disconnect = tcp->NdisTcpOffloadDisconnectComplete,
        .take_tcp_receive = take_receive,
        .tcp_receive = tcp->NdisTcpOffloadReceiveComplete,
        .take_tcp_forward = take_forward,
        .tcp_forward = tcp->NdisTcpOffloadForwardComplete,
        .take_tcp_receive_return = take_back,
    };
}

/* ---- Frames -------------------------------------------------------------------------------- */

/* Any thread, any level. The word of the miniport leads to the chain before it. */
void data_send(NDIS_HANDLE context, NET_BUFFER_LIST *lists, ULONG port, ULONG flags)
{
    struct adapter *a = adapter_of(context);
    NET_BUFFER_LIST *before = atomic_load(&a->frames);
    (void)port;
    (void)flags;
    do
        lists->MiniportReserved[0] = before;
    while (!atomic_compare_exchange_weak(&a->frames, &before, lists));
    poll_soon(a);
}

void data_return(NDIS_HANDLE context, NET_BUFFER_LIST *lists, ULONG flags)
{
    (void)context;
    (void)lists;
    (void)flags;
}

/* What waits is on its way back already. */
void data_cancel(NDIS_HANDLE context, PVOID id)
{
    (void)context;
    (void)id;
}

static void refuse(struct adapter *a, NET_BUFFER_LIST *lists)
{
    for (NET_BUFFER_LIST *list = lists; list; list = list->Next)
        list->Status = NDIS_STATUS_FAILURE;
    NdisMSendNetBufferListsComplete(a->handle, lists, 0);
}

/* In the order in which they came. */
static NET_BUFFER_LIST *turned(NET_BUFFER_LIST *last)
{
    NET_BUFFER_LIST *first = NULL;
    while (last) {
        NET_BUFFER_LIST *before = last->MiniportReserved[0];
        last->MiniportReserved[0] = first;
        first = last;
        last = before;
    }
    return first;
}

void data_refuse(struct adapter *a)
{
    NET_BUFFER_LIST *lists = turned(atomic_exchange(&a->frames, NULL));
    while (lists) {
        NET_BUFFER_LIST *next = lists->MiniportReserved[0];
        refuse(a, lists);
        lists = next;
    }
}
