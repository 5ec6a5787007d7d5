/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * flue/priv/object.h: what an object consists of; what generated code and the library ask of it.
 */
#ifndef FLUE_PRIV_OBJECT_H
#define FLUE_PRIV_OBJECT_H

#include <stdatomic.h>

#include "flue/priv/bytes.h"
#include "flue/priv/spec.h"
#include "flue/priv/target.h"

/* What the hot path is made of, where constants must meet code. */
#define FLUE_INLINE static inline __attribute__((always_inline))
/* Data of a header that not every file uses, for compilers that warn of it. */
#define FLUE_MAYBE_UNUSED __attribute__((unused))

enum flue_object_flags {
    FLUE_OBJECT_UNDOES = 1,    /* commands under way take back what others did */
    FLUE_OBJECT_STALLED = 2,   /* in line for room for its next command */
    FLUE_OBJECT_BAD = 4,       /* one of the commands under way came back bad */
    FLUE_OBJECT_RETIRED = 8,   /* given up; its pool entry is free after the completion call */
    FLUE_OBJECT_DRAINING = 16, /* given up and completed, but answers for it are missing */
    FLUE_OBJECT_FAST = 32,  /* its operation came on the fast path, and nothing waits behind it */
    FLUE_OBJECT_KEPT = 64,  /* of no one, and on the list of a request that is not completed */
    FLUE_OBJECT_READY = 128 /* at rest, in line to be served the nodes that wait for it */
};

/* Where a link leads: indexes in the pool of the kind it leads to. */
struct flue_link {
    uint32_t to; /* or FLUE_NONE */
    uint32_t
        next; /* counted, not yet the object's: FLUE_NONE outside of a relink; or FLUE_LINK_NONE */
};

/*
 * The part every object has; the generated object goes on with its other links and its variables.
 * One cache line.
 */
struct flue_object {
    uint32_t tag;        /* u28 generation, never 0, above u4 kind: the high half of its name; the
                            owner changes it by atomic stores, other threads read it so */
    uint32_t dependents; /* links and new links of others that lead here */
    /* The eight bytes by which the fast path knows an object; see flue/priv/fast_path.h. */
    uint8_t state; /* the machine's */
    uint8_t marks; /* low half: set; high half: the host is notified of them */
    uint8_t kind;
    uint8_t variant;
    uint8_t result;               /* of the first command of the operation under way that failed */
    uint8_t flags;                /* enum flue_object_flags */
    uint8_t in_flight;            /* commands issued and not answered */
    uint8_t timeouts_outstanding; /* commands that timed out and whose slots are in quarantine;
                                     the greatest number: that many or more, until a reset */
    uint32_t planned;             /* commands still to be issued, as bits */
    uint32_t touched;             /* commands that changed the hardware, or may have */
    void *node;                   /* being served */
    void *deferred;               /* last of a ring of nodes that wait for this object */
    union {
        struct flue_object *next; /* on the list of free, ready or retired objects */
        struct {
            uint32_t before, after; /* indexes in the pool, or FLUE_NONE */
        } line;                     /* while stalled */
    };
    _Atomic(void *) host_handle; /* by which indications name it to the host; any thread reads it */
    struct flue_link links[1];   /* as many as the kind has, one at least; see flue_links() */
};

/*
 * What is seldom asked of an object: what of its marks the host is to be notified of, see sweep.c;
 * and what failed. Moments are requests begun since the search began, and one; 0 is never.
 */
struct flue_note {
    uint64_t sweep;                  /* number of the search that these are of */
    uint64_t after;                  /* last request that had begun when a mark was set here */
    uint32_t parted[FLUE_MAX_MARKS]; /* when the mark went out of sight, here or below */
    uint32_t apart[FLUE_MAX_MARKS];  /* what below parted with until then is no news here */
    uint8_t ended;                   /* marks of its own that have ended, as bits; of any search */
    uint8_t failed;                  /* command that the object's bad result is of */
    uint8_t held;       /* links whose next one an earlier operation asked for, as bits */
    bool held_back : 1; /* the nodes that wait for it, though it rests; see reach.c */
    bool claimed : 1;   /* by a node of the request that is done together */
    uint32_t next_held; /* the next one of which they are, as word 2 names objects */
};

static inline struct flue_object *flue_object_at(const struct flue_target *target, uint8_t kind,
                                                 uint32_t index)
{
    return (struct flue_object *)(void *)(target->pools[kind].objects +
                                          (size_t)index * target->spec->kinds[kind].object_bytes);
}

static inline uint32_t flue_object_index(const struct flue_target *target,
                                         const struct flue_object *object)
{
    const unsigned char *base = target->pools[object->kind].objects;
    return (uint32_t)((size_t)((const unsigned char *)object - base) /
                      target->spec->kinds[object->kind].object_bytes);
}

