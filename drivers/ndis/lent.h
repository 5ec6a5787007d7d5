/* SPDX-License-Identifier: BSD-2-Clause */
/* lent.h: buffers that the driver lends to the host, with data that nobody had asked for. */
#ifndef NDIS_LENT_H
#define NDIS_LENT_H

#include <stdbool.h>

#include "ndis6.h"

enum { LENT_BUFFERS = 64, LENT_BYTES = 2048 };

struct lent {
    NDIS_HANDLE pool;
    uint8_t *memory;       /* of all of them */
    NET_BUFFER_LIST *free; /* those that are not lent; by Next */
    NET_BUFFER_LIST *lists[LENT_BUFFERS];
    uint32_t out;
};

/* All of them, once. What was opened is closed also when there is no memory for all. */
bool lent_open(struct lent *lent, NDIS_HANDLE adapter);
void lent_close(struct lent *lent);
/* One that is empty; NULL: the host has them all. */
NET_BUFFER_LIST *lent_take(struct lent *lent);
uint8_t *lent_bytes(const NET_BUFFER_LIST *list);
/* So many bytes are in it. */
void lent_fill(NET_BUFFER_LIST *list, uint32_t bytes);
void lent_back(struct lent *lent, NET_BUFFER_LIST *list);

#endif
