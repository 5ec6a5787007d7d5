/* SPDX-License-Identifier: BSD-2-Clause */
/* An update: minimal commands, new links, several commands of an object, all or old. */

#include "flue/priv/object.h"
#include "suite.h"
#include "world.h"

static struct chimney_node *settings(unsigned connection)
{
    struct chimney_node *node =
        host_reference(&w->arena, &w->tcp[connection], CHIMNEY_TYPE_TCP_CACHED);
    /* What the host gave at the start, so that a test changes just what it means to. */
    struct chimney_node *first = host_new_tcp(&w->arena, &w->spare[7], connection);
    *host_tcp_cached(node) = *host_tcp_cached(first);
    return node;
}

START_TEST(a_new_mac_is_one_command)
{
    struct chimney_node *node = mac_update(w, 0, 0xa1);
    run(w, chimney_update, node);
    expect_status(node, CHIMNEY_STATUS_SUCCESS);
    ck_assert_str_eq(scripted_names(w->s, 0), "write_mac");
    const struct chimney_write_mac_args *args = scripted_args(w->s, 0, write_mac);
    ck_assert_uint_eq(args->index, host_index(&w->neighbor[0]));
    ck_assert_uint_eq(args->destination_mac[5], 0xa1);
    ck_assert_uint_eq(w->s->doorbells, 1);
}
END_TEST

START_TEST(what_is_the_same_costs_nothing)
{
    run(w, chimney_update, mac_update(w, 0, 0xa1));
    world_forget_log(w);
    struct chimney_node *again = mac_update(w, 0, 0xa1);
    run(w, chimney_update, again);
    expect_status(again, CHIMNEY_STATUS_SUCCESS);
    ck_assert_str_eq(scripted_names(w->s, 0), "");
    ck_assert_uint_eq(w->s->doorbells, 0);
}
END_TEST

START_TEST(a_bare_reference_changes_nothing)
{
    struct chimney_node *node = bare(w, &w->neighbor[0]);
    run(w, chimney_update, node);
    expect_status(node, CHIMNEY_STATUS_SUCCESS);
    ck_assert_uint_eq(w->s->command_count, 0);
}
END_TEST

START_TEST(nothing_is_completed_inside_the_call)
{
    w->s->inline_answers = true;
    struct chimney_node *node = mac_update(w, 0, 0xa2);
    chimney_update(w->s, node);
    ck_assert_uint_eq(w->s->command_count, 0);
    ck_assert_uint_eq(w->s->completion_count, 0);
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->completion_count, 1);
    expect_status(node, CHIMNEY_STATUS_SUCCESS);
}
END_TEST

START_TEST(one_connection_sends_only_the_groups_that_changed)
{
    struct chimney_node *node = settings(0);
    host_tcp_cached(node)->TtlOrHopLimit ^= 0x7f;
    host_tcp_cached(node)->KaInterval += 7;
    run(w, chimney_update, node);
    ck_assert_str_eq(scripted_names(w->s, 0), "write_timers write_header");
    ck_assert_uint_eq(scripted_args(w->s, 0, write_timers)->ka_interval,
                      host_tcp_cached(node)->KaInterval);
    ck_assert_uint_eq(scripted_args(w->s, 1, write_header)->ttl_or_hop_limit,
                      host_tcp_cached(node)->TtlOrHopLimit);
}
END_TEST

START_TEST(the_irreversible_goes_last)
{
    struct chimney_node *node = settings(0);
    host_tcp_cached(node)->KaProbeCount ^= 3;
    host_tcp_cached(node)->Flags |= CHIMNEY_TCP_SETTINGS_RESTART_MAX_RT;
    chimney_update(w->s, node);
    scripted_poll(w->s);
    ck_assert_str_eq(scripted_names(w->s, 0), "write_timers");
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    ck_assert_str_eq(scripted_names(w->s, 0), "write_timers restart");
    const struct chimney_restart_args *args = scripted_args(w->s, 1, restart);
    ck_assert(args->clear_probe_count);
    ck_assert(args->clear_total_rt);
    ck_assert(!args->rearm_keepalive);
    ck_assert(!args->advertise_window);
    expect_status(node, CHIMNEY_STATUS_SUCCESS);
}
END_TEST

START_TEST(a_pulse_acts_every_time)
{
    for (unsigned i = 0; i < 3; i++) {
        struct chimney_node *node = settings(0);
        host_tcp_cached(node)->Flags |= CHIMNEY_TCP_SETTINGS_RESTART_KEEPALIVE;
        run(w, chimney_update, node);
    }
    ck_assert_str_eq(scripted_names(w->s, 0), "restart restart restart");
}
END_TEST

