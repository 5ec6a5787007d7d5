/* SPDX-License-Identifier: BSD-2-Clause */
/* costs.h: how many commands a second the device takes, and what a doorbell covers. */
#ifndef COSTS_H
#define COSTS_H

void print_costs(void);

#endif
