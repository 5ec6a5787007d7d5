/* SPDX-License-Identifier: BSD-2-Clause */
/* Errors, lost, late, doubled and shuffled answers, and resets in the middle. */
#include "suite.h"

#include <string.h>

#include "rig.h"

enum { PATHS = 1000 };

static struct rig *rig;
static struct host_object near, far, paths[PATHS];

static void setup(void)
{
    struct rocker_config config = rig_config();
    config.flue.quarantine_limit = 8;
    rig = rig_open(&config);
}

static void teardown(void)
{
    ck_assert_uint_eq(rig->host.record.unexpected, 0);
    ck_assert_uint_eq(rig->host.record.wrong, 0);
    ck_assert_uint_eq(rig->host.record.unwritten, 0);
    ck_assert_uint_eq(rocker_counters(rig->nic).refused, 0);
    rig_close(rig);
}

static int32_t asked(uint8_t operation, struct chimney_node *root)
{
    ck_assert(rig_do(rig, operation, root));
    return root->Status;
}

static void offload(uint32_t count)
{
    ck_assert_int_eq(asked(CHIMNEY_INITIATE, rig_neighbor(rig, &far, 3, 9)),
                     CHIMNEY_STATUS_SUCCESS);
    struct chimney_node *root = rig_neighbor(rig, &near, 2, 1);
    for (uint32_t p = 0; p < count; p++)
        host_link(root, rig_path(rig, &paths[p], p));
    ck_assert_int_eq(asked(CHIMNEY_INITIATE, root), CHIMNEY_STATUS_SUCCESS);
}

static struct chimney_node *relink_all(struct host_object *neighbor, uint32_t count)
{
    struct chimney_node *root = rig_name(rig, neighbor);
    for (uint32_t p = 0; p < count; p++)
        host_link(root, rig_name(rig, &paths[p]));
    return root;
}

/* Every path's route leads to the neighbor that the host believes. */
static void check_routes(uint32_t count, const struct host_object *neighbor)
{
    const struct tables *tables = rig_tables(rig);
    ck_assert_uint_eq(tables->route_count, count);
    for (uint32_t p = 0; p < count; p++) {
        const struct table_route *route = tables_route(tables, host_index(&paths[p]));
        ck_assert_ptr_nonnull(route);
        ck_assert(route->masked);
        ck_assert_uint_eq(route->group, rig_group_of(neighbor));
    }
}

static void check_mac(const struct host_object *neighbor, uint32_t mac)
{
    uint8_t expected[6];
    const struct table_group *group = tables_group(rig_tables(rig), rig_group_of(neighbor));
    rig_mac(expected, mac);
    ck_assert_ptr_nonnull(group);
    ck_assert_mem_eq(group->dst_mac, expected, 6);
}

/* ---- Errors -------------------------------------------------------------------------------- */

static void spoil(uint16_t type, void (*how)(struct rocker_order *order))
{
    shim_clear(&rig->shim);
    shim_rule(&rig->shim, (struct shim_rule){.what = SHIM_SPOIL,
                                             .type = type,
                                             .top_only = type == ROCKER_GROUP_MOD,
                                             .spoil = how,
                                             .limit = 1});
}

static void check_error(uint16_t error)
{
    ck_assert_uint_eq(shim_struck(&rig->shim), 1);
    ck_assert_uint_eq(rocker_counters(rig->nic).last_error, error);
}

START_TEST(an_add_that_fails_leaves_nothing)
{
    struct host_object other;
    offload(1);
    spoil(ROCKER_FLOW_ADD, spoil_wrong_group_type);
    struct chimney_node *root = rig_name(rig, &near);
    struct chimney_node *path = host_link(root, rig_path(rig, &other, 500));
    ck_assert(rig_do(rig, CHIMNEY_INITIATE, root));
    check_error(ROCKER_EINVAL);
    ck_assert_int_eq(path->Status, CHIMNEY_STATUS_FAILURE);
    ck_assert_uint_eq(host_handle(&other), 0);
    check_routes(1, &near);
}
END_TEST

