/* SPDX-License-Identifier: BSD-2-Clause */
#include "shim.h"

#include <stdlib.h>

#include "prng.h"

static const struct shim_rule *rule_for(struct shim *s, const SHIM_ORDER *order)
{
    for (uint32_t i = 0; i < s->rule_count; i++) {
        const struct shim_rule *rule = &s->rules[i];
        if (!shim_kind_fits(rule, order))
            continue;
        s->fitted[i]++;
        if ((rule->nth == 0 || s->fitted[i] == rule->nth) &&
            (rule->limit == 0 || s->struck[i] < rule->limit)) {
            s->struck[i]++;
            return rule;
        }
    }
    return NULL;
}

static void see_order(void *context, uint64_t cookie, SHIM_ORDER *order)
{
    struct shim *s = context;
    const struct shim_rule *rule = rule_for(s, order);
    if (rule && rule->what == SHIM_SPOIL) {
        shim_kind_spoil(rule, order);
    } else if (rule) {
        if (s->marked_count == SHIM_MOST)
            abort();
        s->marked[s->marked_count].cookie = cookie;
        s->marked[s->marked_count++].rule = rule;
    }
    if (s->watch)
        s->watch(s->context, order);
}

static const struct shim_rule *marked(struct shim *s, uint64_t cookie)
{
    for (uint32_t i = 0; i < s->marked_count; i++) {
        if (s->marked[i].cookie == cookie) {
            const struct shim_rule *rule = s->marked[i].rule;
            s->marked[i] = s->marked[--s->marked_count];
            return rule;
        }
    }
    return NULL;
}

static void hold(struct shim *s, const SHIM_REPLY *answer)
{
    if (s->held_count == SHIM_MOST)
        abort();
    s->held[s->held_count++] = *answer;
}

static bool see_answer(void *context, const SHIM_REPLY *answer)
{
    struct shim *s = context;
    const struct shim_rule *rule = marked(s, answer->cookie);
    SHIM_REPLY changed = *answer;
    if (!rule)
        return false;
    switch (rule->what) {
    case SHIM_ANSWER:
        shim_kind_fail(rule, &changed);
        shim_kind_deliver(s->nic, &changed);
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
    shim->hooks = (SHIM_HOOKS){.order = see_order, .answer = see_answer, .context = shim};
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

void shim_release(struct shim *shim, uint64_t seed)
{
    for (uint32_t left = shim->held_count; seed && left > 1; left--) {
        uint32_t other = (uint32_t)(prng_next(&seed) % left);
        SHIM_REPLY answer = shim->held[left - 1];
        shim->held[left - 1] = shim->held[other];
        shim->held[other] = answer;
    }
    for (uint32_t i = 0; i < shim->held_count; i++)
        shim_kind_deliver(shim->nic, &shim->held[i]);
    shim->held_count = 0;
}
