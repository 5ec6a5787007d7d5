/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * 1,000 random operations with faults; QEMU's own tables must hold what the host believes. A run is
 * repeated with FLUE_SEED=number.
 */
#include "suite.h"

#include <string.h>
#include <time.h>

#include "flue/priv/object.h"
#include "prng.h"
#include "rig.h"

enum { NEIGHBORS = 8, PATHS = 40, OPERATIONS = 1000 };

/* What the host believes of an object. */
struct belief {
    struct host_object object;
    bool offloaded, invalid;
    uint32_t mac, vlan; /* of a neighbor */
    uint32_t neighbor;  /* of a path */
};

static struct rig *rig;
static struct belief neighbors[NEIGHBORS], paths[PATHS];
static uint64_t random_state, seed;
static uint64_t asked_good, asked_bad;

static uint32_t draw(uint32_t below)
{
    return prng_below(&random_state, below);
}

static void setup(void)
{
    struct rocker_config config = rig_config();
    const char *given = getenv("FLUE_SEED");
    config.flue.quarantine_limit = 4;
    rig = rig_open(&config);
    seed = given ? strtoull(given, NULL, 0) : (uint64_t)time(NULL);
    random_state = seed;
    printf("seed %llu\n", (unsigned long long)seed);
    fflush(stdout);
}

static void teardown(void)
{
    rig_close(rig);
}

