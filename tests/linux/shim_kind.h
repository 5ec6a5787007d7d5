/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * shim_kind.h: between driver and worker; what ../support/shim.h is to know of these.
 *
 *     example
 *     shim_rule(&shim, (struct shim_rule){.what = SHIM_LOSE, .kind = CHIMNEY_PATH,
 *                                         .command = CHIMNEY_PATH_WRITE_ROUTE, .limit = 1});
 */
#ifndef SHIM_KIND_H
#define SHIM_KIND_H

#include "linux.h"

#define SHIM_NIC struct linux_nic
#define SHIM_ORDER struct linux_order
#define SHIM_REPLY struct linux_answer
#define SHIM_HOOKS struct linux_shim
#define SHIM_MEANT uint8_t kind, command

struct shim_rule;
bool shim_kind_fits(const struct shim_rule *rule, const struct linux_order *order);
/* The kernel gets a request that it does not know. */
void shim_kind_spoil(const struct shim_rule *rule, struct linux_order *order);
void shim_kind_fail(const struct shim_rule *rule, struct linux_answer *answer);
void shim_kind_deliver(struct linux_nic *nic, const struct linux_answer *answer);

#endif