/* One of a neighbor's two orders fails: what the other did is taken back. */
START_TEST(half_an_add_is_taken_back)
{
    struct host_object other;
    spoil(ROCKER_GROUP_ADD, spoil_group_of_no_kind);
    ck_assert_int_eq(asked(CHIMNEY_INITIATE, rig_neighbor(rig, &other, 2, 5)),
                     CHIMNEY_STATUS_FAILURE);
    check_error(ROCKER_ENOTSUP);
    ck_assert_uint_eq(rig_tables(rig)->group_count, 0);
    spoil(ROCKER_GROUP_ADD, spoil_missing_attribute);
    rig->shim.rules[0].top_only = true;
    ck_assert_int_eq(asked(CHIMNEY_INITIATE, rig_neighbor(rig, &other, 2, 5)),
                     CHIMNEY_STATUS_FAILURE);
    check_error(ROCKER_EINVAL);
    ck_assert_uint_eq(rig_tables(rig)->group_count, 0);
}
END_TEST

START_TEST(a_refused_neighbor_keeps_no_interface)
{
    struct host_object other;
    spoil(ROCKER_GROUP_ADD, spoil_group_of_no_kind);
    rig->shim.rules[0].limit = 2;
    ck_assert_int_eq(asked(CHIMNEY_INITIATE, rig_neighbor(rig, &other, 2, 5)),
                     CHIMNEY_STATUS_FAILURE);
    ck_assert_uint_eq(shim_struck(&rig->shim), 2);
    ck_assert_int_eq(asked(CHIMNEY_INITIATE, rig_neighbor(rig, &other, 2, 5)),
                     CHIMNEY_STATUS_SUCCESS);
    ck_assert_int_eq(asked(CHIMNEY_TERMINATE, rig_name(rig, &other)), CHIMNEY_STATUS_SUCCESS);
    ck_assert_uint_eq(rig_tables(rig)->group_count, 0);
}
END_TEST

/* Something of the same name is in the device: the add fails, but the place is clean again. */
START_TEST(a_stranger_in_the_table_is_removed)
{
    struct host_object other;
    struct rocker_order stranger = {.type = ROCKER_GROUP_ADD,
                                    .has = ROCKER_HAS(ROCKER_GROUP_ID) |
                                           ROCKER_HAS(ROCKER_GROUP_LOWER),
                                    .group = ROCKER_GROUP_L3(0),
                                    .lower = ROCKER_GROUP_L2(1, 1)};
    ck_assert_uint_eq(rocker_order_now(rig->nic, &stranger), 0);
    ck_assert_int_eq(asked(CHIMNEY_INITIATE, rig_neighbor(rig, &other, 2, 5)),
                     CHIMNEY_STATUS_FAILURE);
    ck_assert_uint_eq(rocker_counters(rig->nic).last_error, ROCKER_EEXIST);
    ck_assert_uint_eq(rig_tables(rig)->group_count, 0);
    ck_assert_int_eq(asked(CHIMNEY_INITIATE, rig_neighbor(rig, &other, 2, 5)),
                     CHIMNEY_STATUS_SUCCESS);
    check_mac(&other, 5);
}
END_TEST

START_TEST(a_stranger_among_the_routes_is_removed)
{
    const uint8_t address[4] = {10, 9, 9, 9};
    struct host_object other;
    offload(1);
    struct rocker_order stranger = rocker_order_route(
        ROCKER_FLOW_ADD, (uint64_t)host_index(&paths[0]) + 2, address, ROCKER_GROUP_L3(9));
    ck_assert_uint_eq(rocker_order_now(rig->nic, &stranger), 0);
    for (uint32_t tries = 0; tries < 2; tries++) {
        struct chimney_node *root = rig_name(rig, &near);
        struct chimney_node *path = host_link(root, rig_path(rig, &other, 50));
        ck_assert(rig_do(rig, CHIMNEY_INITIATE, root));
        ck_assert_int_eq(path->Status,
                         tries == 0 ? CHIMNEY_STATUS_FAILURE : CHIMNEY_STATUS_SUCCESS);
        ck_assert_uint_eq(rig_tables(rig)->route_count, 1 + tries);
    }
}
END_TEST

