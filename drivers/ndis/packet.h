/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * packet.h: the bytes of a NET_BUFFER_LIST. Where its data begins says how far it is: what was
 * moved is advanced over, and counted in TcpOffloadBytesTransferred, at once. So a list is right
 * whenever it goes back to the host.
 */
#ifndef NDIS_PACKET_H
#define NDIS_PACKET_H

#include <stdbool.h>

#include "ndis6.h"

/* Before all others: its memory is mapped, and as long as it says. False: nobody can move it. */
bool packet_begin(NET_BUFFER_LIST *list);
/* There is no byte left in it, of data or of room. */
bool packet_is_empty(const NET_BUFFER_LIST *list);
uint64_t packet_bytes(const NET_BUFFER_LIST *list);
/* As many as both have, and no more than `most`. */
uint32_t packet_move(NET_BUFFER_LIST *to, NET_BUFFER_LIST *from, uint32_t most);
/* The next bytes of a list behind the first `skip`; it is not advanced. */
uint32_t packet_peek(const NET_BUFFER_LIST *from, uint64_t skip, uint8_t *to, uint32_t most);
/* So many of them are done with. */
void packet_advance(NET_BUFFER_LIST *list, uint32_t bytes);

#endif
