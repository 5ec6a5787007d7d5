/* SPDX-License-Identifier: BSD-2-Clause */
#include "shim.h"

bool shim_kind_fits(const struct shim_rule *rule, const struct linux_order *order)
{
    return rule->kind == order->kind && rule->command == order->command;
}

void shim_kind_spoil(const struct shim_rule *rule, struct linux_order *order)
{
    (void)rule;
    order->spoilt = true;
}

void shim_kind_fail(const struct shim_rule *rule, struct linux_answer *answer)
{
    (void)rule;
    answer->result = CHIMNEY_RESULT_FAILURE;
}

void shim_kind_deliver(struct linux_nic *nic, const struct linux_answer *answer)
{
    linux_deliver(nic, answer);
}
