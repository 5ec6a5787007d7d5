/* SPDX-License-Identifier: BSD-2-Clause */
/* The five operations, their completion calls, and indications; what holds for each. */
#include <string.h>

#include "ndis.h"

enum { MOST = 4096, PATIENCE_MS = 60000 };
#define UNWRITTEN ((int32_t)0x7eadbeef)

static struct out {
    struct chimney_node *root;
    void *memory;
    size_t bytes;
    uint64_t since;
    uint8_t operation;
} out[MOST];
static uint32_t out_count;

static const char *const names[] = {
    [CHIMNEY_INITIATE] = "initiate",   [CHIMNEY_UPDATE] = "update",
    [CHIMNEY_QUERY] = "query",         [CHIMNEY_INVALIDATE] = "invalidate",
    [CHIMNEY_TERMINATE] = "terminate",
};

static CHIMNEY_HANDLER handler(uint8_t operation)
{
    const CHIMNEY_HANDLER handlers[] = {
        [CHIMNEY_INITIATE] = mock.generic.InitiateOffloadHandler,
        [CHIMNEY_UPDATE] = mock.generic.UpdateOffloadHandler,
        [CHIMNEY_QUERY] = mock.generic.QueryOffloadHandler,
        [CHIMNEY_INVALIDATE] = mock.generic.InvalidateOffloadHandler,
        [CHIMNEY_TERMINATE] = mock.generic.TerminateOffloadHandler,
    };
    return handlers[operation];
}

const void *mock_handler(uint8_t operation)
{
    return (const void *)(uintptr_t)handler(operation);
}

/* Of a malformed tree not more than this: its nodes may form circles. */
enum { MOST_NODES = 100000, MOST_LAYERS = 64 };

static void walk(struct chimney_node *node, void (*visit)(struct chimney_node *, uint8_t),
                 uint8_t operation, uint32_t *left, unsigned layer)
{
    for (; node && *left; node = node->NextBlock) {
        --*left;
        visit(node, operation);
        if (layer < MOST_LAYERS)
            walk(node->DependentBlockList, visit, operation, left, layer + 1);
    }
}

static void each(struct chimney_node *root, void (*visit)(struct chimney_node *, uint8_t),
                 uint8_t operation)
{
    uint32_t left = MOST_NODES;
    walk(root, visit, operation, &left, 0);
}

static void poison(struct chimney_node *node, uint8_t operation)
{
    (void)operation;
    node->Status = UNWRITTEN;
}

static bool is_out(const struct chimney_node *root)
{
    for (uint32_t i = 0; i < out_count; i++)
        if (out[i].root == root)
            return true;
    return false;
}

/* No root, or one that is out already, is not accepted. */
void mock_submit(uint8_t operation, struct chimney_node *root, void *memory, size_t bytes)
{
    int before;
    if (out_count == MOST)
        mock_broken("late", "%d requests are out", MOST);
    if (root && !is_out(root)) {
        each(root, poison, operation);
        out[out_count++] = (struct out){root, memory, bytes, mock_now(), operation};
    }
    mock_enter(DISPATCH_LEVEL, &before);
    handler(operation)(mock.context, root);
    mock_leave(DISPATCH_LEVEL, before);
}

uint32_t mock_outstanding(void)
{
    for (uint32_t i = 0; i < out_count; i++)
        if (mock_now() - out[i].since > PATIENCE_MS)
            mock_broken("late", "%s is out for a minute", names[out[i].operation]);
    return out_count;
}

/* As the documentation of each completion call has it. */
static void check_status(struct chimney_node *node, uint8_t operation)
{
    static const int32_t reasons[] = {
        CHIMNEY_STATUS_PARTIAL_SUCCESS,     CHIMNEY_STATUS_RESOURCES,
        CHIMNEY_STATUS_TCP_ENTRIES,         CHIMNEY_STATUS_PATH_ENTRIES,
        CHIMNEY_STATUS_NEIGHBOR_ENTRIES,    CHIMNEY_STATUS_IP_ADDRESS_ENTRIES,
        CHIMNEY_STATUS_HW_ADDRESS_ENTRIES,  CHIMNEY_STATUS_VLAN_ENTRIES,
        CHIMNEY_STATUS_TCP_XMIT_BUFFER,     CHIMNEY_STATUS_TCP_RCV_BUFFER,
        CHIMNEY_STATUS_TCP_RCV_WINDOW,      CHIMNEY_STATUS_VLAN_MISMATCH,
        CHIMNEY_STATUS_CONNECTION_REJECTED,
    };
    bool allowed = node->Status == NDIS_STATUS_SUCCESS || node->Status == NDIS_STATUS_FAILURE;
    if (node->Status == UNWRITTEN)
        mock_broken("unwritten", "a node of %s has no status", names[operation]);
    for (size_t i = 0; operation == CHIMNEY_INITIATE && i < sizeof reasons / sizeof *reasons; i++)
        allowed |= node->Status == reasons[i];
    if (!allowed)
        mock_broken("unallowed", "status %08x of %s", (unsigned)node->Status, names[operation]);
}

static struct out take_out(const struct chimney_node *root, uint8_t operation)
{
    for (uint32_t i = out_count; i-- > 0;)
        if (out[i].root == root) {
            const struct out found = out[i];
            out[i] = out[--out_count];
            if (found.operation != operation)
                mock_broken("wrong", "%s is completed by the call of %s", names[found.operation],
                            names[operation]);
            return found;
        }
    mock_broken("twice", "%s is completed, and was not out", names[operation]);
}

