/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * qemu.h: a QEMU with the emulated switch, wired up by sockets and shared memory without a name.
 *
 * It has no file, no path and no port: nothing can be left behind. The kernel kills it when the
 * process that started it ends, however that happens.
 *
 *     example
 *     struct qemu q;
 *     if (!qemu_start(&q))
 *         return QEMU_SKIP;
 *     wire_send(&q, 1, frame, sizeof(frame));
 *     size_t bytes = wire_receive(&q, 2, frame, sizeof(frame), 1000);
 *     qemu_stop(&q);
 */
#ifndef QEMU_H
#define QEMU_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "ring.h"

enum { QEMU_PORTS = 3, QEMU_SKIP = 77 };

struct qemu {
    pid_t pid;
    int qtest;             /* goes to rocker_bus_qtest(), which closes it */
    int wires[QEMU_PORTS]; /* one datagram is one frame */
    FILE *qmp;
    int qmp_out;
    void *ram;
    size_t ram_bytes;
    uint64_t frames_refused; /* too short to be sent */
};

/* False if this machine has no qemu-system-x86_64; that a test is skipped, and why, is printed. */
bool qemu_available(void);
/* False, with a line on stderr, if it does not start. */
bool qemu_start(struct qemu *q);
/* May be called twice, and after a failed start. */
void qemu_stop(struct qemu *q);
/* Of the machine's memory, the part that is the driver's. */
struct rocker_dma qemu_dma(const struct qemu *q);

/* ---- Wires ---------------------------------------------------------------------------------- */

/* Ports count from 1. False: too short for an Ethernet frame, or the wire is full. */
bool wire_send(struct qemu *q, uint32_t port, const void *frame, size_t bytes);
/* The next frame that came out; 0 if none does within `ms`. */
size_t wire_receive(struct qemu *q, uint32_t port, void *frame, size_t bytes, int ms);

/* ---- QMP: what QEMU itself says it holds ---------------------------------------------------- */

/* The value of "return", or NULL. `arguments` is given away and may be NULL. */
json_t *qmp_ask(struct qemu *q, const char *command, json_t *arguments);
json_t *qmp_flows(struct qemu *q);
json_t *qmp_groups(struct qemu *q);

#endif
