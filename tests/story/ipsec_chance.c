/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests that meet, faults of all sorts, events and resets, all by chance from one seed. */
#include <string.h>

#include "flue/priv/object.h"
#include "ipsec_host.h"

#include "prng.h"

enum { SAS = 24, POLICIES = 48, NONE = IPSEC_OPERATIONS };

/* What the host knows of one object; one request for it is under way at a time. */
struct slot {
    bool pending; /* until the completion */
    unsigned asked;
    struct ipsec_node *node;
    uint64_t wanted[2], has[2]; /* the ESN, or handles of SAs: of the request, and told for good */
};

struct chance {
    struct host *h;
    uint64_t state;
    struct slot sa[SAS], policy[POLICIES];
    uint64_t checks, wrong;
};

static uint32_t below(struct chance *c, uint32_t limit)
{
    return prng_below(&c->state, limit);
}

static void ask(struct chance *c, struct slot *slot, enum ipsec_operation operation,
                struct ipsec_node *node)
{
    node->HostData = &slot->pending;
    slot->pending = true;
    slot->asked = operation;
    slot->node = node;
    host_ask(c->h, operation, node);
}

/* The request is completed: what has come of it. */
static void learn(struct slot *slot, struct ipsec_node *added)
{
    const bool good = slot->node && slot->node->Status == IPSEC_STATUS_SUCCESS;
    if (slot->pending || slot->asked == NONE)
        return;
    if (good && slot->asked == IPSEC_REMOVE)
        added->Handle = 0;
    if (good &&
        (slot->asked == IPSEC_ADD || slot->asked == IPSEC_ADVANCE || slot->asked == IPSEC_MOVE))
        memcpy(slot->has, slot->wanted, sizeof slot->has);
    slot->asked = NONE;
}

static void act_on_sa(struct chance *c, unsigned i)
{
    static const enum ipsec_operation asked[] = {IPSEC_ADVANCE, IPSEC_ADVANCE, IPSEC_COUNT,
                                                 IPSEC_RETIRE,  IPSEC_REMOVE,  IPSEC_REMOVE};
    struct slot *slot = &c->sa[i];
    learn(slot, &c->h->sa[i].node);
    if (slot->pending)
        return;
    if (!c->h->sa[i].node.Handle) {
        host_make_sa(c->h, i, i % 2 ? IPSEC_DIRECTION_IN : IPSEC_DIRECTION_OUT,
                     below(c, 2) ? IPSEC_OFFLOAD_PACKET : IPSEC_OFFLOAD_CRYPTO);
        slot->wanted[0] = c->h->sa[i].esn.SequenceHigh = below(c, 1000);
        ask(c, slot, IPSEC_ADD, &c->h->sa[i].node);
        return;
    }
    const enum ipsec_operation operation = asked[below(c, 6)];
    struct ipsec_node *node = host_of_sa(
        c->h, i, operation == IPSEC_COUNT ? IPSEC_TYPE_SA_DELEGATED : IPSEC_TYPE_SA_CACHED);
    if (operation == IPSEC_ADVANCE)
        slot->wanted[0] = c->h->of_sa[i].state.esn.SequenceHigh = below(c, 1000);
    ask(c, slot, operation, node);
}

static void act_on_policy(struct chance *c, unsigned i)
{
    struct slot *slot = &c->policy[i];
    learn(slot, &c->h->policy[i].node);
    if (slot->pending)
        return;
    const int in = (int)below(c, SAS + 2) - 2, out = (int)below(c, SAS + 2) - 2;
    if (!c->h->policy[i].node.Handle || below(c, 3)) {
        slot->wanted[0] = in < 0 ? 0 : c->h->sa[in].node.Handle;
        slot->wanted[1] = out < 0 ? 0 : c->h->sa[out].node.Handle;
    }
    if (!c->h->policy[i].node.Handle) {
        host_make_policy(c->h, i, in, out);
        ask(c, slot, IPSEC_ADD, &c->h->policy[i].node);
    } else if (below(c, 3)) {
        slot->wanted[0] = in < 0 ? 0 : c->h->sa[in].node.Handle;
        slot->wanted[1] = out < 0 ? 0 : c->h->sa[out].node.Handle;
        ask(c, slot, IPSEC_MOVE, host_move(c->h, i, in, out));
    } else {
        ask(c, slot, IPSEC_REMOVE, host_of_policy(c->h, i, IPSEC_TYPE_POLICY_CACHED));
    }
}

static bool is_in(const struct chance *c, enum ipsec_kind kind, const struct ipsec_node *added,
                  const char *state)
{
    const struct flue_target *t = &c->h->nic.target.flue;
    const struct flue_object *o = flue_object_at(t, (uint8_t)kind, host_index(added));
    return !strcmp(t->spec->kinds[kind].states[o->state].name, state);
}

