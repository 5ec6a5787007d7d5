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
    flue_link_release(t, o, o->new_link);
    flue_link_release(t, o, o->link);
    o->link = o->new_link = FLUE_NONE;
    o->marks = 0;
    *flue_note_of(t, o) = (struct flue_note){.sweep = 0};
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

static struct flue_object *below(const struct flue_target *t, const struct flue_object *o,
                                 uint32_t link)
{
    return link == FLUE_NONE ? NULL : flue_object_at(t, kind_of(t, o)->links_to, link);
}

void flue_link_count(struct flue_target *t, const struct flue_object *o, uint32_t link)
{
    struct flue_object *linked = below(t, o, link);
    if (linked)
        linked->dependents++;
}

void flue_link_release(struct flue_target *t, const struct flue_object *o, uint32_t link)
{
    struct flue_object *linked = below(t, o, link);
    if (!linked)
        return;
    FLUE_ASSERT(linked->dependents != 0);
    linked->dependents--;
}

/* Marks of the object and of all it stands on: looked up, never spread. */
uint8_t flue_marks_along(const struct flue_target *t, const struct flue_object *o)
{
    uint8_t marks = 0;
    for (; o; o = below(t, o, o->link))
        marks |= flue_marks_of(o);
    return marks;
}

bool flue_kind_unusable(const struct flue_target *t, uint8_t kind, uint32_t index)
{
    const struct flue_object *o = flue_object_at(t, kind, index);
    uint8_t marks = t->spec->unusable_along_links ? flue_marks_along(t, o) : flue_marks_of(o);
    return kind_of(t, o)->states[o->state].unusable || (marks & t->spec->unusable_marks);
}

bool flue_guard_link_unusable(const struct flue_guard_context *q)
{
    const struct flue_object *o = q->object;
    return o->link != FLUE_NONE &&
           flue_kind_unusable(q->target, kind_of(q->target, o)->links_to, o->link);
}

bool flue_new_link_unusable(const struct flue_guard_context *q)
{
    return q->new_link == FLUE_LINK_GONE ||
           flue_kind_unusable(q->target, kind_of(q->target, q->object)->links_to, q->new_link);
}
