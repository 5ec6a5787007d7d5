/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What must be so of a target between any two steps, counted again from the beginning: slots,
 * links, pools, who waits for what, and who was woken. It knows the runtime's own data, no target.
 */
#include <string.h>

#include "flue/priv/node.h"
#include "flue/priv/slot.h"
#include "flue/priv/transfer.h"

#include "history.h"

enum { STRIDE = 24 }; /* of steps of a crowd, which are not all looked at */

/* What is counted of one object over all slots and all other objects. */
struct count {
    uint32_t in_flight, missing, dependents;
};

static struct count counts[FLUE_MAX_KINDS][MOST_THINGS];

#define EXPECT(h, condition, ...)   \
    do {                            \
        if (!(condition))           \
            fail((h), __VA_ARGS__); \
    } while (0)

static const struct flue_kind *kind_of(const struct history *h, uint8_t kind)
{
    return &h->target->spec->kinds[kind];
}

static const struct flue_state *state_of(const struct history *h, const struct flue_object *o)
{
    return &kind_of(h, o->kind)->states[o->state];
}

static const char *name_of(const struct history *h, const struct flue_object *o)
{
    return kind_of(h, o->kind)->name;
}

static struct count *count_of(const struct history *h, const struct flue_object *o)
{
    return &counts[o->kind][flue_object_index(&h->nic->target, o)];
}

/* ---- Slots ------------------------ */

static bool is_away(uint8_t state)
{
    return state == FLUE_SLOT_QUARANTINED || state == FLUE_SLOT_DRAINED;
}

static void count_slots(struct history *h)
{
    const struct flue_target *t = &h->nic->target;
    uint32_t vacant = 0, listed = 0, quarantined = 0, unreserved = 0;
    for (uint32_t i = 0; i < t->config.ring_entries; i++) {
        const struct flue_slot *s = &t->slots[i];
        const uint8_t state = (uint8_t)(atomic_load(&s->word) & 255);
        vacant += state == FLUE_SLOT_FREE;
        if (!s->object) {
            EXPECT(h, state != FLUE_SLOT_ISSUED, "a command is issued for nobody");
            continue;
        }
        count_of(h, s->object)->missing += is_away(state);
        count_of(h, s->object)->in_flight += !is_away(state);
        quarantined += is_away(state);
        unreserved += !kind_of(h, s->object->kind)->commands[s->command].takes_away;
    }
    for (uint32_t at = t->free_slot; at && listed <= vacant; at = t->slots[at - 1].next)
        listed++;
    EXPECT(h, listed == vacant && t->free_slots == vacant,
           "%u slots are free, %u are listed, %u are counted", vacant, listed, t->free_slots);
    EXPECT(h, t->quarantined == quarantined, "%u slots are in quarantine, %u are counted",
           quarantined, t->quarantined);
    EXPECT(h, unreserved <= t->config.ring_entries - t->config.reserved_entries,
           "reserved slots are used by %u commands that give nothing back", unreserved);
}

/* ---- Objects ------------------------ */

static void count_link(struct history *h, const struct flue_object *o, uint8_t kind, uint32_t to)
{
    if (to == FLUE_NONE || to == FLUE_LINK_NONE)
        return;
    const struct flue_object *other = flue_object_at(&h->nic->target, kind, to);
    counts[kind][to].dependents++;
    EXPECT(h, other->state != kind_of(h, kind)->start, "a %s is linked to a %s that is not there",
           name_of(h, o), name_of(h, other));
}

static void count_links(struct history *h, const struct flue_object *o)
{
    const struct flue_kind *k = kind_of(h, o->kind);
    for (unsigned l = 0; l < k->link_count; l++) {
        count_link(h, o, k->links[l].to, flue_links(o)[l].to);
        count_link(h, o, k->links[l].to, flue_links(o)[l].next);
    }
}

