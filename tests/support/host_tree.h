/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * host_tree.h: trees as the host stack builds them, from one piece of memory.
 *
 *     example
 *     struct host_object n, p;                            // what the host remembers: zeroed
 *     struct chimney_node *root = host_new_neighbor(&arena, &n, 1);
 *     host_link(root, host_new_path(&arena, &p, 1, false));
 *     chimney_initiate(nic, root);                        // later: host_handle(&p) != 0
 *     struct chimney_node *node = host_reference(&arena, &p, CHIMNEY_TYPE_PATH_IPV4_CACHED);
 *     host_path_cached(node)->PathMtu = 1280;
 *     chimney_update(nic, node);
 */
#ifndef HOST_TREE_H
#define HOST_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chimney.h"
#include "flue/priv/spec.h"

/* Memory that is given out piece by piece and taken back as a whole. */
struct host_arena {
    unsigned char *memory;
    size_t bytes, used;
};
bool host_arena_open(struct host_arena *arena, size_t bytes);
void host_arena_close(struct host_arena *arena);
void host_arena_clear(struct host_arena *arena);
/* Zeroed, aligned to 16 bytes. Ends the program if the arena is full. */
void *host_alloc(struct host_arena *arena, size_t bytes);

struct host_record;

/*
 * What the host remembers of an object. It outlives the trees: nodes point into it, the target
 * writes its context value there, and indications name the object by the address of `handle`.
 */
struct host_object {
    struct chimney_offload_handle handle;
    struct host_record *record; /* of the host it was offloaded for; set by host_submit() */
    uint32_t number;            /* it was made from */
    uint32_t told;              /* indications about it */
    uint32_t retrieved;         /* reasons for which the host was asked to take it back, as bits */
    uint32_t aborted;           /* indications that it is gone */
    uint8_t kind;               /* set by host_new_...() */
    bool ipv6;
};
static inline uint64_t host_handle(const struct host_object *object)
{
    return (uint64_t)(uintptr_t)object->handle.MiniportOffloadContext;
}
/* The object's place in its pool and in the device's tables, UINT32_MAX if it is not offloaded. */
uint32_t host_index(const struct host_object *object);

/*
 * A node of a type, with room for the state that the type names, lengths filled in. Without an
 * object it is a placeholder.
 */
struct chimney_node *host_node(struct host_arena *arena, struct host_object *object, uint8_t type);
/* The same, for an object that is offloaded; its state structures are empty. */
struct chimney_node *host_reference(struct host_arena *arena, struct host_object *object,
                                    uint8_t type);

/* New objects with all their state, different for every number, the same for the same one. */
struct chimney_node *host_new_neighbor(struct host_arena *arena, struct host_object *object,
                                       uint32_t number);
struct chimney_node *host_new_path(struct host_arena *arena, struct host_object *object,
                                   uint32_t number, bool ipv6);
struct chimney_node *host_new_tcp(struct host_arena *arena, struct host_object *object,
                                  uint32_t number);

/* Hang `child` below the last dependent of `parent`; any number of times in constant time. */
struct chimney_node *host_link(struct chimney_node *parent, struct chimney_node *child);
/* Put `next` (one node) after the last root of the tree. */
void host_chain(struct chimney_node *root, struct chimney_node *next);

/* Call `visit` for each node, in order: up to the dependents first, then sideways. */
void host_each(struct chimney_node *root, void (*visit)(struct chimney_node *node, void *context),
               void *context);
uint64_t host_count(struct chimney_node *root);

/* The state structure of a class behind a node, NULL if its type names none. */
void *host_state(struct chimney_node *node, enum flue_class of_class);

#define HOST_STATE(kind, member, of_class)                                  \
    static inline struct chimney_##kind##_##member *host_##kind##_##member( \
        struct chimney_node *node)                                          \
    {                                                                       \
        return host_state(node, of_class);                                  \
    }
HOST_STATE(neighbor, const, FLUE_CONST)
HOST_STATE(neighbor, cached, FLUE_CACHED)
HOST_STATE(neighbor, delegated, FLUE_DELEGATED)
HOST_STATE(path, const, FLUE_CONST)
HOST_STATE(path, cached, FLUE_CACHED)
HOST_STATE(tcp, const, FLUE_CONST)
HOST_STATE(tcp, cached, FLUE_CACHED)
HOST_STATE(tcp, delegated, FLUE_DELEGATED)
#undef HOST_STATE

#endif