START_TEST(a_relink_moves_the_counts)
{
    struct chimney_node *root = bare(w, &w->neighbor[1]);
    struct chimney_node *path = host_link(root, bare(w, &w->path[0]));
    run(w, chimney_update, root);
    expect_status(root, CHIMNEY_STATUS_SUCCESS);
    expect_status(path, CHIMNEY_STATUS_SUCCESS);
    ck_assert_str_eq(scripted_names(w->s, 0), "write_route");
    ck_assert_uint_eq(scripted_args(w->s, 0, write_route)->neighbor, host_index(&w->neighbor[1]));
    ck_assert_uint_eq(object_of(w, &w->neighbor[0])->dependents, 1);
    ck_assert_uint_eq(object_of(w, &w->neighbor[1])->dependents, 3);
}
END_TEST

START_TEST(a_relink_to_the_same_neighbor_is_nothing)
{
    struct chimney_node *root = bare(w, &w->neighbor[0]);
    host_link(root, bare(w, &w->path[0]));
    run(w, chimney_update, root);
    ck_assert_uint_eq(w->s->command_count, 0);
}
END_TEST

START_TEST(both_neighbors_are_held_while_a_relink_is_under_way)
{
    struct chimney_node *root = bare(w, &w->neighbor[1]);
    host_link(root, bare(w, &w->path[0]));
    chimney_update(w->s, root);
    scripted_poll(w->s);
    ck_assert_uint_eq(object_of(w, &w->neighbor[0])->dependents, 2);
    ck_assert_uint_eq(object_of(w, &w->neighbor[1])->dependents, 3);
}
END_TEST

START_TEST(a_failed_relink_keeps_the_old_neighbor)
{
    struct chimney_node *root = mac_update(w, 1, 0xb1);
    struct chimney_node *path = host_link(root, bare(w, &w->path[0]));
    chimney_update(w->s, root);
    scripted_poll(w->s);
    ck_assert_str_eq(scripted_names(w->s, 0), "write_mac write_route");
    scripted_answer(w->s, 1, CHIMNEY_RESULT_FAILURE);
    scripted_poll(w->s);
    /* The device may have kept the bad value: the old one is written back. */
    ck_assert_str_eq(scripted_names(w->s, 2), "write_route");
    ck_assert_uint_eq(scripted_args(w->s, 2, write_route)->neighbor, host_index(&w->neighbor[0]));
    scripted_answer(w->s, 0, CHIMNEY_RESULT_OK);
    scripted_answer(w->s, 2, CHIMNEY_RESULT_OK);
    scripted_poll(w->s);
    /* The root's own new MAC does not depend on the relink, nor the other way round. */
    expect_status(root, CHIMNEY_STATUS_SUCCESS);
    expect_status(path, CHIMNEY_STATUS_FAILURE);
    ck_assert_str_eq(state_of(w, &w->path[0]), "offloaded");
    ck_assert_uint_eq(object_of(w, &w->neighbor[0])->dependents, 2);
    ck_assert_uint_eq(object_of(w, &w->neighbor[1])->dependents, 2);
    w->s->answered = 3;
}
END_TEST

START_TEST(mtu_and_link_return_together)
{
    struct chimney_node *root = bare(w, &w->neighbor[1]);
    struct chimney_node *path = host_link(root, mtu_update(w, 0, 1280));
    chimney_update(w->s, root);
    scripted_poll(w->s);
    ck_assert_str_eq(scripted_names(w->s, 0), "write_route write_mtu");
    uint32_t old = scripted_args(w->s, 1, write_mtu)->path_mtu;
    ck_assert_uint_eq(old, 1280);
    scripted_answer(w->s, 1, CHIMNEY_RESULT_FAILURE);
    scripted_answer(w->s, 0, CHIMNEY_RESULT_OK);
    scripted_poll(w->s);
    ck_assert_str_eq(scripted_names(w->s, 2), "write_route write_mtu");
    ck_assert_uint_eq(scripted_args(w->s, 2, write_route)->neighbor, host_index(&w->neighbor[0]));
    ck_assert_uint_ne(scripted_args(w->s, 3, write_mtu)->path_mtu, 1280);
    w->s->answered = 2;
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    expect_status(path, CHIMNEY_STATUS_FAILURE);
    /* The object still holds the old MTU: the same update costs both commands again. */
    world_forget_log(w);
    root = bare(w, &w->neighbor[1]);
    path = host_link(root, mtu_update(w, 0, 1280));
    run(w, chimney_update, root);
    ck_assert_str_eq(scripted_names(w->s, 0), "write_route write_mtu");
    expect_status(path, CHIMNEY_STATUS_SUCCESS);
}
END_TEST