/* Its turn to be put back after a reset may be yet to come: nodes wait for that. */
static bool may_be_restored(const struct history *h, const struct flue_object *o)
{
    const struct flue_target *t = &h->nic->target;
    return state_of(h, o)->restores &&
           (flue_target_phase(t) == FLUE_RESETTING || t->restore_kind != FLUE_NO_BYTE);
}

/* New links wait while an operation searches for all that stands on its object. */
static bool some_are_held_back(const struct history *h)
{
    for (unsigned o = 0; o < h->target->spec->operation_count; o++)
        if (h->target->spec->operations[o].reaches_dependents)
            return true;
    return false;
}

/* All is done for it, and it waits for the others of its request. */
static bool waits_for_others(const struct history *h, const struct flue_object *o)
{
    const struct flue_request *together = h->nic->target.together.request;
    return state_of(h, o)->waits && o->node && together &&
           flue_node_request(&h->nic->target, o->node) == together;
}

/* Whoever works for a request has a node; whoever works at all waits for something. */
static void check_work(struct history *h, const struct flue_object *o)
{
    const struct flue_state *s = state_of(h, o);
    const bool waits = o->in_flight || (o->flags & FLUE_OBJECT_STALLED);
    EXPECT(h, (s->sort == FLUE_BUSY) == (o->node != NULL), "a %s in state %s has %s node",
           name_of(h, o), s->name, o->node ? "a" : "no");
    EXPECT(h, s->sort == FLUE_RESTING || waits != waits_for_others(h, o),
           "a %s in state %s waits for nothing", name_of(h, o), s->name);
    const bool parks = o->deferred && !(o->flags & FLUE_OBJECT_READY) && !may_be_restored(h, o) &&
                       !some_are_held_back(h);
    EXPECT(h, s->sort != FLUE_RESTING || !(waits || o->planned || parks),
           "a %s at rest (%s) has work left", name_of(h, o), s->name);
    for (unsigned l = 0; s->sort == FLUE_RESTING && s->hardware != FLUE_HARDWARE_UNSURE &&
                         l < kind_of(h, o->kind)->link_count;
         l++)
        EXPECT(h, flue_links(o)[l].next == FLUE_NONE,
               "a %s at rest (%s) still counts on a new link", name_of(h, o), s->name);
}

static void check_object(struct history *h, const struct flue_object *o)
{
    const struct count *c = count_of(h, o);
    EXPECT(h, o->dependents == c->dependents, "a %s (%s) has %u dependents, counts %u",
           name_of(h, o), state_of(h, o)->name, c->dependents, o->dependents);
    EXPECT(h, o->in_flight == c->in_flight, "a %s (%s) has %u commands under way, counts %u",
           name_of(h, o), state_of(h, o)->name, c->in_flight, o->in_flight);
    EXPECT(h, o->timeouts_outstanding == c->missing, "a %s (%s) misses %u answers, counts %u",
           name_of(h, o), state_of(h, o)->name, c->missing, o->timeouts_outstanding);
    check_work(h, o);
}

static void check_pool(struct history *h, const struct flue_pool *pool)
{
    const unsigned tied = FLUE_OBJECT_STALLED | FLUE_OBJECT_RETIRED | FLUE_OBJECT_DRAINING;
    uint32_t listed = 0;
    for (const struct flue_object *o = pool->free; o && listed <= pool->capacity; o = o->next) {
        listed++;
        EXPECT(h,
               o->state == kind_of(h, o->kind)->start && !(o->flags & tied) &&
                   !o->timeouts_outstanding,
               "a free %s is in state %s, with flags %x and %u answers missing", name_of(h, o),
               state_of(h, o)->name, o->flags, o->timeouts_outstanding);
    }
    EXPECT(h, listed + pool->in_use == pool->capacity, "%u objects are free, %u in use, of %u",
           listed, pool->in_use, pool->capacity);
}

/* ---- Wakes ------------------------ */

/* Some command is over its time, or who waits for room is to be looked at. */
static bool time_has_come(const struct flue_target *t)
{
    const uint64_t now = atomic_load(&t->now);
    return t->phase == FLUE_RUNNING &&
           (now >= atomic_load(&t->deadline) || t->look_left || now >= atomic_load(&t->lines_due));
}

