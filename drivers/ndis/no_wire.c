/* SPDX-License-Identifier: BSD-2-Clause */
/* Where wire.c would move data: the device that is generated of the spec moves none, and fails it. */
#include <stdlib.h>

#include "wire.h"

struct wire {
    struct sim_nic *nic;
};

struct wire *wire_open(struct sim_nic *nic, NDIS_HANDLE adapter,
                       TCP_OFFLOAD_RECEIVE_INDICATE indicate)
{
    struct wire *w = calloc(1, sizeof *w);
    (void)adapter;
    (void)indicate;
    if (w)
        w->nic = nic;
    return w;
}

void wire_close(struct wire *w)
{
    free(w);
}

static enum flue_issued refuse(struct wire *w, const struct flue_taken *taken)
{
    NET_BUFFER_LIST *list = taken->element;
    list->Status = NDIS_STATUS_FAILURE;
    flue_transfer_done(&w->nic->target.flue, taken->transfer, taken->name, taken->position);
    return FLUE_ISSUED;
}

enum flue_issued wire_take_send(struct wire *w, const struct flue_taken *taken)
{
    return refuse(w, taken);
}

enum flue_issued wire_take_receive(struct wire *w, const struct flue_taken *taken)
{
    return refuse(w, taken);
}

enum flue_issued wire_take_forward(struct wire *w, const struct flue_taken *taken)
{
    return refuse(w, taken);
}

/* It lends nothing. */
void wire_take_back(struct wire *w, NET_BUFFER_LIST *list)
{
    (void)w;
    (void)list;
}

bool wire_step(struct wire *w)
{
    (void)w;
    return false;
}

bool wire_has_all(const struct wire *w)
{
    (void)w;
    return true;
}
