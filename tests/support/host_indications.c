/* SPDX-License-Identifier: BSD-2-Clause */
/* What the target tells the host unasked: counted, and noted on the object it is about. */
#include "host.h"

/* The codes of the host's calls; the same numbers that the spec gives. */
enum { SEND_BACKLOG_CHANGE = 1, DISCONNECT = 2, RETRIEVE = 3, ABORT = 4 };

/* The handle by which a connection is named is the address of a host_object. */
static void tell_connection(void *object_handle, uint32_t code, uint32_t detail)
{
    struct host_object *object = object_handle;
    if (!object)
        return;
    object->told++;
    if (code == RETRIEVE && detail < HOST_REASONS)
        object->retrieved |= 1u << detail;
    if (code == ABORT)
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
