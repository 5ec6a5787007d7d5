/* SPDX-License-Identifier: BSD-2-Clause */
/* stdlib.h, as far as the software NIC needs one: memory from the non-paged pool. */
#ifndef NDIS_STDLIB_H
#define NDIS_STDLIB_H

#include <stddef.h>

void *calloc(size_t count, size_t bytes);
void *aligned_alloc(size_t alignment, size_t bytes);
void free(void *memory);

#endif
