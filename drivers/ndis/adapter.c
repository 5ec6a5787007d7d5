/* SPDX-License-Identifier: BSD-2-Clause */
/* An adapter's begin and end. Both at PASSIVE_LEVEL; all memory is taken and given back here. */
#include <stdlib.h>

#include "adapter.h"
#include "registration.h"

enum { TIMER_MS = 10 }; /* a tenth of the shortest time that a command is given */
#define TIMER_FIRST (-TIMER_MS * INT64_C(10000)) /* relative, in 100 ns */

/* Nothing of ours stands between: what the target calls are NDIS's own functions. */
static NDIS_STATUS make_tables(struct adapter *a)
{
    const NDIS_TCP_OFFLOAD_EVENT_HANDLERS *tcp;
    a->completions = (struct chimney_completions){
        .initiate = NdisMInitiateOffloadComplete,
        .update = NdisMUpdateOffloadComplete,
        .query = NdisMQueryOffloadStateComplete,
        .invalidate = NdisMInvalidateOffloadComplete,
        .terminate = NdisMTerminateOffloadComplete,
    };
    if (NdisMGetOffloadHandlers(a->handle, NdisTcpChimneyOffload, &tcp) != NDIS_STATUS_SUCCESS ||
        tcp->Header.Type != NdisTcpChimneyOffload || tcp->Header.Size < sizeof *tcp)
        return NDIS_STATUS_NOT_SUPPORTED;
    a->transfers = data_transfers(tcp);
    a->tcp = tcp;
    a->indications = (struct chimney_indications){
        .NdisTcpOffloadEventHandler = tcp->NdisTcpOffloadEventHandler,
        .NdisMOffloadEventIndicate = NdisMOffloadEventIndicate,
        .NdisMIndicateStatusEx = poll_status,
    };
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS open_nic(struct adapter *a, struct sim_config *config)
{
    int64_t now;
    NdisGetSystemUpTimeEx(&now);
    config->flue.key = (uint32_t)now ^ (uint32_t)((uintptr_t)a >> 4);
    config->flue.completions = &a->completions;
    config->flue.indications = &a->indications;
    config->flue.transfers = &a->transfers;
    config->flue.host_handle = driver_handle;
    config->flue.reset_wanted = state_reset_wanted;
    a->nic = sim_open(config, NULL);
    if (!a->nic)
        return NDIS_STATUS_RESOURCES;
    nic_own(a->nic, poll_soon, a);
    sim_tick(a->nic, (uint64_t)now);
    a->wire = wire_open(a->nic, a->handle, a->tcp, a->offers);
    return a->wire ? NDIS_STATUS_SUCCESS : NDIS_STATUS_RESOURCES;
}

static NDIS_STATUS open_timer(struct adapter *a)
{
    const NDIS_TIMER_CHARACTERISTICS timer = {
        .Header = {NDIS_OBJECT_TYPE_TIMER_CHARACTERISTICS, 1, sizeof timer},
        .AllocationTag = 0x65756c66u,
        .TimerFunction = poll_timer,
        .FunctionContext = a,
    };
    return NdisAllocateTimerObject(a->handle, &timer, &a->timer);
}

/* Whatever of it there is. */
static void give_up(struct adapter *a)
{
    if (a->timer)
        NdisFreeTimerObject(a->timer);
    wire_close(a->wire);
    sim_close(a->nic);
    free(a);
}

/* The one that succeeds last is the first that makes anything run. */
static NDIS_STATUS open_adapter(struct adapter *a)
{
    struct sim_config config = config_read(a->handle, a->offers);
    NDIS_STATUS status = make_tables(a);
    if (status == NDIS_STATUS_SUCCESS)
        status = open_nic(a, &config);
    if (status == NDIS_STATUS_SUCCESS)
        status = registration_context(a->handle, a->nic);
    if (status == NDIS_STATUS_SUCCESS)
        status = registration_general(a->handle, 1, oid_list, oid_list_bytes);
    registration_capabilities(&a->hardware, config.flue.capacity[CHIMNEY_TCP]);
    offers_capabilities(a);
    if (status == NDIS_STATUS_SUCCESS)
        status = registration_offered(a->handle, &a->hardware, &a->capabilities);
    return status == NDIS_STATUS_SUCCESS ? open_timer(a) : status;
}

NDIS_STATUS adapter_initialize(NDIS_HANDLE handle, NDIS_HANDLE context, PVOID parameters)
{
    (void)context;
    (void)parameters;
    struct adapter *a = calloc(1, sizeof *a);
    if (!a)
        return NDIS_STATUS_RESOURCES;
    a->handle = handle;
    KeInitializeDpc(&a->dpc, poll_dpc, a);
    KeSetTargetProcessorDpc(&a->dpc, 0);
    KeInitializeEvent(&a->halted, NotificationEvent, 0);
    const NDIS_STATUS status = open_adapter(a);
    if (status == NDIS_STATUS_SUCCESS)
        NdisSetTimerObject(a->timer, TIMER_FIRST, TIMER_MS, a);
    else
        give_up(a);
    return status;
}

/*
 * All that is under way is completed by the DPC. Then the timer must not queue it again: its own
 * DPC may still run, so the first flush is for that one, the second for ours, which does nothing
 * any more.
 */
void adapter_halt(NDIS_HANDLE context, int action)
{
    struct adapter *a = adapter_of(context);
    (void)action;
    state_remove(a);
    atomic_store(&a->halting, true);
    poll_soon(a);
    KeWaitForSingleObject(&a->halted, Executive, KernelMode, 0, NULL);
    atomic_store(&a->shut_down, true);
    NdisCancelTimerObject(a->timer);
    KeFlushQueuedDpcs();
    KeRemoveQueueDpc(&a->dpc);
    KeFlushQueuedDpcs();
    give_up(a);
}
