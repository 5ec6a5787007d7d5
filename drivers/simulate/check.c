/* SPDX-License-Identifier: BSD-2-Clause */
/* What must be so when all is quiet: states, the device's tables and the host's memory agree. */
#include <stdlib.h>
#include <string.h>

#include "flue/priv/object.h"
#include "flue/priv/request.h"

#include "history.h"

static const char *name_of(const struct history *h, uint8_t kind)
{
    return h->target->spec->kinds[kind].name;
}

/* Requests that overlap may each have moved another link. */
static void check_links(struct history *h, struct thing *t, const struct flue_device_entry *e)
{
    const struct flue_kind *k = &h->target->spec->kinds[t->kind];
    for (unsigned l = 0; l < k->link_count; l++) {
        bool known = !(h->target->kinds[t->kind].known_links >> l & 1);
        for (unsigned i = 0; i < t->image_count; i++)
            known |=
                t->images[i].links_open || entry_of(t->images[i].entry)->links[l] == e->links[l];
        if (!known)
            fail(h, "%s %u: the hardware has it on another %s than the host", k->name,
                 (unsigned)t->handle, k->links[l].name);
    }
}

static void fail_values(struct history *h, const struct thing *t, const char *differs)
{
    char text[600];
    flue_device_text(h->nic->device, t->kind, (uint32_t)t->handle, text, sizeof text);
    for (unsigned i = 0; i < t->image_count; i++) {
        char brought[600];
        value_text(h, t->kind, t->images[i].entry, brought, sizeof brought);
        say(h, "brought:%s", brought);
    }
    fail(h, "%s: another %s than the host brought (%u open)", text, differs, t->image_count);
}

/* One of the images that are open is what the device has; the others are not any more. */
static void check_values(struct history *h, struct thing *t, const struct flue_device_entry *e)
{
    const char *differs = NULL;
    unsigned found = t->image_count, fitting = 0;
    for (unsigned i = 0; i < t->image_count; i++) {
        if (t->images[i].links_only)
            continue;
        const char *other =
            value_differs(h, t->kind, t->variant, t->images[i].entry, (const unsigned char *)e);
        found = other ? found : i;
        differs = other ? other : differs;
        fitting += !other;
    }
    t->vague |= fitting > 1;
    if (found == t->image_count)
        fail_values(h, t, differs);
    check_links(h, t, e);
    memcpy(entry_of(t->images[found].entry)->links, e->links, sizeof e->links);
    t->images[found].links_open = false;
    while (t->image_count > 1) {
        const unsigned other = found == 0 ? 1 : 0;
        free(t->images[other].entry);
        t->images[other] = t->images[--t->image_count];
        if (found == t->image_count)
            found = other;
    }
}

/* So has the object itself, by which it is restored, and compared when it is changed. */
static void check_copy(struct history *h, const struct thing *t)
{
    const struct flue_object *o = flue_object_at(&h->nic->target, t->kind, (uint32_t)t->handle);
    const char *other = value_of_object(h, t->kind, t->variant, t->images[0].entry,
                                        (const unsigned char *)(const void *)o);
    if (other)
        fail(h, "%s %u: the object has another %s than the hardware", name_of(h, t->kind),
             (unsigned)t->handle, other);
    for (unsigned l = 0; l < h->target->spec->kinds[t->kind].link_count; l++)
        if ((h->target->kinds[t->kind].known_links >> l & 1) &&
            flue_links(o)[l].to != entry_of(t->images[0].entry)->links[l])
            fail(h, "%s %u: the object is on another %s than the hardware has it on",
                 name_of(h, t->kind), (unsigned)t->handle,
                 h->target->spec->kinds[t->kind].links[l].name);
}

/* What a state says of the hardware. */
static void check_claim(struct history *h, const struct simulate_state *s, uint8_t kind,
                        uint32_t index, struct thing *t)
{
    const struct flue_device_entry *e = flue_device_entry(h->nic->device, kind, index);
    if (s->claim == SIMULATE_HAS && (!e->there || e->name != t->handle))
        fail(h, "%s %u is %s, and the hardware does not have it", name_of(h, kind), index, s->name);
    if (s->claim == SIMULATE_HAS_NOT && e->there)
        fail(h, "%s %u is %s, and the hardware has it", name_of(h, kind), index, s->name);
    if (s->claim == SIMULATE_HAS)
        check_values(h, t, e);
    if (s->claim == SIMULATE_HAS)
        check_copy(h, t);
}

static void check_entry(struct history *h, uint8_t kind, uint32_t index, struct thing *t)
{
    const struct simulate_state *s = state_at(h, kind, index);
    const struct flue_device_entry *e = flue_device_entry(h->nic->device, kind, index);
    h->checked++;
    if (s->claim == SIMULATE_BUSY)
        fail(h, "%s %u is %s, and nothing is under way", name_of(h, kind), index, s->name);
    if (s->host_has != (t != NULL))
        fail(h, "%s %u is %s, and the host %s it", name_of(h, kind), index, s->name,
             t ? "has" : "does not have");
    if (!e->doubt && !h->reset && !h->removed)
        check_claim(h, s, kind, index, t);
}

/* Each that the target took was seen by its machine, or was dropped for a reason. */
static void check_raised(struct history *h, uint8_t kind, uint32_t index)
{
    const struct flue_target *t = &h->nic->target;
    const struct flue_kind *k = &h->target->spec->kinds[kind];
    for (uint8_t e = 0; e < k->event_count; e++)
        if (t->pending[t->pools[kind].first_event + index * k->event_count + e].word != 0)
            fail(h, "the event %s of %s %u waits, and nothing is under way", k->events[e].name,
                 k->name, index);
}

