/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Data. What the host hands over for a connection goes down to the lower driver that has it, as it
 * is, at once, on whatever thread; what comes back goes up in the same way. So order, and that each
 * list is back once, are the lower driver's: when it has given a connection back, all lists of it
 * are with the host. Nothing is kept here of a list, and no word of it used, but of those that are
 * lent: they go back to the lower driver that they are of.
 *
 * An initiate of the host's is over later than the lower driver's. Until then what is received is
 * refused, and asked for again later by a receive of no bytes: as after one of the host's, the
 * lower driver indicates then. And what the initiate has brought to be sent goes down after it.
 */
#include <stdlib.h>

#include "im.h"

enum { OWN_LISTS = 64, LENT_LISTS = 1024, STARVES_MS = 200 };

static uint64_t now_ms(void)
{
    int64_t now;
    NdisGetSystemUpTimeEx(&now);
    return (uint64_t)now;
}

static uint32_t length(const NET_BUFFER_LIST *lists)
{
    uint32_t count = 0;
    for (; lists; lists = lists->Next)
        count++;
    return count;
}

/* ---- Down ---------------------------------------------------------------------------------- */

static void hold_ends(struct im *im, struct entry *e)
{
    if (atomic_fetch_sub(&e->users, 1) == 1 && atomic_load(&e->awaited))
        poll_soon(im);
}

/*
 * As the lower driver has it whose connection the host names, until it is let go: it is not taken
 * back before. NULL: none has it. An entry is nobody else's as long as it is found twice.
 */
static struct entry *hold(struct im *im, flue_name name)
{
    const uint32_t index = flue_name_index(&im->target.flue, CHIMNEY_TCP, name);
    for (uint8_t l = 0; index != FLUE_NONE && l < LOWERS; l++) {
        struct entry *e = entry_of(im, l, CHIMNEY_TCP, index);
        if (!e)
            continue;
        atomic_fetch_add(&e->users, 1);
        if (e == entry_of(im, l, CHIMNEY_TCP, index) && e->state == ENTRY_HELD && e->name == name)
            return e;
        hold_ends(im, e);
    }
    return NULL;
}

static void send_brought(struct im *im, struct entry *e)
{
    atomic_fetch_add(&e->bringing, 1);
    NET_BUFFER_LIST *lists = atomic_exchange(&e->brought, NULL);
    atomic_fetch_add(&im->lists_below, length(lists));
    if (lists)
        NdisOffloadTcpSend(&e->handle, lists);
    atomic_fetch_sub(&e->bringing, 1);
}

/* First what the initiate has brought, which is over; the DPC may be about to send it. */
static void send_what_is_before(struct im *im, struct entry *e)
{
    if (atomic_load(&e->brought))
        send_brought(im, e);
    while (atomic_load(&e->bringing))
        ;
}

/* A connection that is the host's still, and that no lower driver has, is lost. */
static NDIS_STATUS refusal(const struct im *im, const struct entry *e, flue_name name)
{
    if (flue_name_index(&im->target.flue, CHIMNEY_TCP, name) == FLUE_NONE)
        return NDIS_STATUS_FAILURE;
    return e && flue_target_phase(&im->target.flue) == FLUE_RUNNING
               ? (NDIS_STATUS)CHIMNEY_STATUS_UPLOAD_IN_PROGRESS
               : NDIS_STATUS_REQUEST_ABORTED;
}

/* What comes too late for a terminate, the lower driver may not get any more. */
static struct entry *begin(struct im *im, enum way way, const void *cell, NET_BUFFER_LIST *lists)
{
    const flue_name name = *(const flue_name *)cell;
    struct entry *e = hold(im, name);
    if (e && !atomic_load(&e->leaves)) {
        atomic_fetch_add(&im->lists_below, length(lists));
        return e;
    }
    upper_refuse(im, way, lists, refusal(im, e, name));
    if (e)
        hold_ends(im, e);
    return NULL;
}

static NDIS_STATUS tcp_send(NDIS_HANDLE im, PVOID cell, NET_BUFFER_LIST *lists)
{
    struct entry *e = begin(im, WAY_SEND, cell, lists);
    if (!e)
        return NDIS_STATUS_PENDING;
    send_what_is_before(im, e);
    NdisOffloadTcpSend(&e->handle, lists);
    hold_ends(im, e);
    return NDIS_STATUS_PENDING;
}

static NDIS_STATUS tcp_disconnect(NDIS_HANDLE im, PVOID cell, NET_BUFFER_LIST *lists, ULONG flags)
{
    struct entry *e = begin(im, WAY_DISCONNECT, cell, lists);
    if (!e)
        return NDIS_STATUS_PENDING;
    send_what_is_before(im, e);
    NdisOffloadTcpDisconnect(&e->handle, lists, flags);
    hold_ends(im, e);
    return NDIS_STATUS_PENDING;
}

