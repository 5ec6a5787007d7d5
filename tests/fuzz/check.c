/* SPDX-License-Identifier: BSD-2-Clause */
/* check.c: what must hold of a completed tree, and of a target that has nothing left to do. */
#include "flue/priv/request.h"
#include "flue/priv/slot.h"
#include "fuzz.h"

static bool allowed(enum chimney_operation operation, int32_t status)
{
    switch (status) {
    case CHIMNEY_STATUS_SUCCESS:
    case CHIMNEY_STATUS_FAILURE:
        return true;
    case CHIMNEY_STATUS_PARTIAL_SUCCESS:
    case CHIMNEY_STATUS_RESOURCES:
    case CHIMNEY_STATUS_TCP_ENTRIES:
    case CHIMNEY_STATUS_PATH_ENTRIES:
    case CHIMNEY_STATUS_NEIGHBOR_ENTRIES:
    case CHIMNEY_STATUS_IP_ADDRESS_ENTRIES:
    case CHIMNEY_STATUS_HW_ADDRESS_ENTRIES:
    case CHIMNEY_STATUS_VLAN_ENTRIES:
    case CHIMNEY_STATUS_TCP_XMIT_BUFFER:
    case CHIMNEY_STATUS_TCP_RCV_BUFFER:
    case CHIMNEY_STATUS_TCP_RCV_WINDOW:
    case CHIMNEY_STATUS_VLAN_MISMATCH:
    case CHIMNEY_STATUS_CONNECTION_REJECTED:
        return operation == CHIMNEY_INITIATE;
    default:
        return false;
    }
}

static unsigned number_of(const struct tree *tree, const struct chimney_node *node)
{
    unsigned i = 0;
    while (i < tree->count && tree->nodes[i] != node)
        i++;
    REQUIRE(i < tree->count, "a node of no tree");
    return i;
}

/* Every node that can be reached got a status that the operation may give. */
void check_tree(const struct tree *tree, struct chimney_node *root)
{
    struct chimney_node *stack[2 * TREE_NODES + 1];
    bool seen[TREE_NODES] = {false};
    unsigned depth = 0;
    stack[depth++] = root;
    while (depth) {
        struct chimney_node *node = stack[--depth];
        bool *been = &seen[number_of(tree, node)];
        if (*been)
            continue;
        *been = true;
        REQUIRE(node->Status != UNWRITTEN, "a node without a status");
        REQUIRE(allowed(tree->operation, node->Status), "status %x in operation %d", node->Status,
                tree->operation);
        if (node->NextBlock)
            stack[depth++] = node->NextBlock;
        if (node->DependentBlockList)
            stack[depth++] = node->DependentBlockList;
    }
}

static void check_object(const struct flue_target *t, const struct flue_object *o)
{
    const struct flue_kind *kind = &t->spec->kinds[o->kind];
    REQUIRE(!o->node && !o->deferred && !o->in_flight && !o->planned, "an object at work");
    REQUIRE(!o->timeouts_outstanding && !(o->flags & (FLUE_OBJECT_DRAINING | FLUE_OBJECT_RETIRED)),
            "an object with answers missing");
    REQUIRE(!(o->flags & FLUE_OBJECT_STALLED), "an object that waits for room");
    REQUIRE(kind->states[o->state].sort == FLUE_RESTING, "an object in state %s",
            kind->states[o->state].name);
    REQUIRE(o->state != kind->start || (o->links[0].to == FLUE_NONE && !o->marks),
            "remains of an object");
}

/* Links are counted where they lead to. */
static void check_links(const struct flue_target *t, uint8_t kind)
{
    uint32_t links = 0, counted = 0;
    for (uint32_t i = 0; i < t->pools[kind].capacity; i++)
        counted += flue_object_at(t, kind, i)->dependents;
    for (uint32_t i = 0; kind + 1 < t->spec->kind_count && i < t->pools[kind + 1].capacity; i++) {
        const struct flue_object *o = flue_object_at(t, (uint8_t)(kind + 1), i);
        links += (o->links[0].to != FLUE_NONE) + (o->links[0].next != FLUE_NONE);
    }
    REQUIRE(links == counted, "kind %u: %u links, %u counted", kind, links, counted);
}

static void check_pool(const struct flue_target *t, uint8_t kind)
{
    const struct flue_pool *pool = &t->pools[kind];
    uint32_t unused = 0, listed = 0;
    for (uint32_t i = 0; i < pool->capacity; i++) {
        const struct flue_object *o = flue_object_at(t, kind, i);
        check_object(t, o);
        unused += o->state == t->spec->kinds[kind].start;
    }
    for (const struct flue_object *o = pool->free; o; o = o->next) {
        REQUIRE(o->state == t->spec->kinds[kind].start, "an object in use is on the free list");
        REQUIRE(listed++ < pool->capacity, "the free list has a loop");
    }
    REQUIRE(unused == listed && listed + pool->in_use == pool->capacity,
            "kind %u: %u unused, %u on the list, %u in use, %u in all", kind, unused, listed,
            pool->in_use, pool->capacity);
    check_links(t, kind);
}

static void check_slots(const struct flue_target *t)
{
    uint32_t free_slots = 0;
    for (uint32_t at = t->free_slot; at; at = t->slots[at - 1].next) {
        REQUIRE((atomic_load(&t->slots[at - 1].word) & 255) == FLUE_SLOT_FREE, "a slot in use");
        REQUIRE(free_slots++ < t->config.ring_entries, "the list of slots has a loop");
    }
    REQUIRE(free_slots == t->free_slots && free_slots == t->config.ring_entries && !t->quarantined,
            "%u slots on the list, %u counted, %u in quarantine, %u in all", free_slots,
            t->free_slots, t->quarantined, t->config.ring_entries);
    REQUIRE(!t->restores_stalled && !t->restores, "somebody waits");
}

static void check_requests(const struct flue_target *t)
{
    uint32_t listed = 0;
    for (const struct flue_request *r = t->free_request; r; r = r->next)
        REQUIRE(listed++ < t->config.running_requests, "the list of requests has a loop");
    REQUIRE(listed == t->config.running_requests, "%u requests are lost",
            t->config.running_requests - listed);
    for (uint32_t i = 0; i < t->config.running_requests; i++)
        REQUIRE(atomic_load(&t->serials[i]) == 0, "a serial is still taken");
    for (unsigned i = 0; i < 2; i++)
        REQUIRE(!t->lanes[i].taken, "lanes are still taken");
}

void check_quiet(struct world *w)
{
    struct flue_target *t = &w->target.flue;
    uint64_t begun = 0, completed = 0;
    REQUIRE(flue_target_quiet(t), "not quiet");
    for (uint8_t k = 0; k < CHIMNEY_KINDS; k++)
        check_pool(t, k);
    check_slots(t);
    check_requests(t);
    for (unsigned o = 0; o < CHIMNEY_OPERATIONS; o++) {
        begun += t->stats.requests[o];
        completed += t->stats.completions[o];
    }
    REQUIRE(begun == completed && completed == atomic_load(&t->shared.submitted),
            "%u submitted, %u begun, %u completed", (unsigned)atomic_load(&t->shared.submitted),
            (unsigned)begun, (unsigned)completed);
}
