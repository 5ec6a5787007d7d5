/* SPDX-License-Identifier: BSD-2-Clause */
#include "floor.h"

#include "chimney_objects.h"

enum { AHEAD = 12 };

/* Up to here an update of a connection reads and writes its object. */
#define HOT_BYTES offsetof(struct chimney_tcp, constant)

static void prefetch(const unsigned char *at, size_t bytes)
{
    for (size_t i = 0; i < bytes; i += BENCH_LINE)
        __builtin_prefetch(at + i, 1);
    __builtin_prefetch(at + bytes - 1, 1);
}

void floor_open(struct floor *floor, struct forest *f, struct nic *nic)
{
    const struct flue_target *t = &nic->target.flue;
    size_t n = f->connections;
    *floor = (struct floor){.count = f->connections, .hot_bytes = HOT_BYTES};
    floor->nodes = bench_memory(n * sizeof(void *));
    floor->blocks = bench_memory(n * sizeof(void *));
    floor->objects = bench_memory(n * sizeof(void *));
    for (uint32_t i = 0; i < n; i++) {
        floor->nodes[i] = (unsigned char *)f->nodes[i];
        floor->blocks[i] = (unsigned char *)f->objects[i];
        floor->objects[i] =
            (unsigned char *)flue_object_at(t, CHIMNEY_TCP, host_index(f->objects[i]));
    }
    floor->node_memory = f->node_memory;
    floor->node_bytes = n * NODE_STRIDE;
    floor->object_memory = (unsigned char *)flue_object_at(t, CHIMNEY_TCP, 0);
    floor->object_bytes = n * chimney_spec.kinds[CHIMNEY_TCP].object_bytes;
    floor->copy = bench_memory(floor->node_bytes + floor->object_bytes);
}

void floor_close(struct floor *floor)
{
    size_t n = floor->count;
    bench_memory_free(floor->nodes, n * sizeof(void *));
    bench_memory_free(floor->blocks, n * sizeof(void *));
    bench_memory_free(floor->objects, n * sizeof(void *));
    bench_memory_free(floor->copy, floor->node_bytes + floor->object_bytes);
}

/* Reads a word of every line from `at` on, writes it back in those of the first `written` bytes. */
static inline uint64_t touch(unsigned char *at, size_t bytes, size_t written)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < bytes; i += BENCH_LINE) {
        volatile uint64_t *word = (volatile uint64_t *)(void *)(at + (i & ~(size_t)7));
        sum += *word;
        if (i < written)
            *word = *word;
    }
    return sum + *(volatile uint32_t *)(void *)(at + bytes - 4);
}

void floor_touch(struct floor *floor)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < floor->count; i++) {
        uint32_t soon = i + AHEAD < floor->count ? i + AHEAD : i;
        prefetch(floor->nodes[soon], NODE_STRIDE - 12);
        prefetch(floor->objects[soon], floor->hot_bytes);
        __builtin_prefetch(floor->blocks[soon]);
        /* The status and the scratch words are in the first two lines of a node. */
        sum += touch(floor->nodes[i], NODE_STRIDE - 12, 128);
        sum += *(volatile uint64_t *)(void *)floor->blocks[i];
        sum += touch(floor->objects[i], floor->hot_bytes, floor->hot_bytes);
    }
    floor->sum += sum;
}

void floor_copy(struct floor *floor)
{
    memcpy(floor->copy, floor->node_memory, floor->node_bytes);
    memcpy(floor->copy + floor->node_bytes, floor->object_memory, floor->object_bytes);
    floor->sum += floor->copy[floor->count];
}
