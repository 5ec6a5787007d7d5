/* SPDX-License-Identifier: BSD-2-Clause */
/* Queries: any class, several at once, while busy; and what an initiate kept. */

#include "suite.h"
#include "world.h"

static struct chimney_node *query(struct host_object *object, uint8_t type)
{
    struct chimney_node *node = host_reference(&w->arena, object, type);
    run(w, chimney_query, node);
    expect_status(node, CHIMNEY_STATUS_SUCCESS);
    return node;
}

START_TEST(a_neighbor_by_class)
{
    struct chimney_node *given = host_new_neighbor(&w->arena, &w->spare[7], 0);
    struct chimney_node *node = query(&w->neighbor[0], CHIMNEY_TYPE_NEIGHBOR_CONST);
    ck_assert_mem_eq(host_neighbor_const(node)->DlSourceAddress,
                     host_neighbor_const(given)->DlSourceAddress, 32);
    ck_assert_uint_eq(host_neighbor_const(node)->VlanId, host_neighbor_const(given)->VlanId);
    node = query(&w->neighbor[0], CHIMNEY_TYPE_NEIGHBOR_CACHED);
    ck_assert_mem_eq(host_neighbor_cached(node)->DlDestinationAddress,
                     host_neighbor_cached(given)->DlDestinationAddress, 32);
    ck_assert_uint_eq(w->s->command_count, 0);
    query(&w->neighbor[0], CHIMNEY_TYPE_NEIGHBOR_DELEGATED);
    query(&w->neighbor[0], CHIMNEY_TYPE_NEIGHBOR_ALL);
    ck_assert_str_eq(scripted_names(w->s, 0), "read_neighbor read_neighbor");
}
END_TEST

START_TEST(a_paths_addresses_are_the_targets_own_copy)
{
    for (unsigned i = 0; i < PATHS; i++) {
        bool ipv6 = w->path[i].ipv6;
        struct chimney_node *given = host_new_path(&w->arena, &w->spare[7], i, ipv6);
        struct chimney_node *node =
            query(&w->path[i], ipv6 ? CHIMNEY_TYPE_PATH_IPV6_CONST : CHIMNEY_TYPE_PATH_IPV4_CONST);
        const void *source = host_path_const(node)->SourceAddress;
        ck_assert_ptr_ne(source, host_path_const(given)->SourceAddress);
        ck_assert_mem_eq(source, host_path_const(given)->SourceAddress, ipv6 ? 16 : 4);
        ck_assert_mem_eq(host_path_const(node)->DestinationAddress,
                         host_path_const(given)->DestinationAddress, ipv6 ? 16 : 4);
        /* The host's memory of the initiate may be gone by now; the target's copy is inside it. */
        const unsigned char *pool = w->s->target.flue.pools[CHIMNEY_PATH].objects;
        ck_assert((const unsigned char *)source > pool);
    }
}
END_TEST

START_TEST(a_connection_all_at_once)
{
    struct chimney_node *given = host_new_tcp(&w->arena, &w->spare[7], 5);
    struct chimney_node *node = query(&w->tcp[5], CHIMNEY_TYPE_TCP_ALL);
    ck_assert_uint_eq(host_tcp_const(node)->RemotePort, host_tcp_const(given)->RemotePort);
    ck_assert_uint_eq(host_tcp_const(node)->SndWindScale, host_tcp_const(given)->SndWindScale);
    ck_assert_uint_eq(host_tcp_const(node)->RcvWindScale, host_tcp_const(given)->RcvWindScale);
    ck_assert_uint_eq(host_tcp_cached(node)->KaTimeout, host_tcp_cached(given)->KaTimeout);
    ck_assert_uint_eq(host_tcp_cached(node)->UserPriority, host_tcp_cached(given)->UserPriority);
    ck_assert_uint_eq(host_tcp_const(node)->Header.Length, sizeof(struct chimney_tcp_const));
}
END_TEST

START_TEST(several_queries_of_one_object)
{
    struct chimney_node *node[5];
    for (unsigned i = 0; i < 5; i++) {
        node[i] = host_reference(&w->arena, &w->tcp[0], CHIMNEY_TYPE_TCP_DELEGATED);
        chimney_query(w->s, node[i]);
    }
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->command_count, 1);
    for (unsigned i = 0; i < 5; i++) {
        struct chimney_read_tcp_data data = {.rcv_nxt = 100 + i};
        chimney_read_tcp_done(&w->s->target, w->s->commands[i].cookie, CHIMNEY_RESULT_OK, &data);
        scripted_poll(w->s);
        ck_assert_uint_eq(w->s->completion_count, i + 1);
        ck_assert_ptr_eq(w->s->completions[i].root, node[i]);
        ck_assert_uint_eq(host_tcp_delegated(node[i])->RcvNxt, 100 + i);
    }
    w->s->answered = w->s->command_count;
}
END_TEST