START_TEST(every_failed_update_is_as_if_never_asked)
{
    static const struct {
        uint16_t type;
        void (*how)(struct rocker_order *order);
        uint16_t error;
    } cases[] = {
        {ROCKER_FLOW_MOD, spoil_wrong_group_type, ROCKER_EINVAL},
        {ROCKER_FLOW_MOD, spoil_missing_attribute, ROCKER_EINVAL},
        {ROCKER_GROUP_MOD, spoil_missing_attribute, ROCKER_EINVAL},
    };
    offload(3);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        spoil(cases[i].type, cases[i].how);
        struct chimney_node *node = rig_relink(rig, &paths[1], &far);
        if (cases[i].type == ROCKER_GROUP_MOD)
            node = rig_new_mac(rig, &near, 77);
        ck_assert(rig_do(rig, CHIMNEY_UPDATE, node));
        check_error(cases[i].error);
        if (node->DependentBlockList)
            node = node->DependentBlockList;
        ck_assert_int_eq(node->Status, CHIMNEY_STATUS_FAILURE);
        check_routes(3, &near);
        check_mac(&near, 1);
    }
}
END_TEST

/* Somebody else took a route and a group out of the device's tables. */
START_TEST(what_the_device_does_not_have_is_gone)
{
    offload(3);
    struct rocker_order route = rocker_order_flow_del(host_index(&paths[1]) + 1);
    ck_assert_uint_eq(rocker_order_now(rig->nic, &route), 0);
    struct chimney_node *root = rig_relink(rig, &paths[1], &far);
    ck_assert(rig_do(rig, CHIMNEY_UPDATE, root));
    ck_assert_int_eq(root->DependentBlockList->Status, CHIMNEY_STATUS_FAILURE);
    ck_assert_uint_eq(rocker_counters(rig->nic).last_error, ROCKER_ENOENT);
    struct rocker_order group = rocker_order_group_del(rig_group_of(&near));
    ck_assert_uint_eq(rocker_order_now(rig->nic, &group), 0);
    ck_assert_int_eq(asked(CHIMNEY_UPDATE, rig_new_mac(rig, &near, 77)), CHIMNEY_STATUS_FAILURE);
    ck_assert(rocker_reset(rig->nic)); /* and all of it is there again, as it was */
    for (uint32_t i = 0; i < 10; i++)
        rig_step(rig);
    check_routes(3, &near);
    check_mac(&near, 1);
}
END_TEST

START_TEST(errnos_become_results)
{
    static const struct {
        uint16_t error;
        int32_t status;
    } cases[] = {
        {ROCKER_ENOMEM, CHIMNEY_STATUS_RESOURCES},  {ROCKER_ENOSPC, CHIMNEY_STATUS_RESOURCES},
        {ROCKER_ENOBUFS, CHIMNEY_STATUS_RESOURCES}, {ROCKER_EINVAL, CHIMNEY_STATUS_FAILURE},
        {ROCKER_ENXIO, CHIMNEY_STATUS_FAILURE},     {ROCKER_EMSGSIZE, CHIMNEY_STATUS_FAILURE},
        {ROCKER_ENOTSUP, CHIMNEY_STATUS_FAILURE},   {ROCKER_ENOENT, CHIMNEY_STATUS_FAILURE},
        {ROCKER_EEXIST, CHIMNEY_STATUS_FAILURE},    {4711, CHIMNEY_STATUS_FAILURE}};
    offload(1);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        /* The device refuses the order; how it says so is changed on the way. */
        struct host_object other;
        struct chimney_node *root = rig_name(rig, &near);
        struct chimney_node *path = host_link(root, rig_path(rig, &other, 600));
        shim_clear(&rig->shim);
        shim_rule(&rig->shim, (struct shim_rule){.what = SHIM_ANSWER,
                                                 .type = ROCKER_FLOW_ADD,
                                                 .error = cases[i].error,
                                                 .limit = 1});
        ck_assert(rig_do(rig, CHIMNEY_INITIATE, root));
        ck_assert_int_eq(path->Status, cases[i].status);
        struct rocker_order leftover = rocker_order_flow_del((uint64_t)1 + 1);
        rocker_order_now(rig->nic, &leftover);
    }
    check_routes(1, &near);
}
END_TEST

