/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a lower driver says of connections and neighbors. It may have more to say at once than the
 * target's queue of indications takes, so it is noted in the entry, where nothing can overflow:
 * each event once, until the DPC has passed it on.
 */
#include "im.h"

enum {
    CODE_BACKLOG = 1,
    CODE_DISCONNECT = 2,
    CODE_RETRIEVE = 3,
    CODE_ABORT = 4,
    CODE_REACHABILITY_QUERY = 2, /* of a neighbor */
    REASONS = 16,                /* bits below are reasons of a retrieve */
    BIT_DISCONNECT = 1 << 16,
    BIT_ABORT = 1 << 17,
    BIT_BACKLOG = 1 << 18,
    BIT_REACHABILITY = 1 << 19,
    BIT_ASK = 1 << 20, /* what this driver has to do itself */
    BIT_BRING = 1 << 21
};

static void put_into_list(struct im *im, struct entry *e)
{
    if (atomic_exchange(&e->is_noted, true))
        return;
    e->next_noted = atomic_load(&im->noted);
    while (!atomic_compare_exchange_weak(&im->noted, &e->next_noted, e))
        ;
}

static void note(struct entry *e, uint32_t bit)
{
    atomic_fetch_or(&e->events, bit);
    put_into_list(the_im, e);
    poll_soon(the_im);
}

void events_ask_again(struct entry *e)
{
    note(e, BIT_ASK);
}

void events_ask_no_more(struct entry *e)
{
    atomic_fetch_and(&e->events, ~(uint32_t)BIT_ASK);
}

/* Once. */
bool events_asks(struct entry *e)
{
    return atomic_fetch_and(&e->events, ~(uint32_t)BIT_ASK) & BIT_ASK;
}

void events_bring(struct entry *e)
{
    note(e, BIT_BRING);
}

/* That an object is invalid, the host is told from here, as soon as it is. */
void events_of_tcp(NDIS_HANDLE offload_context, ULONG code, ULONG detail)
{
    struct entry *e = offload_context;
    if (code == CODE_BACKLOG) {
        atomic_store(&e->backlog, detail);
        note(e, BIT_BACKLOG);
    } else if (code == CODE_RETRIEVE) {
        if (detail < REASONS && detail != CHIMNEY_RETRIEVE_INVALID_STATE)
            note(e, 1u << detail);
    } else {
        note(e, code == CODE_DISCONNECT ? BIT_DISCONNECT : BIT_ABORT);
    }
}

/* Answered by what is known here; the host is asked, too, and what it says is for the next time. */
void events_of_neighbor(NDIS_HANDLE binding_context, struct chimney_node_protocol *node, ULONG code)
{
    struct entry *e = (void *)node->OffloadHandle;
    struct chimney_neighbor_cached *cached =
        (void *)((uint8_t *)node + sizeof *node +
                 CHIMNEY_STATE_STRIDE(struct chimney_neighbor_const));
    int64_t now;
    (void)binding_context;
    if (code != CODE_REACHABILITY_QUERY)
        return;
    NdisGetSystemUpTimeEx(&now);
    cached->HostReachabilityDelta = (uint32_t)now - e->reachable_at;
    note(e, BIT_REACHABILITY);
}

static bool raise(struct im *im, struct entry *e, uint32_t bit)
{
    struct chimney_target *target = &im->target;
    switch (bit) {
    case BIT_ASK:
        return data_ask_again(im, e);
    case BIT_BRING:
        return data_bring(im, e);
    case BIT_DISCONNECT:
        return chimney_disconnect(target, e->name);
    case BIT_ABORT:
        return chimney_abort(target, e->name);
    case BIT_BACKLOG:
        return chimney_send_backlog_change(target, e->name, atomic_load(&e->backlog));
    case BIT_REACHABILITY:
        return chimney_reachability_query(target, e->name);
    default:
        return chimney_retrieve(target, e->name, (enum chimney_retrieve_reason)__builtin_ctz(bit));
    }
}

/*
 * False: there is no room now. Of what has ended nothing is said. That data is to be asked for
 * stays until it is.
 */
static bool pass_on(struct im *im, struct entry *e)
{
    for (uint32_t bits = atomic_fetch_and(&e->events, BIT_ASK); bits; bits &= bits - 1) {
        const uint32_t bit = bits & -bits;
        e->asked_back |= bit == BIT_ABORT;
        const bool held = e->state == ENTRY_HELD || e->state == ENTRY_ADDING;
        if (held && !raise(im, e, bit) &&
            flue_name_index(&im->target.flue, e->kind, e->name) != FLUE_NONE) {
            atomic_fetch_or(&e->events, bits & ~(uint32_t)BIT_ASK);
            return false;
        }
    }
    return true;
}

/* What it is too early for comes again in the next DPC, which the timer queues if nobody else. */
void events_follow(struct im *im)
{
    struct entry *e = atomic_exchange(&im->noted, NULL), *next;
    for (; e; e = next) {
        next = e->next_noted;
        atomic_store(&e->is_noted, false);
        if (!pass_on(im, e))
            put_into_list(im, e);
    }
}