static bool sa_is_right(const struct chance *c, unsigned i)
{
    const struct ipsec_device_sa *entry = host_sa_entry(c->h, i);
    uint8_t key[32];
    host_key(i, key);
    if (is_in(c, IPSEC_SA, &c->h->sa[i].node, "lost"))
        return !entry;
    return !is_in(c, IPSEC_SA, &c->h->sa[i].node, "offloaded") ||
           (entry && !memcmp(entry->key, key, 32) && entry->sequence_high == c->sa[i].has[0]);
}

static bool leads_to(const struct chance *c, uint32_t policy, const char *link, uint64_t handle)
{
    uint64_t index;
    return ipsec_device_get(&c->h->nic, IPSEC_POLICY, policy, link, &index) &&
           index == (handle ? (uint32_t)handle : FLUE_NONE);
}

static bool policy_is_right(const struct chance *c, unsigned i)
{
    const struct ipsec_node *added = &c->h->policy[i].node;
    const uint32_t index = host_index(added);
    if (is_in(c, IPSEC_POLICY, added, "lost"))
        return !ipsec_device_policy(&c->h->nic, index);
    return !is_in(c, IPSEC_POLICY, added, "offloaded") ||
           (leads_to(c, index, "in_sa", c->policy[i].has[0]) &&
            leads_to(c, index, "out_sa", c->policy[i].has[1]));
}

/* Where flue says that the NIC has an object, the NIC has it, as the host was told for good. */
static void check(struct chance *c)
{
    story_run(&c->h->story);
    for (unsigned i = 0; i < SAS; i++) {
        learn(&c->sa[i], &c->h->sa[i].node);
        c->wrong += c->h->sa[i].node.Handle && !sa_is_right(c, i);
    }
    for (unsigned i = 0; i < POLICIES; i++) {
        learn(&c->policy[i], &c->h->policy[i].node);
        c->wrong += c->h->policy[i].node.Handle && !policy_is_right(c, i);
    }
    c->checks++;
}

static void round_of(struct chance *c)
{
    for (uint32_t n = 1 + below(c, 6); n > 0; n--) {
        if (below(c, 2))
            act_on_sa(c, below(c, SAS));
        else
            act_on_policy(c, below(c, POLICIES));
    }
    for (uint32_t n = below(c, 12); n > 0; n--)
        story_step(&c->h->story);
    if (!below(c, 60)) {
        story_step(&c->h->story); /* two resets without a poll between them would be one */
        flue_device_reset(c->h->nic.device);
    }
    if (!below(c, 12))
        check(c);
}

static void be_bad(struct host *h)
{
    struct flue_device_options *o = flue_device_options(h->nic.device);
    for (unsigned fault = 1; fault < FLUE_DEVICE_FAULTS; fault++)
        o->chance[fault] = 10000;
    o->event_chance = 20000;
    o->indication_chance = 5000;
}

/* Nothing is left to chance any more; what nobody can name ends with a reset. */
static void clean_up(struct chance *c)
{
    struct host *h = c->h;
    flue_device_be_good(h->nic.device);
    check(c);
    flue_device_reset(h->nic.device);
    check(c);
    for (unsigned i = 0; i < POLICIES; i++)
        if (h->policy[i].node.Handle)
            host_now(h, IPSEC_REMOVE, host_of_policy(h, i, IPSEC_TYPE_POLICY_CONST));
    for (unsigned i = 0; i < SAS; i++)
        if (h->sa[i].node.Handle)
            host_now(h, IPSEC_REMOVE, host_of_sa(h, i, IPSEC_TYPE_SA_CONST));
    host_now(h, IPSEC_REMOVE, host_of_port(h));
}

void host_chance(struct host *h, uint64_t seed, unsigned rounds)
{
    static struct chance c;
    c = (struct chance){.h = h, .state = seed};
    story_chapter("Chance", "Requests that meet each other, faults of all sorts, events, resets.");
    memset(&h->sa, 0, sizeof h->sa);
    memset(&h->policy, 0, sizeof h->policy);
    for (unsigned i = 0; i < SAS; i++)
        c.sa[i].asked = NONE;
    for (unsigned i = 0; i < POLICIES; i++)
        c.policy[i].asked = NONE;
    h->port.node.Handle = 0;
    host_now(h, IPSEC_ADD, &h->port.node);
    be_bad(h);
    for (unsigned i = 0; i < rounds; i++)
        round_of(&c);
    clean_up(&c);
    story_expect_some(&h->story, "times that the NIC was compared with what the host was told",
                      c.checks);
    story_expect(&h->story, "objects that differed", c.wrong, 0);
    story_expect(&h->story, "keys in memory",
                 story_traces(&h->story, HOST_KEY_BEGINS, sizeof HOST_KEY_BEGINS - 1), 0);
}