START_TEST(a_query_that_waits_sees_what_the_update_did)
{
    chimney_update(w->s, mtu_update(w, 0, 1234));
    struct chimney_node *node =
        host_reference(&w->arena, &w->path[0], CHIMNEY_TYPE_PATH_IPV4_CACHED);
    chimney_query(w->s, node);
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    ck_assert_uint_eq(host_path_cached(node)->PathMtu, 1234);
}
END_TEST

START_TEST(terminate_returns_delegated_state)
{
    struct chimney_node *node = host_reference(&w->arena, &w->tcp[0], CHIMNEY_TYPE_TCP_DELEGATED);
    node->NetBufferListChain = node;
    chimney_terminate(w->s, node);
    scripted_poll(w->s);
    struct chimney_remove_tcp_data data = {.state = 7, .snd_una = 5, .total_rt = 6, .dwnd = 8};
    chimney_remove_tcp_done(&w->s->target, w->s->commands[0].cookie, CHIMNEY_RESULT_OK, &data);
    w->s->answered = 1;
    scripted_poll(w->s);
    expect_status(node, CHIMNEY_STATUS_SUCCESS);
    ck_assert_int_eq(host_tcp_delegated(node)->State, 7);
    ck_assert_uint_eq(host_tcp_delegated(node)->SndUna, 5);
    ck_assert_uint_eq(host_tcp_delegated(node)->TotalRT, 6);
    ck_assert_uint_eq(host_tcp_delegated(node)->DWnd, 8);
    ck_assert_ptr_null(node->NetBufferListChain);
}
END_TEST

START_TEST(a_failed_terminate_may_come_again)
{
    struct chimney_node *node = host_reference(&w->arena, &w->tcp[0], CHIMNEY_TYPE_TCP_DELEGATED);
    chimney_terminate(w->s, node);
    scripted_poll(w->s);
    scripted_answer(w->s, 0, CHIMNEY_RESULT_FAILURE);
    w->s->answered = 1;
    scripted_poll(w->s);
    expect_status(node, CHIMNEY_STATUS_FAILURE);
    ck_assert_uint_eq(w->s->retrieves, 1);
    ck_assert_uint_eq(w->s->aborts, 1);
    run(w, chimney_terminate, node);
    expect_status(node, CHIMNEY_STATUS_SUCCESS);
}
END_TEST

/* What the hardware cannot be asked about it does not have: the host is told, and takes it back. */
START_TEST(a_query_that_fails_shows_corrupt_hardware)
{
    struct chimney_node *node =
        host_reference(&w->arena, &w->neighbor[0], CHIMNEY_TYPE_NEIGHBOR_DELEGATED);
    chimney_query(w->s, node);
    scripted_poll(w->s);
    scripted_answer(w->s, 0, CHIMNEY_RESULT_FAILURE);
    w->s->answered = 1;
    scripted_poll(w->s);
    expect_status(node, CHIMNEY_STATUS_FAILURE);
    ck_assert_str_eq(state_of(w, &w->neighbor[0]), "corrupt");
    ck_assert_uint_eq(w->s->retrieves, CONNECTIONS / 2);
    ck_assert_uint_eq(w->s->aborts, CONNECTIONS / 2);
    for (unsigned i = 0; i < w->s->indication_count; i++) {
        ck_assert_uint_eq(w->s->indications[i].completions, 1);
        ck_assert(w->s->indications[i].code == 4 || w->s->indications[i].detail == 11);
    }
    run(w, chimney_query, node);
    expect_status(node, CHIMNEY_STATUS_FAILURE);
    ck_assert_uint_eq(w->s->command_count, 1);
}
END_TEST

int main(void)
{
    return RUN_TESTS("queries", world_setup, world_teardown, a_neighbor_by_class,
                     a_paths_addresses_are_the_targets_own_copy, a_connection_all_at_once,
                     several_queries_of_one_object, a_query_that_waits_sees_what_the_update_did,
                     terminate_returns_delegated_state, a_failed_terminate_may_come_again,
                     a_query_that_fails_shows_corrupt_hardware);
}
