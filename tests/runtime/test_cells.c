/* SPDX-License-Identifier: BSD-2-Clause */
/* The place of a new object's handle, which is the host's: written once, for one object. */

#include "suite.h"
#include "world.h"

/* Two neighbors whose contexts point to one place; a path of its own below the second one. */
static struct chimney_node *twins(struct host_object *o)
{
    struct chimney_node *root = host_new_neighbor(&w->arena, &o[0], 60);
    struct chimney_node *twin = host_new_neighbor(&w->arena, &o[1], 61);
    twin->MiniportOffloadContext = root->MiniportOffloadContext;
    host_chain(root, twin);
    host_link(twin, host_new_path(&w->arena, &o[2], 60, false));
    return root;
}

START_TEST(of_two_new_nodes_with_one_cell_the_second_is_refused)
{
    struct host_object *o = w->spare;
    struct chimney_node *root = twins(o);
    run(w, chimney_initiate, root);
    expect_status(root, CHIMNEY_STATUS_SUCCESS);
    expect_status(root->NextBlock, CHIMNEY_STATUS_FAILURE);
    expect_status(root->NextBlock->DependentBlockList, CHIMNEY_STATUS_FAILURE);
    ck_assert_str_eq(scripted_names(w->s, 0), "add_neighbor");
    ck_assert_str_eq(state_of(w, &o[0]), "offloaded");
    ck_assert_uint_eq(stats()->stale, 1);
    run(w, chimney_terminate, bare(w, &o[0]));
    ck_assert_uint_eq(target()->pools[CHIMNEY_NEIGHBOR].in_use, NEIGHBORS);
}
END_TEST

/* Both are walked while the cell is empty, and wait for what is below them. */
START_TEST(two_that_wait_for_one_parent_are_no_exception)
{
    struct host_object *o = w->spare;
    struct chimney_node *root = host_new_neighbor(&w->arena, &o[0], 60);
    struct chimney_node *path = host_link(root, host_new_path(&w->arena, &o[1], 60, false));
    struct chimney_node *twin = host_link(root, host_new_path(&w->arena, &o[2], 61, false));
    host_link(twin, host_new_tcp(&w->arena, &o[3], 60));
    twin->MiniportOffloadContext = path->MiniportOffloadContext;
    run(w, chimney_initiate, root);
    expect_status(root, CHIMNEY_STATUS_PARTIAL_SUCCESS);
    expect_status(path, CHIMNEY_STATUS_SUCCESS);
    expect_status(twin, CHIMNEY_STATUS_FAILURE);
    expect_status(twin->DependentBlockList, CHIMNEY_STATUS_FAILURE);
    ck_assert_str_eq(scripted_names(w->s, 0), "add_neighbor add_path");
    ck_assert_uint_eq(stats()->bad_trees, 1);
    ck_assert_uint_eq(target()->pools[CHIMNEY_PATH].in_use, PATHS + 1);
    ck_assert_uint_eq(target()->pools[CHIMNEY_TCP].in_use, CONNECTIONS);
}
END_TEST

/* Of two trees it is the one that came first; if that fails, the cell is as empty as before. */
START_TEST(a_cell_is_empty_again_after_a_failure)
{
    struct host_object *o = w->spare;
    struct chimney_node *root = host_new_neighbor(&w->arena, &o[0], 60);
    struct chimney_node *again = host_new_neighbor(&w->arena, &o[1], 61);
    again->MiniportOffloadContext = root->MiniportOffloadContext;
    chimney_initiate(w->s, root);
    chimney_initiate(w->s, again);
    scripted_poll(w->s);
    ck_assert_str_eq(scripted_names(w->s, 0), "add_neighbor");
    expect_status(again, CHIMNEY_STATUS_FAILURE);
    scripted_answer(w->s, w->s->answered++, CHIMNEY_RESULT_RESOURCES);
    scripted_poll(w->s);
    expect_status(root, CHIMNEY_STATUS_RESOURCES);
    ck_assert_uint_eq(host_handle(&o[0]), 0);
    run(w, chimney_initiate, again);
    expect_status(again, CHIMNEY_STATUS_SUCCESS);
    ck_assert_uint_ne(host_handle(&o[0]), 0);
}
END_TEST

int main(void)
{
    return RUN_TESTS(
        "cells", world_setup, world_teardown, of_two_new_nodes_with_one_cell_the_second_is_refused,
        two_that_wait_for_one_parent_are_no_exception, a_cell_is_empty_again_after_a_failure);
}
