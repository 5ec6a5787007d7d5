/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * floor.h: what no walker can go below: the same cache lines, with nothing done in them.
 *
 * floor_touch() reads every line of every node, connection block and object that an update needs,
 * writes those that an update writes, in the order of the walk, but from arrays of addresses, so
 * that it waits for no pointer and can prefetch as far ahead as it likes. floor_copy() is memcpy of
 * nodes and of hot parts of objects, in the order of memory.
 */
#ifndef FLOOR_H
#define FLOOR_H

#include "forest.h"

struct floor {
    uint32_t count;
    unsigned char **nodes, **blocks, **objects; /* by connection, in the order of the walk */
    const unsigned char *node_memory;
    const unsigned char *object_memory;
    unsigned char *copy;
    size_t node_bytes, object_bytes, hot_bytes;
    uint64_t sum; /* so that nothing is optimized away */
};

/* Over the very memory that flue uses. */
void floor_open(struct floor *floor, struct forest *f, struct nic *nic);
void floor_close(struct floor *floor);
void floor_touch(struct floor *floor);
void floor_copy(struct floor *floor);

#endif
