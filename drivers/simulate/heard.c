/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host is notified of nothing that it does not have, and once of a mark that stays as long as
 * its object; what the device says of one is told of that. That it has heard of all is seen at rest
 * (check.c).
 */
#include <string.h>

#include "history.h"

/* Of an object whose request is not completed the host has the handle in the node already. */
static uint64_t handle_of(const struct history *h, const struct heard *heard)
{
    const struct flue_node_layout *layout = h->target->spec->node;
    uint64_t handle = heard->handle;
    for (unsigned i = 0; !handle && i < REQUESTS; i++) {
        const struct request *r = &h->requests[i];
        for (unsigned k = 0; r->in_use && !r->done && k < r->count; k++)
            if (r->nodes[k].heard == heard)
                memcpy(&handle,
                       layout->context_points ? (const void *)&r->nodes[k].cell
                                              : r->nodes[k].memory + layout->context,
                       sizeof handle);
    }
    return handle;
}

/* What the device said of an object is not said of another. */
static void check_of_whom(struct history *h, const struct heard *heard, const char *call,
                          uint32_t code, uint32_t detail)
{
    const struct simulate_kind *k = &h->target->kinds[heard->kind];
    const uint64_t handle = handle_of(h, heard);
    if (!handle)
        fail(h, "the host is notified of a %s of which it has no handle yet",
             h->target->spec->kinds[heard->kind].name);
    for (unsigned i = 0; i < k->detailed_count; i++)
        if (strcmp(k->detailed[i].call, call) == 0 && k->detailed[i].code == code &&
            flue_device_detail(handle) != detail)
            fail(h, "the host is notified of one %s with what was said of another",
                 h->target->spec->kinds[heard->kind].name);
}

void simulate_notified(const char *call, const void *object, uint32_t code, uint32_t detail,
                       const void *data)
{
    (void)data;
    struct heard *heard = (struct heard *)(uintptr_t)object;
    if (!heard)
        return;
    struct history *h = heard->history;
    const struct simulate_kind *k = &h->target->kinds[heard->kind];
    const char *name = h->target->spec->kinds[heard->kind].name;
    say(h, "host is notified of a %s: %s %u, %u", name, call, (unsigned)code, (unsigned)detail);
    if (heard->ended)
        fail(h, "the host is notified of a %s that it does not have", name);
    check_of_whom(h, heard, call, code, detail);
    for (unsigned i = 0; i < k->seen_count; i++) {
        const struct simulate_seen *s = &k->seen[i];
        if (strcmp(s->call, call) != 0 || s->code != code || s->detail != detail)
            continue;
        if (s->once && (heard->of >> i & 1))
            fail(h, "the host is notified twice of one mark of a %s", name);
        heard->of |= UINT32_C(1) << i;
    }
}
