/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lent.h: buffers of the driver's own, with received data. They are lent to the host, by an
 * indication or with a terminate, and come back by MiniportTcpOffloadReceiveReturn.
 */
#ifndef NDIS_LENT_H
#define NDIS_LENT_H

#include <stdbool.h>

#include "ndis6.h"

enum { LENT_BUFFERS = 64, LENT_BYTES = 2048 };

struct lent {
    NDIS_HANDLE pool;
    uint8_t *memory;       /* of all of them */
    NET_BUFFER_LIST *free; /* those that are not taken; by Next */
    NET_BUFFER_LIST *lists[LENT_BUFFERS];
    uint32_t out;
};

/* All of them, once. What was opened is closed also when there is no memory for all. */
bool lent_open(struct lent *lent, NDIS_HANDLE adapter);
void lent_close(struct lent *lent);
/* One that is empty; NULL: all are taken. */
NET_BUFFER_LIST *lent_take(struct lent *lent);
uint8_t *lent_bytes(const NET_BUFFER_LIST *list);
/* So many bytes are in it. */
void lent_fill(NET_BUFFER_LIST *list, uint32_t bytes);
/* It goes back to where it was taken from; all of them, by Next. */
void lent_back(NET_BUFFER_LIST *list);
void lent_all_back(NET_BUFFER_LIST *lists);

#endif
