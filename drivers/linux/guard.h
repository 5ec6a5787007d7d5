/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * guard.h: segments of a connection that no socket holds are dropped before the kernel would answer
 * them with a reset. A set of nftables has exactly the connections that are on their way.
 *
 *     example
 *     struct linux_guard *guard = linux_guard_open("flue", &error);
 *     linux_guard_add(guard, &tuple);    // before the one socket is read
 *     linux_guard_wait();                // once for any number of them
 *     linux_guard_remove(guard, &tuple); // when the other one has it
 *     linux_guard_close(guard);
 *
 * Any thread may call. One for each network namespace is enough for a host and its drivers.
 */
#ifndef LINUX_GUARD_H
#define LINUX_GUARD_H

#include <stdbool.h>
#include <stdint.h>

#define LINUX_INJECTED 0x666c7565u /* mark of segments that pass */

/* Seen from here; numbers as they are in packets. */
struct linux_tuple {
    uint8_t local[16], remote[16]; /* four bytes, or sixteen */
    uint16_t local_port, remote_port;
    bool ipv6;
};

struct linux_guard; /* a table of nftables; gone when it is closed, or its network namespace is */

/*
 * NULL, and an errno: it is not permitted, there is a table of that name, or (EOPNOTSUPP) the
 * kernel cannot be waited for.
 */
struct linux_guard *linux_guard_open(const char *table, int *error);
void linux_guard_close(struct linux_guard *guard);
/* 0 or an errno: EEXIST of what is guarded, ENOENT of what is not. */
int linux_guard_add(struct linux_guard *guard, const struct linux_tuple *tuple);
int linux_guard_remove(struct linux_guard *guard, const struct linux_tuple *tuple);
/*
 * Until what had passed is in its socket. A segment may be past the guard already when that is set,
 * and still on its way: it would be acknowledged after the socket was read, and so be lost, or find
 * no socket any more, and be answered with a reset. 12 to 17 ms (a grace period of RCU), asleep.
 */
void linux_guard_wait(void);

#endif
