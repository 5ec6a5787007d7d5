/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rounds of random requests against a NIC that fails, loses, delays and doubles, from one seed.
 *
 * After each round every request is completed, and what the NIC holds is what the host was told,
 * except for objects that flue itself calls corrupt or lost. In the end all is given back and
 * nothing is left, neither in the NIC nor in flue's pools.
 *
 *     drivers_soak                the seeds that CTest runs
 *     drivers_soak FIRST COUNT    others; the seed of a failure is printed
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device.h"
#include "flue/priv/object.h"
#include "host.h"
#include "number.h"
#include "prng.h"

#define NEIGHBORS 3
#define PATHS 8
#define TCPS 16
#define OBJECTS (NEIGHBORS + PATHS + TCPS)
#define ROUNDS 60
#define TICKS 20000

struct thing {
    struct host_object object;
    bool held;           /* the host thinks that it is offloaded */
    bool busy;           /* part of this round's requests */
    uint32_t below;      /* place of what it links to */
    uint32_t value;      /* last MAC byte, MTU or keepalive time the host was told is set */
    uint32_t asked;      /* in this round */
    uint32_t asked_link; /* in this round, UINT32_MAX for none */
    struct chimney_node *node;
};

struct soak {
    struct host host;
    struct host_arena arena;
    struct thing things[OBJECTS];
    uint64_t seed, random;
    unsigned int round;
    uint64_t requests;
};