static void complete(void *driver, struct chimney_node *root, uint8_t operation)
{
    void (*const calls[])(void *, struct chimney_node *) = {
        [CHIMNEY_INITIATE] = mock.host.completions->initiate,
        [CHIMNEY_UPDATE] = mock.host.completions->update,
        [CHIMNEY_QUERY] = mock.host.completions->query,
        [CHIMNEY_INVALIDATE] = mock.host.completions->invalidate,
        [CHIMNEY_TERMINATE] = mock.host.completions->terminate,
    };
    mock_called(names[operation]);
    if (driver != &mock_driver_handle)
        mock_broken("handle", "%s is completed with another than the driver's", names[operation]);
    const struct out was = take_out(root, operation);
    each(root, check_status, operation);
    calls[operation](mock.host.handle, root);
    if (was.memory)
        mock_guard(was.memory, was.bytes, true);
}

void NdisMInitiateOffloadComplete(void *driver, struct chimney_node *root)
{
    complete(driver, root, CHIMNEY_INITIATE);
}

void NdisMUpdateOffloadComplete(void *driver, struct chimney_node *root)
{
    complete(driver, root, CHIMNEY_UPDATE);
}

void NdisMQueryOffloadStateComplete(void *driver, struct chimney_node *root)
{
    complete(driver, root, CHIMNEY_QUERY);
}

void NdisMInvalidateOffloadComplete(void *driver, struct chimney_node *root)
{
    complete(driver, root, CHIMNEY_INVALIDATE);
}

void NdisMTerminateOffloadComplete(void *driver, struct chimney_node *root)
{
    complete(driver, root, CHIMNEY_TERMINATE);
}

/* ---- Indications --------------------------------------------------------------------------- */

void NdisMOffloadEventIndicate(void *driver, struct chimney_node *node, uint32_t code)
{
    mock_called("NdisMOffloadEventIndicate");
    if (driver != &mock_driver_handle)
        mock_broken("handle", "an event is indicated with another than the driver's");
    mock.host.indications->NdisMOffloadEventIndicate(mock.host.handle, node, code);
}

void NdisMIndicateStatusEx(NDIS_HANDLE adapter, struct chimney_status_indication *indication)
{
    mock_called("NdisMIndicateStatusEx");
    if (adapter != &mock_adapter_handle || indication->SourceHandle != adapter)
        mock_broken("handle", "a status is indicated with another than the adapter's");
    mock.host.indications->NdisMIndicateStatusEx(mock.host.handle, indication);
}

static void tcp_event(void *object_handle, uint32_t code, uint32_t detail)
{
    mock_called("NdisTcpOffloadEventHandler");
    mock.host.indications->NdisTcpOffloadEventHandler(object_handle, code, detail);
}

/* ---- Packets ------------------------------------------------------------------------------- */

enum { WAYS = 5 };

static uint32_t packets_out[WAYS], packets_back[WAYS];

static void packets_came(unsigned way, NET_BUFFER_LIST *lists)
{
    mock_called("a completion of packets");
    for (; lists; lists = lists->Next) {
        if (lists->Status == UNWRITTEN || packets_out[way] == 0)
            mock_broken("packets", "on way %u: %s", way,
                        packets_out[way] ? "no status" : "back, and not sent");
        lists->Status = UNWRITTEN;
        packets_out[way]--;
        packets_back[way]++;
    }
}

uint32_t mock_packets_back(unsigned way)
{
    return packets_back[way];
}

void mock_packets(unsigned way, void *chain)
{
    int before;
    for (NET_BUFFER_LIST *list = chain; list; list = list->Next) {
        list->Status = UNWRITTEN;
        packets_out[way]++;
    }
    const TCP_OFFLOAD_HANDLER calls[WAYS] = {NULL, mock.tcp.TcpOffloadSendHandler,
                                             mock.tcp.TcpOffloadReceiveHandler, NULL,
                                             mock.tcp.TcpOffloadForwardHandler};
    NDIS_STATUS status = NDIS_STATUS_PENDING;
    mock_enter(DISPATCH_LEVEL, &before);
    if (way == 0)
        mock.driver.SendNetBufferListsHandler(mock.context, chain, 0, 0);
    else if (way == 3)
        status = mock.tcp.TcpOffloadDisconnectHandler(mock.context, NULL, chain, 0);
    else
        status = calls[way](mock.context, NULL, chain);
    mock_leave(DISPATCH_LEVEL, before);
    if (status != NDIS_STATUS_PENDING)
        mock_broken("packets", "way %u returned %08x", way, (unsigned)status);
}

void NdisMSendNetBufferListsComplete(NDIS_HANDLE adapter, NET_BUFFER_LIST *lists, ULONG flags)
{
    (void)flags;
    if (adapter != &mock_adapter_handle)
        mock_broken("handle", "packets come back with another than the adapter's");
    packets_came(0, lists);
}

#define PACKETS_COMPLETE(name, way)                              \
    static void name(NDIS_HANDLE driver, NET_BUFFER_LIST *lists) \
    {                                                            \
        if (driver != &mock_driver_handle)                       \
            mock_broken("handle", "packets of way %d", (way));   \
        packets_came(way, lists);                                \
    }
PACKETS_COMPLETE(send_complete, 1)
PACKETS_COMPLETE(receive_complete, 2)
PACKETS_COMPLETE(disconnect_complete, 3)
PACKETS_COMPLETE(forward_complete, 4)

const NDIS_TCP_OFFLOAD_EVENT_HANDLERS mock_event_handlers = {
    .Header = {NdisTcpChimneyOffload, 1, sizeof mock_event_handlers},
    .NdisTcpOffloadEventHandler = tcp_event,
    .NdisTcpOffloadSendComplete = send_complete,
    .NdisTcpOffloadReceiveComplete = receive_complete,
    .NdisTcpOffloadDisconnectComplete = disconnect_complete,
    .NdisTcpOffloadForwardComplete = forward_complete,
};
