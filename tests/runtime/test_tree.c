/* SPDX-License-Identifier: BSD-2-Clause */
/* Trees: orders, roles, roll-up, and everything a tree can get wrong. */

#include "suite.h"
#include "world.h"

START_TEST(dependents_wait_for_their_parent)
{
    struct host_object *o = w->spare;
    struct chimney_node *n = host_new_neighbor(&w->arena, &o[0], 50);
    struct chimney_node *p = host_link(n, host_new_path(&w->arena, &o[1], 50, false));
    host_link(p, host_new_tcp(&w->arena, &o[2], 50));
    chimney_initiate(w->s, n);
    scripted_poll(w->s);
    ck_assert_str_eq(scripted_names(w->s, 0), "add_neighbor");
    scripted_answer(w->s, 0, CHIMNEY_RESULT_OK);
    scripted_poll(w->s);
    ck_assert_str_eq(scripted_names(w->s, 0), "add_neighbor add_path");
    ck_assert_uint_eq(scripted_args(w->s, 1, add_path)->neighbor, host_index(&o[0]));
    scripted_answer(w->s, 1, CHIMNEY_RESULT_OK);
    scripted_poll(w->s);
    ck_assert_str_eq(scripted_names(w->s, 1), "add_path add_tcp");
    scripted_answer(w->s, 2, CHIMNEY_RESULT_OK);
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->completion_count, 1);
    w->s->answered = 3;
    for (unsigned i = 0; i < 3; i++)
        ck_assert_uint_ne(host_handle(&o[i]), 0);
}
END_TEST

START_TEST(siblings_go_in_the_order_of_the_tree)
{
    struct chimney_node *root = bare(w, &w->neighbor[0]);
    for (unsigned i = 0; i < 6; i++)
        host_link(root, host_new_path(&w->arena, &w->spare[i], 100 + i, false));
    run(w, chimney_initiate, root);
    for (unsigned i = 0; i < 6; i++)
        ck_assert_uint_eq(w->s->commands[i].index, host_index(&w->spare[i]));
}
END_TEST

/* Neighbor1(Path1(TCP1, TCP2), Path2(TCP3)); TCP2 finds no room, Path2 fails otherwise. */
START_TEST(the_worked_example)
{
    struct host_object *o = w->spare;
    struct chimney_node *n1 = host_new_neighbor(&w->arena, &o[0], 50);
    struct chimney_node *p1 = host_link(n1, host_new_path(&w->arena, &o[1], 50, false));
    struct chimney_node *p2 = host_link(n1, host_new_path(&w->arena, &o[2], 51, false));
    struct chimney_node *t1 = host_link(p1, host_new_tcp(&w->arena, &o[3], 50));
    struct chimney_node *t2 = host_link(p1, host_new_tcp(&w->arena, &o[4], 51));
    struct chimney_node *t3 = host_link(p2, host_new_tcp(&w->arena, &o[5], 52));
    chimney_initiate(w->s, n1);
    scripted_poll(w->s);
    scripted_answer(w->s, 0, CHIMNEY_RESULT_OK);
    scripted_poll(w->s);
    scripted_answer(w->s, 1, CHIMNEY_RESULT_OK);
    scripted_answer(w->s, 2, CHIMNEY_RESULT_FAILURE);
    scripted_poll(w->s);
    ck_assert_str_eq(scripted_names(w->s, 3), "add_tcp add_tcp");
    scripted_answer(w->s, 3, CHIMNEY_RESULT_OK);
    scripted_answer(w->s, 4, CHIMNEY_RESULT_RESOURCES);
    w->s->answered = 5;
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->completion_count, 1);
    expect_status(n1, CHIMNEY_STATUS_PARTIAL_SUCCESS);
    expect_status(p1, CHIMNEY_STATUS_PARTIAL_SUCCESS);
    expect_status(t1, CHIMNEY_STATUS_SUCCESS);
    expect_status(t2, CHIMNEY_STATUS_RESOURCES);
    expect_status(p2, CHIMNEY_STATUS_FAILURE);
    expect_status(t3, CHIMNEY_STATUS_FAILURE);
    ck_assert_uint_eq(host_handle(&o[2]), 0);
    ck_assert_uint_eq(host_handle(&o[4]), 0);
    ck_assert_uint_eq(host_handle(&o[5]), 0);
}
END_TEST

