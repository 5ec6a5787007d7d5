/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wire.h: moves the data of two connections of the software NIC into each other. One that has the
 * other's addresses and ports, turned round, is its peer; while the peer is not in the NIC, what is
 * sent to it waits. All of it runs in the DPC.
 *
 * A queue is the lists themselves, by words of their NET_BUFFER that are the miniport's: it takes
 * as many as come, so that an abortive disconnect never waits for room, and a connection costs the
 * same memory whatever is sent. Nothing is buffered but what the host had: what it does not want
 * yet stays with the sender, not acknowledged.
 */
#ifndef NDIS_WIRE_H
#define NDIS_WIRE_H

#include "ndis6.h"
#include "nic.h"

struct wire;

/*
 * All memory of it, once; NULL: there is not enough. Connections of a variant whose offer is 0 are
 * refused from then on.
 */
struct wire *wire_open(struct sim_nic *nic, NDIS_HANDLE adapter,
                       const NDIS_TCP_OFFLOAD_EVENT_HANDLERS *tcp, const uint32_t *offers);
void wire_close(struct wire *wire);

/* What was counted of a variant's connections, by who may set it to zero. */
struct counted {
    TCP_OFFLOAD_STATS tcp;
    IP_OFFLOAD_STATS ip;
};
struct counted *wire_counted(struct wire *wire, uint8_t variant);

/* What the target hands over. */
enum flue_issued wire_take_send(struct wire *wire, const struct flue_taken *taken);
enum flue_issued wire_take_receive(struct wire *wire, const struct flue_taken *taken);
enum flue_issued wire_take_forward(struct wire *wire, const struct flue_taken *taken);
void wire_take_back(struct wire *wire, NET_BUFFER_LIST *list);

/* Moves some. True: there is more that can be moved at once. */
bool wire_step(struct wire *wire);
/* Data has waited too long for a moment at which no initiate is under way: there must be one. */
bool wire_starves(const struct wire *wire);
/* The NIC has forgotten all, and the target has not been polled since. */
void wire_forgotten(struct wire *wire);
/* The host has nothing that is the driver's, nor the driver what is the host's. */
bool wire_has_all(const struct wire *wire);

#endif
