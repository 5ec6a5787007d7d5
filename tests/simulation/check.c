/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What must hold of a target between any two steps, counted again from the beginning: slots, links,
 * pools, who waits for what, and who has been woken.
 */
#include <string.h>

#include "device.h"
#include "flue/priv/node.h"
#include "flue/priv/slot.h"
#include "simulation.h"

static const struct flue_state *state_of(const struct flue_object *o)
{
    return &chimney_spec.kinds[o->kind].states[o->state];
}

static const char *name_of(const struct flue_object *o)
{
    return chimney_spec.kinds[o->kind].name;
}

#define EXPECT(p, condition, ...)   \
    do {                            \
        if (!(condition))           \
            fail((p), __VA_ARGS__); \
    } while (0)

/* What is counted of one object over all slots and all other objects. */
struct count {
    uint32_t in_flight, timeouts_outstanding, dependents;
};

enum { MOST_OBJECTS = 4400 };
static struct count counts[CHIMNEY_KINDS][MOST_OBJECTS];

static struct count *count_of(const struct flue_target *t, const struct flue_object *o)
{
    return &counts[o->kind][flue_object_index(t, o)];
}

/* ---- Slots --------------------------------------------------------------------------------- */

static void count_slot(struct play *p, const struct flue_slot *slot, uint32_t *quarantined,
                       uint32_t *unreserved)
{
    const struct flue_target *t = target_of(p);
    uint8_t state = (uint8_t)(atomic_load(&slot->word) & 255);
    if (!slot->object) {
        EXPECT(p, state != FLUE_SLOT_ISSUED, "a command is issued for nobody");
        return;
    }
    bool away = state == FLUE_SLOT_QUARANTINED || state == FLUE_SLOT_DRAINED;
    count_of(t, slot->object)->timeouts_outstanding += away;
    count_of(t, slot->object)->in_flight += !away;
    *quarantined += away;
    *unreserved += !chimney_spec.kinds[slot->object->kind].commands[slot->command].takes_away;
}

static void check_slots(struct play *p)
{
    const struct flue_target *t = target_of(p);
    uint32_t free_slots = 0, listed = 0, quarantined = 0, unreserved = 0;
    for (uint32_t i = 0; i < t->config.ring_entries; i++) {
        if ((atomic_load(&t->slots[i].word) & 255) == FLUE_SLOT_FREE)
            free_slots++;
        else
            count_slot(p, &t->slots[i], &quarantined, &unreserved);
    }
    for (uint32_t at = t->free_slot; at && listed <= free_slots; at = t->slots[at - 1].next)
        listed++;
    EXPECT(p, listed == free_slots && t->free_slots == free_slots,
           "%u slots are free, %u are listed, %u are counted", free_slots, listed, t->free_slots);
    EXPECT(p, t->quarantined == quarantined, "%u slots are in quarantine, %u are counted",
           quarantined, t->quarantined);
    EXPECT(p, unreserved <= t->config.ring_entries - t->config.reserved_entries,
           "reserved slots are used by %u commands that give nothing back", unreserved);
}

/* ---- Objects ------------------------------------------------------------------------------- */

static void count_link(struct play *p, const struct flue_object *o, uint32_t link)
{
    if (link != FLUE_NONE && o->kind != CHIMNEY_NEIGHBOR) {
        counts[o->kind - 1][link].dependents++;
        const struct flue_object *below = flue_object_at(target_of(p), o->kind - 1, link);
        EXPECT(p, below->state != chimney_spec.kinds[below->kind].start,
               "a %s links to what is not there", name_of(o));
    }
}

static void count_links(struct play *p)
{
    const struct flue_target *t = target_of(p);
    for (uint8_t kind = 0; kind < CHIMNEY_KINDS; kind++) {
        for (uint32_t i = 0; i < t->pools[kind].capacity; i++) {
            const struct flue_object *o = flue_object_at(t, kind, i);
            count_link(p, o, o->links[0].to);
            count_link(p, o, o->links[0].next);
        }
    }
}

/* Its turn to be put back after a reset may be yet to come: nodes wait for that. */
static bool may_be_restored(const struct play *p, const struct flue_object *o)
{
    const struct flue_target *t = target_of(p);
    return state_of(o)->restores &&
           (flue_target_phase(t) == FLUE_RESETTING || t->restore_kind != FLUE_NO_BYTE);
}

/* Whoever works for a request has a node; whoever works at all waits for something. */
static void check_work(struct play *p, const struct flue_object *o)
{
    enum flue_state_sort sort = state_of(o)->sort;
    bool waits = o->in_flight || (o->flags & FLUE_OBJECT_STALLED);
    EXPECT(p, (sort == FLUE_BUSY) == (o->node != NULL), "a %s in state %s has %s node", name_of(o),
           state_of(o)->name, o->node ? "a" : "no");
    EXPECT(p, sort == FLUE_RESTING || waits, "a %s in state %s waits for nothing", name_of(o),
           state_of(o)->name);
    bool parks = o->deferred && !(o->flags & FLUE_OBJECT_READY) && !may_be_restored(p, o);
    EXPECT(p, sort != FLUE_RESTING || !(waits || o->planned || parks),
           "a %s at rest (%s) has work left", name_of(o), state_of(o)->name);
    EXPECT(p,
           sort != FLUE_RESTING || o->links[0].next == FLUE_NONE ||
               state_of(o)->hardware == FLUE_HARDWARE_UNSURE,
           "a %s at rest (%s) still counts on a new link", name_of(o), state_of(o)->name);
}

