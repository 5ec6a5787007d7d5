/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What chimney's own statuses must be, in the histories of spec/chimney (drivers/simulate): written
 * out by hand after NDIS, where what holds of all specs takes the roll-up from generated tables.
 * And nothing is sent by what the host has withdrawn: the hardware was told to block it.
 */
#include <string.h>

#include "simulate_checks.h"

#include "chimney.h"

struct dependents {
    bool some_good, some_bad, some_new_good;
};

static bool good(const struct simulate_node *n)
{
    return n->status == CHIMNEY_STATUS_SUCCESS || n->status == CHIMNEY_STATUS_PARTIAL_SUCCESS;
}

static struct dependents dependents_of(const struct simulate_request *r, int at)
{
    struct dependents d = {false, false, false};
    for (unsigned i = 0; i < r->count; i++) {
        const struct simulate_node *n = &r->nodes[i];
        if (n->above != at)
            continue;
        d.some_good |= good(n);
        d.some_bad |= !good(n);
        d.some_new_good |= n->role == FLUE_NEW && good(n);
    }
    return d;
}

/* Nothing new stands on what is not there; partial says that some dependents are not offloaded. */
static bool fits(const struct simulate_request *r, int at)
{
    const struct simulate_node *n = &r->nodes[at];
    const struct dependents d = dependents_of(r, at);
    const bool partial = n->status == CHIMNEY_STATUS_PARTIAL_SUCCESS;
    if (n->role == FLUE_NEW && n->handle)
        return d.some_bad ? partial : n->status == CHIMNEY_STATUS_SUCCESS;
    if (n->role == FLUE_NEW)
        return !good(n) && !d.some_new_good;
    if (n->names_nothing || (d.some_bad && !d.some_good))
        return n->status == CHIMNEY_STATUS_FAILURE;
    return n->status == CHIMNEY_STATUS_FAILURE ||
           (d.some_bad ? partial : n->status == CHIMNEY_STATUS_SUCCESS);
}

static void completed(struct simulate_now *now, const struct simulate_request *r)
{
    for (unsigned i = 0; i < r->count && !r->bent; i++) {
        const struct simulate_node *n = &r->nodes[i];
        if (n->role == FLUE_PLACEHOLDER && n->status != CHIMNEY_STATUS_SUCCESS)
            simulate_wrong(now, "a placeholder failed");
        if (n->role == FLUE_PLACEHOLDER)
            continue;
        if (r->operation == CHIMNEY_INITIATE && !fits(r, (int)i))
            simulate_wrong(now, "node %u: status 0x%x does not fit those of its dependents", i,
                           (unsigned)n->status);
        if (r->operation != CHIMNEY_INITIATE && n->role == FLUE_NEW && good(n))
            simulate_wrong(now, "node %u is not offloaded, and ended well", i);
    }
}

static void step(struct simulate_now *now)
{
    static const uint8_t block[CHIMNEY_KINDS] = {[CHIMNEY_NEIGHBOR] =
                                                     CHIMNEY_NEIGHBOR_BLOCK_NEIGHBOR,
                                                 [CHIMNEY_PATH] = CHIMNEY_PATH_BLOCK_PATH,
                                                 [CHIMNEY_TCP] = CHIMNEY_TCP_BLOCK_TCP};
    struct simulate_object object;
    for (uint8_t k = 0; k < CHIMNEY_KINDS; k++)
        for (uint32_t i = 0; i < simulate_capacity(now, k); i++) {
            if (!simulate_host_has(now, k, i, &object) || !object.at_rest || !object.in_hardware ||
                strcmp(simulate_state_name(now, k, i), "offloaded") != 0)
                continue;
            const uint32_t done = flue_device_entry(simulate_device(now), k, i)->carried_out;
            const bool marked = simulate_marks(now, k, i, false) >> CHIMNEY_MARK_INVALID & 1;
            if (marked != (done >> block[k] & 1))
                simulate_wrong(now, "%u of kind %u is %s, and the hardware %s it", i, k,
                               marked ? "invalid" : "valid", marked ? "sends by" : "blocks");
        }
}

const struct simulate_checks simulate_checks = {.completed = completed, .step = step};