#define CHECK(condition) \
    ck_assert_msg((condition), "seed %llu: %s", (unsigned long long)seed, #condition)

/* ---- Oracle -------------------------------------------------------------------------------- */

static void check_neighbor(const struct tables *tables, const struct belief *n)
{
    uint8_t mac[6];
    const struct table_group *group = tables_group(tables, rig_group_of(&n->object));
    if (n->invalid) {
        CHECK(!group);
        return;
    }
    rig_mac(mac, n->mac);
    CHECK(group && memcmp(group->dst_mac, mac, 6) == 0);
    CHECK(group->lower == ROCKER_GROUP_L2(n->vlan, n->vlan));
    CHECK(tables_group(tables, group->lower));
}

/* Of a path over an invalid neighbor, the route may be there or not: it leads nowhere. */
static void check_path(const struct tables *tables, const struct belief *p)
{
    const struct table_route *route = tables_route(tables, host_index(&p->object));
    const struct belief *n = &neighbors[p->neighbor];
    if (p->invalid)
        CHECK(!route);
    else if (!n->invalid)
        CHECK(route);
    if (route)
        CHECK(route->group == rig_group_of(&n->object));
}

static void check_hardware(void)
{
    const struct tables *tables = rig_tables(rig);
    uint32_t groups = 0, routes = 0, interfaces = 0, expected_groups = 0, most_routes = 0;
    for (uint32_t i = 0; i < NEIGHBORS; i++) {
        if (neighbors[i].offloaded)
            check_neighbor(tables, &neighbors[i]);
        expected_groups += neighbors[i].offloaded && !neighbors[i].invalid;
    }
    for (uint32_t i = 0; i < PATHS; i++) {
        if (paths[i].offloaded)
            check_path(tables, &paths[i]);
        most_routes += paths[i].offloaded && !paths[i].invalid;
    }
    for (uint32_t i = 0; i < tables->group_count; i++) {
        groups += tables->groups[i].id >> 28 == 2;
        interfaces += tables->groups[i].id >> 28 == 0;
    }
    routes = tables->route_count;
    CHECK(groups == expected_groups);
    CHECK(routes <= most_routes);
    CHECK(interfaces <= QEMU_PORTS);
    CHECK(tables->other_flows == 2 * QEMU_PORTS);
}

/* ---- Faults -------------------------------------------------------------------------------- */

static void spoil_somehow(struct rocker_order *order)
{
    if (order->type == ROCKER_FLOW_MOD && draw(2))
        spoil_wrong_group_type(order);
    else if (order->type != ROCKER_FLOW_DEL && order->type != ROCKER_GROUP_DEL)
        spoil_missing_attribute(order);
}

/* One operation in three meets a fault; at most one order of it, so that a rollback succeeds. */
static void arm(void)
{
    static const enum shim_what faults[] = {SHIM_SPOIL, SHIM_LOSE, SHIM_HOLD, SHIM_REPEAT};
    shim_clear(&rig->shim);
    if (draw(3) != 0)
        return;
    shim_rule(&rig->shim,
              (struct shim_rule){
                  .what = faults[draw(4)], .nth = 1 + draw(3), .spoil = spoil_somehow, .limit = 1});
}

static bool ask(uint8_t operation, struct chimney_node *root)
{
    rig_submit(rig, operation, root);
    CHECK(rig_run(rig));
    return true;
}

static bool good(const struct chimney_node *node)
{
    bool is =
        node->Status == CHIMNEY_STATUS_SUCCESS || node->Status == CHIMNEY_STATUS_PARTIAL_SUCCESS;
    if (is)
        asked_good++;
    else
        asked_bad++;
    return is;
}

/* ---- Operations ---------------------------------------------------------------------------- */

static void new_neighbor(struct belief *n)
{
    uint32_t mac = 1 + draw(60000), vlan = 1 + draw(QEMU_PORTS);
    struct chimney_node *root = rig_neighbor(rig, &n->object, vlan, mac);
    ask(CHIMNEY_INITIATE, root);
    n->offloaded = good(root);
    n->invalid = false;
    n->mac = mac;
    n->vlan = vlan;
}

static void new_path(uint32_t number, uint32_t neighbor)
{
    struct belief *p = &paths[number];
    struct chimney_node *root = rig_name(rig, &neighbors[neighbor].object);
    struct chimney_node *node = host_link(root, rig_path(rig, &p->object, number));
    ask(CHIMNEY_INITIATE, root);
    p->offloaded = good(node);
    p->invalid = false;
    p->neighbor = neighbor;
    CHECK(!p->offloaded || !neighbors[neighbor].invalid);
}

static void new_mac(struct belief *n)
{
    uint32_t mac = 1 + draw(60000);
    struct chimney_node *node = rig_new_mac(rig, &n->object, mac);
    ask(CHIMNEY_UPDATE, node);
    if (good(node))
        n->mac = mac;
}

static void relink(uint32_t neighbor)
{
    struct chimney_node *root = rig_name(rig, &neighbors[neighbor].object);
    uint32_t chosen[PATHS], count = 0;
    for (uint32_t i = 0; i < PATHS; i++) {
        if (!paths[i].offloaded || draw(4) != 0)
            continue;
        host_link(root, rig_name(rig, &paths[i].object));
        chosen[count++] = i;
    }
    ask(CHIMNEY_UPDATE, root);
    struct chimney_node *node = root->DependentBlockList;
    for (uint32_t i = 0; i < count; i++, node = node->NextBlock) {
        if (good(node))
            paths[chosen[i]].neighbor = neighbor;
    }
}

/* What failed is in an unknown state: the host gives it up, as often as it takes. */
static void terminate(struct belief *b)
{
    struct chimney_node *node;
    for (uint32_t tries = 0; b->offloaded; tries++) {
        CHECK(tries < 4);
        node = rig_name(rig, &b->object);
        ask(CHIMNEY_TERMINATE, node);
        b->offloaded = !good(node) && host_handle(&b->object) != 0 && tries < 3;
        shim_clear(&rig->shim);
    }
}

static void terminate_with_paths(uint32_t neighbor)
{
    for (uint32_t i = 0; i < PATHS; i++) {
        if (paths[i].offloaded && paths[i].neighbor == neighbor)
            terminate(&paths[i]);
    }
    terminate(&neighbors[neighbor]);
}

static void invalidate_path(uint32_t number)
{
    struct chimney_node *node = rig_name(rig, &paths[number].object);
    ask(CHIMNEY_INVALIDATE, node);
    paths[number].invalid = true;
    if (!good(node))
        terminate(&paths[number]);
}

static void invalidate_neighbor(uint32_t number)
{
    struct chimney_node *node = rig_name(rig, &neighbors[number].object);
    ask(CHIMNEY_INVALIDATE, node);
    neighbors[number].invalid = true;
    if (!good(node))
        terminate_with_paths(number);
}

static void reset(void)
{
    shim_clear(&rig->shim);
    CHECK(rocker_reset(rig->nic));
    for (uint32_t i = 0; i < 5; i++)
        rig_step(rig);
}

static void operate(uint32_t n, uint32_t p)
{
    switch (draw(10)) {
    case 0:
    case 1:
    case 2:
        new_mac(&neighbors[n]);
        break;
    case 3:
    case 4:
    case 5:
        relink(n);
        break;
    case 6:
        if (paths[p].offloaded)
            terminate(&paths[p]);
        break;
    case 7:
        if (paths[p].offloaded)
            invalidate_path(p);
        break;
    case 8:
        if (draw(4) == 0)
            terminate_with_paths(n);
        break;
    default:
        if (draw(4) == 0)
            invalidate_neighbor(n);
    }
}

/*
 * A path that was lost is put back once its neighbor is mended, and a fault may hit that. The host
 * is not told of paths; it would find out by its next operation, and gives it up.
 */
static void give_up_what_could_not_be_put_back(void)
{
    struct flue_target *target = &rocker_target(rig->nic)->flue;
    for (uint32_t i = 0; i < 50 && !flue_target_quiet(target); i++)
        rig_step(rig);
    for (uint32_t p = 0; p < PATHS; p++) {
        if (!paths[p].offloaded)
            continue;
        uint8_t state = flue_object_at(target, CHIMNEY_PATH, host_index(&paths[p].object))->state;
        if (state == CHIMNEY_PATH_CORRUPT)
            terminate(&paths[p]);
    }
}

static void one_operation(void)
{
    uint32_t n = draw(NEIGHBORS), p = draw(PATHS);
    host_arena_clear(&rig->arena);
    arm();
    if (!neighbors[n].offloaded)
        new_neighbor(&neighbors[n]);
    else if (!paths[p].offloaded && !neighbors[n].invalid)
        new_path(p, n);
    else
        operate(n, p);
    if (draw(20) == 0)
        shim_release(&rig->shim, draw(100));
    if (draw(100) == 0 || rocker_reset_wanted(rig->nic))
        reset();
    give_up_what_could_not_be_put_back();
}

START_TEST(tables_equal_belief)
{
    for (uint32_t i = 0; i < OPERATIONS; i++) {
        one_operation();
        check_hardware();
    }
    shim_clear(&rig->shim);
    for (uint32_t n = 0; n < NEIGHBORS; n++) {
        host_arena_clear(&rig->arena);
        terminate_with_paths(n);
    }
    CHECK(rig_tables(rig)->group_count == 0);
    CHECK(rig_tables(rig)->route_count == 0);
    CHECK(asked_good > OPERATIONS / 2 && asked_bad > 20); /* how many depends on the seed */
    CHECK(rig->host.record.unwritten == 0 && rig->host.record.unexpected == 0);
    printf("%llu good, %llu bad, %llu resets\n", (unsigned long long)asked_good,
           (unsigned long long)asked_bad,
           (unsigned long long)flue_target_stats(&rocker_target(rig->nic)->flue)->resets);
}
END_TEST

int main(void)
{
    if (!qemu_available())
        return QEMU_SKIP;
    /* By hand, on a busy machine, Check's four seconds are too few. */
    setenv("CK_DEFAULT_TIMEOUT", "120", 0);
    return RUN_TESTS("random", setup, teardown, tables_equal_belief);
}