static void check_object(struct play *p, const struct flue_object *o)
{
    const struct count *c = count_of(target_of(p), o);
    EXPECT(p, o->dependents == c->dependents, "a %s (%s) has %u dependents, counts %u", name_of(o),
           state_of(o)->name, c->dependents, o->dependents);
    EXPECT(p, o->in_flight == c->in_flight, "a %s (%s) has %u commands under way, counts %u",
           name_of(o), state_of(o)->name, c->in_flight, o->in_flight);
    EXPECT(p, o->timeouts_outstanding == c->timeouts_outstanding,
           "a %s (%s) misses %u answers, counts %u", name_of(o), state_of(o)->name,
           c->timeouts_outstanding, o->timeouts_outstanding);
    check_work(p, o);
}

static void check_pool(struct play *p, const struct flue_pool *pool)
{
    const unsigned int tied = FLUE_OBJECT_STALLED | FLUE_OBJECT_RETIRED | FLUE_OBJECT_DRAINING;
    uint32_t listed = 0;
    for (const struct flue_object *o = pool->free; o && listed <= pool->capacity; o = o->next) {
        listed++;
        EXPECT(p,
               o->state == chimney_spec.kinds[o->kind].start && !(o->flags & tied) &&
                   !o->timeouts_outstanding,
               "a free %s is in state %s, with flags %x and %u answers missing", name_of(o),
               state_of(o)->name, o->flags, o->timeouts_outstanding);
    }
    EXPECT(p, listed + pool->in_use == pool->capacity, "%u objects are free, %u in use, of %u",
           listed, pool->in_use, pool->capacity);
}

/* ---- Wakes and trees ----------------------------------------------------------------------- */

/* Some command is over its time, or who waits for room is to be looked at. */
static bool time_has_come(const struct flue_target *t)
{
    uint64_t now = atomic_load(&t->now);
    return t->phase == FLUE_RUNNING &&
           (now >= atomic_load(&t->deadline) || t->look_left || now >= atomic_load(&t->lines_due));
}

static void check_wakes(struct play *p)
{
    const struct flue_target *t = target_of(p);
    bool waits = atomic_load(&t->inbox) || atomic_load(&t->answered) || t->reversing || t->calls ||
                 t->of_call || time_has_come(t) || t->reset_stage != FLUE_RESET_IDLE;
    EXPECT(p, !waits || atomic_load(&p->w.host.nic->device->woken),
           "there is work, and nobody was woken");
}

/* Given back to the host, by its status, is not given back to the pool: that comes afterwards. */
static void check_freed(struct play *p, const struct live *l, const struct tree_spec *b)
{
    const struct flue_target *t = target_of(p);
    for (; b; b = b->next) {
        const struct flue_object *o =
            b->what == HELD ? flue_object_at(t, b->kind, (uint32_t)b->cell) : NULL;
        if (o && b->node->Status == CHIMNEY_STATUS_SUCCESS && o->tag != b->cell >> 32 &&
            !(o->flags & FLUE_OBJECT_RETIRED))
            fail(p, "%s is free before the tree that ends it is completed", thing_name(b->thing));
        check_freed(p, l, b->first);
    }
}

static void check_trees(struct play *p)
{
    for (uint32_t i = 0; i < LIVE; i++) {
        const struct live *l = &p->live[i];
        if (l->out && !l->bent && l->tree.operation == CHIMNEY_TERMINATE)
            check_freed(p, l, l->tree.root);
    }
}

/* Some objects know that the hardware has forgotten them, some do not yet. */
bool half_reset(const struct play *p)
{
    return target_of(p)->reset_stage != FLUE_RESET_IDLE;
}

void check_target(struct play *p)
{
    const struct flue_target *t = target_of(p);
    memset(counts, 0, sizeof(counts));
    check_wakes(p);
    check_trees(p);
    if (half_reset(p))
        return;
    check_slots(p);
    count_links(p);
    for (uint8_t kind = 0; kind < CHIMNEY_KINDS; kind++) {
        check_pool(p, &t->pools[kind]);
        for (uint32_t i = 0; i < t->pools[kind].capacity; i++)
            check_object(p, flue_object_at(t, kind, i));
    }
}

void check_end(struct play *p)
{
    const struct flue_target *t = target_of(p);
    uint64_t requests = 0, completions = 0;
    for (uint8_t kind = 0; kind < CHIMNEY_KINDS; kind++) {
        EXPECT(p, t->pools[kind].in_use == 0, "%u objects are left of kind %u",
               t->pools[kind].in_use, kind);
        EXPECT(p, flue_target_phase(t) == FLUE_REMOVED || sim_entries(p->w.host.nic, kind) == 0,
               "entries are left in hardware, of kind %u", kind);
    }
    for (uint8_t i = 0; i < CHIMNEY_OPERATIONS; i++) {
        requests += t->stats.requests[i];
        completions += t->stats.completions[i];
    }
    EXPECT(p, flue_target_phase(t) == FLUE_REMOVED || t->free_slots == t->config.ring_entries,
           "%u slots are left", t->config.ring_entries - t->free_slots);
    EXPECT(p, requests == completions && completions == p->completions,
           "%llu requests, %llu completions, the host saw %llu", (unsigned long long)requests,
           (unsigned long long)completions, (unsigned long long)p->completions);
}
