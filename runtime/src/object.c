/* SPDX-License-Identifier: BSD-2-Clause */
/* object.c: objects in their pools, the handles that name them, the links between them. */

#include "internal.h"

/* A tag's generation; after the last one comes the first, as the number overflows. */
#define NEXT_GENERATION (1u << FLUE_TAG_KIND_BITS)
#define LAST_GENERATION (~0u << FLUE_TAG_KIND_BITS)

static uint32_t tag_of(const struct flue_object *o)
{
    return atomic_load_explicit((const _Atomic uint32_t *)&o->tag, memory_order_acquire);
}

/* A name is generation, kind and index; the generation is never 0, so neither is the name. */
flue_name flue_name_of(const struct flue_target *t, const struct flue_object *o)
{
    return (flue_name)tag_of(o) << 32 | flue_object_index(t, o);
}

flue_name flue_object_handle(const struct flue_target *t, uint8_t kind, uint32_t index)
{
    if (kind >= t->spec->kind_count || index >= t->pools[kind].capacity)
        return 0;
    return flue_name_of(t, flue_object_at(t, kind, index));
}

/* Any thread: the object, if the name has not ended. */
struct flue_object *flue_object_named(const struct flue_target *t, uint8_t kind, flue_name name)
{
    uint32_t index = (uint32_t)name;
    if (kind >= t->spec->kind_count || index >= t->pools[kind].capacity)
        return NULL;
    struct flue_object *o = flue_object_at(t, kind, index);
    return tag_of(o) == name >> 32 ? o : NULL;
}

/* A forged or stale handle finds nothing, whatever its bits are. */
struct flue_object *flue_object_find(const struct flue_target *t, uint64_t handle)
{
    struct flue_object *o = flue_object_named(t, flue_name_kind(handle), handle);
    return o && kind_of(t, o)->states[o->state].host_has ? o : NULL;
}

uint32_t flue_name_index(const struct flue_target *t, uint8_t kind, flue_name name)
{
    return flue_object_named(t, kind, name) ? (uint32_t)name : FLUE_NONE;
}

/* The name is looked at again: it ends before the next handle comes. */
void *flue_object_host_handle(const struct flue_target *t, uint8_t kind, flue_name name)
{
    const struct flue_object *o = flue_object_named(t, kind, name);
    void *handle = o ? atomic_load_explicit(&o->host_handle, memory_order_acquire) : NULL;
    return handle && tag_of(o) == name >> 32 ? handle : NULL;
}

void flue_links_clear(const struct flue_target *t, struct flue_object *o)
{
    o->links[0] = (struct flue_link){FLUE_NONE, FLUE_NONE};
    for (unsigned l = 1; l < kind_of(t, o)->link_count; l++)
        flue_links(o)[l] = o->links[0];
}

struct flue_object *flue_object_allocate(struct flue_target *t, uint8_t kind)
{
    struct flue_pool *pool = &t->pools[kind];
    struct flue_object *o = pool->free;
    if (!o)
        return NULL;
    pool->free = o->next;
    pool->in_use++;
    o->next = NULL;
    /* What was here before is nobody's any more: no reader may find it. */
    memset((unsigned char *)o + sizeof *o, 0, t->spec->kinds[kind].object_bytes - sizeof *o);
    flue_links_clear(t, o);
    return o;
}

/* The index may be used again only when no answer can come for it any more. */
void flue_object_free(struct flue_target *t, struct flue_object *o)
{
    o->flags &= (uint8_t) ~(FLUE_OBJECT_RETIRED | FLUE_OBJECT_DRAINING | FLUE_OBJECT_KEPT);
    if (o->timeouts_outstanding) {
        o->flags |= FLUE_OBJECT_DRAINING;
        return;
    }
    FLUE_ASSERT(!o->in_flight && !o->node && !o->deferred && !o->dependents);
    struct flue_pool *pool = &t->pools[o->kind];
    o->next = pool->free;
    pool->free = o;
    pool->in_use--;
}

/* A thread that sees the next name sees this life's handle gone; hand_over() brings the next. */
static void end_name(struct flue_object *o)
{
    uint32_t tag = tag_of(o);
    tag += tag < LAST_GENERATION ? NEXT_GENERATION : 2 * NEXT_GENERATION;
    atomic_store_explicit(&o->host_handle, NULL, memory_order_relaxed);
    atomic_store_explicit((_Atomic uint32_t *)&o->tag, tag, memory_order_release);
}

/*
 * The host never got it, or has it no more, but the hardware may have it: it stays. A reset may end
 * it before the request is completed; its index is free after that all the same.
 */
void flue_object_keep(struct flue_object *o, struct flue_request *r)
{
    o->flags |= FLUE_OBJECT_KEPT;
    o->next = r->retired;
    r->retired = o;
}

