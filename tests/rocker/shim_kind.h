/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * shim_kind.h: between ring and driver; what ../support/shim.h is to know of these.
 *
 *     example
 *     shim_rule(&shim, (struct shim_rule){.what = SHIM_LOSE, .type = ROCKER_FLOW_MOD, .limit = 1});
 */
#ifndef SHIM_KIND_H
#define SHIM_KIND_H

#include "rocker.h"

#define SHIM_NIC struct rocker_nic
#define SHIM_ORDER struct rocker_order
#define SHIM_REPLY struct rocker_answer
#define SHIM_HOOKS struct rocker_shim
/*
 * A type of enum rocker_command_type, or 0 for all; of group orders, only those of L3 unicast
 * groups; what the answer says; what changes the order, so that the device has its own word.
 */
#define SHIM_MEANT  \
    uint16_t type;  \
    bool top_only;  \
    uint16_t error; \
    void (*spoil)(struct rocker_order * order)

struct shim_rule;
bool shim_kind_fits(const struct shim_rule *rule, const struct rocker_order *order);
void shim_kind_spoil(const struct shim_rule *rule, struct rocker_order *order);
void shim_kind_fail(const struct shim_rule *rule, struct rocker_answer *answer);
void shim_kind_deliver(struct rocker_nic *nic, const struct rocker_answer *answer);

/* Ways to spoil an order, by what the device says to it. */
void spoil_wrong_group_type(struct rocker_order *order);  /* EINVAL, and the bad value stays */
void spoil_missing_attribute(struct rocker_order *order); /* EINVAL */
void spoil_group_of_no_kind(struct rocker_order *order);  /* ENOTSUP, of groups that are added */

#endif
