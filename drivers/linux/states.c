/* SPDX-License-Identifier: BSD-2-Clause */
/* Data that travels, and what a connection's state says about FINs. */
#include <stdlib.h>

#include "connection.h"
#include "states.h"

struct linux_data *linux_data_new(uint32_t bytes)
{
    struct linux_data *data = malloc(sizeof(*data) + bytes);
    if (data)
        *data = (struct linux_data){.bytes = bytes};
    return data;
}

void linux_data_free(struct linux_data *chain)
{
    while (chain) {
        struct linux_data *next = chain->next;
        free(chain);
        chain = next;
    }
}

uint32_t linux_data_bytes(const struct linux_data *chain)
{
    uint32_t bytes = 0;
    for (; chain; chain = chain->next)
        bytes += chain->bytes;
    return bytes;
}

struct linux_data *linux_data_last(struct linux_data *chain)
{
    while (chain && chain->next)
        chain = chain->next;
    return chain;
}

void linux_connection_free(struct linux_connection *connection)
{
    linux_data_free(connection->send);
    linux_data_free(connection->receive);
    connection->send = connection->receive = NULL;
}

uint8_t linux_state_of(uint8_t kernel)
{
    static const uint8_t states[] = {
        [1] = LINUX_ESTABLISHED, [2] = LINUX_SYN_SENT,   [3] = LINUX_SYN_RCVD,
        [4] = LINUX_FIN_WAIT_1,  [5] = LINUX_FIN_WAIT_2, [6] = LINUX_TIME_WAIT,
        [7] = LINUX_CLOSED,      [8] = LINUX_CLOSE_WAIT, [9] = LINUX_LAST_ACK,
        [10] = LINUX_LISTEN,     [11] = LINUX_CLOSING,
    };
    return kernel < sizeof(states) ? states[kernel] : LINUX_CLOSED;
}

bool linux_state_fin_sent(uint8_t state)
{
    return state == LINUX_FIN_WAIT_2 || state == LINUX_TIME_WAIT || linux_state_fin_queued(state);
}

bool linux_state_fin_queued(uint8_t state)
{
    return state == LINUX_FIN_WAIT_1 || state == LINUX_CLOSING || state == LINUX_LAST_ACK;
}

bool linux_state_fin_received(uint8_t state)
{
    return state == LINUX_CLOSE_WAIT || state == LINUX_CLOSING || state == LINUX_LAST_ACK ||
           state == LINUX_TIME_WAIT;
}
