/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory of an adapter: from the non-paged pool, when it is initialized, and given back when it
 * halts. Nothing is allocated between.
 */
#include <string.h>

#include "ndis6.h"
#include "stdlib.h"

#define TAG 0x65756c66u /* "flue" */
#define PAGE 4096       /* the pool aligns what is as large to it, and so to a cache line */

void *aligned_alloc(size_t alignment, size_t bytes)
{
    const size_t least = alignment > 16 ? PAGE : 16;
    return ExAllocatePoolWithTag(NonPagedPool, bytes < least ? least : bytes, TAG);
}

void *calloc(size_t count, size_t bytes)
{
    if (bytes && count > SIZE_MAX / bytes)
        return NULL;
    void *memory = aligned_alloc(16, count * bytes);
    return memory ? memset(memory, 0, count * bytes) : NULL;
}

void free(void *memory)
{
    if (memory)
        ExFreePoolWithTag(memory, TAG);
}