/* The links of an object: the first is in its head, the others lie behind that. */
FLUE_INLINE struct flue_link *flue_links(const struct flue_object *object)
{
    return (struct flue_link *)(uintptr_t)((const unsigned char *)object +
                                           offsetof(struct flue_object, links));
}

/* What a command carries of a link: what it is to be, if the operation moves it, or what it is. */
FLUE_INLINE uint32_t flue_carried_link(const struct flue_object *object, unsigned link, uint8_t old)
{
    const struct flue_link *l = &flue_links(object)[link];
    uint32_t to = (old >> link & 1) || l->next == FLUE_NONE ? l->to : l->next;
    return to == FLUE_LINK_NONE ? FLUE_NONE : to;
}

FLUE_INLINE uint32_t flue_issue_link(const struct flue_issue *i, unsigned link)
{
    return flue_carried_link(i->q.object, link, i->old);
}

static inline void *flue_host_handle(const struct flue_object *object)
{
    return atomic_load_explicit(&object->host_handle, memory_order_relaxed);
}

/*
 * An age is u32 ticks gone by; what is kept is the moment at which it was 0, in all bits of the
 * clock (before its start, too: the difference is modular). So an age never comes round: the
 * greatest number means that many ticks or more.
 */
static inline uint64_t flue_moment(const struct flue_target *target, uint32_t age)
{
    return atomic_load_explicit(&target->now, memory_order_relaxed) - age;
}

static inline uint32_t flue_age(const struct flue_target *target, uint64_t moment)
{
    uint64_t age = atomic_load_explicit(&target->now, memory_order_relaxed) - moment;
    return age < UINT32_MAX ? (uint32_t)age : UINT32_MAX;
}

/* The name of the first of `members` that a table does not have, or NULL. */
const char *flue_missing(const void *table, const struct flue_member *members);

/* What of `mask` differs in eight bytes at the same offset of two structures. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "flue serves little endian machines only");
FLUE_INLINE uint64_t flue_difference(const void *a, const void *b, uint32_t at, uint64_t mask)
{
    uint64_t one, other;
    memcpy(&one, (const unsigned char *)a + at, sizeof one);
    memcpy(&other, (const unsigned char *)b + at, sizeof other);
    return (one ^ other) & mask;
}

/* Guards: the questions a machine may ask. All are pure. */
#define FLUE_ALONG_ALL UINT64_MAX /* links; else a bit for each link of each kind */
FLUE_STATIC_ASSERT(FLUE_MAX_KINDS *FLUE_MAX_LINKS <= 64, "links of all kinds are bits of a word");
uint8_t flue_marks_along(const struct flue_target *t, const struct flue_object *o, uint64_t along);
static inline bool flue_guard_marked(const struct flue_guard_context *q, uint8_t marks,
                                     uint64_t along)
{
    uint8_t found = along ? flue_marks_along(q->target, q->object, along) : q->object->marks;
    return (found & marks) != 0;
}
/* Of a link: what it leads to, what it is to lead to, where it leads after the operation. */
bool flue_guard_link_unusable(const struct flue_guard_context *q, unsigned link);
bool flue_new_link_unusable(const struct flue_guard_context *q, unsigned link);
static inline bool flue_guard_new_link_unusable(const struct flue_guard_context *q, unsigned link)
{
    return q->new_links[link] != FLUE_NONE && flue_new_link_unusable(q, link);
}
static inline bool flue_guard_next_link_unusable(const struct flue_guard_context *q, unsigned link)
{
    return q->new_links[link] != FLUE_NONE ? flue_new_link_unusable(q, link)
                                           : flue_guard_link_unusable(q, link);
}
/*
 * What a link leads to after the operation, to be asked for a value of its own: NULL where that is
 * nowhere, or to what the host does not have yet, which has no values.
 */
static inline const struct flue_object *flue_guard_linked(const struct flue_guard_context *q,
                                                          unsigned link)
{
    const struct flue_kind *kind = &q->target->spec->kinds[q->object->kind];
    uint32_t to =
        q->new_links[link] != FLUE_NONE ? q->new_links[link] : flue_links(q->object)[link].to;
    if (to == FLUE_NONE || to == FLUE_LINK_NONE || to == FLUE_LINK_GONE)
        return NULL;
    const struct flue_object *linked = flue_object_at(q->target, kind->links[link].to, to);
    return q->target->spec->kinds[linked->kind].states[linked->state].host_has ? linked : NULL;
}
static inline bool flue_guard_dependents(const struct flue_guard_context *q)
{
    return q->object->dependents != 0;
}
static inline bool flue_guard_asked(const struct flue_guard_context *q, uint8_t classes)
{
    return (q->asked & classes) != 0;
}
/* The first of its commands that failed did so with this result. */
static inline bool flue_guard_result(const struct flue_guard_context *q, uint8_t result)
{
    return q->object->result == result;
}

#endif