/* After it the lower driver may indicate again, without our asking for it; not once more. */
static NDIS_STATUS tcp_receive(NDIS_HANDLE im, PVOID cell, NET_BUFFER_LIST *lists)
{
    struct entry *e = begin(im, WAY_RECEIVE, cell, lists);
    if (!e)
        return NDIS_STATUS_PENDING;
    events_ask_no_more(e);
    while (atomic_load(&e->bringing))
        ;
    NdisOffloadTcpReceive(&e->handle, lists);
    hold_ends(im, e);
    return NDIS_STATUS_PENDING;
}

static NDIS_STATUS tcp_forward(NDIS_HANDLE im, PVOID cell, NET_BUFFER_LIST *lists)
{
    struct entry *e = begin(im, WAY_FORWARD, cell, lists);
    if (!e)
        return NDIS_STATUS_PENDING;
    NdisOffloadTcpForward(&e->handle, lists);
    hold_ends(im, e);
    return NDIS_STATUS_PENDING;
}

/* ---- Up ------------------------------------------------------------------------------------ */

/* What was taken back of the lower driver because all is lost here, is aborted. */
static void pass_up(struct im *im, NET_BUFFER_LIST *lists, TCP_OFFLOAD_COMPLETE complete)
{
    const uint32_t count = length(lists);
    const bool running = flue_target_phase(&im->target.flue) == FLUE_RUNNING;
    for (NET_BUFFER_LIST *list = lists; list; list = list->Next)
        if (!running && list->Status == (NDIS_STATUS)CHIMNEY_STATUS_UPLOAD_IN_PROGRESS)
            list->Status = NDIS_STATUS_REQUEST_ABORTED;
    if (lists)
        complete(driver_handle, lists);
    if (atomic_fetch_sub(&im->lists_below, count) == count)
        poll_soon(im); /* who may wait for that */
}

static struct im *im_of(NDIS_HANDLE binding_context)
{
    return ((struct lower *)binding_context)->im;
}

void data_sent(NDIS_HANDLE binding_context, NET_BUFFER_LIST *lists)
{
    pass_up(im_of(binding_context), lists, im_of(binding_context)->tcp.NdisTcpOffloadSendComplete);
}

void data_disconnected(NDIS_HANDLE binding_context, NET_BUFFER_LIST *lists)
{
    pass_up(im_of(binding_context), lists,
            im_of(binding_context)->tcp.NdisTcpOffloadDisconnectComplete);
}

void data_forwarded(NDIS_HANDLE binding_context, NET_BUFFER_LIST *lists)
{
    pass_up(im_of(binding_context), lists,
            im_of(binding_context)->tcp.NdisTcpOffloadForwardComplete);
}

/* Without those of our own. */
void data_filled(NDIS_HANDLE binding_context, NET_BUFFER_LIST *lists)
{
    struct im *im = im_of(binding_context);
    for (NET_BUFFER_LIST **at = &lists; *at;) {
        NET_BUFFER_LIST *list = *at;
        if (list->NdisPoolHandle != im->pool) {
            at = (NET_BUFFER_LIST **)&list->Next;
            continue;
        }
        *at = list->Next;
        list->Next = NULL;
        atomic_fetch_sub(&im->lists_below, 1);
        atomic_store((atomic_bool *)list->ProtocolReserved[0], false);
    }
    pass_up(im, lists, im->tcp.NdisTcpOffloadReceiveComplete);
}

/* ---- Lent to the host ---------------------------------------------------------------------- */

/*
 * Records of a fixed pool, any thread's. Low half: number of the first that is free, and 1; high
 * half: counts, lest one that is taken and freed meanwhile is mistaken for the first.
 */
static struct record *record_take(struct lent *lent)
{
    uint64_t head = atomic_load(&lent->free), next;
    struct record *r;
    do {
        if (!(uint32_t)head)
            return NULL;
        r = &lent->all[(uint32_t)head - 1];
        next = ((head >> 32) + 1) << 32 | atomic_load(&r->after);
    } while (!atomic_compare_exchange_weak(&lent->free, &head, next));
    return r;
}

static void record_free(struct lent *lent, struct record *r)
{
    const uint32_t number = (uint32_t)(r - lent->all) + 1;
    uint64_t head = atomic_load(&lent->free), next;
    do {
        atomic_store(&r->after, (uint32_t)head);
        next = ((head >> 32) + 1) << 32 | number;
    } while (!atomic_compare_exchange_weak(&lent->free, &head, next));
}