START_TEST(a_linker_tells_how_its_dependents_fared)
{
    struct chimney_node *all_bad = bare(w, &w->path[0]);
    host_link(all_bad, host_new_tcp(&w->arena, &w->spare[0], 60));
    struct chimney_node *some_bad = bare(w, &w->path[1]);
    host_link(some_bad, host_new_tcp(&w->arena, &w->spare[1], 61));
    host_link(some_bad, host_new_tcp(&w->arena, &w->spare[2], 62));
    host_chain(all_bad, some_bad);
    host_chain(all_bad, bare(w, &w->path[2]));
    chimney_initiate(w->s, all_bad);
    scripted_poll(w->s);
    scripted_answer(w->s, 0, CHIMNEY_RESULT_TCP_ENTRIES);
    scripted_answer(w->s, 1, CHIMNEY_RESULT_OK);
    scripted_answer(w->s, 2, CHIMNEY_RESULT_TCP_RCV_BUFFER);
    w->s->answered = 3;
    scripted_poll(w->s);
    expect_status(all_bad, CHIMNEY_STATUS_FAILURE);
    expect_status(all_bad->DependentBlockList, CHIMNEY_STATUS_TCP_ENTRIES);
    expect_status(some_bad, CHIMNEY_STATUS_PARTIAL_SUCCESS);
    expect_status(some_bad->NextBlock, CHIMNEY_STATUS_SUCCESS);
}
END_TEST

/* What the tree refers to is another request's to end; what fails above gives it up no more. */
START_TEST(a_reference_below_what_fails_may_be_gone)
{
    uint32_t in_use = target()->pools[CHIMNEY_TCP].in_use;
    struct chimney_node *n = host_new_neighbor(&w->arena, &w->spare[0], 70);
    struct chimney_node *p = host_link(n, host_node(&w->arena, NULL, CHIMNEY_TYPE_PATH_IPV4_CONST));
    struct chimney_node *gone = host_link(p, bare(w, &w->tcp[0]));
    struct chimney_node *end = bare(w, &w->tcp[0]);
    p->NextBlock = n;
    chimney_terminate(w->s, end);
    chimney_initiate(w->s, n);
    scripted_poll(w->s);
    ck_assert_str_eq(scripted_names(w->s, 0), "remove_tcp add_neighbor");
    scripted_answer(w->s, 0, CHIMNEY_RESULT_OK);
    scripted_poll(w->s);
    expect_status(end, CHIMNEY_STATUS_SUCCESS);
    scripted_answer(w->s, 1, CHIMNEY_RESULT_OK);
    w->s->answered = 2;
    scripted_poll(w->s);
    expect_status(p, CHIMNEY_STATUS_SUCCESS);
    expect_status(gone, CHIMNEY_STATUS_FAILURE);
    ck_assert_uint_eq(target()->pools[CHIMNEY_TCP].in_use, in_use - 1);
}
END_TEST

START_TEST(pools_are_reserved_depth_first)
{
    /* 256 connections fit, 8 are there; the first of these trees takes the rest but 8. */
    static struct host_object o[256];
    memset(o, 0, sizeof o);
    struct chimney_node *first = bare(w, &w->path[0]), *second = bare(w, &w->path[1]);
    for (unsigned i = 0; i < 240; i++)
        host_link(first, host_new_tcp(&w->arena, &o[i], 1000 + i));
    for (unsigned i = 240; i < 256; i++)
        host_link(second, host_new_tcp(&w->arena, &o[i], 1000 + i));
    host_chain(first, second);
    run(w, chimney_initiate, first);
    expect_status(first, CHIMNEY_STATUS_SUCCESS);
    expect_status(second, CHIMNEY_STATUS_PARTIAL_SUCCESS);
    unsigned i = 0;
    for (struct chimney_node *n = second->DependentBlockList; n; n = n->NextBlock, i++)
        expect_status(n, i < 8 ? CHIMNEY_STATUS_SUCCESS : CHIMNEY_STATUS_TCP_ENTRIES);
}
END_TEST

