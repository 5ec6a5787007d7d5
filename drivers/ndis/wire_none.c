/* SPDX-License-Identifier: BSD-2-Clause */
/* The device of the spec has no wire: each list goes back at once, and nothing was done. */
#include "wire.h"

/* The NIC itself: nothing else is needed. */
static struct flue_target *target_of(struct wire *wire)
{
    return &((struct sim_nic *)(void *)wire)->target.flue;
}

struct wire *wire_open(struct sim_nic *nic, NDIS_HANDLE adapter,
                       const NDIS_TCP_OFFLOAD_EVENT_HANDLERS *tcp, const uint32_t *offers)
{
    (void)adapter;
    (void)tcp;
    (void)offers;
    return (struct wire *)(void *)nic;
}

void wire_close(struct wire *wire)
{
    (void)wire;
}

struct counted *wire_counted(struct wire *wire, uint8_t variant)
{
    static struct counted nothing;
    (void)wire;
    (void)variant;
    return &nothing;
}

enum flue_issued wire_take_send(struct wire *wire, const struct flue_taken *taken)
{
    NET_BUFFER_LIST *list = taken->element;
    list->Status = NDIS_STATUS_FAILURE;
    flue_transfer_done(target_of(wire), taken->transfer, taken->name, taken->position);
    return FLUE_ISSUED;
}

enum flue_issued wire_take_receive(struct wire *wire, const struct flue_taken *taken)
{
    return wire_take_send(wire, taken);
}

enum flue_issued wire_take_forward(struct wire *wire, const struct flue_taken *taken)
{
    return wire_take_send(wire, taken);
}

/* None was ever lent. */
void wire_take_back(struct wire *wire, NET_BUFFER_LIST *list)
{
    (void)wire;
    (void)list;
}

bool wire_step(struct wire *wire)
{
    (void)wire;
    return false;
}

bool wire_starves(const struct wire *wire)
{
    (void)wire;
    return false;
}

void wire_forgotten(struct wire *wire)
{
    (void)wire;
}

bool wire_has_all(const struct wire *wire)
{
    (void)wire;
    return true;
}
