/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All of the work of an adapter: one DPC, bound to one processor, that tells the time, steps the
 * software NIC, polls the target, and ends what state.c began. Completions are made in here, at
 * DISPATCH_LEVEL, from no call of NDIS. A timer queues it, too, so that time goes on.
 */
#include "adapter.h"

/*
 * The adapter that is polled. DPCs of all adapters are bound to the first processor, so there is
 * one at a time. Needed since the calls that indicate a status get the driver's handle, as the
 * completion calls do, and NDIS wants the adapter's for that.
 */
static struct adapter *polled;

void poll_soon(void *adapter)
{
    struct adapter *a = adapter;
    KeInsertQueueDpc(&a->dpc, NULL, NULL);
}

void poll_timer(PVOID specific1, PVOID context, PVOID specific2, PVOID specific3)
{
    (void)specific1;
    (void)specific2;
    (void)specific3;
    poll_soon(context);
}

void poll_status(void *driver, struct chimney_status_indication *indication)
{
    (void)driver;
    indication->SourceHandle = polled->handle;
    if (indication->StatusCode == NDIS_STATUS_OFFLOAD_RESUME) {
        indication->StatusBuffer = &polled->capabilities;
        indication->StatusBufferSize = sizeof polled->capabilities;
    }
    NdisMIndicateStatusEx(polled->handle, indication);
}

/*
 * The NIC forgets all, and touches no memory any more: it has no DMA that could go on. Only here
 * somebody owns the target, so it sees the begin at once; and its names, by which the wire knows
 * what is whose, end in polls.
 */
static void forget(struct adapter *a, void (*begin)(struct flue_target *))
{
    struct flue_target *target = &a->nic->target.flue;
    begin(target);
    sim_forget(a->nic);
    wire_forgotten(a->wire);
    flue_dma_stopped(target);
}

static void follow_reset(struct adapter *a)
{
    if (!atomic_load(&a->resetting))
        return;
    forget(a, flue_reset_begin);
    flue_reset_end(&a->nic->target.flue);
    atomic_store(&a->resetting, false);
    NdisMResetComplete(a->handle, NDIS_STATUS_SUCCESS, 0);
}

static void follow_removal(struct adapter *a)
{
    if (!atomic_load(&a->removed))
        return;
    forget(a, flue_remove);
    atomic_store(&a->removed, false);
}

/* Also the host's initiates wait, if data waits too long for the end of them. */
static void hold_initiates(struct adapter *a)
{
    const bool changes = offers_change(a);
    const bool wait = changes || atomic_load(&a->paused) || wire_starves(a->wire);
    if (wait && !a->host_waits)
        flue_pause(&a->nic->target.flue);
    else if (!wait && a->host_waits)
        flue_resume(&a->nic->target.flue);
    a->host_waits = wait;
}

static void follow_pause(struct adapter *a)
{
    if (atomic_exchange(&a->pausing, false))
        NdisMPauseComplete(a->handle);
}

static bool work(struct adapter *a)
{
    int64_t now;
    NdisGetSystemUpTimeEx(&now);
    sim_tick(a->nic, (uint64_t)now);
    sim_step(a->nic, 1);
    follow_removal(a);
    const bool data = wire_step(a->wire);
    hold_initiates(a);
    const bool more = sim_service(a->nic) || data;
    follow_reset(a);
    oid_answer(a);
    data_refuse(a);
    follow_pause(a);
    return more;
}

void poll_dpc(KDPC *dpc, PVOID context, PVOID argument1, PVOID argument2)
{
    struct adapter *a = context;
    (void)dpc;
    (void)argument1;
    (void)argument2;
    if (atomic_load(&a->shut_down))
        return;
    polled = a;
    if (work(a))
        poll_soon(a);
    else if (atomic_load(&a->halting) && !atomic_load(&a->removed) &&
             flue_target_quiet(&a->nic->target.flue) && wire_has_all(a->wire))
        KeSetEvent(&a->halted, 0, 0);
}
