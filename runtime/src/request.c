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
    if (!flue_node_claim(t, root)) {
        atomic_fetch_add_explicit(&t->shared.resubmitted, 1, memory_order_relaxed);
        return;
    }
    flue_store_u32(flue_node_word(t, root, 2), operation);
    atomic_fetch_add_explicit(&t->shared.submitted, 1, memory_order_relaxed);
    void *head = atomic_load_explicit(&t->inbox, memory_order_relaxed);
    do
        flue_node_set_link(t, root, head);
    while (!atomic_compare_exchange_weak_explicit(&t->inbox, &head, root, memory_order_release,
                                                  memory_order_relaxed));
    if (!head)
        flue_wake(t);
}

/* Newest first becomes oldest first, a slice at a time. False: not all are turned round yet. */
static bool take_inbox(struct flue_target *t)
{
    if (!t->untaken && atomic_load_explicit(&t->inbox, memory_order_relaxed))
        t->untaken = atomic_exchange_explicit(&t->inbox, NULL, memory_order_acquire);
    for (unsigned n = FLUE_SLICE; t->untaken && n; n--) {
        void *older = flue_node_link(t, t->untaken);
        flue_node_list_push(t, &t->taken, t->untaken);
        t->untaken = older;
    }
    if (!t->untaken)
        flue_node_list_splice(t, &t->waiting, &t->taken);
    return !t->untaken;
}

static void begin(struct flue_target *t, void *root)
{
    struct flue_request *r = t->free_request;
    uint32_t index = (uint32_t)(r - t->requests), pool = t->config.running_requests;
    t->free_request = r->next;
    t->free_requests--;
    if (!t->oldest && t->serial - t->life_began >= 1u << 31)
        flue_life_renew(t);
    do
        t->serial += pool;
    while (t->serial == 0);
    *r = (struct flue_request){
        .root = root,
        .walk.cursor = root,
        .number = ++t->begun,
        .serial = t->serial | index,
        .roots = 1,
        .operation = (uint8_t)flue_load_u32(flue_node_word(t, root, 2)),
        .older = t->newest,
    };
    atomic_store_explicit(&t->serials[index], r->serial, memory_order_relaxed);
    flue_node_stamp(t, root, r->serial, 0);
    if (t->newest)
        t->newest->newer = r;
    else
        t->oldest = r;
    t->newest = r;
    if (t->spec->operations[r->operation].together)
        t->together = (struct flue_together){.request = r};
    t->sweeping += flue_reaches_dependents(t, r);
    flue_request_line_up(t, r);
    t->stats.requests[r->operation]++;
    if (flue_traced(t))
        flue_trace_request(t, r, FLUE_TRACE_REQUEST);
}

static const struct flue_operation *wanted_by(const struct flue_target *t, const void *root)
{
    return &t->spec->operations[flue_load_u32(flue_node_word(t, root, 2))];
}

static bool must_wait(const struct flue_target *t, const void *root)
{
    return t->paused && wanted_by(t, root)->held && flue_target_phase(t) != FLUE_REMOVED;
}

/*
 * What is done together holds objects to its end, what reaches dependents holds their links: each
 * would wait for the other in a ring. So one of the former runs, or some of the latter, in turn.
 */
static bool must_wait_apart(const struct flue_target *t, const struct flue_operation *op)
{
    if (!op->together && !op->reaches_dependents)
        return false;
    return t->apart.first || t->together.request || (op->together && t->sweeping);
}

/* The last free one is kept for roots that end objects: they find room whatever waits. */
static bool has_room(const struct flue_target *t)
{
    return t->free_requests > (t->config.running_requests > 1);
}

/* The next root that may run; others on the way to it are put where they have to wait. */
static void *next_root(struct flue_target *t, unsigned *looks)
{
    while (*looks && t->free_requests) {
        bool room = has_room(t);
        void *root = flue_node_list_pop(t, room && t->behind.first ? &t->behind : &t->waiting);
        if (!root)
            return NULL;
        --*looks;
        if (must_wait(t, root))
            flue_node_list_append(t, &t->held, root);
        else if (must_wait_apart(t, wanted_by(t, root)))
            flue_node_list_append(t, &t->apart, root);
        else if (room || wanted_by(t, root)->ends)
            return root;
        else
            flue_node_list_append(t, &t->behind, root);
    }
    return NULL;
}

/* Objects of a completed request are given back, a slice at a time; true after the last. */
static bool retire(struct flue_target *t, struct flue_request *r)
{
    for (unsigned n = FLUE_SLICE; r->retired && n; n--) {
        struct flue_object *o = r->retired;
        r->retired = o->next;
        flue_object_free_retired(t, o);
    }
    if (r->retired)
        return false;
    r->next = t->free_request;
    t->free_request = r;
    t->free_requests++;
    return true;
}

/* What comes after a completion call finds the objects that it freed. */
static bool retire_first(struct flue_target *t)
{
    struct flue_request *r = t->retiring.first, *next = r->next;
    if (retire(t, r))
        t->retiring.first = next;
    t->budget--;
    return true;
}

bool flue_requests_admit(struct flue_target *t)
{
    if (t->retiring.first)
        return retire_first(t);
    bool more = !take_inbox(t);
    unsigned looks = FLUE_SLICE;
    for (void *root; !more && (root = next_root(t, &looks)) != NULL;)
        begin(t, root);
    t->budget -= more || !looks;
    return more || looks < FLUE_SLICE;
}

bool flue_requests_wait(const struct flue_target *t)
{
    return atomic_load(&t->inbox) || t->untaken || t->line.first || t->retiring.first ||
           (t->waiting.first && t->free_requests) || (t->behind.first && has_room(t)) ||
           (t->completed.first && flue_may_complete(t));
}

static void put_before(struct flue_target *t, struct flue_node_list *roots)
{
    flue_node_list_splice(t, roots, &t->waiting);
    t->waiting = *roots;
    roots->first = NULL;
}

/* Those that were held come before those that came later. */
void flue_requests_unhold(struct flue_target *t)
{
    put_before(t, &t->held);
}

static void leave_the_running(struct flue_target *t, struct flue_request *r)
{
    if (r->older)
        r->older->newer = r->newer;
    else
        t->oldest = r->newer;
    if (r->newer)
        r->newer->older = r->older;
    else
        t->newest = r->older;
}

/* The completion call, once; then the request's objects may go. The tree is not touched again. */
static void complete(struct flue_target *t, struct flue_request *r)
{
    if (flue_traced(t))
        flue_trace_request(t, r, FLUE_TRACE_COMPLETE);
    leave_the_running(t, r);
    if (r->lanes)
        r->lanes->taken = false;
    if (t->together.request == r)
        t->together.request = NULL;
    t->sweeping -= flue_reaches_dependents(t, r);
    if (t->apart.first)
        put_before(t, &t->apart);
    /* In this order: a thread that sees that the serial ended sees that the root is free, too. */
    flue_node_disclaim(t, r->root);
    atomic_store_explicit(&t->serials[r - t->requests], 0, memory_order_release);
    t->stats.completions[r->operation]++;
    t->spec->complete(t, r->operation, r->root);
    if (!retire(t, r))
        flue_request_append(&t->retiring, r);
}

bool flue_requests_complete(struct flue_target *t)
{
    bool progress = false;
    for (; t->budget && t->completed.first && flue_may_complete(t); t->budget--) {
        struct flue_request *r = t->completed.first;
        if (r->transfers)
            break; /* what was handed over for its objects goes back before */
        t->completed.first = r->next;
        complete(t, r);
        progress = true;
    }
    return progress;
}
