/* SPDX-License-Identifier: BSD-2-Clause */
#include "shim.h"

static bool is_group(uint16_t type)
{
    return type >= ROCKER_GROUP_ADD && type <= ROCKER_GROUP_STATS;
}

bool shim_kind_fits(const struct shim_rule *rule, const struct rocker_order *order)
{
    bool top = order->group >> 28 == ROCKER_GROUP_L3(0) >> 28;
    return (rule->type == 0 || rule->type == order->type) &&
           (!rule->top_only || !is_group(order->type) || top);
}

void shim_kind_spoil(const struct shim_rule *rule, struct rocker_order *order)
{
    rule->spoil(order);
}

void shim_kind_fail(const struct shim_rule *rule, struct rocker_answer *answer)
{
    answer->error = rule->error;
}

void shim_kind_deliver(struct rocker_nic *nic, const struct rocker_answer *answer)
{
    rocker_deliver(nic, answer);
}

void spoil_wrong_group_type(struct rocker_order *order)
{
    order->group = (order->group & 0x0fffffff) | 1u << 28;
}

void spoil_missing_attribute(struct rocker_order *order)
{
    order->has &= ~(ROCKER_HAS(ROCKER_TABLE_ID) | ROCKER_HAS(ROCKER_GROUP_LOWER) |
                    ROCKER_HAS(ROCKER_OUT_PORT));
    if (order->type == ROCKER_FLOW_DEL || order->type == ROCKER_GROUP_DEL)
        order->has = 0;
}

void spoil_group_of_no_kind(struct rocker_order *order)
{
    order->group = (order->group & 0x0fffffff) | 9u << 28;
}
