/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * guard.h: segments of a connection that no socket holds are dropped before the kernel would answer
 * them with a reset. A set of nftables has exactly the connections that are on their way.
 *
 *     example
 *     struct linux_guard *guard = linux_guard_open("flue", &error);
 *     linux_guard_add(guard, &tuple);    // before the one socket is closed
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

/* NULL, and an errno, where it is not permitted, or there is a table of that name. */
struct linux_guard *linux_guard_open(const char *table, int *error);
void linux_guard_close(struct linux_guard *guard);
/* 0 or an errno: EEXIST of what is guarded, ENOENT of what is not. */
int linux_guard_add(struct linux_guard *guard, const struct linux_tuple *tuple);
int linux_guard_remove(struct linux_guard *guard, const struct linux_tuple *tuple);

#endif
