/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The adapter's begin and end, at PASSIVE_LEVEL. What holds the bindings begins with the first of
 * them; all that a target needs is taken by MiniportInitializeEx, and none after it.
 */
#include <stdlib.h>

#include "im.h"
#include "registration.h"

enum { TIMER_MS = 10, MOST_OBJECTS = 1 << 20, MOST_RING = 1 << 12, TICKS_PER_SECOND = 1000 };
#define TIMER_FIRST (-TIMER_MS * INT64_C(10000)) /* relative, in 100 ns */
/*
 * Each time that the specs give is so many times longer here: a lower driver takes back what its
 * hardware does not answer in such a time, and completes all the same. What is silent still longer
 * is given up here.
 */
enum { LOWER_TIMES = 100 };

struct im *the_im;

struct im *adapter_open(void)
{
    if (!the_im)
        the_im = calloc(1, sizeof *the_im);
    return the_im;
}

void adapter_close(void)
{
    for (uint8_t l = 0; the_im && l < LOWERS; l++)
        if (the_im->handle || the_im->lowers[l].binding)
            return;
    free(the_im);
    the_im = NULL;
}

static struct flue_config read_config(NDIS_HANDLE adapter)
{
    NDIS_CONFIGURATION_OBJECT object = {
        .Header = {NDIS_OBJECT_TYPE_CONFIGURATION_OBJECT, 1, sizeof object}, .NdisHandle = adapter};
    struct flue_config config = {.ring_entries = 64,
                                 .reserved_entries = 4,
                                 .running_requests = 8,
                                 .quarantine_limit = 16,
                                 .ticks_per_second = TICKS_PER_SECOND * LOWER_TIMES};
    uint32_t *capacity = config.capacity, *stale = config.parameters;
    NDIS_HANDLE from;
    capacity[CHIMNEY_NEIGHBOR] = 64;
    capacity[CHIMNEY_PATH] = 256;
    capacity[CHIMNEY_TCP] = 1024;
    stale[CHIMNEY_PARAMETER_NCE_STALE_TICKS] = 30000;
    if (NdisOpenConfigurationEx(&object, &from) != NDIS_STATUS_SUCCESS)
        return config;
#define NUMBER(key, least, most, value) REGISTRATION_NUMBER(from, key, least, most, value)
    NUMBER(u"Neighbors", 1, MOST_OBJECTS, &capacity[CHIMNEY_NEIGHBOR]);
    NUMBER(u"Paths", 1, MOST_OBJECTS, &capacity[CHIMNEY_PATH]);
    NUMBER(u"Connections", 1, MOST_OBJECTS, &capacity[CHIMNEY_TCP]);
    NUMBER(u"RingEntries", 2, MOST_RING, &config.ring_entries);
    NUMBER(u"ReservedEntries", 0, MOST_RING, &config.reserved_entries);
    NUMBER(u"RunningRequests", 1, 1u << 16, &config.running_requests);
    NUMBER(u"QuarantineLimit", 1, MOST_RING, &config.quarantine_limit);
    NUMBER(u"NceStaleTicks", 0, UINT32_MAX, &stale[CHIMNEY_PARAMETER_NCE_STALE_TICKS]);
    NdisCloseConfiguration(from);
    return config;
}