/* ---- Answers that do not come, or come otherwise ------------------------------------------- */

START_TEST(a_lost_answer_is_a_failed_update)
{
    offload(3);
    shim_rule(&rig->shim,
              (struct shim_rule){.what = SHIM_LOSE, .type = ROCKER_FLOW_MOD, .limit = 1});
    struct chimney_node *root = rig_relink(rig, &paths[1], &far);
    ck_assert(rig_do(rig, CHIMNEY_UPDATE, root));
    ck_assert_int_eq(root->DependentBlockList->Status, CHIMNEY_STATUS_FAILURE);
    check_routes(3, &near);
    ck_assert_uint_eq(flue_target_stats(&rocker_target(rig->nic)->flue)->timeouts, 1);
}
END_TEST

START_TEST(a_late_answer_changes_nothing)
{
    offload(3);
    shim_rule(&rig->shim,
              (struct shim_rule){.what = SHIM_HOLD, .type = ROCKER_GROUP_MOD, .limit = 1});
    ck_assert_int_eq(asked(CHIMNEY_UPDATE, rig_new_mac(rig, &near, 50)), CHIMNEY_STATUS_FAILURE);
    check_mac(&near, 1);
    shim_release(&rig->shim, 0);
    ck_assert_uint_eq(rocker_counters(rig->nic).late, 1);
    rig_step(rig);
    check_mac(&near, 1);
    ck_assert_int_eq(asked(CHIMNEY_UPDATE, rig_new_mac(rig, &near, 51)), CHIMNEY_STATUS_SUCCESS);
    check_mac(&near, 51);
}
END_TEST

START_TEST(every_answer_twice)
{
    shim_rule(&rig->shim, (struct shim_rule){.what = SHIM_REPEAT});
    offload(100);
    for (uint32_t round = 0; round < 20; round++) {
        ck_assert_int_eq(asked(CHIMNEY_UPDATE, relink_all(round % 2 ? &near : &far, 100)),
                         CHIMNEY_STATUS_SUCCESS);
        shim_release(&rig->shim, round);
        check_routes(100, round % 2 ? &near : &far);
    }
    ck_assert_uint_ge(rocker_counters(rig->nic).stray_answers, 2000);
}
END_TEST

START_TEST(answers_in_any_order)
{
    offload(200);
    shim_rule(&rig->shim, (struct shim_rule){.what = SHIM_HOLD});
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct host_object *to = seed % 2 ? &far : &near;
        struct chimney_node *root = relink_all(to, 200);
        rig_submit(rig, CHIMNEY_UPDATE, root);
        for (uint32_t i = 0; i < 50 && rig->host.record.outstanding; i++) {
            rig_step(rig);
            shim_release(&rig->shim, seed);
        }
        ck_assert_uint_eq(rig->host.record.outstanding, 0);
        ck_assert_int_eq(root->Status, CHIMNEY_STATUS_SUCCESS);
        check_routes(200, to);
    }
}
END_TEST

