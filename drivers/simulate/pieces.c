/* SPDX-License-Identifier: BSD-2-Clause */
/* The host's elements: of which transfer, and which lies where. */
#include "history.h"

const struct simulate_transfer *piece_transfer(const struct history *h, const struct piece *p)
{
    return &h->target->transfers[p->transfer];
}

/* The latest that lies there. */
struct piece *piece_at(struct history *h, const void *memory)
{
    for (unsigned i = 0; i < PIECES; i++)
        if (h->pieces[i].out && h->pieces[i].memory == memory)
            return &h->pieces[i];
    return NULL;
}
