/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * travel.h: data that travels with an operation.
 *
 * An initiate brings received data that the host has not delivered yet (BufferedData): it is copied
 * before the request goes to the NIC, since the host frees it when that completes. It brings sends,
 * too (SendDataHead and all that follow): they are the driver's once the connection is offloaded,
 * and the host's still if that fails. Both come first, before what is handed over later.
 *
 * What a terminate finds of the sends goes back before it completes, with
 * NDIS_STATUS_UPLOAD_IN_PROGRESS; of the received data, in BufferedData, and that is lent to the
 * host. Whether a terminate has arrived there the NIC does not know: the name of the connection has
 * ended then.
 */
#ifndef NDIS_TRAVEL_H
#define NDIS_TRAVEL_H

#include "ends.h"

/* For the device's `bring`. */
uint8_t bring(void *wire, const struct chimney_add_tcp_args *args);
/* The connection has come to the NIC's table; goes, by a terminate or else lost. */
void travel_in(struct wire *w, uint32_t tcp);
void travel_out(struct wire *w, uint32_t tcp, bool removed);

/* Its sends may go, since the initiate is over; the first is done with; all are given up. */
bool brought_begins(struct wire *w, struct end *e);
void brought_done(struct wire *w, struct end *e);
void brought_abort(struct wire *w, struct end *e);
/* What waits for the end of initiates. */
void travel_step(struct wire *w);

#endif