/* Without mastership the device takes descriptors and says nothing: answer and effect are lost. */
START_TEST(without_mastership_commands_are_truly_lost)
{
    offload(3);
    rocker_pci_master(rocker_bus(rig->nic), false);
    rig_submit(rig, CHIMNEY_UPDATE, rig_new_mac(rig, &near, 60));
    rig_step(rig);
    ck_assert_uint_eq(rig->host.record.outstanding, 1);
    rocker_pci_master(rocker_bus(rig->nic), true);
    ck_assert(rig_run(rig));
    ck_assert_uint_eq(host_statuses(&rig->host, CHIMNEY_UPDATE, CHIMNEY_STATUS_FAILURE), 1);
    check_mac(&near, 1);
    ck_assert_uint_eq(rocker_counters(rig->nic).lost, 1);
    ck_assert_int_eq(asked(CHIMNEY_UPDATE, rig_new_mac(rig, &near, 61)), CHIMNEY_STATUS_SUCCESS);
    check_mac(&near, 61);
}
END_TEST

START_TEST(too_many_lost_answers_ask_for_a_reset)
{
    offload(20);
    shim_rule(&rig->shim,
              (struct shim_rule){.what = SHIM_LOSE, .type = ROCKER_FLOW_MOD, .limit = 10});
    ck_assert(rig_do(rig, CHIMNEY_UPDATE, relink_all(&far, 20)));
    ck_assert(rocker_reset_wanted(rig->nic));
    ck_assert(rocker_reset(rig->nic));
    rig_step(rig);
    ck_assert(!rocker_reset_wanted(rig->nic));
    ck_assert_uint_eq(rig_tables(rig)->route_count, 20);
    ck_assert_int_eq(asked(CHIMNEY_UPDATE, relink_all(&far, 20)), CHIMNEY_STATUS_SUCCESS);
    check_routes(20, &far);
}
END_TEST

/* ---- Reset --------------------------------------------------------------------------------- */

/* After `steps` answers of 1,000; every path then leads where its status says. */
static void reset_amid(uint32_t steps)
{
    struct chimney_node *root = relink_all(&far, PATHS);
    uint32_t good = 0;
    shim_clear(&rig->shim);
    shim_rule(&rig->shim, (struct shim_rule){.what = SHIM_HOLD});
    rig_submit(rig, CHIMNEY_UPDATE, root);
    while (rocker_service(rig->nic))
        ;
    ck_assert_uint_gt(rig->shim.held_count, steps);
    for (uint32_t i = 0; i < steps; i++)
        rocker_deliver(rig->nic, &rig->shim.held[i]);
    rocker_service(rig->nic);
    shim_clear(&rig->shim);
    ck_assert(rocker_reset(rig->nic));
    ck_assert(rig_run(rig));
    shim_release(&rig->shim, 3); /* answers of before */
    rig_step(rig);
    const struct tables *tables = rig_tables(rig);
    ck_assert_uint_eq(tables->route_count, PATHS);
    struct chimney_node *node = root->DependentBlockList;
    for (uint32_t p = 0; p < PATHS; p++, node = node->NextBlock) {
        bool moved = node->Status == CHIMNEY_STATUS_SUCCESS;
        good += moved;
        ck_assert_uint_eq(tables_route(tables, host_index(&paths[p]))->group,
                          rig_group_of(moved ? &far : &near));
    }
    ck_assert_uint_ge(good, steps);
    ck_assert_uint_lt(good, PATHS);
    ck_assert_int_eq(asked(CHIMNEY_UPDATE, relink_all(&near, PATHS)), CHIMNEY_STATUS_SUCCESS);
    check_routes(PATHS, &near);
}

START_TEST(a_reset_amid_an_update_of_1000_paths)
{
    offload(PATHS);
    reset_amid(0);
    reset_amid(1);
    reset_amid(137);
    reset_amid(400);
}
END_TEST