static bool lend(struct lower *lower, NET_BUFFER_LIST *list)
{
    struct record *r = record_take(&lower->im->lent);
    if (!r)
        return false;
    r->lower = lower;
    r->word = list->MiniportReserved[0];
    list->MiniportReserved[0] = r;
    atomic_fetch_add(&lower->lent, 1);
    return true;
}

/* Whose it is. */
static struct lower *unlend(struct im *im, NET_BUFFER_LIST *list)
{
    struct record *r = list->MiniportReserved[0];
    struct lower *lower = r->lower;
    list->MiniportReserved[0] = r->word;
    record_free(&im->lent, r);
    return lower;
}

static void forget_lent(struct lower *lower)
{
    if (atomic_fetch_sub(&lower->lent, 1) == 1)
        poll_soon(lower->im);
}

NDIS_STATUS data_received(NDIS_HANDLE offload_context, NET_BUFFER_LIST *list, NDIS_STATUS with,
                          ULONG *consumed)
{
    struct im *im = the_im;
    struct entry *e = offload_context;
    struct lower *lower = &im->lowers[e->lower];
    const bool over = e->came != atomic_load(&im->round);
    void *handle = over ? flue_object_host_handle(&im->target.flue, CHIMNEY_TCP, e->name) : NULL;
    if (!handle || !lend(lower, list)) {
        *consumed = 0;
        events_ask_again(e);
        return NDIS_STATUS_OFFLOAD_DATA_NOT_ACCEPTED;
    }
    const NDIS_STATUS status = im->tcp.NdisTcpOffloadReceiveHandler(handle, list, with, consumed);
    if (status != NDIS_STATUS_SUCCESS) {
        unlend(im, list);
        forget_lent(lower);
    }
    return status;
}

/* The host has the completions of that round's initiates; else something waits for them. */
static bool is_over(struct im *im, uint32_t came)
{
    if (came != atomic_load(&im->round))
        return true;
    if (!im->waits_since)
        im->waits_since = now_ms();
    return false;
}

bool data_ask_again(struct im *im, struct entry *e)
{
    const size_t i = (size_t)(e - im->entries) % OWN_LISTS;
    if (atomic_load(&e->leaves))
        return true;
    if (!is_over(im, e->came) || !(uint32_t)atomic_load(&im->lent.free) ||
        atomic_exchange(&im->own_out[i], true))
        return false;
    atomic_fetch_add(&e->bringing, 1);
    if (events_asks(e)) {
        atomic_fetch_add(&im->lists_below, 1);
        NdisOffloadTcpReceive(&e->handle, im->own[i]);
    } else {
        atomic_store(&im->own_out[i], false);
    }
    atomic_fetch_sub(&e->bringing, 1);
    return true;
}

static NDIS_STATUS tcp_return(NDIS_HANDLE im, NET_BUFFER_LIST *lists)
{
    data_return(im, lists);
    return NDIS_STATUS_SUCCESS;
}

/* Each to the lower driver that it is of. */
void data_return(struct im *im, NET_BUFFER_LIST *lists)
{
    for (NET_BUFFER_LIST *next; lists; lists = next) {
        next = lists->Next;
        lists->Next = NULL;
        struct lower *lower = unlend(im, lists);
        NdisOffloadTcpReceiveReturn(lower->binding, lists);
        forget_lent(lower);
    }
}

bool data_lend(struct lower *lower, NET_BUFFER_LIST *lists)
{
    for (NET_BUFFER_LIST *list = lists; list; list = list->Next) {
        if (lend(lower, list))
            continue;
        for (NET_BUFFER_LIST *done = lists; done != list; done = done->Next) {
            unlend(lower->im, done);
            forget_lent(lower);
        }
        return false;
    }
    return true;
}

/* ---- Sends that an initiate brings --------------------------------------------------------- */

bool data_bring(struct im *im, struct entry *e)
{
    e->owned |= flue_object_host_handle(&im->target.flue, CHIMNEY_TCP, e->name) != NULL;
    if (!is_over(im, e->came) || !e->owned)
        return false;
    send_brought(im, e);
    return true;
}

static void retire(struct im *im, NET_BUFFER_LIST *lists, NDIS_STATUS status)
{
    for (NET_BUFFER_LIST *list = lists; list; list = list->Next)
        list->Status = status;
    if (lists)
        im->tcp.NdisTcpOffloadSendComplete(driver_handle, lists);
}

/* Where its initiate has not succeeded, they are the host's as they are. */
void data_remove(struct im *im, struct entry *e)
{
    NET_BUFFER_LIST *lists = atomic_exchange(&e->brought, NULL);
    if (flue_object_host_handle(&im->target.flue, CHIMNEY_TCP, e->name))
        retire(im, lists, (NDIS_STATUS)CHIMNEY_STATUS_UPLOAD_IN_PROGRESS);
}

