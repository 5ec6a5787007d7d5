/* SPDX-License-Identifier: BSD-2-Clause */
/* What the target tells the host unasked: counted, and noted on the object it is about. */
#include "host.h"

static void count(struct host_record *record, uint32_t code, uint32_t detail)
{
    if (code < HOST_EVENTS)
        record->events[code]++;
    if (code == HOST_RETRIEVE && detail < HOST_REASONS)
        record->retrieves[detail]++;
}

/* The handle by which a connection is named is the address of a host_object. */
static void tell_connection(void *object_handle, uint32_t code, uint32_t detail)
{
    struct host_object *object = object_handle;
    if (!object)
        return;
    object->told++;
    if (object->record)
        count(object->record, code, detail);
    if (code == HOST_RETRIEVE && detail < HOST_REASONS)
        object->retrieved |= 1u << detail;
    if (code == HOST_ABORT)
        object->aborted++;
}

/* The host knows nothing newer of the neighbor than what the node says already. */
static void tell_object(void *target_handle, struct chimney_node *node, uint32_t code)
{
    struct host_record *record = target_handle;
    (void)code;
    record->reachability_asked++;
    if (node && node->NdisOffloadHandle)
        ((struct host_object *)node->NdisOffloadHandle)->told++;
}

static void tell_status(void *target_handle, struct chimney_status_indication *indication)
{
    struct host_record *record = target_handle;
    record->status_indications++;
    record->last_status_indication = indication->StatusCode;
}

const struct chimney_indications host_indications = {
    .NdisTcpOffloadEventHandler = tell_connection,
    .NdisMOffloadEventIndicate = tell_object,
    .NdisMIndicateStatusEx = tell_status,
};
