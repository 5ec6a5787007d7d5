/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Packets. The software NIC has no wire and moves no data: what is to be sent, and the buffers that
 * wait for something to come, go back to the host, each chain once, from the DPC, refused.
 */
#include "adapter.h"

/* Any thread, any level. The word of the miniport leads to the chain before it. */
static void take(NDIS_HANDLE context, enum way way, NET_BUFFER_LIST *lists)
{
    struct adapter *a = adapter_of(context);
    NET_BUFFER_LIST *before = atomic_load(&a->chains[way]);
    do
        lists->MiniportReserved[0] = before;
    while (!atomic_compare_exchange_weak(&a->chains[way], &before, lists));
    poll_soon(a);
}

static NDIS_STATUS tcp_send(NDIS_HANDLE context, PVOID offload_context, NET_BUFFER_LIST *lists)
{
    (void)offload_context;
    take(context, WAY_SEND, lists);
    return NDIS_STATUS_PENDING;
}

static NDIS_STATUS tcp_receive(NDIS_HANDLE context, PVOID offload_context, NET_BUFFER_LIST *lists)
{
    (void)offload_context;
    take(context, WAY_RECEIVE, lists);
    return NDIS_STATUS_PENDING;
}

static NDIS_STATUS tcp_disconnect(NDIS_HANDLE context, PVOID offload_context,
                                  NET_BUFFER_LIST *lists, ULONG flags)
{
    (void)offload_context;
    (void)flags;
    take(context, WAY_DISCONNECT, lists);
    return NDIS_STATUS_PENDING;
}

static NDIS_STATUS tcp_forward(NDIS_HANDLE context, PVOID offload_context, NET_BUFFER_LIST *lists)
{
    (void)offload_context;
    take(context, WAY_FORWARD, lists);
    return NDIS_STATUS_PENDING;
}

/* Nothing was ever indicated. */
static NDIS_STATUS tcp_receive_return(NDIS_HANDLE context, NET_BUFFER_LIST *lists)
{
    (void)context;
    (void)lists;
    return NDIS_STATUS_SUCCESS;
}

const NDIS_PROVIDER_CHIMNEY_OFFLOAD_TCP_CHARACTERISTICS data_handlers = {
    .Header = {NDIS_OBJECT_TYPE_PROVIDER_CHIMNEY_OFFLOAD_TCP_CHARACTERISTICS, 1,
               sizeof(NDIS_PROVIDER_CHIMNEY_OFFLOAD_TCP_CHARACTERISTICS)},
    .OffloadType = NdisTcpChimneyOffload,
    .TcpOffloadSendHandler = tcp_send,
    .TcpOffloadReceiveHandler = tcp_receive,
    .TcpOffloadDisconnectHandler = tcp_disconnect,
    .TcpOffloadForwardHandler = tcp_forward,
    .TcpOffloadReceiveReturnHandler = tcp_receive_return,
};

void data_send(NDIS_HANDLE context, NET_BUFFER_LIST *lists, ULONG port, ULONG flags)
{
    (void)port;
    (void)flags;
    take(context, WAY_FRAMES, lists);
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

static void refuse(struct adapter *a, enum way way, NET_BUFFER_LIST *lists)
{
    const TCP_OFFLOAD_COMPLETE complete[WAYS] = {
        [WAY_SEND] = a->tcp.NdisTcpOffloadSendComplete,
        [WAY_RECEIVE] = a->tcp.NdisTcpOffloadReceiveComplete,
        [WAY_DISCONNECT] = a->tcp.NdisTcpOffloadDisconnectComplete,
        [WAY_FORWARD] = a->tcp.NdisTcpOffloadForwardComplete,
    };
    for (NET_BUFFER_LIST *list = lists; list; list = list->Next)
        list->Status = NDIS_STATUS_FAILURE;
    if (way == WAY_FRAMES)
        NdisMSendNetBufferListsComplete(a->handle, lists, 0);
    else
        complete[way](driver_handle, lists);
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
    for (enum way way = WAY_FRAMES; way < WAYS; way++) {
        NET_BUFFER_LIST *lists = turned(atomic_exchange(&a->chains[way], NULL));
        while (lists) {
            NET_BUFFER_LIST *next = lists->MiniportReserved[0];
            refuse(a, way, lists);
            lists = next;
        }
    }
}
