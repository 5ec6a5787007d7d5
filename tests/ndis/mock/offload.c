/* SPDX-License-Identifier: BSD-2-Clause */
/* The five operations and their completion calls, at both edges; what holds for each. */
#include <string.h>

#include "ndis.h"

enum { MOST = 4096, PATIENCE_MS = 60000 };
#define UNWRITTEN ((int32_t)0x7eadbeef)

static struct out {
    struct chimney_node *root;
    void *memory;
    size_t bytes;
    struct adapter *adapter;
    uint64_t since, others;
    uint8_t operation;
} out[MOST];
static uint32_t out_count;

static const char *const names[] = {
    [CHIMNEY_INITIATE] = "initiate",   [CHIMNEY_UPDATE] = "update",
    [CHIMNEY_QUERY] = "query",         [CHIMNEY_INVALIDATE] = "invalidate",
    [CHIMNEY_TERMINATE] = "terminate",
};

static CHIMNEY_HANDLER handler(const struct adapter *a, uint8_t operation)
{
    const CHIMNEY_HANDLER handlers[] = {
        [CHIMNEY_INITIATE] = a->driver->generic.InitiateOffloadHandler,
        [CHIMNEY_UPDATE] = a->driver->generic.UpdateOffloadHandler,
        [CHIMNEY_QUERY] = a->driver->generic.QueryOffloadHandler,
        [CHIMNEY_INVALIDATE] = a->driver->generic.InvalidateOffloadHandler,
        [CHIMNEY_TERMINATE] = a->driver->generic.TerminateOffloadHandler,
    };
    return handlers[operation];
}

const void *mock_handler(uint8_t operation)
{
    return (const void *)(uintptr_t)handler(&mock_adapters[0], operation);
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

void mock_each(struct chimney_node *root, void (*visit)(struct chimney_node *, uint8_t),
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

/* Of all words that a miniport must leave alone, since another driver or the host has them. */
static uint64_t others;

static void add_others(struct chimney_node *node, uint8_t operation)
{
    const void *const words[] = {node->ImReserved[0], node->ImReserved[1], node->SourceHandle,
                                 node->ProtocolReserved[0], node->ProtocolReserved[1]};
    uint64_t sum = operation;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        sum = (sum ^ (uintptr_t)words[i]) * 0x9e3779b97f4a7c15u;
    others += sum ^ (uintptr_t)node;
}

static uint64_t others_of(struct chimney_node *root, uint8_t operation)
{
    others = 0;
    mock_each(root, add_others, operation);
    return others;
}

static bool is_out(const struct chimney_node *root)
{
    for (uint32_t i = 0; i < out_count; i++)
        if (out[i].root == root)
            return true;
    return false;
}

/* ---- Data that travels with an operation ----------------------------------------------------- */

static bool is_new_connection(const struct chimney_node *node)
{
    return node->Header.Type == CHIMNEY_TYPE_TCP_ALL && node->MiniportOffloadContext;
}

static void bring(struct chimney_node *node, uint8_t operation)
{
    if (operation == CHIMNEY_INITIATE && is_new_connection(node))
        mock_packets_travel(node);
}

static const struct adapter *completes;

/* All of it is back or has arrived, and the words say so. */
static void take_away(struct chimney_node *node, uint8_t operation)
{
    if (operation == CHIMNEY_INITIATE && is_new_connection(node))
        mock_packets_arrived(node, node->Status == NDIS_STATUS_SUCCESS);
    if (operation != CHIMNEY_TERMINATE || node->Status != NDIS_STATUS_SUCCESS)
        return;
    mock_packets_ended(completes, node->MiniportOffloadContext);
    if (node->Header.Type == CHIMNEY_TYPE_TCP_DELEGATED)
        mock_packets_given(completes, node, (const void *)(node + 1));
}

/* ---- At the edge of a miniport -------------------------------------------------------------- */

static void submit(struct adapter *a, uint8_t operation, struct chimney_node *root, void *memory,
                   size_t bytes)
{
    int before;
    if (out_count == MOST)
        mock_broken("late", "%d requests are out", MOST);
    if (root && !is_out(root))
        out[out_count++] = (struct out){.root = root,
                                        .memory = memory,
                                        .bytes = bytes,
                                        .adapter = a,
                                        .since = mock_now(),
                                        .others = others_of(root, operation),
                                        .operation = operation};
    mock_enter(a, DISPATCH_LEVEL, &before);
    handler(a, operation)(a->context, root);
    mock_leave(a, DISPATCH_LEVEL, before);
}

/* No root, or one that is out already, is not accepted. */
void mock_submit(uint8_t operation, struct chimney_node *root, void *memory, size_t bytes)
{
    if (root && !is_out(root))
        mock_each(root, poison, operation);
    mock_each(root, bring, operation);
    submit(&mock_adapters[0], operation, root, memory, bytes);
}

static const void *wanted;
static bool found_wanted;

static void look_for(struct chimney_node *node, uint8_t operation)
{
    (void)operation;
    found_wanted |= node->MiniportOffloadContext == wanted;
}

bool mock_is_terminating(const struct adapter *a, const void *object)
{
    wanted = object;
    found_wanted = false;
    for (uint32_t i = 0; object && i < out_count; i++)
        if (out[i].operation == CHIMNEY_TERMINATE && out[i].adapter == a)
            mock_each(out[i].root, look_for, CHIMNEY_TERMINATE);
    return found_wanted;
}

uint32_t mock_outstanding_of(const struct adapter *a)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < out_count; i++) {
        count += out[i].adapter == a;
        if (mock_now() - out[i].since > PATIENCE_MS)
            mock_broken("late", "%s is out for a minute", names[out[i].operation]);
    }
    return count;
}

