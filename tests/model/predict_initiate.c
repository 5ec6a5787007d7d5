/* SPDX-License-Identifier: BSD-2-Clause */
/* Initiate: places are taken depth first, then each object is added after the one below it. */
#include "model.h"

static int32_t full_status(uint8_t kind)
{
    static const int32_t full[] = {CHIMNEY_STATUS_NEIGHBOR_ENTRIES, CHIMNEY_STATUS_PATH_ENTRIES,
                                   CHIMNEY_STATUS_TCP_ENTRIES};
    return full[kind];
}

static int32_t status_of(uint8_t result)
{
    switch (result) {
    case CHIMNEY_RESULT_RESOURCES:
        return CHIMNEY_STATUS_RESOURCES;
    case CHIMNEY_RESULT_NEIGHBOR_ENTRIES:
        return CHIMNEY_STATUS_NEIGHBOR_ENTRIES;
    case CHIMNEY_RESULT_PATH_ENTRIES:
        return CHIMNEY_STATUS_PATH_ENTRIES;
    case CHIMNEY_RESULT_TCP_ENTRIES:
        return CHIMNEY_STATUS_TCP_ENTRIES;
    case CHIMNEY_RESULT_IP_ADDRESS_ENTRIES:
        return CHIMNEY_STATUS_IP_ADDRESS_ENTRIES;
    case CHIMNEY_RESULT_HW_ADDRESS_ENTRIES:
        return CHIMNEY_STATUS_HW_ADDRESS_ENTRIES;
    case CHIMNEY_RESULT_VLAN_ENTRIES:
        return CHIMNEY_STATUS_VLAN_ENTRIES;
    case CHIMNEY_RESULT_VLAN_MISMATCH:
        return CHIMNEY_STATUS_VLAN_MISMATCH;
    case CHIMNEY_RESULT_TCP_XMIT_BUFFER:
        return CHIMNEY_STATUS_TCP_XMIT_BUFFER;
    case CHIMNEY_RESULT_TCP_RCV_BUFFER:
        return CHIMNEY_STATUS_TCP_RCV_BUFFER;
    case CHIMNEY_RESULT_TCP_RCV_WINDOW:
        return CHIMNEY_STATUS_TCP_RCV_WINDOW;
    case CHIMNEY_RESULT_CONNECTION_REJECTED:
        return CHIMNEY_STATUS_CONNECTION_REJECTED;
    default:
        return CHIMNEY_STATUS_FAILURE;
    }
}

/* A new path or connection must stand on an object of the layer below. */
static bool has_a_place_in_the_tree(const struct tree_spec *b)
{
    if (b->kind == CHIMNEY_NEIGHBOR)
        return !b->up;
    return b->up && (b->up->what == NEW || b->up->what == HELD) && b->up->kind + 1 == b->kind;
}

static bool offloadable(const struct tree_spec *b)
{
    if (b->kind != CHIMNEY_NEIGHBOR && unusable(b->up->thing))
        return false;
    if (b->kind != CHIMNEY_TCP)
        return true;
    int32_t state = b->says.delegated.tcp.State;
    return state != CHIMNEY_TCP_STATE_CLOSED && state != CHIMNEY_TCP_STATE_LISTEN &&
           state != CHIMNEY_TCP_STATE_SYN_SENT && state != CHIMNEY_TCP_STATE_SYN_RCVD &&
           state != CHIMNEY_TCP_STATE_TIME_WAIT;
}

/* What can be said of a node as soon as it is seen, before room is looked for. */
static bool acceptable(const struct tree_spec *b, bool doomed)
{
    if (b->what == PLACEHOLDER)
        return true;
    if (doomed || (b->what != HELD && b->what != NEW))
        return false;
    if (b->up && b->up->kind + 1 != b->kind)
        return false;
    return b->what == HELD || has_a_place_in_the_tree(b);
}

/*
 * Its own part of the first pass. A place once taken comes free only after the completion, so
 * that nobody's place depends on how fast the answers are.
 */
static void reserve_one(struct tree_spec *b, uint32_t *room)
{
    if (!b->own_good || b->what != NEW)
        return;
    if (*room == 0) {
        b->own_good = false;
        b->expected = full_status(b->kind);
        return;
    }
    (*room)--;
    /* What it stands on is there already, so that it can be refused at once. */
    b->reserved = !b->up || b->up->what == NEW || offloadable(b);
    if (!b->reserved) {
        b->own_good = false;
        b->expected = CHIMNEY_STATUS_FAILURE;
    }
}

