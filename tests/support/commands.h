/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * commands.h: every command of chimney's once, for tests that play its hardware with one function.
 *
 * X is called with a command, the kind of its objects and the bytes that its answer brings.
 *
 *     example
 *     #define ISSUE(command, kind, data)                                                       \
 *         static enum flue_issued issue_##command(void *adapter, flue_cookie cookie,           \
 *                                                 const struct chimney_##command##_args *args) \
 *         {                                                                                    \
 *             return issue(adapter, kind, args->index, cookie, data);                          \
 *         }
 *     CHIMNEY_COMMANDS(ISSUE)
 *     const struct chimney_binding my_binding = {CHIMNEY_COMMANDS(BIND_ISSUE).doorbell = ring};
 */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "chimney.h"

#define CHIMNEY_COMMANDS(X)                                                           \
    X(add_neighbor, CHIMNEY_NEIGHBOR, 0)                                              \
    X(write_mac, CHIMNEY_NEIGHBOR, 0)                                                 \
    X(read_neighbor, CHIMNEY_NEIGHBOR, sizeof(struct chimney_read_neighbor_data))     \
    X(block_neighbor, CHIMNEY_NEIGHBOR, 0)                                            \
    X(remove_neighbor, CHIMNEY_NEIGHBOR, sizeof(struct chimney_remove_neighbor_data)) \
    X(add_path, CHIMNEY_PATH, 0)                                                      \
    X(write_route, CHIMNEY_PATH, 0)                                                   \
    X(write_mtu, CHIMNEY_PATH, 0)                                                     \
    X(block_path, CHIMNEY_PATH, 0)                                                    \
    X(remove_path, CHIMNEY_PATH, 0)                                                   \
    X(add_tcp, CHIMNEY_TCP, 0)                                                        \
    X(write_timers, CHIMNEY_TCP, 0)                                                   \
    X(write_buffers, CHIMNEY_TCP, 0)                                                  \
    X(write_header, CHIMNEY_TCP, 0)                                                   \
    X(restart, CHIMNEY_TCP, 0)                                                        \
    X(read_tcp, CHIMNEY_TCP, sizeof(struct chimney_read_tcp_data))                    \
    X(block_tcp, CHIMNEY_TCP, 0)                                                      \
    X(remove_tcp, CHIMNEY_TCP, sizeof(struct chimney_remove_tcp_data))

/* A member of the binding: the function issue_COMMAND. */
#define BIND_ISSUE(command, kind, data) .command = issue_##command,

#endif
