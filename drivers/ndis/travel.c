/* SPDX-License-Identifier: BSD-2-Clause */
#include "travel.h"

#include "adapter.h"
#include "packet.h"

/* The connection that it had a name for is the host's again, or has never become one. */
static bool has_ended(const struct wire *w, const struct end *e)
{
    return flue_name_index(&w->nic->target.flue, CHIMNEY_TCP, e->name) == FLUE_NONE;
}

/* ---- Received, and not yet delivered ------------------------------------------------------- */

static void drop(struct end *e)
{
    lent_all_back(e->buffered);
    e->buffered = NULL;
}

/* What came with connections of which nothing has become. */
static void drop_what_failed(struct wire *w)
{
    for (uint32_t tcp = 0; tcp < w->connections; tcp++)
        if (!w->ends[tcp].plugged && has_ended(w, &w->ends[tcp]))
            drop(&w->ends[tcp]);
}

static NET_BUFFER_LIST *take(struct wire *w)
{
    NET_BUFFER_LIST *list = lent_take(&w->kept);
    if (!list) {
        drop_what_failed(w);
        list = lent_take(&w->kept);
    }
    return list;
}

/* The last of them, if it has room left; else one more. NULL: there is none. */
static NET_BUFFER_LIST *room(struct wire *w, struct end *e, NET_BUFFER_LIST *last)
{
    if (last && last->FirstNetBuffer->DataLength < LENT_BYTES)
        return last;
    NET_BUFFER_LIST *list = take(w);
    if (!list)
        return NULL;
    lent_fill(list, 0);
    if (last)
        last->Next = list;
    else
        e->buffered = list;
    return list;
}

static bool copy(struct wire *w, struct end *e, NET_BUFFER_LIST *from, NET_BUFFER_LIST **last)
{
    if (!packet_begin(from))
        return false;
    for (uint64_t at = 0, bytes = packet_bytes(from); at < bytes;) {
        NET_BUFFER_LIST *to = room(w, e, *last);
        if (!to)
            return false;
        const uint32_t used = to->FirstNetBuffer->DataLength;
        const uint32_t some = packet_peek(from, at, lent_bytes(to) + used, LENT_BYTES - used);
        lent_fill(to, used + some);
        at += some;
        *last = to;
    }
    return true;
}

uint8_t bring(void *wire, const struct chimney_add_tcp_args *args)
{
    struct wire *w = wire;
    struct end *e = &w->ends[args->index];
    NET_BUFFER_LIST *last = NULL;
    if (!w->offers[args->variant])
        return CHIMNEY_RESULT_CONNECTION_REJECTED;
    drop(e);
    e->given = NULL; /* whose index it was has ended: the host has it */
    e->name = flue_object_handle(&w->nic->target.flue, CHIMNEY_TCP, args->index);
    for (NET_BUFFER_LIST *list = args->buffered_data; list; list = list->Next)
        if (!copy(w, e, list, &last)) {
            drop(e);
            return CHIMNEY_RESULT_FAILURE;
        }
    return CHIMNEY_RESULT_OK;
}

/* ---- Handed over, and not yet acknowledged ------------------------------------------------- */

void travel_in(struct wire *w, uint32_t tcp)
{
    struct end *e = &w->ends[tcp];
    struct chimney_add_tcp_args *holds = &entry(w, tcp)->holds;
    e->brought = holds->send_data_head;
    if (e->brought) {
        holds->snd_nxt = holds->snd_una; /* it begins with what is not acknowledged */
        activate(w, tcp);
    }
    holds->send_data_head = holds->send_data_tail = holds->buffered_data = NULL;
    e->owned = false;
    e->refused = e->buffered != NULL;
}

/* As soon as it is certain that the initiate succeeds: else all of it stays the host's. */
static bool owns(const struct wire *w, struct end *e)
{
    if (e->owned || !flue_object_host_handle(&w->nic->target.flue, CHIMNEY_TCP, e->name))
        return e->owned;
    for (NET_BUFFER_LIST *list = e->brought; list; list = list->Next)
        list->Status = packet_begin(list) ? NDIS_STATUS_SUCCESS : NDIS_STATUS_FAILURE;
    return e->owned = true;
}

bool brought_begins(struct wire *w, struct end *e)
{
    return is_over(w, e->came) && owns(w, e);
}

void brought_done(struct wire *w, struct end *e)
{
    NET_BUFFER_LIST *list = e->brought;
    e->brought = list->Next;
    list->Next = NULL;
    w->budget -= w->budget != 0;
    w->sent(driver_handle, list);
}

/* The host may not have the initiate back that they came with: then they wait for that. */
void brought_abort(struct wire *w, struct end *e)
{
    NET_BUFFER_LIST *first = e->brought, **last = &w->aborted;
    if (!first || !owns(w, e))
        return;
    e->brought = NULL;
    for (NET_BUFFER_LIST *list = first; list; list = list->Next)
        list->Status = NDIS_STATUS_REQUEST_ABORTED;
    if (e->came != w->round) {
        w->sent(driver_handle, first);
        return;
    }
    while (*last)
        last = &(*last)->Next;
    *last = first;
    w->aborted_in = w->round;
}

void travel_step(struct wire *w)
{
    NET_BUFFER_LIST *first = w->aborted;
    if (!first || !is_over(w, w->aborted_in))
        return;
    w->aborted = NULL;
    w->sent(driver_handle, first);
}

/* ---- Out of the NIC ------------------------------------------------------------------------ */

static void return_to_host(struct wire *w, uint32_t tcp)
{
    struct end *e = &w->ends[tcp];
    NET_BUFFER_LIST *first = e->brought;
    for (NET_BUFFER_LIST *list = first; list; list = list->Next)
        list->Status = (NDIS_STATUS)CHIMNEY_STATUS_UPLOAD_IN_PROGRESS;
    if (first)
        w->sent(driver_handle, first);
    entry(w, tcp)->holds.buffered_data = e->given = e->buffered;
    e->buffered = NULL;
}

void travel_out(struct wire *w, uint32_t tcp, bool removed)
{
    struct end *e = &w->ends[tcp];
    const bool owned = owns(w, e);
    if (owned && removed)
        return_to_host(w, tcp);
    else if (owned)
        brought_abort(w, e);
    e->brought = NULL;
    drop(e);
}

/* ---- In a reset ---------------------------------------------------------------------------- */

/* What went with a terminate the host has, if that has ended the connection. */
void wire_forgotten(struct wire *w)
{
    for (uint32_t tcp = 0; tcp < w->connections; tcp++) {
        struct end *e = &w->ends[tcp];
        if (e->given && !has_ended(w, e))
            lent_all_back(e->given);
        e->given = NULL;
        drop(e);
    }
}