/* Elements to be looked at, and somebody who may. */
static bool elements_have_come(const struct flue_target *t)
{
    const struct flue_transfers *x = t->transfers;
    return x && t->phase == FLUE_RUNNING &&
           (atomic_load(&x->inbox) || x->begun != x->over || atomic_load(&x->news) || x->heard ||
            x->active.count);
}

static void check_wakes(struct history *h)
{
    const struct flue_target *t = &h->nic->target;
    const bool waits = atomic_load(&t->inbox) || atomic_load(&t->answered) || t->reversing ||
                       t->calls || t->of_call || time_has_come(t) || elements_have_come(t) ||
                       t->reset_stage != FLUE_RESET_IDLE;
    EXPECT(h, !waits || driver_woken(h), "there is work, and nobody was woken");
    const bool room = t->transfers && t->transfers->full.count && t->phase == FLUE_RUNNING;
    EXPECT(h, !room || driver_woken(h) || flue_next_tick(t) <= t->transfers->asked_at + 1,
           "elements wait for room, and no tick is to come");
}

/* Whoever waits for an answer waits no more once a reset has begun, until it is over. */
static void check_believed(struct history *h)
{
    struct flue_device_counters c;
    flue_device_counters(h->nic->device, &c);
    const uint64_t believed = c.answered - c.refused_answers;
    EXPECT(h, !h->reset || h->reset == RESET_ASKED || believed == h->believed,
           "an answer is believed in a reset");
    h->believed = believed;
}

/* An object that a request ends stays until the completion call has returned. */
static void check_kept(struct history *h, const struct request *r)
{
    const struct flue_target *t = &h->nic->target;
    for (unsigned i = 0; i < r->count; i++) {
        const struct thing *thing = r->nodes[i].thing;
        if (!thing || thing->ending || thing->uses != 1 || r->nodes[i].role != FLUE_REFERENCE)
            continue;
        const struct flue_object *o = flue_object_at(t, thing->kind, (uint32_t)thing->handle);
        EXPECT(h,
               flue_name_index(t, thing->kind, thing->handle) != FLUE_NONE ||
                   (o->flags & FLUE_OBJECT_RETIRED),
               "a %s is free before the completion of the request that ends it", name_of(h, o));
    }
}

/* What ends others that no node names is left out: whom it ends only the runtime knows. */
static void check_freed(struct history *h)
{
    const struct flue_spec *spec = h->target->spec;
    for (unsigned o = 0; o < spec->operation_count; o++)
        if (spec->operations[o].ends && spec->operations[o].reaches_dependents)
            return;
    for (unsigned i = 0; i < REQUESTS; i++) {
        const struct request *r = &h->requests[i];
        if (r->in_use && !r->done && !h->removed && spec->operations[r->operation].ends)
            check_kept(h, r);
    }
}

void check_step(struct history *h)
{
    const struct flue_target *t = &h->nic->target;
    if (h->plan.blind || (h->plan.crowd && h->moment % STRIDE))
        return;
    check_wakes(h);
    check_believed(h);
    check_complaints(h);
    check_freed(h);
    if (t->reset_stage != FLUE_RESET_IDLE)
        return; /* some objects know that the hardware has forgotten them, some do not yet */
    for (uint8_t k = 0; k < h->target->spec->kind_count; k++)
        memset(counts[k], 0, t->pools[k].capacity * sizeof **counts);
    count_slots(h);
    for (uint8_t k = 0; k < h->target->spec->kind_count; k++)
        for (uint32_t i = 0; i < t->pools[k].capacity; i++)
            count_links(h, flue_object_at(t, k, i));
    for (uint8_t k = 0; k < h->target->spec->kind_count; k++) {
        check_pool(h, &t->pools[k]);
        for (uint32_t i = 0; i < t->pools[k].capacity; i++)
            check_object(h, flue_object_at(t, k, i));
    }
    check_things(h);
    checks_step(h);
}
