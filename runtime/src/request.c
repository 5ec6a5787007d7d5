/* SPDX-License-Identifier: BSD-2-Clause */
/* request.c: from the entry point to a running request, and from the last status to completion. */

#include "internal.h"

/* Any thread: the root becomes the newest of the inbox. Word 2 tells the operation meanwhile. */
void flue_submit(struct flue_target *t, uint8_t operation, void *root)
{
    if (!root) {
        atomic_fetch_add_explicit(&t->shared.null_roots, 1, memory_order_relaxed);
        return;
    }
    FLUE_ASSERT(operation < t->spec->operation_count);
    if (!node_claim(t, root)) {
        atomic_fetch_add_explicit(&t->shared.resubmitted, 1, memory_order_relaxed);
        return;
    }
    store_u32(node_word(t, root, 2), operation);
    atomic_fetch_add_explicit(&t->shared.submitted, 1, memory_order_relaxed);
    void *head = atomic_load_explicit(&t->inbox, memory_order_relaxed);
    do
        node_set_link(t, root, head);
    while (!atomic_compare_exchange_weak_explicit(&t->inbox, &head, root, memory_order_release,
                                                  memory_order_relaxed));
    if (!head)
        flue_wake(t);
}

/* Newest first becomes oldest first. */
static void take_inbox(struct flue_target *t)
{
    if (!atomic_load_explicit(&t->inbox, memory_order_relaxed))
        return;
    void *root = atomic_exchange_explicit(&t->inbox, NULL, memory_order_acquire);
    struct flue_node_list taken = {NULL, NULL};
    while (root) {
        void *older = node_link(t, root);
        node_list_push(t, &taken, root);
        root = older;
    }
    if (t->waiting.first)
        node_set_link(t, t->waiting.last, taken.first);
    else
        t->waiting.first = taken.first;
    t->waiting.last = taken.last;
}

static void begin(struct flue_target *t, struct flue_request *r, void *root)
{
    uint32_t place = (uint32_t)(r - t->requests), pool = t->config.running_requests;
    do
        t->serial += pool;
    while (t->serial == 0);
    *r = (struct flue_request){
        .root = root,
        .walk.cursor = root,
        .serial = t->serial | place,
        .roots = 1,
        .operation = (uint8_t)load_u32(node_word(t, root, 2)),
    };
    atomic_store_explicit(&t->serials[place], r->serial, memory_order_relaxed);
    node_stamp(t, root, r->serial, 0);
    if (t->active)
        t->active_last->next = r;
    else
        t->active = r;
    t->active_last = r;
    t->stats.requests[r->operation]++;
    if (t->config.trace)
        flue_trace_request(t, r, FLUE_TRACE_REQUEST);
}

static bool must_wait(const struct flue_target *t, const void *root)
{
    return t->paused && t->spec->operations[load_u32(node_word(t, root, 2))].held &&
           flue_target_phase(t) != FLUE_REMOVED;
}

void flue_requests_admit(struct flue_target *t)
{
    take_inbox(t);
    while (t->waiting.first && t->free_request) {
        void *root = node_list_pop(t, &t->waiting);
        if (must_wait(t, root)) {
            node_list_append(t, &t->held, root);
            continue;
        }
        struct flue_request *r = t->free_request;
        t->free_request = r->next;
        begin(t, r, root);
    }
}

/* Those that were held come before those that came later. */
void flue_requests_unhold(struct flue_target *t)
{
    if (!t->held.first)
        return;
    node_set_link(t, t->held.last, t->waiting.first);
    if (!t->waiting.first)
        t->waiting.last = t->held.last;
    t->waiting.first = t->held.first;
    t->held.first = NULL;
}

/* A root is finished, or the walk is. The last of them makes the request due for completion. */
void flue_root_done(struct flue_target *t, struct flue_request *r)
{
    FLUE_ASSERT(r->roots != 0);
    if (--r->roots != 0)
        return;
    r->next_completed = NULL;
    if (t->completed)
        t->completed_last->next_completed = r;
    else
        t->completed = r;
    t->completed_last = r;
}

static void deactivate(struct flue_target *t, struct flue_request *r)
{
    struct flue_request *before = NULL, *at = t->active;
    for (; at != r; at = at->next)
        before = at;
    if (before)
        before->next = r->next;
    else
        t->active = r->next;
    if (t->active_last == r)
        t->active_last = before;
}

/* The completion call, once; then the request's objects may go. The tree is not touched again. */
static void complete(struct flue_target *t, struct flue_request *r)
{
    if (t->config.trace)
        flue_trace_request(t, r, FLUE_TRACE_COMPLETE);
    deactivate(t, r);
    if (r->lanes)
        r->lanes->taken = false;
    /* In this order: whoever sees that the serial ended sees that the root is free, too. */
    node_disclaim(t, r->root);
    atomic_store_explicit(&t->serials[r - t->requests], 0, memory_order_release);
    t->stats.completions[r->operation]++;
    t->spec->complete(t, r->operation, r->root);
    while (r->leaving) {
        struct flue_object *o = r->leaving;
        r->leaving = o->next;
        flue_object_let_go(t, o);
    }
    r->next = t->free_request;
    t->free_request = r;
}

bool flue_requests_complete(struct flue_target *t)
{
    bool progress = false;
    while (t->completed) {
        struct flue_request *r = t->completed;
        t->completed = r->next_completed;
        complete(t, r);
        progress = true;
    }
    return progress;
}