START_TEST(a_reset_restores_and_forwards)
{
    struct frame frame;
    struct host_object tcp;
    offload(10);
    struct chimney_node *root = rig_name(rig, &paths[4]);
    host_link(root, host_new_tcp(&rig->arena, &tcp, 1));
    ck_assert_int_eq(asked(CHIMNEY_INITIATE, root), CHIMNEY_STATUS_SUCCESS);
    ck_assert_int_eq(asked(CHIMNEY_UPDATE, rig_new_mac(rig, &near, 70)), CHIMNEY_STATUS_SUCCESS);
    ck_assert(rocker_reset(rig->nic));
    for (uint32_t i = 0; i < 10; i++)
        rig_step(rig);
    check_routes(10, &near);
    check_mac(&near, 70);
    ck_assert(rig_send(rig, 4, 1));
    ck_assert(rig_receive(rig, 2, &frame, 20000));
    ck_assert_uint_ne(tcp.retrieved, 0); /* a connection cannot be restored: the host is told */
}
END_TEST

/* An invalid path is not restored, and its address is free for another one. */
START_TEST(a_reset_frees_addresses)
{
    struct host_object other;
    offload(1);
    ck_assert_int_eq(asked(CHIMNEY_INVALIDATE, rig_name(rig, &paths[0])), CHIMNEY_STATUS_SUCCESS);
    ck_assert(rocker_reset(rig->nic));
    rig_step(rig);
    struct chimney_node *root = rig_name(rig, &near);
    struct chimney_node *path = host_link(root, rig_path(rig, &other, 0));
    ck_assert(rig_do(rig, CHIMNEY_INITIATE, root));
    ck_assert_int_eq(path->Status, CHIMNEY_STATUS_SUCCESS);
}
END_TEST

/* The job that an old answer names serves another command by now. */
START_TEST(answers_of_before_a_reset_are_nobodys)
{
    offload(3);
    shim_rule(&rig->shim, (struct shim_rule){.what = SHIM_HOLD, .type = ROCKER_FLOW_MOD});
    rig_submit(rig, CHIMNEY_UPDATE, relink_all(&far, 3));
    rig_step(rig);
    ck_assert_uint_eq(rig->shim.held_count, 3);
    ck_assert(rocker_reset(rig->nic));
    ck_assert(rig_run(rig));
    rig_submit(rig, CHIMNEY_UPDATE, relink_all(&far, 3));
    for (uint32_t i = 0; i < 5; i++)
        rig_step(rig);
    ck_assert_uint_eq(rig->shim.held_count, 6);
    uint64_t strays = rocker_counters(rig->nic).stray_answers;
    for (uint32_t i = 0; i < 3; i++)
        rocker_deliver(rig->nic, &rig->shim.held[i]);
    rig_step(rig);
    ck_assert_uint_eq(rocker_counters(rig->nic).stray_answers, strays + 3);
    ck_assert_uint_eq(rig->host.record.outstanding, 1);
    for (uint32_t i = 3; i < 6; i++)
        rocker_deliver(rig->nic, &rig->shim.held[i]);
    ck_assert(rig_run(rig));
    check_routes(3, &far);
}
END_TEST

int main(void)
{
    if (!qemu_available())
        return QEMU_SKIP;
    return RUN_TESTS(
        "faults", setup, teardown, an_add_that_fails_leaves_nothing, half_an_add_is_taken_back,
        a_stranger_among_the_routes_is_removed, a_refused_neighbor_keeps_no_interface,
        a_reset_frees_addresses, a_stranger_in_the_table_is_removed,
        every_failed_update_is_as_if_never_asked, what_the_device_does_not_have_is_gone,
        errnos_become_results, a_lost_answer_is_a_failed_update, a_late_answer_changes_nothing,
        every_answer_twice, answers_in_any_order, without_mastership_commands_are_truly_lost,
        too_many_lost_answers_ask_for_a_reset, a_reset_amid_an_update_of_1000_paths,
        a_reset_restores_and_forwards, answers_of_before_a_reset_are_nobodys);
}
