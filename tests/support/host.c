/* SPDX-License-Identifier: BSD-2-Clause */
#include "host.h"
#include "completions.h"

/* ---- Completion ---------------------------------------------------------------------------- */

/* The second word of ProtocolReserved tells which operation a root is out for. */
static void *out_for(uint8_t operation)
{
    return (void *)(uintptr_t)(0x0f00u + operation);
}

uint8_t host_status_index(int32_t status)
{
    for (uint8_t i = 0; i < chimney_spec.status_count; i++) {
        if (chimney_spec.statuses[i].value == status)
            return i;
    }
    return FLUE_NO_BYTE;
}

struct count_context {
    struct host_record *record;
    uint8_t operation;
};

static void count_status(struct chimney_node *node, void *context)
{
    const struct count_context *c = context;
    uint8_t index = host_status_index(node->Status);
    c->record->nodes_completed[c->operation]++;
    if (index != FLUE_NO_BYTE)
        c->record->statuses[c->operation][index]++;
    else if (node->Status == HOST_UNWRITTEN)
        c->record->unwritten++;
    else
        c->record->unknown++;
}

void host_completed(void *host_handle, uint8_t operation, struct chimney_node *root)
{
    struct host_record *record = host_handle;
    struct count_context context = {record, operation};
    void *out = root->ProtocolReserved[1];
    record->completions[operation]++;
    if (!out) {
        record->unexpected++;
        return;
    }
    if (out != out_for(operation))
        record->wrong++;
    root->ProtocolReserved[1] = NULL;
    host_each(root, count_status, &context);
    if (record->on_complete)
        record->on_complete(record->context, operation, root);
    /* The tree is the host's again: whoever sees the counter may reuse its memory. */
    atomic_fetch_sub(&record->outstanding, 1);
}

COMPLETION_CALLS(host_done, host_completed)
const struct chimney_completions host_completions = COMPLETION_TABLE(host_done);

/* ---- Requests ------------------------------------------------------------------------------ */

static void poison(struct chimney_node *node, void *context)
{
    (void)context;
    node->Status = HOST_UNWRITTEN;
}

/* A connection's indication names the connection only; this is how it finds its host. */
static void adopt(struct chimney_node *node, void *record)
{
    struct host_object *object = node->NdisOffloadHandle;
    if (object && object->record != record)
        object->record = record;
}

void host_submit(struct host *host, uint8_t operation, struct chimney_node *root)
{
    static void (*const entries[])(void *adapter, struct chimney_node *root) = {
        [CHIMNEY_INITIATE] = chimney_initiate,   [CHIMNEY_UPDATE] = chimney_update,
        [CHIMNEY_QUERY] = chimney_query,         [CHIMNEY_INVALIDATE] = chimney_invalidate,
        [CHIMNEY_TERMINATE] = chimney_terminate,
    };
    host_each(root, poison, NULL);
    if (operation == CHIMNEY_INITIATE)
        host_each(root, adopt, &host->record);
    host->record.requests[operation]++;
    host->record.nodes[operation] += host_count(root);
    root->ProtocolReserved[1] = out_for(operation);
    atomic_fetch_add(&host->record.outstanding, 1);
    entries[operation](host->nic, root);
}

uint64_t host_statuses(const struct host *host, uint8_t operation, int32_t status)
{
    uint8_t index = host_status_index(status);
    return index == FLUE_NO_BYTE ? 0 : host->record.statuses[operation][index];
}