START_TEST(a_new_path_under_a_placeholder_has_nothing_to_link_to)
{
    struct chimney_node *root = host_node(&w->arena, NULL, CHIMNEY_TYPE_NEIGHBOR_CONST);
    struct chimney_node *path = host_link(root, host_new_path(&w->arena, &w->spare[0], 70, false));
    struct chimney_node *tcp = host_link(path, host_new_tcp(&w->arena, &w->spare[1], 70));
    run(w, chimney_initiate, root);
    expect_status(root, CHIMNEY_STATUS_SUCCESS);
    expect_status(path, CHIMNEY_STATUS_FAILURE);
    expect_status(tcp, CHIMNEY_STATUS_FAILURE);
    ck_assert_uint_eq(w->s->command_count, 0);
}
END_TEST

static struct chimney_node *whole_tree(void)
{
    struct chimney_node *root = bare(w, &w->neighbor[0]);
    for (unsigned p = 0; p < PATHS; p += 2) {
        struct chimney_node *path = host_link(root, bare(w, &w->path[p]));
        for (unsigned c = p; c < CONNECTIONS; c += PATHS)
            host_link(path, host_reference(&w->arena, &w->tcp[c], CHIMNEY_TYPE_TCP_DELEGATED));
    }
    return root;
}

START_TEST(terminate_takes_dependents_first)
{
    struct chimney_node *root = whole_tree();
    chimney_terminate(w->s, root);
    scripted_poll(w->s);
    ck_assert_str_eq(scripted_names(w->s, 0), "remove_tcp remove_tcp remove_tcp remove_tcp");
    for (unsigned i = 0; i < 4; i++)
        scripted_answer(w->s, i, CHIMNEY_RESULT_OK);
    scripted_poll(w->s);
    ck_assert_str_eq(scripted_names(w->s, 4), "remove_path remove_path");
    for (unsigned i = 4; i < 6; i++)
        scripted_answer(w->s, i, CHIMNEY_RESULT_OK);
    scripted_poll(w->s);
    ck_assert_str_eq(scripted_names(w->s, 6), "remove_neighbor");
    scripted_answer(w->s, 6, CHIMNEY_RESULT_OK);
    w->s->answered = 7;
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->completion_count, 1);
    expect_status(root, CHIMNEY_STATUS_SUCCESS);
    ck_assert_uint_eq(w->s->target.flue.pools[CHIMNEY_NEIGHBOR].in_use, 1);
    ck_assert_uint_eq(w->s->target.flue.pools[CHIMNEY_PATH].in_use, 2);
    ck_assert_uint_eq(w->s->target.flue.pools[CHIMNEY_TCP].in_use, 4);
}
END_TEST

START_TEST(what_has_dependents_is_not_terminated)
{
    struct chimney_node *root = bare(w, &w->neighbor[0]);
    run(w, chimney_terminate, root);
    expect_status(root, CHIMNEY_STATUS_FAILURE);
    ck_assert_uint_eq(w->s->command_count, 0);
}
END_TEST

START_TEST(a_handle_ends_with_its_object)
{
    struct host_object kept = w->tcp[0];
    run(w, chimney_terminate, bare(w, &w->tcp[0]));
    struct chimney_node *node = bare(w, &kept);
    run(w, chimney_query, node);
    expect_status(node, CHIMNEY_STATUS_FAILURE);
    ck_assert_uint_eq(stats()->stale, 1);
}
END_TEST