/* Nothing of ours stands between: what the target calls are NDIS's own functions. */
static NDIS_STATUS make_tables(struct im *im)
{
    const NDIS_TCP_OFFLOAD_EVENT_HANDLERS *tcp;
    im->completions = (struct chimney_completions){
        .initiate = NdisMInitiateOffloadComplete,
        .update = NdisMUpdateOffloadComplete,
        .query = NdisMQueryOffloadStateComplete,
        .invalidate = NdisMInvalidateOffloadComplete,
        .terminate = NdisMTerminateOffloadComplete,
    };
    if (NdisMGetOffloadHandlers(im->handle, NdisTcpChimneyOffload, &tcp) != NDIS_STATUS_SUCCESS ||
        tcp->Header.Type != NdisTcpChimneyOffload || tcp->Header.Size < sizeof im->tcp)
        return NDIS_STATUS_NOT_SUPPORTED;
    im->tcp = *tcp;
    im->indications = (struct chimney_indications){
        .NdisTcpOffloadEventHandler = tcp->NdisTcpOffloadEventHandler,
        .NdisMOffloadEventIndicate = poll_event,
        .NdisMIndicateStatusEx = poll_status,
    };
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS open_target(struct im *im, struct flue_config *config)
{
    int64_t now;
    NdisGetSystemUpTimeEx(&now);
    config->key = (uint32_t)now ^ (uint32_t)((uintptr_t)im >> 4);
    config->host_handle = driver_handle;
    config->wake = poll_soon;
    config->reset_wanted = upper_reset_wanted;
    const size_t bytes = chimney_memory_bytes(config);
    im->memory = bytes ? aligned_alloc(64, bytes) : NULL;
    im->job_count = config->ring_entries;
    for (uint8_t kind = 0; kind < CHIMNEY_KINDS; kind++)
        im->capacity[kind] = config->capacity[kind];
    if (!im->memory || !entries_open(im) || !calls_open(im) || !data_open(im) ||
        chimney_init(&im->target, config, &im_binding, &im->completions, &im->indications,
                     im->memory, bytes) != FLUE_OK)
        return NDIS_STATUS_RESOURCES;
    flue_tick(&im->target.flue, (uint64_t)now);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS open_timer(struct im *im)
{
    const NDIS_TIMER_CHARACTERISTICS timer = {
        .Header = {NDIS_OBJECT_TYPE_TIMER_CHARACTERISTICS, 1, sizeof timer},
        .AllocationTag = 0x65756c66u,
        .TimerFunction = poll_timer,
        .FunctionContext = im,
    };
    return NdisAllocateTimerObject(im->handle, &timer, &im->timer);
}

/* Whatever of it there is; the bindings stay. */
static void give_up(struct im *im)
{
    if (im->timer)
        NdisFreeTimerObject(im->timer);
    data_close(im);
    entries_close(im);
    free(im->jobs);
    free(im->memory);
    im->handle = im->timer = NULL;
    im->jobs = im->free_jobs = NULL;
    im->memory = NULL;
}

static NDIS_STATUS open_all(struct im *im)
{
    struct flue_config config = read_config(im->handle);
    NDIS_STATUS status = make_tables(im);
    if (status == NDIS_STATUS_SUCCESS)
        status = open_target(im, &config);
    if (status == NDIS_STATUS_SUCCESS)
        status = registration_context(im->handle, im);
    if (status == NDIS_STATUS_SUCCESS)
        status = registration_general(im->handle, 0xff, upper_oids, upper_oid_bytes);
    capabilities_offer(im, &im->capabilities);
    if (status == NDIS_STATUS_SUCCESS)
        status = registration_offered(im->handle, &im->capabilities, &im->capabilities);
    return status == NDIS_STATUS_SUCCESS ? open_timer(im) : status;
}

/* Inside of the first bind. */
NDIS_STATUS adapter_initialize(NDIS_HANDLE handle, NDIS_HANDLE context, PVOID parameters)
{
    struct im *im = the_im;
    (void)context;
    (void)parameters;
    if (!im || im->handle)
        return NDIS_STATUS_FAILURE;
    atomic_store(&im->halting, false);
    atomic_store(&im->shut_down, false);
    im->handle = handle;
    KeInitializeDpc(&im->dpc, poll_dpc, im);
    KeSetTargetProcessorDpc(&im->dpc, 0);
    KeInitializeEvent(&im->halted, NotificationEvent, 0);
    const NDIS_STATUS status = open_all(im);
    if (status == NDIS_STATUS_SUCCESS)
        NdisSetTimerObject(im->timer, TIMER_FIRST, TIMER_MS, im);
    else
        give_up(im);
    return status;
}

/* What is under way is completed, and what lower drivers have is taken back, by the DPC. */
void adapter_halt(NDIS_HANDLE context, int action)
{
    struct im *im = context;
    (void)action;
    atomic_store(&im->removed, true);
    atomic_store(&im->halting, true);
    poll_soon(im);
    KeWaitForSingleObject(&im->halted, Executive, KernelMode, 0, NULL);
    atomic_store(&im->shut_down, true);
    NdisCancelTimerObject(im->timer);
    KeFlushQueuedDpcs();
    KeRemoveQueueDpc(&im->dpc);
    KeFlushQueuedDpcs();
    give_up(im);
    adapter_close();
}
