/* SPDX-License-Identifier: BSD-2-Clause */
#include "shim.h"

#include <stdlib.h>

static const struct shim_rule *rule_for(struct shim *s, const struct linux_order *order)
{
    for (uint32_t i = 0; i < s->rule_count; i++) {
        const struct shim_rule *rule = &s->rules[i];
        bool fits = rule->any || (rule->kind == order->kind && rule->command == order->command);
        if (!fits || (rule->limit && s->struck[i] == rule->limit))
            continue;
        s->fitted[i]++;
        if (rule->nth && s->fitted[i] % rule->nth != 0)
            continue;
        s->struck[i]++;
        return rule;
    }
    return NULL;
}

static void see_order(void *context, struct linux_order *order)
{
    struct shim *s = context;
    const struct shim_rule *rule = rule_for(s, order);
    if (!rule)
        return;
    if (rule->what == SHIM_SPOIL) {
        order->spoilt = true;
        return;
    }
    if (s->marked_count == SHIM_MOST)
        abort();
    s->marked[s->marked_count].cookie = order->cookie;
    s->marked[s->marked_count++].what = rule->what;
}

/* SHIM_MISFORTUNES: nothing is in store for it. */
static enum shim_what marked(struct shim *s, flue_cookie cookie)
{
    for (uint32_t i = 0; i < s->marked_count; i++) {
        if (s->marked[i].cookie == cookie) {
            enum shim_what what = s->marked[i].what;
            s->marked[i] = s->marked[--s->marked_count];
            return what;
        }
    }
    return SHIM_MISFORTUNES;
}

static void hold(struct shim *s, const struct linux_answer *answer)
{
    if (s->held_count == SHIM_MOST)
        abort();
    s->held[s->held_count++] = *answer;
}

static bool see_answer(void *context, const struct linux_answer *answer)
{
    struct shim *s = context;
    struct linux_answer changed = *answer;
    switch (marked(s, answer->cookie)) {
    case SHIM_ANSWER:
        changed.result = CHIMNEY_RESULT_FAILURE;
        linux_deliver(s->nic, &changed);
        return true;
    case SHIM_LOSE:
        return true;
    case SHIM_HOLD:
        hold(s, answer);
        return true;
    case SHIM_REPEAT:
        hold(s, answer);
        return false;
    default:
        return false;
    }
}

void shim_open(struct shim *shim)
{
    *shim = (struct shim){0};
    shim->hooks = (struct linux_shim){.order = see_order, .answer = see_answer, .context = shim};
}

void shim_rule(struct shim *shim, struct shim_rule rule)
{
    if (shim->rule_count == SHIM_RULES)
        abort();
    shim->fitted[shim->rule_count] = shim->struck[shim->rule_count] = 0;
    shim->rules[shim->rule_count++] = rule;
}

void shim_clear(struct shim *shim)
{
    shim->rule_count = 0;
    shim->marked_count = 0;
}

uint32_t shim_struck(const struct shim *shim)
{
    uint32_t all = 0;
    for (uint32_t i = 0; i < shim->rule_count; i++)
        all += shim->struck[i];
    return all;
}

void shim_release(struct shim *shim)
{
    for (uint32_t i = 0; i < shim->held_count; i++)
        linux_deliver(shim->nic, &shim->held[i]);
    shim->held_count = 0;
}