START_TEST(a_rollback_that_fails_is_corrupt)
{
    struct chimney_node *node = mtu_update(w, 0, 1281);
    chimney_update(w->s, node);
    scripted_poll(w->s);
    scripted_answer(w->s, 0, CHIMNEY_RESULT_FAILURE);
    scripted_poll(w->s);
    scripted_answer(w->s, 1, CHIMNEY_RESULT_FAILURE);
    w->s->answered = 2;
    scripted_poll(w->s);
    expect_status(node, CHIMNEY_STATUS_FAILURE);
    ck_assert_str_eq(state_of(w, &w->path[0]), "corrupt");
}
END_TEST

START_TEST(a_second_update_waits_for_the_first)
{
    struct chimney_node *first = mac_update(w, 0, 1), *second = mac_update(w, 0, 2);
    chimney_update(w->s, first);
    chimney_update(w->s, second);
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->command_count, 1);
    ck_assert_uint_eq(flue_target_stats(&w->s->target.flue)->deferred, 1);
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    ck_assert_uint_eq(scripted_args(w->s, 1, write_mac)->destination_mac[0], 2);
    ck_assert_uint_eq(w->s->completion_count, 2);
    ck_assert_ptr_eq(w->s->completions[0].root, first);
}
END_TEST

START_TEST(a_full_ring_loses_nothing_and_keeps_the_order)
{
    struct chimney_node *root = host_node(&w->arena, NULL, CHIMNEY_TYPE_NEIGHBOR_CONST);
    for (unsigned i = 0; i < PATHS; i++)
        host_link(root, mtu_update(w, i, 600 + i));
    w->s->room = 1;
    chimney_update(w->s, root);
    for (unsigned i = 0; i < PATHS; i++) {
        scripted_poll(w->s);
        ck_assert_uint_eq(w->s->command_count, i + 1);
        ck_assert_uint_eq(w->s->commands[i].index, host_index(&w->path[i]));
        w->s->room = 1;
        scripted_answer(w->s, i, CHIMNEY_RESULT_OK);
    }
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->completion_count, 1);
    w->s->answered = PATHS;
    w->s->room = 100;
}
END_TEST

START_TEST(an_update_of_an_invalid_object_is_refused)
{
    run(w, chimney_invalidate, bare(w, &w->neighbor[0]));
    struct chimney_node *node = mac_update(w, 0, 9);
    run(w, chimney_update, node);
    expect_status(node, CHIMNEY_STATUS_FAILURE);
    /* What is invalid only through what it links to may be updated: failover does it. */
    struct chimney_node *path = mtu_update(w, 0, 700);
    run(w, chimney_update, path);
    expect_status(path, CHIMNEY_STATUS_SUCCESS);
}
END_TEST

START_TEST(a_relink_to_an_invalid_neighbor_is_refused)
{
    run(w, chimney_invalidate, bare(w, &w->neighbor[1]));
    struct chimney_node *root = bare(w, &w->neighbor[1]);
    struct chimney_node *path = host_link(root, bare(w, &w->path[0]));
    run(w, chimney_update, root);
    expect_status(path, CHIMNEY_STATUS_FAILURE);
    ck_assert_uint_eq(object_of(w, &w->neighbor[1])->dependents, 2);
}
END_TEST

START_TEST(ages_are_kept_as_moments)
{
    struct flue_target *t = &w->s->target.flue;
    flue_tick(t, 1000);
    struct chimney_node *node = mac_update(w, 0, 0x33);
    host_neighbor_cached(node)->HostReachabilityDelta = 40;
    run(w, chimney_update, node);
    flue_tick(t, 1500);
    struct chimney_node *query =
        host_reference(&w->arena, &w->neighbor[0], CHIMNEY_TYPE_NEIGHBOR_CACHED);
    run(w, chimney_query, query);
    ck_assert_uint_eq(host_neighbor_cached(query)->HostReachabilityDelta, 540);
    ck_assert_uint_eq(host_neighbor_cached(query)->DlDestinationAddress[0], 0x33);
}
END_TEST

int main(void)
{
    return RUN_TESTS(
        "update", world_setup, world_teardown, a_new_mac_is_one_command,
        what_is_the_same_costs_nothing, a_bare_reference_changes_nothing,
        nothing_is_completed_inside_the_call, one_connection_sends_only_the_groups_that_changed,
        the_irreversible_goes_last, a_pulse_acts_every_time, a_relink_moves_the_counts,
        a_relink_to_the_same_neighbor_is_nothing,
        both_neighbors_are_held_while_a_relink_is_under_way, a_failed_relink_keeps_the_old_neighbor,
        mtu_and_link_return_together, a_rollback_that_fails_is_corrupt,
        a_second_update_waits_for_the_first, a_full_ring_loses_nothing_and_keeps_the_order,
        an_update_of_an_invalid_object_is_refused, a_relink_to_an_invalid_neighbor_is_refused,
        ages_are_kept_as_moments);
}