START_TEST(forged_handles_find_nothing)
{
    const uint64_t forged[] = {1,
                               0xffffffffffffffff,
                               0xf00000000,
                               0x7fffffff,
                               0x1000000010,
                               0x2200000000,
                               (uintptr_t)w,
                               0x8000000000000000,
                               0x10300000000};
    for (size_t i = 0; i < sizeof forged / sizeof *forged; i++) {
        struct host_object object = w->tcp[0];
        object.handle.MiniportOffloadContext = (void *)(uintptr_t)forged[i];
        struct chimney_node *node = bare(w, &object);
        run(w, chimney_update, node);
        expect_status(node, CHIMNEY_STATUS_FAILURE);
    }
    ck_assert_uint_eq(stats()->stale, sizeof forged / sizeof *forged);
}
END_TEST

START_TEST(a_type_of_another_object_is_refused)
{
    static const uint8_t types[] = {0, 1, 2, 6, 10, 16, 18, 0x80, 0xfe, 0xff};
    for (size_t i = 0; i < sizeof types; i++) {
        struct chimney_node *node = bare(w, &w->tcp[0]);
        node->Header.Type = types[i];
        run(w, chimney_update, node);
        expect_status(node, CHIMNEY_STATUS_FAILURE);
    }
    ck_assert_uint_eq(stats()->bad_types, sizeof types);
}
END_TEST

START_TEST(a_wrong_length_is_refused)
{
    struct chimney_node *node = mac_update(w, 0, 3);
    host_neighbor_cached(node)->Header.Length = 0xffffffff;
    run(w, chimney_update, node);
    expect_status(node, CHIMNEY_STATUS_FAILURE);
    ck_assert_uint_eq(stats()->bad_types, 1);
}
END_TEST

START_TEST(ipv6_state_for_an_ipv4_path_is_refused)
{
    struct chimney_node *node =
        host_reference(&w->arena, &w->path[0], CHIMNEY_TYPE_PATH_IPV6_CACHED);
    run(w, chimney_update, node);
    expect_status(node, CHIMNEY_STATUS_FAILURE);
}
END_TEST

START_TEST(layers_must_fit)
{
    struct chimney_node *root = bare(w, &w->path[0]);
    struct chimney_node *path = host_link(root, bare(w, &w->path[1]));
    struct chimney_node *tcp = host_link(root, bare(w, &w->tcp[0]));
    struct chimney_node *above = host_link(tcp, bare(w, &w->tcp[1]));
    run(w, chimney_update, root);
    expect_status(root, CHIMNEY_STATUS_SUCCESS);
    expect_status(path, CHIMNEY_STATUS_FAILURE);
    expect_status(tcp, CHIMNEY_STATUS_SUCCESS);
    expect_status(above, CHIMNEY_STATUS_FAILURE);
}
END_TEST

START_TEST(a_connection_cannot_be_moved_to_another_path)
{
    struct chimney_node *root = bare(w, &w->path[1]);
    struct chimney_node *tcp = host_link(root, bare(w, &w->tcp[0]));
    run(w, chimney_update, root);
    expect_status(tcp, CHIMNEY_STATUS_FAILURE);
    ck_assert_uint_eq(stats()->bad_trees, 1);
}
END_TEST

START_TEST(a_cycle_ends)
{
    struct chimney_node *root = bare(w, &w->neighbor[0]);
    struct chimney_node *a = host_link(root, mtu_update(w, 0, 900));
    struct chimney_node *b = host_link(root, mtu_update(w, 2, 901));
    b->NextBlock = a;
    a->DependentBlockList = root;
    run(w, chimney_update, root);
    expect_status(root, CHIMNEY_STATUS_SUCCESS);
    expect_status(a, CHIMNEY_STATUS_FAILURE);
    expect_status(b, CHIMNEY_STATUS_FAILURE);
    ck_assert_uint_ge(stats()->bad_trees, 2);
}
END_TEST

