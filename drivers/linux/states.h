/* SPDX-License-Identifier: BSD-2-Clause */
/* states.h: RFC 793's states, in the numbers of the host's interface. */
#ifndef LINUX_STATES_H
#define LINUX_STATES_H

enum linux_state {
    LINUX_CLOSED = 0,
    LINUX_SYN_SENT = 2,
    LINUX_SYN_RCVD = 3,
    LINUX_LISTEN = 1,
    LINUX_ESTABLISHED = 4,
    LINUX_FIN_WAIT_1 = 5,
    LINUX_FIN_WAIT_2 = 6,
    LINUX_CLOSE_WAIT = 7,
    LINUX_CLOSING = 8,
    LINUX_LAST_ACK = 9,
    LINUX_TIME_WAIT = 10
};

#endif