#define CHECK(s, condition)                                                                      \
    do {                                                                                         \
        if (!(condition)) {                                                                      \
            fprintf(stderr, "seed %llu, round %u, line %d: %s\n", (unsigned long long)(s)->seed, \
                    (s)->round, __LINE__, #condition);                                           \
            exit(EXIT_FAILURE);                                                                  \
        }                                                                                        \
    } while (0)

static uint32_t below(struct soak *s, uint32_t limit)
{
    return prng_below(&s->random, limit);
}

static bool one_in(struct soak *s, uint32_t n)
{
    return below(s, n) == 0;
}

static uint8_t kind_of(uint32_t place)
{
    return place < NEIGHBORS           ? CHIMNEY_NEIGHBOR
           : place < NEIGHBORS + PATHS ? CHIMNEY_PATH
                                       : CHIMNEY_TCP;
}

static const struct flue_state *state_of(struct soak *s, const struct thing *thing, uint8_t kind)
{
    const struct flue_target *t = &s->host.nic->target.flue;
    const struct flue_object *object = flue_object_at(t, kind, host_index(&thing->object));
    return &chimney_spec.kinds[kind].states[object->state];
}

/* Whether flue still knows the handle; a failed terminate does not tell. */
static bool known(struct soak *s, const struct thing *thing, uint8_t kind)
{
    uint64_t handle = host_handle(&thing->object);
    uint32_t index = host_index(&thing->object);
    return handle != 0 && flue_object_handle(&s->host.nic->target.flue, kind, index) == handle &&
           state_of(s, thing, kind)->host_has;
}

static bool good(int32_t status)
{
    return status == CHIMNEY_STATUS_SUCCESS || status == CHIMNEY_STATUS_PARTIAL_SUCCESS;
}

/* ---- Faults -------------------------------------------------------------------------------- */

/* Adds and restarts promise that a failure changed nothing, so only writes may keep a bad value. */
static void set_faults(struct soak *s)
{
    static const uint8_t writes[][2] = {{CHIMNEY_NEIGHBOR, CHIMNEY_NEIGHBOR_WRITE_MAC},
                                        {CHIMNEY_PATH, CHIMNEY_PATH_WRITE_MTU},
                                        {CHIMNEY_PATH, CHIMNEY_PATH_WRITE_ROUTE},
                                        {CHIMNEY_TCP, CHIMNEY_TCP_WRITE_TIMERS}};
    struct sim_fault fault = {
        .kind = SIM_ANY, .command = SIM_ANY, .result = CHIMNEY_RESULT_FAILURE, .chance = 20000};
    sim_faults_clear(s->host.nic);
    for (unsigned int what = SIM_FAULT_FAIL; what <= SIM_FAULT_VANISH; what++) {
        if (what == SIM_FAULT_FAIL_KEPT)
            continue;
        fault.what = (enum sim_fault_kind)what;
        fault.steps = below(s, 300);
        CHECK(s, sim_fault_add(s->host.nic, &fault));
    }
    for (unsigned int i = 0; i < sizeof(writes) / sizeof(writes[0]); i++) {
        fault.what = SIM_FAULT_FAIL_KEPT;
        fault.kind = writes[i][0];
        fault.command = writes[i][1];
        fault.chance = 50000;
        CHECK(s, sim_fault_add(s->host.nic, &fault));
    }
}

/* ---- Requests of a round ------------------------------------------------------------------- */

static uint8_t type_of(const struct thing *thing, uint8_t kind, enum flue_class of_class)
{
    static const uint8_t first[] = {CHIMNEY_TYPE_NEIGHBOR_CONST, CHIMNEY_TYPE_PATH_IPV4_CONST,
                                    CHIMNEY_TYPE_TCP_CONST};
    uint8_t type = (uint8_t)(first[kind] + of_class);
    return thing->object.ipv6 ? (uint8_t)(type + 4) : type;
}

static struct chimney_node *node_for(struct soak *s, uint32_t place, enum flue_class of_class)
{
    struct thing *thing = &s->things[place];
    thing->busy = true;
    thing->node =
        host_reference(&s->arena, &thing->object, type_of(thing, kind_of(place), of_class));
    return thing->node;
}

static void submit(struct soak *s, uint8_t operation, struct chimney_node *root)
{
    s->requests++;
    host_submit(&s->host, operation, root);
}

/* One tree of everything that is not offloaded, each under what it shall link to. */
static void offload_all(struct soak *s)
{
    struct chimney_node *nodes[OBJECTS] = {0};
    for (uint32_t i = 0; i < OBJECTS; i++) {
        struct thing *thing = &s->things[i];
        uint8_t kind = kind_of(i);
        if (thing->held) {
            nodes[i] = node_for(s, i, FLUE_CONST);
        } else if (kind == CHIMNEY_NEIGHBOR) {
            nodes[i] = host_new_neighbor(&s->arena, &thing->object, i);
            thing->value = 0;
        } else if (kind == CHIMNEY_PATH) {
            nodes[i] = host_new_path(&s->arena, &thing->object, i, (i & 1) != 0);
            thing->below = below(s, NEIGHBORS);
            thing->value = 1500;
        } else {
            nodes[i] = host_new_tcp(&s->arena, &thing->object, i);
            thing->below = NEIGHBORS + below(s, PATHS);
            thing->value = 7200000;
        }
        thing->node = nodes[i];
        thing->asked = thing->value;
        if (kind != CHIMNEY_NEIGHBOR)
            host_link(nodes[thing->below], nodes[i]);
    }
    for (uint32_t i = 0; i + 1 < NEIGHBORS; i++)
        host_chain(nodes[i], nodes[i + 1]);
    submit(s, CHIMNEY_INITIATE, nodes[0]);
}

static void update_value(struct soak *s, uint32_t place)
{
    struct chimney_node *node = node_for(s, place, FLUE_CACHED);
    struct thing *thing = &s->things[place];
    uint8_t kind = kind_of(place);
    thing->asked = 1 + below(s, 200);
    if (kind == CHIMNEY_NEIGHBOR) {
        struct chimney_node *like = host_new_neighbor(&s->arena, &(struct host_object){0}, place);
        *host_neighbor_cached(node) = *host_neighbor_cached(like);
        host_neighbor_cached(node)->DlDestinationAddress[31] = (uint8_t)thing->asked;
    } else if (kind == CHIMNEY_PATH) {
        host_path_cached(node)->PathMtu = thing->asked;
    } else {
        struct chimney_node *like = host_new_tcp(&s->arena, &(struct host_object){0}, place);
        *host_tcp_cached(node) = *host_tcp_cached(like);
        host_tcp_cached(node)->KaTimeout = thing->asked;
        if (one_in(s, 2))
            host_tcp_cached(node)->Flags |= CHIMNEY_TCP_SETTINGS_RESTART_KEEPALIVE;
    }
    submit(s, CHIMNEY_UPDATE, node);
}

/* Move some paths to a neighbor, with a new MTU, all under one root. */
static void relink(struct soak *s)
{
    uint32_t to = below(s, NEIGHBORS);
    if (!s->things[to].held || s->things[to].busy)
        return;
    struct chimney_node *root = node_for(s, to, FLUE_CONST);
    s->things[to].asked = s->things[to].value;
    for (uint32_t i = NEIGHBORS; i < NEIGHBORS + PATHS; i++) {
        if (!s->things[i].held || s->things[i].busy || one_in(s, 2))
            continue;
        host_link(root, node_for(s, i, FLUE_CACHED));
        s->things[i].asked = 1 + below(s, 200);
        s->things[i].asked_link = to;
        host_path_cached(s->things[i].node)->PathMtu = s->things[i].asked;
    }
    submit(s, CHIMNEY_UPDATE, root);
}

static void random_requests(struct soak *s)
{
    if (one_in(s, 3))
        relink(s);
    for (uint32_t i = 0; i < OBJECTS; i++) {
        struct thing *thing = &s->things[i];
        if (!thing->held || thing->busy || one_in(s, 2))
            continue;
        update_value(s, i);
        if (one_in(s, 30))
            submit(
                s, CHIMNEY_INVALIDATE,
                host_reference(&s->arena, &thing->object, type_of(thing, kind_of(i), FLUE_CONST)));
        if (one_in(s, 3))
            submit(s, CHIMNEY_QUERY,
                   host_reference(&s->arena, &thing->object,
                                  type_of(thing, kind_of(i), FLUE_DELEGATED)));
    }
}

/* All connections, or all there is, dependents under what they link to. */
static void terminate_some(struct soak *s, bool everything)
{
    for (uint32_t i = OBJECTS; i-- > 0;) {
        struct thing *thing = &s->things[i];
        bool wanted = everything || (kind_of(i) == CHIMNEY_TCP && one_in(s, 2));
        if (wanted && thing->held)
            node_for(s, i, FLUE_DELEGATED);
    }
    for (uint32_t i = OBJECTS; i-- > 0;) {
        struct thing *thing = &s->things[i];
        if (thing->busy && kind_of(i) != CHIMNEY_NEIGHBOR && s->things[thing->below].busy)
            host_link(s->things[thing->below].node, thing->node);
    }
    for (uint32_t i = 0; i < OBJECTS; i++) {
        struct thing *thing = &s->things[i];
        if (thing->busy && (kind_of(i) == CHIMNEY_NEIGHBOR || !s->things[thing->below].busy))
            submit(s, CHIMNEY_TERMINATE, thing->node);
    }
}

/* ---- After a round ------------------------------------------------------------------------- */

static void check_value(struct soak *s, uint32_t place)
{
    struct thing *thing = &s->things[place];
    uint8_t kind = kind_of(place);
    uint32_t index = host_index(&thing->object);
    struct sim_neighbor neighbor;
    struct sim_path path;
    struct sim_tcp tcp;
    if (strcmp(state_of(s, thing, kind)->name, "offloaded") != 0)
        return;
    if (kind == CHIMNEY_NEIGHBOR) {
        CHECK(s, sim_neighbor(s->host.nic, index, &neighbor));
        CHECK(s, neighbor.holds.destination_mac[31] == thing->value);
    } else if (kind == CHIMNEY_PATH) {
        CHECK(s, sim_path(s->host.nic, index, &path));
        CHECK(s, path.holds.path_mtu == thing->value);
        CHECK(s, path.holds.neighbor == host_index(&s->things[thing->below].object));
    } else {
        CHECK(s, sim_tcp(s->host.nic, index, &tcp));
        CHECK(s, tcp.holds.ka_timeout == thing->value);
        CHECK(s, tcp.holds.path == host_index(&s->things[thing->below].object));
    }
}

static void learn(struct soak *s, uint8_t operation)
{
    for (uint32_t i = 0; i < OBJECTS; i++) {
        struct thing *thing = &s->things[i];
        if (thing->node && operation == CHIMNEY_INITIATE && !thing->held)
            thing->held = good(thing->node->Status);
        if (thing->node && operation == CHIMNEY_UPDATE && good(thing->node->Status)) {
            thing->value = thing->asked;
            thing->below = thing->asked_link == UINT32_MAX ? thing->below : thing->asked_link;
        }
        if (thing->node && operation == CHIMNEY_TERMINATE)
            thing->held = known(s, thing, kind_of(i));
        if (!thing->held)
            thing->object.handle.MiniportOffloadContext = NULL;
        thing->node = NULL;
        thing->busy = false;
        thing->asked_link = UINT32_MAX;
    }
    for (uint32_t i = 0; i < OBJECTS; i++) {
        if (s->things[i].held)
            check_value(s, i);
    }
}

static void finish(struct soak *s, uint8_t operation)
{
    bool complete = host_run(&s->host, TICKS);
    CHECK(s, complete);
    CHECK(s, s->host.record.unwritten == 0 && s->host.record.unknown == 0);
    CHECK(s, s->host.record.unexpected == 0 && s->host.record.wrong == 0);
    learn(s, operation);
    host_arena_clear(&s->arena);
}

static void reset(struct soak *s)
{
    sim_reset(s->host.nic);
    for (unsigned int i = 0; i < 500; i++)
        host_tick(&s->host);
}

static void give_everything_back(struct soak *s)
{
    struct flue_target *t = &s->host.nic->target.flue;
    sim_faults_clear(s->host.nic);
    for (unsigned int i = 0; i < 500; i++)
        host_tick(&s->host); /* what is late comes in */
    reset(s);                /* what is lost or stranded comes free */
    for (unsigned int i = 0; i < 2; i++) {
        terminate_some(s, true);
        finish(s, CHIMNEY_TERMINATE);
    }
    for (uint8_t kind = 0; kind < CHIMNEY_KINDS; kind++) {
        CHECK(s, sim_entries(s->host.nic, kind) == 0);
        CHECK(s, t->pools[kind].in_use == 0);
    }
    CHECK(s, flue_target_quiet(t));
    CHECK(s, t->free_slots == t->config.ring_entries);
}

static uint64_t soak(uint64_t seed)
{
    static struct soak s;
    struct sim_config config = sim_config_default();
    memset(&s, 0, sizeof(s));
    s.seed = s.random = seed;
    config.seed = seed;
    config.ring_entries = 1u << (2 + seed % 6);
    config.flue.ring_entries = 32;
    config.flue.reserved_entries = 4;
    config.flue.quarantine_limit = 8;
    config.behavior = (struct sim_behavior){.latency_max = (uint32_t)(seed % 7),
                                            .reorder = (seed & 1) != 0,
                                            .inline_chance = (seed & 2) ? 200000 : 0,
                                            .full_chance = (seed & 4) ? 100000 : 0};
    CHECK(&s, host_arena_open(&s.arena, 1 << 20) && host_open(&s.host, &config));
    for (uint32_t i = 0; i < OBJECTS; i++)
        s.things[i].asked_link = UINT32_MAX;
    for (s.round = 0; s.round < ROUNDS; s.round++) {
        set_faults(&s);
        offload_all(&s);
        finish(&s, CHIMNEY_INITIATE);
        random_requests(&s);
        finish(&s, CHIMNEY_UPDATE);
        terminate_some(&s, one_in(&s, 10));
        finish(&s, CHIMNEY_TERMINATE);
        if (sim_reset_wanted(s.host.nic))
            reset(&s);
    }
    give_everything_back(&s);
    host_close(&s.host);
    host_arena_close(&s.arena);
    return s.requests;
}

int main(int argc, char **argv)
{
    uint64_t first = 1, count = 64, requests = 0;
    if ((argc > 1 && !number_given("first seed", argv[1], 0, NUMBER_MANY, &first)) ||
        (argc > 2 && !number_given("seeds", argv[2], 1, NUMBER_MANY, &count)))
        return 2;
    for (uint64_t seed = first; seed < first + count; seed++)
        requests += soak(seed);
    printf("%llu seeds, %llu requests\n", (unsigned long long)count, (unsigned long long)requests);
    return EXIT_SUCCESS;
}