static void end_thing(struct history *h, struct thing *t)
{
    /* Where nobody is sure of the hardware, its place stays taken; the host has it no more. */
    const bool named =
        flue_name_index(&h->nic->target, t->kind, t->handle) == (uint32_t)t->handle &&
        (!t->ending || state_at(h, t->kind, (uint32_t)t->handle)->host_has);
    if (named && t->must_end)
        fail(h, "%s %u was given back, and its handle still names it", name_of(h, t->kind),
             (unsigned)t->handle);
    if (!named && !t->ending)
        fail(h, "%s %u has ended, and the host was not told", name_of(h, t->kind),
             (unsigned)t->handle);
    t->ending = t->must_end = false;
    if (named)
        return;
    t->alive = false;
    if (t->heard)
        t->heard->ended = true;
    images_end(t);
}

/* What came back is the host's: nobody has written to it since. */
static void check_memory(struct history *h)
{
    for (unsigned i = 0; i < REQUESTS; i++) {
        struct request *r = &h->requests[i];
        if (!r->in_use)
            continue;
        if (!r->done)
            fail(h, "%s is not completed, and nothing is under way",
                 h->target->spec->operations[r->operation].name);
        tree_check(h, r);
        tree_free(h, r);
    }
}

/* Objects that nobody works for: their states' claims are true, and their values are theirs. */
void check_things(struct history *h)
{
    for (unsigned i = 0; i < h->thing_count && !h->reset && !h->removed; i++) {
        struct thing *t = &h->things[i];
        if (!t->alive || t->uses || t->ending ||
            flue_name_index(&h->nic->target, t->kind, t->handle) == FLUE_NONE)
            continue;
        const struct simulate_state *s = state_at(h, t->kind, (uint32_t)t->handle);
        const struct flue_device_entry *e =
            flue_device_entry(h->nic->device, t->kind, (uint32_t)t->handle);
        if (s->claim == SIMULATE_BUSY || e->doubt)
            continue;
        check_claim(h, s, t->kind, (uint32_t)t->handle, t);
    }
}

/* What was never sent the device hears of by traces only: without, what it misses may be right. */
void check_complaints(struct history *h)
{
    struct flue_device_counters c;
    flue_device_counters(h->nic->device, &c);
    if (!h->plan.traced)
        c.wrongs -= c.wrong[FLUE_DEVICE_NO_LINK] + c.wrong[FLUE_DEVICE_NOT_THERE];
    if (c.wrongs)
        fail(h, "%s", flue_device_complaint(h->nic->device));
}

/* Of what it sees now, and may be notified of, it has been. */
static void check_heard(struct history *h)
{
    for (unsigned i = 0; i < h->thing_count && !h->removed; i++) {
        const struct thing *t = &h->things[i];
        if (!t->alive || !t->heard)
            continue;
        const struct flue_object *o = flue_object_at(&h->nic->target, t->kind, (uint32_t)t->handle);
        const uint8_t marks = flue_marks_along(&h->nic->target, o, FLUE_ALONG_ALL);
        for (unsigned s = 0; s < h->target->kinds[t->kind].seen_count; s++) {
            const uint8_t mark = h->target->kinds[t->kind].seen[s].mark;
            if ((marks >> mark & 1) && !(t->heard->of >> s & 1))
                fail(h, "the host is not notified of mark %u of %s %u by %s", mark,
                     h->target->spec->kinds[t->kind].name, (unsigned)t->handle,
                     h->target->kinds[t->kind].seen[s].call);
        }
    }
}

void check_quiet(struct history *h)
{
    check_memory(h);
    for (unsigned i = 0; i < h->thing_count; i++)
        if (h->things[i].alive)
            end_thing(h, &h->things[i]);
    check_heard(h);
    for (uint8_t k = 0; k < h->target->spec->kind_count; k++)
        for (uint32_t i = 0; i < h->nic->target.config.capacity[k]; i++) {
            check_entry(h, k, i, thing_at(h, k, i));
            check_raised(h, k, i);
        }
    check_complaints(h);
    transfers_at_rest(h);
    checks_at_rest(h);
}

/* All was given back, and the hardware has forgotten what nobody was sure of. */
void check_empty(struct history *h)
{
    const struct flue_target *target = &h->nic->target;
    uint64_t requests = 0, completions = 0;
    for (unsigned o = 0; o < h->target->spec->operation_count; o++) {
        requests += target->stats.requests[o];
        completions += target->stats.completions[o];
    }
    if (requests != completions || completions != h->completed)
        fail(h, "%llu requests, %llu completions, the host saw %llu", (unsigned long long)requests,
             (unsigned long long)completions, (unsigned long long)h->completed);
    transfers_end(h);
    if (!h->removed && target->free_slots != target->config.ring_entries)
        fail(h, "%u slots are left", target->config.ring_entries - target->free_slots);
    for (uint8_t k = 0; k < h->target->spec->kind_count; k++) {
        const struct flue_kind *kind = &h->target->spec->kinds[k];
        if (target->pools[k].in_use)
            fail(h, "%u objects are left of kind %s", target->pools[k].in_use, kind->name);
        if (!h->removed && flue_device_count(h->nic->device, k))
            fail(h, "the hardware still has a %s", kind->name);
        for (uint32_t i = 0; i < h->nic->target.config.capacity[k]; i++) {
            const struct flue_object *o = flue_object_at(&h->nic->target, k, i);
            if (o->state != kind->start || o->dependents)
                fail(h, "%s %u is not free at the end", kind->name, i);
        }
    }
}