START_TEST(a_node_in_two_places_is_served_once)
{
    struct chimney_node *root = bare(w, &w->neighbor[0]), *other = bare(w, &w->neighbor[1]);
    struct chimney_node *path = host_link(root, mtu_update(w, 0, 902));
    other->DependentBlockList = path;
    host_chain(root, other);
    run(w, chimney_update, root);
    expect_status(path, CHIMNEY_STATUS_SUCCESS);
    expect_status(other, CHIMNEY_STATUS_FAILURE);
    ck_assert_str_eq(scripted_names(w->s, 0), "write_mtu");
}
END_TEST

START_TEST(garbage_in_scratch_words_is_no_matter)
{
    for (unsigned round = 0; round < 4; round++) {
        struct chimney_node *root = whole_tree();
        struct chimney_node *path = root->DependentBlockList;
        memset(root->MiniportReserved, (int)(round * 85), sizeof root->MiniportReserved);
        memset(root->Scratch, (int)(round * 85), sizeof root->Scratch);
        memset(path->MiniportReserved, 0xee, sizeof path->MiniportReserved);
        memset(path->Scratch, 0xee, sizeof path->Scratch);
        run(w, chimney_update, root);
        expect_status(root, CHIMNEY_STATUS_SUCCESS);
        run(w, chimney_update, root);
        expect_status(path, CHIMNEY_STATUS_SUCCESS);
    }
}
END_TEST

START_TEST(a_new_node_can_only_be_initiated)
{
    entry_point *const others[] = {chimney_update, chimney_query, chimney_invalidate,
                                   chimney_terminate};
    for (unsigned i = 0; i < 4; i++) {
        struct chimney_node *node = host_new_neighbor(&w->arena, &w->spare[0], 1);
        run(w, others[i], node);
        expect_status(node, CHIMNEY_STATUS_FAILURE);
    }
}
END_TEST

START_TEST(null_roots_are_counted)
{
    chimney_update(w->s, NULL);
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->completion_count, 0);
    ck_assert_uint_eq(atomic_load(&flue_target_shared_stats(&w->s->target.flue)->null_roots), 1);
}
END_TEST

START_TEST(a_tree_under_way_is_not_taken_again)
{
    struct chimney_node *root = whole_tree();
    chimney_update(w->s, root);
    chimney_terminate(w->s, root); /* still in the inbox */
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->completion_count, 1);
    world_forget_log(w);
    chimney_terminate(w->s, root);
    scripted_poll(w->s);
    chimney_update(w->s, root); /* running */
    chimney_update(w->s, root->DependentBlockList);
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    ck_assert_uint_eq(w->s->completion_count, 1);
    ck_assert_uint_eq(atomic_load(&flue_target_shared_stats(&w->s->target.flue)->resubmitted), 3);
    /* Nodes that were below a root may be roots of their own when it is completed. */
    chimney_update(w->s, root->DependentBlockList);
    chimney_update(w->s, root);
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->completion_count, 3);
}
END_TEST

/* A node of one tree that is a root as well, in both orders, however the walk is cut up. */
START_TEST(a_node_of_a_tree_that_is_submitted_itself)
{
    for (unsigned i = 0; i < 8; i++) {
        struct flue_config config = scripted_config();
        config.running_requests = i & 1 ? 1 : 16;
        world_close(w);
        w = world_open(&config);
        struct chimney_node *a = mac_update(w, 0, 1), *c = mac_update(w, 1, 2);
        struct chimney_node *other = mtu_update(w, 2, 999);
        a->NextBlock = c;
        chimney_update(w->s, i & 2 ? c : a);
        chimney_update(w->s, i & 2 ? a : c);
        chimney_update(w->s, other);
        for (unsigned poll = 0; i & 4 && poll < 50; poll++)
            flue_poll(target(), 1);
        scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
        ck_assert_uint_eq(w->s->completion_count, 3);
        /* One request at a time, c first: it is over when the tree's turn comes. */
        bool over = (i & 3) == 3;
        expect_status(a, over ? CHIMNEY_STATUS_SUCCESS : CHIMNEY_STATUS_FAILURE);
        expect_status(c, CHIMNEY_STATUS_SUCCESS);
        expect_status(other, CHIMNEY_STATUS_SUCCESS);
        ck_assert_uint_eq(stats()->bad_trees != 0, !over);
    }
}
END_TEST

