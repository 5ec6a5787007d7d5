/* SPDX-License-Identifier: BSD-2-Clause */
/* grow.h: hanging boughs on trees, shared by the files that grow them. */
#ifndef ORACLE_GROW_H
#define ORACLE_GROW_H

#include "oracle.h"

/* A new last dependent of `up`, or a new last root of the tree. NULL if there are too many. */
struct bough *hang(struct world *w, struct tree *tree, struct bough *up, enum what what,
                   uint8_t kind);
struct bough *hang_thing(struct world *w, struct tree *tree, struct bough *up, enum what what,
                         struct thing *t, uint8_t classes);
/* Something that is wrong in itself. */
struct bough *hang_wrong(struct world *w, struct tree *tree, struct bough *up, uint8_t kind);

bool is_held(const struct thing *t);
/* A random thing of a kind that belongs to the tree: held or off, and not used yet (or yes). */
struct thing *pick_held(struct world *w, const struct tree *tree, uint8_t kind);
struct thing *pick_linked(struct world *w, const struct tree *tree, const struct thing *below);
struct thing *pick_off(struct world *w, const struct tree *tree, uint8_t kind);

void grow_tree(struct world *w, struct tree *tree);
void grow_initiate(struct world *w, struct tree *tree);
void grow_update(struct world *w, struct tree *tree);
void grow_look(struct world *w, struct tree *tree); /* query or invalidate */
void grow_terminate(struct world *w, struct tree *tree);

#endif
