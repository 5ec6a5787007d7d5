/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fixed pool of entries. An entry is what a lower driver has of an object here: the handle it
 * got, by which it names the object, and the cell it wrote its own into. It is used again when the
 * lower driver has said that it is done with it, or is unbound; one that it could not give back,
 * when no other is left.
 */
#include <stdlib.h>
#include <string.h>

#include "im.h"

enum { SPARE = 64 }; /* for those that a lower driver gives back late, or never */

static bool open_maps(struct im *im, struct lower *lower)
{
    for (uint8_t kind = 0; kind < CHIMNEY_KINDS; kind++) {
        lower->of[kind] = calloc(im->capacity[kind], sizeof *lower->of[kind]);
        if (!lower->of[kind])
            return false;
    }
    return true;
}

bool entries_open(struct im *im)
{
    im->entry_count = SPARE + im->capacity[CHIMNEY_TCP] +
                      LOWERS * (im->capacity[CHIMNEY_NEIGHBOR] + im->capacity[CHIMNEY_PATH]);
    im->entries = calloc(im->entry_count, sizeof *im->entries);
    for (uint32_t i = 0; im->entries && i < im->entry_count; i++)
        entry_free(im, &im->entries[im->entry_count - 1 - i]);
    for (uint8_t l = 0; l < LOWERS; l++)
        if (!im->entries || !open_maps(im, &im->lowers[l]))
            return false;
    return true;
}

void entries_close(struct im *im)
{
    for (uint8_t l = 0; l < LOWERS; l++)
        for (uint8_t kind = 0; kind < CHIMNEY_KINDS; kind++) {
            free(im->lowers[l].of[kind]);
            im->lowers[l].of[kind] = NULL;
        }
    free(im->entries);
    im->entries = im->free_entries = NULL;
    im->entry_count = 0;
}

static _Atomic(struct entry *) *cell_of(struct im *im, const struct entry *e)
{
    return &im->lowers[e->lower].of[e->kind][(uint32_t)e->name];
}

/* Its object has it no more. */
static void detach(struct im *im, struct entry *e)
{
    if (atomic_load(cell_of(im, e)) != e)
        return;
    atomic_store(cell_of(im, e), NULL);
    im->lowers[e->lower].entries--;
}

/* One that a lower driver never gave back, where no other is left: the oldest, or near it. */
static struct entry *take_abandoned(struct im *im)
{
    for (uint32_t i = 0; im->abandoned && i < im->entry_count; i++) {
        struct entry *e = &im->entries[im->cursor];
        im->cursor = (im->cursor + 1) % im->entry_count;
        if (e->state == ENTRY_ABANDONED) {
            im->abandoned--;
            return e;
        }
    }
    return NULL;
}

static struct entry *take_any(struct im *im)
{
    struct entry *e = im->free_entries;
    if (!e)
        return take_abandoned(im);
    im->free_entries = e->next;
    return e;
}

struct entry *entry_take(struct im *im, uint8_t lower, uint8_t kind, uint8_t variant,
                         flue_name name)
{
    struct entry *e = take_any(im);
    struct entry *before = entry_of(im, lower, kind, (uint32_t)name);
    if (!e)
        return NULL;
    if (before)
        entry_orphan(im, before);
    memset(&e->handle, 0, sizeof e->handle);
    memset(&e->cached, 0, sizeof e->cached);
    e->busy = e->asked_back = false;
    e->reachable_at = 0;
    e->came = atomic_load(&im->round);
    atomic_store(&e->brought, NULL);
    e->owned = false;
    atomic_store(&e->leaves, false);
    atomic_store(&e->awaited, false);
    atomic_store(&e->events, 0); /* of the last object; it may still be in the list */
    e->name = name;
    e->kind = kind;
    e->variant = variant;
    e->lower = lower;
    e->state = ENTRY_ADDING;
    atomic_store(cell_of(im, e), e);
    im->lowers[lower].entries++;
    return e;
}

void entry_free(struct im *im, struct entry *e)
{
    if (e->state == ENTRY_ORPHAN)
        im->orphans--;
    else if (e->state == ENTRY_ABANDONED)
        im->abandoned--;
    else if (e->state != ENTRY_FREE)
        detach(im, e);
    e->state = ENTRY_FREE;
    e->next = im->free_entries;
    im->free_entries = e;
}

void entry_abandon(struct im *im, struct entry *e)
{
    if (e->state == ENTRY_ORPHAN)
        im->orphans--;
    else
        detach(im, e);
    e->state = ENTRY_ABANDONED;
    im->abandoned++;
}

void entry_orphan(struct im *im, struct entry *e)
{
    detach(im, e);
    e->state = ENTRY_ORPHAN;
    im->orphans++;
}

struct entry *entry_of(const struct im *im, uint8_t lower, uint8_t kind, uint32_t index)
{
    return atomic_load(&im->lowers[lower].of[kind][index]);
}

/* A handler counts itself before it looks whether the entry leaves: one of both sees the other. */
bool entry_leaves(struct entry *e)
{
    atomic_store(&e->awaited, true);
    atomic_store(&e->leaves, true);
    if (!atomic_load(&e->users))
        return true;
    atomic_store(&e->leaves, false);
    return false;
}

void entries_forget(struct im *im, uint8_t lower)
{
    for (uint32_t i = 0; i < im->entry_count; i++)
        if (im->entries[i].state != ENTRY_FREE && im->entries[i].lower == lower)
            entry_free(im, &im->entries[i]);
}
