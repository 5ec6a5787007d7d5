/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests that meet each other, faults of all sorts, events, resets, by chance from one seed. */
#include <string.h>

#include "flue/priv/object.h"

#include "prng.h"
#include "tls_host.h"

enum { CONNECTIONS = 24, NONE = TLS_OPERATIONS };

/* What the host knows of one direction; one request for it is under way at a time. */
struct slot {
    bool pending; /* until the completion */
    unsigned asked;
    struct tls_node *node;
    unsigned wanted, has; /* generations of its key: of the request, and told for good */
    bool there;
};

struct chance {
    struct host *h;
    uint64_t state;
    struct slot slot[CONNECTIONS][HOST_WAYS];
    unsigned generation;
    uint64_t checks, wrong;
};

static uint32_t below(struct chance *c, uint32_t limit)
{
    return prng_below(&c->state, limit);
}

static void ask(struct chance *c, struct slot *slot, enum tls_operation operation,
                struct tls_node *root)
{
    root->Socket = &slot->pending;
    slot->pending = true;
    slot->asked = operation;
    slot->node = root->Directions;
    host_ask(c->h, operation, root);
}

/* The request is completed: what has come of it. */
static void learn(struct slot *slot)
{
    if (slot->pending || slot->asked == NONE)
        return;
    const bool good = slot->node->Status == TLS_STATUS_SUCCESS;
    if (good && (slot->asked == TLS_ADD || slot->asked == TLS_REKEY))
        slot->has = slot->wanted;
    if (good && (slot->asked == TLS_ADD || slot->asked == TLS_REMOVE))
        slot->there = slot->asked == TLS_ADD;
    slot->asked = NONE;
}

static void act(struct chance *c)
{
    const unsigned i = below(c, CONNECTIONS), way = below(c, HOST_WAYS);
    struct slot *slot = &c->slot[i][way];
    struct host *h = c->h;
    learn(slot);
    if (slot->pending)
        return;
    if (!slot->there) {
        slot->wanted = 0;
        ask(c, slot, TLS_ADD, host_make_direction(h, i, way));
        return;
    }
    switch (below(c, 6)) {
    case 0:
        ask(c, slot, TLS_REMOVE, host_of(h, i, way, TLS_TYPE_DIRECTION_CONST));
        break;
    case 1:
        ask(c, slot, TLS_COUNT, host_of(h, i, way, TLS_TYPE_DIRECTION_DELEGATED));
        break;
    case 2:
    case 3:
        ask(c, slot, TLS_RESYNC, host_place(h, i, way, below(c, 1000000), below(c, 1000)));
        break;
    default:
        slot->wanted = ++c->generation;
        ask(c, slot, TLS_REKEY, host_rekey(h, i, way, slot->wanted, below(c, 1000000)));
    }
}

static bool is_right(const struct chance *c, unsigned i, unsigned way)
{
    const struct flue_target *t = &c->h->nic.target.flue;
    const uint32_t index = (uint32_t)c->h->direction_handle[i][way];
    const struct flue_object *o = flue_object_at(t, TLS_DIRECTION, index);
    const char *state = t->spec->kinds[TLS_DIRECTION].states[o->state].name;
    if (!strcmp(state, "lost"))
        return !host_entry(c->h, i, way);
    return (strcmp(state, "synced") && strcmp(state, "unsynced")) ||
           host_has_key(c->h, i, way, c->slot[i][way].has);
}

/* Where flue says that the NIC has a direction, it has it, with the key that the host believes. */
static void check(struct chance *c)
{
    story_run(&c->h->story);
    for (unsigned i = 0; i < CONNECTIONS; i++) {
        for (unsigned way = 0; way < HOST_WAYS; way++) {
            learn(&c->slot[i][way]);
            c->wrong += c->slot[i][way].there && !is_right(c, i, way);
        }
    }
    c->checks++;
}

static void round_of(struct chance *c)
{
    for (uint32_t n = 1 + below(c, 6); n > 0; n--)
        act(c);
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
}

/* Nothing is left to chance any more; what nobody can name ends with a reset. */
static void clean_up(struct chance *c)
{
    struct host *h = c->h;
    flue_device_be_good(h->nic.device);
    check(c);
    flue_device_reset(h->nic.device);
    check(c);
    for (unsigned i = 0; i < CONNECTIONS; i++) {
        for (unsigned way = 0; way < HOST_WAYS; way++)
            if (c->slot[i][way].there)
                host_now(h, TLS_REMOVE, host_of(h, i, way, TLS_TYPE_DIRECTION_CONST));
        host_now(h, TLS_REMOVE, host_end(h, i));
    }
}

void host_chance(struct host *h, uint64_t seed, unsigned rounds)
{
    static struct chance c;
    c = (struct chance){.h = h, .state = seed};
    story_chapter("Chance", "Requests that meet each other, faults of all sorts, events, resets.");
    for (unsigned i = 0; i < CONNECTIONS; i++) {
        for (unsigned way = 0; way < HOST_WAYS; way++)
            c.slot[i][way].asked = NONE;
        host_now(h, TLS_ADD, host_make(h, i, 0));
    }
    be_bad(h);
    for (unsigned i = 0; i < rounds; i++)
        round_of(&c);
    clean_up(&c);
    story_expect_some(&h->story, "times that the NIC was compared with what the host was told",
                      c.checks);
    story_expect(&h->story, "directions that differed", c.wrong, 0);
    story_expect(&h->story, "keys in memory",
                 story_traces(&h->story, HOST_KEY_BEGINS, sizeof HOST_KEY_BEGINS - 1), 0);
}
