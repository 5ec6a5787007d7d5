/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All of the work of the adapter: one DPC, bound to one processor. Calls of lower drivers are made
 * in here, and completions and indications to the host, at DISPATCH_LEVEL, from no call of NDIS. A
 * timer queues it, too, so that time goes on.
 */
#include "im.h"

enum { POLL_BUDGET = 256, PAUSE = 0x40020001, RESUME = 0x40020003 };

void poll_soon(void *im)
{
    KeInsertQueueDpc(&((struct im *)im)->dpc, NULL, NULL);
}

void poll_timer(PVOID specific1, PVOID context, PVOID specific2, PVOID specific3)
{
    (void)specific1;
    (void)specific2;
    (void)specific3;
    poll_soon(context);
}

/* NDIS wants the adapter's handle for a status, and the driver's for the rest. */
void poll_status(void *driver, struct chimney_status_indication *indication)
{
    struct im *im = the_im;
    (void)driver;
    if (indication->StatusCode == PAUSE || indication->StatusCode == RESUME) {
        im->host_waits = indication->StatusCode == PAUSE;
        poll_soon(im); /* a failover goes on */
    }
    if (indication->StatusCode == RESUME) {
        indication->StatusBuffer = &im->capabilities;
        indication->StatusBufferSize = sizeof im->capabilities;
    }
    indication->SourceHandle = im->handle;
    NdisMIndicateStatusEx(im->handle, indication);
}

static bool is_about(struct im *im, const struct entry *e, const struct chimney_node *node)
{
    return e && flue_object_host_handle(&im->target.flue, CHIMNEY_NEIGHBOR, e->name) ==
                    node->NdisOffloadHandle;
}

/* What the host knows of a neighbor is for the lower drivers, when they ask again. */
void poll_event(void *driver, struct chimney_node *node, uint32_t code)
{
    struct im *im = the_im;
    NdisMOffloadEventIndicate(driver, node, code);
    const struct chimney_neighbor_cached *answer =
        (const void *)((const uint8_t *)chimney_state_behind(node) +
                       CHIMNEY_STATE_STRIDE(struct chimney_neighbor_const));
    int64_t now;
    NdisGetSystemUpTimeEx(&now);
    for (uint8_t l = 0; l < LOWERS; l++)
        for (uint32_t i = 0; i < im->capacity[CHIMNEY_NEIGHBOR]; i++) {
            struct entry *e = entry_of(im, l, CHIMNEY_NEIGHBOR, i);
            if (is_about(im, e, node))
                e->reachable_at = (uint32_t)now - answer->HostReachabilityDelta;
        }
}

/* Only here somebody owns the target, so it sees the begin at once. */
static void begin_end(struct im *im)
{
    struct flue_target *target = &im->target.flue;
    const bool removed = atomic_load(&im->removed);
    if (im->ending || (!removed && !atomic_load(&im->resetting)))
        return;
    im->ending = true;
    if (removed)
        flue_remove(target);
    else
        flue_reset_begin(target);
    data_forgotten(im);
}

/*
 * What lower drivers have is taken back, though nobody asks. Nothing is completed before lists of
 * the host's are in no lower driver any more, and what stands here is nowhere else.
 */
static void follow_end(struct im *im)
{
    struct flue_target *target = &im->target.flue;
    if (!im->ending)
        return;
    data_abort(im);
    if (!calls_take_back(im, true) || im->jobs_out || atomic_load(&im->lists_below))
        return;
    im->ending = false;
    flue_dma_stopped(target);
    if (flue_target_phase(target) == FLUE_REMOVED)
        atomic_store(&im->removed, false);
    if (!atomic_exchange(&im->resetting, false))
        return;
    flue_reset_end(target);
    NdisMResetComplete(im->handle, NDIS_STATUS_SUCCESS, 0);
}

static void follow_halt(struct im *im)
{
    if (atomic_load(&im->halting) && !atomic_load(&im->removed) &&
        flue_target_quiet(&im->target.flue) && !im->jobs_out && data_is_back(im))
        KeSetEvent(&im->halted, 0, 0);
}

static bool work(struct im *im)
{
    int64_t now;
    NdisGetSystemUpTimeEx(&now);
    flue_tick(&im->target.flue, (uint64_t)now);
    calls_take(im);
    calls_take_back(im, false);
    begin_end(im);
    if (!data_holds(im))
        upper_free(im);  /* before a terminate that is over */
    failover_follow(im); /* before the host's requests, which want to know who is there */
    const bool more = flue_poll(&im->target.flue, POLL_BUDGET);
    data_follow(im);
    events_follow(im);
    follow_end(im);
    upper_follow(im);
    lower_follow(im);
    return more;
}

void poll_dpc(KDPC *dpc, PVOID context, PVOID argument1, PVOID argument2)
{
    struct im *im = context;
    (void)dpc;
    (void)argument1;
    (void)argument2;
    if (atomic_load(&im->shut_down))
        return;
    if (work(im))
        poll_soon(im);
    else
        follow_halt(im);
}