uint32_t mock_outstanding(void)
{
    return mock_outstanding_of(&mock_adapters[0]);
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

static void complete_host(const struct out *was)
{
    const struct mock_host *host = &was->adapter->host;
    void (*const calls[])(void *, struct chimney_node *) = {
        [CHIMNEY_INITIATE] = host->completions->initiate,
        [CHIMNEY_UPDATE] = host->completions->update,
        [CHIMNEY_QUERY] = host->completions->query,
        [CHIMNEY_INVALIDATE] = host->completions->invalidate,
        [CHIMNEY_TERMINATE] = host->completions->terminate,
    };
    calls[was->operation](host->handle, was->root);
    if (was->memory)
        mock_guard(was->memory, was->bytes, true);
}

/* NDIS gives the protocol's form of a node back. */
static void complete_above(const struct out *was)
{
    const NDIS_CLIENT_CHIMNEY_OFFLOAD_GENERIC_CHARACTERISTICS *client =
        &mock_intermediate()->client;
    const CHIMNEY_COMPLETE_HANDLER calls[] = {
        [CHIMNEY_INITIATE] = client->InitiateOffloadCompleteHandler,
        [CHIMNEY_UPDATE] = client->UpdateOffloadCompleteHandler,
        [CHIMNEY_QUERY] = client->QueryOffloadCompleteHandler,
        [CHIMNEY_INVALIDATE] = client->InvalidateOffloadCompleteHandler,
        [CHIMNEY_TERMINATE] = client->TerminateOffloadCompleteHandler,
    };
    objects_up(was->adapter, was->root, was->operation);
    mock_driver_begins();
    calls[was->operation](was->adapter->bound_context, (void *)was->root);
    mock_driver_ends();
}

static void complete(void *driver, struct chimney_node *root, uint8_t operation)
{
    MOCK_TURN;
    const struct out was = take_out(root, operation);
    mock_called(was.adapter, names[operation]);
    if (driver != was.adapter->driver)
        mock_broken("handle", "%s is completed with another than the driver's", names[operation]);
    mock_each(root, check_status, operation);
    if (was.others != others_of(root, operation))
        mock_broken("reserved", "words of another's in %s", names[operation]);
    completes = was.adapter;
    mock_each(root, take_away, operation);
    if (mock_is_lower(was.adapter))
        complete_above(&was);
    else
        complete_host(&was);
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

/* ---- The calls of an intermediate driver ----------------------------------------------------- */

static void check_block(struct chimney_node *node, uint8_t operation)
{
    if (node->Header.Revision != 1 || node->Header.Size != sizeof *node)
        mock_broken("header", "of a node of %s", names[operation]);
    node->Status = UNWRITTEN;
}

static void go_down(NDIS_HANDLE binding, struct chimney_node_protocol *root, uint8_t operation)
{
    MOCK_TURN;
    struct adapter *a = mock_adapter_of(binding, names[operation]);
    struct chimney_node *node = (void *)root;
    if (!mock_is_lower(a) || !a->bound)
        mock_broken("handle", "%s by what is no binding", names[operation]);
    if (mock_irql() > DISPATCH_LEVEL)
        mock_broken("level", "%s at %d", names[operation], mock_irql());
    if (is_out(node))
        mock_broken("again", "a block list goes down that is not back");
    mock_each(node, check_block, operation);
    objects_down(a, node, operation);
    submit(a, operation, node, NULL, 0);
}

void NdisInitiateOffload(NDIS_HANDLE binding, struct chimney_node_protocol *root)
{
    go_down(binding, root, CHIMNEY_INITIATE);
}

void NdisUpdateOffload(NDIS_HANDLE binding, struct chimney_node_protocol *root)
{
    go_down(binding, root, CHIMNEY_UPDATE);
}

void NdisQueryOffloadState(NDIS_HANDLE binding, struct chimney_node_protocol *root)
{
    go_down(binding, root, CHIMNEY_QUERY);
}

void NdisInvalidateOffload(NDIS_HANDLE binding, struct chimney_node_protocol *root)
{
    go_down(binding, root, CHIMNEY_INVALIDATE);
}

void NdisTerminateOffload(NDIS_HANDLE binding, struct chimney_node_protocol *root)
{
    go_down(binding, root, CHIMNEY_TERMINATE);
}
