/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an intermediate driver has offloaded, by the NDIS_OFFLOAD_HANDLE it gave for each object:
 * what it may ask of which object at which lower driver, and when. A hash table; nothing leaves it
 * before the table is made anew, so that a handle that has ended is known as such.
 */
#include <stdlib.h>
#include <string.h>

#include "ndis.h"

enum state { ENDED, COMING, LIVE, ASKED_BACK, GIVEN_UP };

static struct object {
    const void *handle;
    struct adapter *adapter;
    const void *below; /* handle of what it stands on */
    uint32_t dependents, under_way, updates;
    bool aborted; /* the lower driver said that it is lost */
    enum state state;
} * table;
static uint32_t slots, used;

static struct object *find(const void *handle)
{
    if (!slots)
        return NULL;
    uint32_t i = (uint32_t)(((uintptr_t)handle >> 4) * 2654435761u) & (slots - 1);
    while (table[i].handle && table[i].handle != handle)
        i = (i + 1) & (slots - 1);
    return &table[i];
}

static void grow(void)
{
    struct object *old = table;
    const uint32_t count = slots;
    slots = count ? 2 * count : 1024;
    table = calloc(slots, sizeof *table);
    if (!table)
        mock_broken("memory", "none left for %u objects", slots);
    for (uint32_t i = 0; i < count; i++)
        if (old[i].handle)
            *find(old[i].handle) = old[i];
    free(old);
}

static struct object *live(const struct adapter *a, const void *handle, const char *what)
{
    struct object *o = find(handle);
    if (!o || !o->handle || o->state == ENDED || o->state == COMING)
        mock_broken("offloaded", "%s of what is not offloaded", what);
    if (o->adapter != a)
        mock_broken("offloaded", "%s of what is offloaded to another adapter", what);
    return o;
}

struct adapter *objects_adapter(const void *handle, const char *what)
{
    const struct object *o = find(handle);
    if (!o || !o->handle || o->state == ENDED)
        mock_broken("offloaded", "%s of what is not offloaded", what);
    return o->adapter;
}

void objects_aborted(const void *handle)
{
    find(handle)->aborted = true;
}

/* ---- Down ---------------------------------------------------------------------------------- */

static void begin(struct adapter *a, struct chimney_offload_handle *handle, const void *below)
{
    if (used * 2 >= slots)
        grow();
    struct object *o = find(handle);
    const bool has = o->handle && o->state != ENDED && o->state != GIVEN_UP;
    if (handle->MiniportOffloadContext || has)
        mock_broken("offloaded", "initiate of what the lower driver has");
    used += !o->handle;
    *o = (struct object){.handle = handle, .adapter = a, .below = below, .state = COMING};
    o->under_way = 1;
}

/* What is asked of an object besides. */
static void ask(struct object *o, uint8_t operation)
{
    if (operation == CHIMNEY_UPDATE && o->updates)
        mock_broken("busy", "two updates of one object");
    if (operation == CHIMNEY_TERMINATE && o->under_way)
        mock_broken("busy", "terminate while another operation is under way");
    if (operation == CHIMNEY_TERMINATE && o->dependents)
        mock_broken("dependents", "terminate of what %u others stand on", o->dependents);
    o->under_way++;
    o->updates += operation == CHIMNEY_UPDATE;
}

/* A node that only names what those above it are to stand on. */
static bool only_names(const struct chimney_node *node, uint8_t operation)
{
    return node->DependentBlockList &&
           (operation == CHIMNEY_INITIATE || operation == CHIMNEY_UPDATE);
}

static void down(struct adapter *a, struct chimney_node *node, const void *below, uint8_t operation)
{
    for (; node; node = node->NextBlock) {
        struct chimney_offload_handle *handle = node->NdisOffloadHandle;
        if (!handle)
            mock_broken("header", "a node that names nothing");
        if (only_names(node, operation))
            live(a, handle, "a link");
        else if (operation == CHIMNEY_INITIATE)
            begin(a, handle, below);
        else
            ask(live(a, handle, "an operation"), operation);
        down(a, node->DependentBlockList, handle, operation);
        node->MiniportOffloadContext = &handle->MiniportOffloadContext;
    }
}

void objects_down(struct adapter *a, struct chimney_node *root, uint8_t operation)
{
    down(a, root, NULL, operation);
}

/* ---- Up ------------------------------------------------------------------------------------ */

static void stand_on(const void *below, int more)
{
    struct object *o = below ? find(below) : NULL;
    if (o && o->handle)
        o->dependents += (uint32_t)more;
}

static void link(struct object *o, const void *below)
{
    stand_on(o->below, -1);
    o->below = below;
    stand_on(below, 1);
}

static void initiated(struct object *o, bool good)
{
    o->state = good ? LIVE : ENDED;
    if (good)
        stand_on(o->below, 1);
}

/*
 * Also in vain: its state is lost, and what is below it may be asked for. Asked twice, or said to
 * be lost, it may be given up.
 */
static void terminated(struct object *o, bool good)
{
    const bool again = o->state != LIVE;
    if (!again)
        stand_on(o->below, -1);
    o->state = good ? ENDED : again || o->aborted ? GIVEN_UP : ASKED_BACK;
}

static void up(struct chimney_node *node, const void *below, uint8_t operation)
{
    for (; node; node = node->NextBlock) {
        struct object *o = find(node->NdisOffloadHandle);
        const bool good = node->Status == NDIS_STATUS_SUCCESS;
        up(node->DependentBlockList, node->NdisOffloadHandle, operation);
        node->MiniportOffloadContext = NULL;
        if (only_names(node, operation))
            continue;
        o->under_way--;
        o->updates -= operation == CHIMNEY_UPDATE;
        if (operation == CHIMNEY_INITIATE)
            initiated(o, good);
        else if (operation == CHIMNEY_TERMINATE)
            terminated(o, good);
        else if (operation == CHIMNEY_UPDATE && good && below)
            link(o, below);
    }
}

void objects_up(struct adapter *a, struct chimney_node *root, uint8_t operation)
{
    (void)a;
    up(root, NULL, operation);
}

/* What was asked back, in vain, may be left: it goes with the lower driver. */
void objects_closed(const struct adapter *a)
{
    for (uint32_t i = 0; i < slots; i++) {
        if (!table[i].handle || table[i].adapter != a)
            continue;
        if (table[i].state == LIVE)
            mock_broken("left", "an object is offloaded, and its binding is closed");
        table[i].state = ENDED;
    }
}