void data_abort(struct im *im)
{
    NET_BUFFER_LIST **last = &im->aborted;
    for (uint32_t i = 0; i < im->entry_count; i++) {
        NET_BUFFER_LIST *lists = atomic_exchange(&im->entries[i].brought, NULL);
        while (*last)
            last = (NET_BUFFER_LIST **)&(*last)->Next;
        if (im->entries[i].owned)
            *last = lists;
    }
}

/* ---- Received data that a terminate took along --------------------------------------------- */

void data_given(struct im *im, flue_name name, NET_BUFFER_LIST *lists)
{
    im->given[(uint32_t)name] = (struct given){name, lists};
}

/* What has not ended by now fails, and what came along is not seen by anybody. */
void data_forgotten(struct im *im)
{
    for (uint32_t i = 0; i < im->capacity[CHIMNEY_TCP]; i++) {
        struct given *g = &im->given[i];
        if (g->lists && flue_name_index(&im->target.flue, CHIMNEY_TCP, g->name) != FLUE_NONE)
            data_return(im, g->lists);
        g->lists = NULL;
    }
}

/* ---- With each DPC ------------------------------------------------------------------------- */

void data_follow(struct im *im)
{
    const struct flue_stats *stats = flue_target_stats(&im->target.flue);
    NET_BUFFER_LIST *aborted = im->aborted;
    if (stats->requests[CHIMNEY_INITIATE] != stats->completions[CHIMNEY_INITIATE])
        return;
    atomic_fetch_add(&im->round, 1);
    im->waits_since = 0;
    im->aborted = NULL;
    retire(im, aborted, NDIS_STATUS_REQUEST_ABORTED);
}

bool data_starves(const struct im *im)
{
    return im->waits_since && now_ms() - im->waits_since >= STARVES_MS;
}

bool data_holds(const struct im *im)
{
    return im->aborted || (im->ending && atomic_load(&im->lists_below));
}

bool data_is_back(struct im *im)
{
    uint32_t lent = 0;
    for (uint8_t l = 0; l < LOWERS; l++)
        lent += atomic_load(&im->lowers[l].lent);
    return !lent && !atomic_load(&im->lists_below) && !im->aborted;
}

/* ---- Memory -------------------------------------------------------------------------------- */

/* Lists without room; each knows where it says that it is out. */
static bool open_own(struct im *im)
{
    const NET_BUFFER_LIST_POOL_PARAMETERS says = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, 1, sizeof says},
        .fAllocateNetBuffer = 1,
        .PoolTag = 0x65756c66u,
    };
    im->pool = NdisAllocateNetBufferListPool(im->handle, &says);
    for (uint32_t i = 0; im->pool && i < OWN_LISTS; i++) {
        im->own[i] = NdisAllocateNetBufferAndNetBufferList(im->pool, 0, 0, NULL, 0, 0);
        if (!im->own[i])
            return false;
        im->own[i]->ProtocolReserved[0] = &im->own_out[i];
    }
    return im->pool != NULL;
}

bool data_open(struct im *im)
{
    im->own = calloc(OWN_LISTS, sizeof *im->own);
    im->own_out = calloc(OWN_LISTS, sizeof *im->own_out);
    im->lent.all = calloc(LENT_LISTS, sizeof *im->lent.all);
    im->given = calloc(im->capacity[CHIMNEY_TCP], sizeof *im->given);
    atomic_store(&im->lent.free, 0);
    for (uint32_t i = 0; im->lent.all && i < LENT_LISTS; i++)
        record_free(&im->lent, &im->lent.all[i]);
    return im->own && im->own_out && im->lent.all && im->given && open_own(im);
}

void data_close(struct im *im)
{
    for (uint32_t i = 0; im->own && i < OWN_LISTS && im->own[i]; i++)
        NdisFreeNetBufferList(im->own[i]);
    if (im->pool)
        NdisFreeNetBufferListPool(im->pool);
    free(im->own);
    free(im->own_out);
    free(im->lent.all);
    free(im->given);
    im->pool = NULL;
    im->own = NULL;
    im->own_out = NULL;
    im->lent.all = NULL;
    im->given = NULL;
}

const NDIS_PROVIDER_CHIMNEY_OFFLOAD_TCP_CHARACTERISTICS data_handlers = {
    .Header = {NDIS_OBJECT_TYPE_PROVIDER_CHIMNEY_OFFLOAD_TCP_CHARACTERISTICS, 1,
               sizeof data_handlers},
    .OffloadType = NdisTcpChimneyOffload,
    .TcpOffloadSendHandler = tcp_send,
    .TcpOffloadReceiveHandler = tcp_receive,
    .TcpOffloadDisconnectHandler = tcp_disconnect,
    .TcpOffloadForwardHandler = tcp_forward,
    .TcpOffloadReceiveReturnHandler = tcp_return,
};
