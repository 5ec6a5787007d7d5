/* SPDX-License-Identifier: BSD-2-Clause */
#include "host.h"
#include "completions.h"

#include <string.h>
#include <time.h>

#define TICKS_FOR_ONE 1000000
#define SERVICES_PER_TICK 1000000

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

void host_tick(struct host *host)
{
    sim_tick(host->nic, ++host->now);
    sim_step(host->nic, 1);
    for (uint32_t i = 0; i < SERVICES_PER_TICK && sim_service(host->nic); i++)
        ;
}

bool host_run(struct host *host, uint64_t ticks)
{
    for (uint64_t i = 0; i < ticks && atomic_load(&host->record.outstanding) != 0; i++)
        host_tick(host);
    return atomic_load(&host->record.outstanding) == 0;
}

bool host_do(struct host *host, uint8_t operation, struct chimney_node *root)
{
    host_submit(host, operation, root);
    return host_run(host, TICKS_FOR_ONE);
}

bool host_wait(struct host *host, uint32_t ms)
{
    const struct timespec one_ms = {.tv_nsec = 1000000};
    for (uint32_t i = 0; i < ms && atomic_load(&host->record.outstanding) != 0; i++)
        nanosleep(&one_ms, NULL);
    return atomic_load(&host->record.outstanding) == 0;
}

uint64_t host_statuses(const struct host *host, uint8_t operation, int32_t status)
{
    uint8_t index = host_status_index(status);
    return index == FLUE_NO_BYTE ? 0 : host->record.statuses[operation][index];
}

/* ---- Life ---------------------------------------------------------------------------------- */

bool host_open(struct host *host, const struct sim_config *config)
{
    struct sim_config mine = *config;
    memset(host, 0, sizeof(*host));
    mine.flue.completions = &host_completions;
    mine.flue.indications = &host_indications;
    mine.flue.host_handle = &host->record;
    host->missing = sim_missing(&mine);
    host->nic = sim_open(&mine, &host->error);
    return host->nic != NULL;
}

void host_close(struct host *host)
{
    sim_close(host->nic);
    host->nic = NULL;
}