/* First pass: who gets a place is decided before any answer comes. */
static void reserve(struct model *m, struct tree_spec *b, bool doomed, uint32_t *room)
{
    for (; b; b = b->next) {
        b->own_good = acceptable(b, doomed);
        b->expected = b->own_good ? CHIMNEY_STATUS_SUCCESS : CHIMNEY_STATUS_FAILURE;
        reserve_one(b, &room[b->kind]);
        reserve(m, b->first, !b->own_good, room);
    }
}

/* Whether the hardware took it or not was not answered: take it away again, to be sure. */
static void withdraw(struct model *m, struct thing *t)
{
    static const uint8_t removes[] = {CHIMNEY_NEIGHBOR_REMOVE_NEIGHBOR, CHIMNEY_PATH_REMOVE_PATH,
                                      CHIMNEY_TCP_REMOVE_TCP};
    struct order order = {.command = removes[t->kind]};
    uint8_t result = hardware_do(m, t, &order);
    if (result == CHIMNEY_RESULT_OK || result == CHIMNEY_RESULT_GONE)
        end_thing(t);
    else
        t->state = STRANDED;
}

static void offload(struct model *m, struct tree *tree, struct tree_spec *b)
{
    static const uint8_t adds[] = {CHIMNEY_NEIGHBOR_ADD_NEIGHBOR, CHIMNEY_PATH_ADD_PATH,
                                   CHIMNEY_TCP_ADD_TCP};
    struct thing *t = b->thing;
    if (!offloadable(b)) {
        b->own_good = false;
        b->expected = CHIMNEY_STATUS_FAILURE;
        return;
    }
    t->facts = b->says;
    moments(tree, b->kind, &t->facts);
    if (t->kind == CHIMNEY_TCP)
        t->facts.cached.tcp.Flags &= 3; /* the other flags ask for something once */
    t->link = t->kind == CHIMNEY_NEIGHBOR ? NULL : b->up->thing;
    t->state = OFFLOADED;
    struct order order = {.command = adds[t->kind], .facts = &t->facts, .link = t->link};
    uint8_t result = hardware_do(m, t, &order);
    if (result == CHIMNEY_RESULT_OK)
        return;
    b->own_good = false;
    b->expected = status_of(result);
    if (result == CHIMNEY_RESULT_TIMEOUT || result == CHIMNEY_RESULT_UNSURE)
        withdraw(m, t);
    else
        end_thing(t);
}

static void roll_up(struct tree_spec *b)
{
    bool some_bad = false, some_good = false;
    for (const struct tree_spec *up = b->first; up; up = up->next) {
        some_bad = some_bad || !up->good;
        some_good = some_good || up->good;
    }
    if (b->what == PLACEHOLDER)
        b->expected = CHIMNEY_STATUS_SUCCESS;
    else if (!b->own_good && b->what != NEW)
        b->expected = CHIMNEY_STATUS_FAILURE;
    else if (b->own_good && b->what == NEW && some_bad)
        b->expected = CHIMNEY_STATUS_PARTIAL_SUCCESS;
    else if (b->what != NEW && some_bad)
        b->expected = some_good ? CHIMNEY_STATUS_PARTIAL_SUCCESS : CHIMNEY_STATUS_FAILURE;
    b->good =
        b->expected == CHIMNEY_STATUS_SUCCESS || b->expected == CHIMNEY_STATUS_PARTIAL_SUCCESS;
}

/* Second pass: the object itself, then what depends on it, then its status. */
static void initiate(struct model *m, struct tree *tree, struct tree_spec *b, bool doomed)
{
    for (; b; b = b->next) {
        if (doomed && b->what != PLACEHOLDER) {
            b->own_good = false;
            b->expected = CHIMNEY_STATUS_FAILURE; /* whatever else there is to say of it */
        } else if (b->reserved) {
            offload(m, tree, b);
        }
        initiate(m, tree, b->first, !b->own_good);
        roll_up(b);
    }
}

void predict_initiate(struct model *m, struct tree *tree)
{
    uint32_t room[CHIMNEY_KINDS];
    for (uint8_t kind = 0; kind < CHIMNEY_KINDS; kind++)
        room[kind] = m->capacity[kind] - in_use(m, kind);
    reserve(m, tree->root, false, room);
    initiate(m, tree, tree->root, false);
}
