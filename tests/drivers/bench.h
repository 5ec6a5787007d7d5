/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bench.h: the software NIC alone on the bench: tests issue commands by its binding functions with
 * cookies of their own, and take the answers from the ring before any driver sees them.
 */
#ifndef BENCH_H
#define BENCH_H

#include <check.h>
#include <string.h>

#include "device.h"
#include "host.h"

extern struct sim_nic *nic;

/* Test fixtures: 4 neighbors, 8 paths, 16 connections, a ring of 8. */
void bench_open(void);
void bench_close(void);
struct sim_config bench_config(void);
/* Close the fixture's NIC and open another one in its place. */
void bench_reopen(const struct sim_config *config);

/* Take the next answer; false if there is none. */
bool take(struct sim_answer *answer);
/* Ring, step once, take the one answer; its cookie must be this. Returns its result. */
uint8_t result_of(flue_cookie cookie);
/* The same; the last answer's data is here. */
extern union sim_data last_data;

/* Each issues one command with a fresh cookie and returns its result. */
uint8_t do_add_neighbor(uint32_t index);
uint8_t do_add_path(uint32_t index, uint32_t neighbor);
uint8_t do_add_tcp(uint32_t index, uint32_t path);
uint8_t do_write_mac(uint32_t index, uint8_t last_byte);
uint8_t do_remove_neighbor(uint32_t index);
uint8_t do_remove_path(uint32_t index);
uint8_t do_remove_tcp(uint32_t index);

/* Issue write_mac without a doorbell; true if the ring took it. */
bool issue_write_mac(flue_cookie cookie, uint32_t index, uint8_t last_byte);
void ring_doorbell(void);
flue_cookie fresh_cookie(void);
uint8_t last_mac_byte(uint32_t index);
struct sim_counters counted(void);

#endif