/*
 * The object is given up: its name and link end now, its index is free when the request's
 * completion call has returned; at once where no request is concerned.
 */
void flue_object_retire(struct flue_target *t, struct flue_object *o, struct flue_request *r)
{
    for (unsigned l = 0; l < kind_of(t, o)->link_count; l++) {
        flue_link_release(t, o, l, flue_links(o)[l].next);
        flue_link_release(t, o, l, flue_links(o)[l].to);
    }
    struct flue_note *note = flue_note_of(t, o);
    const struct flue_note forgotten = {.held_back = note->held_back, .next_held = note->next_held};
    flue_links_clear(t, o);
    o->marks = 0;
    *note = forgotten;
    end_name(o);
    o->planned = o->touched = 0;
    if (!r && !(o->flags & FLUE_OBJECT_KEPT)) {
        flue_object_free(t, o);
        return;
    }
    o->flags |= FLUE_OBJECT_RETIRED;
    if (o->flags & FLUE_OBJECT_KEPT)
        return;
    o->next = r->retired;
    r->retired = o;
}

/* The request's completion call has returned. */
void flue_object_free_retired(struct flue_target *t, struct flue_object *o)
{
    if (o->flags & FLUE_OBJECT_RETIRED)
        flue_object_free(t, o);
    else
        o->flags &= (uint8_t)~FLUE_OBJECT_KEPT;
}

/* Where a link of the object leads; NULL: nowhere. */
struct flue_object *flue_linked(const struct flue_target *t, const struct flue_object *o,
                                unsigned link, uint32_t to)
{
    if (to == FLUE_NONE || to == FLUE_LINK_NONE)
        return NULL;
    return flue_object_at(t, kind_of(t, o)->links[link].to, to);
}

void flue_link_count(struct flue_target *t, const struct flue_object *o, unsigned link, uint32_t to)
{
    struct flue_object *linked = flue_linked(t, o, link, to);
    if (linked)
        linked->dependents++;
}

void flue_link_release(struct flue_target *t, const struct flue_object *o, unsigned link,
                       uint32_t to)
{
    struct flue_object *linked = flue_linked(t, o, link, to);
    if (!linked)
        return;
    FLUE_ASSERT(linked->dependents != 0);
    linked->dependents--;
}

/*
 * Marks of the object and of all it stands on by these links: looked up, never spread. A link leads
 * to a kind that comes earlier, so a way along links is no longer than there are kinds; how many
 * ways there may be is limited by the compiler.
 */
uint8_t flue_marks_along(const struct flue_target *t, const struct flue_object *o, uint64_t along)
{
    uint8_t marks = flue_marks_of(o);
    uint64_t own = along >> o->kind * FLUE_MAX_LINKS;
    for (unsigned l = 0; l < kind_of(t, o)->link_count; l++) {
        const struct flue_object *linked =
            own >> l & 1 ? flue_linked(t, o, l, flue_links(o)[l].to) : NULL;
        if (linked)
            marks |= flue_marks_along(t, linked, along);
    }
    return marks;
}

static bool has_unusable_marks(const struct flue_target *t, const struct flue_object *o)
{
    uint64_t along = t->spec->unusable_along;
    uint8_t marks = along ? flue_marks_along(t, o, along) : flue_marks_of(o);
    return (marks & t->spec->unusable_marks) != 0;
}

bool flue_object_unusable(const struct flue_target *t, const struct flue_object *o)
{
    return kind_of(t, o)->states[o->state].unusable || has_unusable_marks(t, o);
}

bool flue_guard_link_unusable(const struct flue_guard_context *q, unsigned link)
{
    const struct flue_object *o = q->object;
    const struct flue_object *linked = flue_linked(q->target, o, link, flue_links(o)[link].to);
    return linked && flue_object_unusable(q->target, linked);
}

/* What waits for what becomes of a request may be linked to by others of the same request. */
static bool waits_with(const struct flue_guard_context *q, const struct flue_object *linked)
{
    const struct flue_target *t = q->target;
    return q->operation != FLUE_NO_BYTE && t->spec->operations[q->operation].together &&
           kind_of(t, linked)->states[linked->state].waits == FLUE_WAITS_USABLE;
}

bool flue_new_link_unusable(const struct flue_guard_context *q, unsigned link)
{
    if (q->new_links[link] == FLUE_LINK_GONE)
        return true;
    const struct flue_object *linked = flue_linked(q->target, q->object, link, q->new_links[link]);
    if (linked && waits_with(q, linked))
        return has_unusable_marks(q->target, linked);
    return linked && flue_object_unusable(q->target, linked);
}