/* The walk stands before the node when it is submitted. */
START_TEST(a_node_that_is_submitted_before_its_walk_comes_to_it)
{
    struct chimney_node *a = mac_update(w, 0, 1), *c = mac_update(w, 1, 2);
    a->NextBlock = c;
    chimney_update(w->s, a);
    ck_assert(flue_poll(target(), 1));
    chimney_update(w->s, c);
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    ck_assert_uint_eq(w->s->completion_count, 2);
    expect_status(a, CHIMNEY_STATUS_SUCCESS);
    expect_status(c, CHIMNEY_STATUS_SUCCESS);
    ck_assert_uint_eq(stats()->bad_trees, 1);
}
END_TEST

START_TEST(a_path_without_addresses_is_refused)
{
    for (unsigned i = 0; i < 2; i++) {
        struct chimney_node *root = bare(w, &w->neighbor[0]);
        struct chimney_node *path =
            host_link(root, host_new_path(&w->arena, &w->spare[i], 44 + i, false));
        if (i == 0)
            host_path_const(path)->SourceAddress = NULL;
        else
            host_path_const(path)->DestinationAddress = NULL;
        run(w, chimney_initiate, root);
        expect_status(path, CHIMNEY_STATUS_FAILURE);
    }
    ck_assert_uint_eq(stats()->bad_types, 2);
    ck_assert_uint_eq(w->s->command_count, 0);
}
END_TEST

static void submit_again(struct scripted *s, enum chimney_operation operation,
                         struct chimney_node *root)
{
    (void)operation;
    if (s->completion_count < 5)
        chimney_update(s, root);
}

START_TEST(a_completion_may_call_again_with_the_same_tree)
{
    w->s->on_complete = submit_again;
    chimney_update(w->s, whole_tree());
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->completion_count, 5);
}
END_TEST

START_TEST(many_requests_wait_for_a_running_one)
{
    for (unsigned i = 0; i < 100; i++)
        chimney_query(w->s, bare(w, &w->tcp[i % CONNECTIONS]));
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    ck_assert_uint_eq(w->s->completion_count, 100);
}
END_TEST

int main(void)
{
    return RUN_TESTS(
        "tree", world_setup, world_teardown, dependents_wait_for_their_parent,
        siblings_go_in_the_order_of_the_tree, the_worked_example,
        a_linker_tells_how_its_dependents_fared, a_reference_below_what_fails_may_be_gone,
        pools_are_reserved_depth_first, a_new_path_under_a_placeholder_has_nothing_to_link_to,
        terminate_takes_dependents_first, what_has_dependents_is_not_terminated,
        a_handle_ends_with_its_object, forged_handles_find_nothing,
        a_type_of_another_object_is_refused, a_wrong_length_is_refused,
        ipv6_state_for_an_ipv4_path_is_refused, layers_must_fit,
        a_connection_cannot_be_moved_to_another_path, a_cycle_ends,
        a_node_in_two_places_is_served_once, garbage_in_scratch_words_is_no_matter,
        a_new_node_can_only_be_initiated, null_roots_are_counted,
        a_tree_under_way_is_not_taken_again, a_node_of_a_tree_that_is_submitted_itself,
        a_node_that_is_submitted_before_its_walk_comes_to_it, a_path_without_addresses_is_refused,
        a_completion_may_call_again_with_the_same_tree, many_requests_wait_for_a_running_one);
}
