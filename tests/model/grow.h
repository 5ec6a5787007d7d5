/* SPDX-License-Identifier: BSD-2-Clause */
/* grow.h: hanging specs on trees, shared by the files that grow them. */
#ifndef ORACLE_GROW_H
#define ORACLE_GROW_H

#include "model.h"

/* A new last dependent of `up`, or a new last root of the tree. NULL if there are too many. */
struct tree_spec *hang(struct model *m, struct tree *tree, struct tree_spec *up, enum what what,
                       uint8_t kind);
struct tree_spec *hang_thing(struct model *m, struct tree *tree, struct tree_spec *up,
                             enum what what, struct thing *t, uint8_t classes);
/* Something that is wrong in itself. */
struct tree_spec *hang_wrong(struct model *m, struct tree *tree, struct tree_spec *up,
                             uint8_t kind);

bool is_held(const struct thing *t);
/* A random thing of a kind that belongs to the tree: held or off, and not used yet (or yes). */
struct thing *pick_held(struct model *m, const struct tree *tree, uint8_t kind);
struct thing *pick_linked(struct model *m, const struct tree *tree, const struct thing *below);
struct thing *pick_off(struct model *m, const struct tree *tree, uint8_t kind);

void grow_tree(struct model *m, struct tree *tree);
void grow_initiate(struct model *m, struct tree *tree);
void grow_update(struct model *m, struct tree *tree);
void grow_look(struct model *m, struct tree *tree); /* query or invalidate */
void grow_terminate(struct model *m, struct tree *tree);

#endif
