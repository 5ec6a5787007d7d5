/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hand.h: the job of an update as the author of a driver writes it who has no framework: structures
 * of his own, a plain walk, a switch on the state, commands straight into the ring, the object's
 * address as cookie and as context value.
 *
 * It is meant to be good of its kind: an object is 88 bytes and what an update needs of it lies
 * together, nothing is looked up twice, there is no lock and no atomic instruction. What it leaves
 * out is what such drivers leave out: late and lost answers, forged contexts, rollback, resets.
 */
#ifndef HAND_H
#define HAND_H

#include "forest.h"

struct hand;

/* Takes over the connections of a forest: makes its own objects and writes their contexts. */
struct hand *hand_open(struct forest *f);
void hand_close(struct hand *hand);
/* Update the tree; when it returns every node has its status. */
void hand_update(struct hand *hand, struct chimney_node *root);

#endif
