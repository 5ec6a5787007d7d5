/* SPDX-License-Identifier: BSD-2-Clause */
/* What the target tells the host unasked: when, in what order, and when not. */

#include "suite.h"
#include "world.h"

enum { SEND_BACKLOG_CHANGE = 1, DISCONNECT = 2, RETRIEVE = 3, ABORT = 4, REACHABILITY = 2 };

static void expect(unsigned i, const void *handle, uint32_t code, uint32_t detail)
{
    ck_assert_uint_lt(i, w->s->indication_count);
    ck_assert_ptr_eq(w->s->indications[i].handle, handle);
    ck_assert_uint_eq(w->s->indications[i].code, code);
    ck_assert_uint_eq(w->s->indications[i].detail, detail);
}

START_TEST(they_are_made_by_the_poll_in_the_order_of_the_calls)
{
    flue_name name = host_handle(&w->tcp[2]);
    const void *handle = &w->tcp[2].handle;
    ck_assert(chimney_send_backlog_change(&w->s->target, name, 65536));
    ck_assert(chimney_disconnect(&w->s->target, name));
    for (unsigned reason = 1; reason <= 11; reason++)
        ck_assert(chimney_retrieve(&w->s->target, name, (enum chimney_retrieve_reason)reason));
    ck_assert(chimney_abort(&w->s->target, name));
    ck_assert_uint_eq(w->s->indication_count, 0);
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->indication_count, 14);
    expect(0, handle, SEND_BACKLOG_CHANGE, 65536);
    expect(1, handle, DISCONNECT, 0);
    for (unsigned reason = 1; reason <= 11; reason++)
        expect(1 + reason, handle, RETRIEVE, reason);
    expect(13, handle, ABORT, 0);
    ck_assert_uint_eq(stats()->indicated, 14);
}
END_TEST

/* A name ends with the object: what the hardware still says of it is nobody's. */
START_TEST(nothing_is_told_of_what_the_host_does_not_have)
{
    flue_name name = host_handle(&w->tcp[0]);
    ck_assert(!chimney_abort(&w->s->target, 0));
    ck_assert(!chimney_abort(&w->s->target, name + 256)); /* beyond the pool */
    ck_assert(!chimney_abort(&w->s->target, host_handle(&w->path[0])));
    ck_assert(!flue_indicate(target(), 9, name, ABORT, 0));
    run(w, chimney_terminate, bare(w, &w->tcp[0]));
    ck_assert(!chimney_abort(&w->s->target, name));
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->indication_count, 0);
    ck_assert_uint_eq(stats()->not_raised, 0);
    ck_assert_uint_eq(atomic_load(&flue_target_shared_stats(target())->indications_ended), 5);
}
END_TEST

static struct chimney_node *new_connection(struct host_object *object)
{
    struct chimney_node *root = bare(w, &w->neighbor[0]), *path = bare(w, &w->path[0]);
    host_link(path, host_new_tcp(&w->arena, object, 40));
    return host_link(root, path), root;
}

/* An event of an ended connection, still in the card's queue, when its place has a new owner. */
START_TEST(the_next_owner_of_a_place_is_not_told_of_the_last_one)
{
    flue_name old = host_handle(&w->tcp[0]);
    ck_assert(chimney_disconnect(&w->s->target, old)); /* in time, and polled too late */
    run(w, chimney_terminate, bare(w, &w->tcp[0]));
    run(w, chimney_initiate, new_connection(&w->spare[0]));
    ck_assert_uint_eq(host_index(&w->spare[0]), (uint32_t)old);
    unsigned told = w->s->indication_count;
    ck_assert(!chimney_abort(&w->s->target, old));
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->indication_count, told);
    ck_assert(chimney_abort(&w->s->target, host_handle(&w->spare[0])));
    scripted_poll(w->s);
    expect(told, &w->spare[0].handle, ABORT, 0);
}
END_TEST

static void add_the_connection(void)
{
    chimney_initiate(w->s, new_connection(&w->spare[0]));
    scripted_poll(w->s);
    ck_assert_str_eq(w->s->commands[0].name, "add_tcp");
}

/* Whoever gave the answer to the add may speak of the object at once. */
START_TEST(an_event_is_seen_after_the_answers_before_it)
{
    add_the_connection();
    scripted_answer(w->s, 0, CHIMNEY_RESULT_OK);
    w->s->answered = 1;
    ck_assert(chimney_disconnect(&w->s->target, w->s->commands[0].object));
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->indication_count, 1);
    expect(0, &w->spare[0].handle, DISCONNECT, 0);
    ck_assert_uint_eq(stats()->put_off, 0);
}
END_TEST

/* The event overtakes the answer: it waits for it, and nothing that is given later overtakes it. */
START_TEST(an_event_waits_while_the_add_is_out)
{
    add_the_connection();
    flue_name name = w->s->commands[0].object;
    for (unsigned reason = 1; reason <= 3; reason++)
        ck_assert(chimney_retrieve(&w->s->target, name, (enum chimney_retrieve_reason)reason));
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->indication_count, 0);
    ck_assert_uint_eq(stats()->put_off, 3);
    ck_assert(chimney_abort(&w->s->target, host_handle(&w->tcp[1]))); /* of others it goes on */
    scripted_poll(w->s);
    expect(0, &w->tcp[1].handle, ABORT, 0);
    scripted_answer(w->s, 0, CHIMNEY_RESULT_OK);
    w->s->answered = 1;
    ck_assert(chimney_disconnect(&w->s->target, name));
    scripted_poll(w->s);
    for (unsigned reason = 1; reason <= 3; reason++)
        expect(reason, &w->spare[0].handle, RETRIEVE, reason);
    expect(4, &w->spare[0].handle, DISCONNECT, 0);
    ck_assert_uint_eq(w->s->indication_count, 5);
}
END_TEST

/* The add fails and is undone: what waited is dropped and counted, and its room comes free. */
START_TEST(what_waited_for_an_add_that_failed_is_dropped)
{
    add_the_connection();
    flue_name name = w->s->commands[0].object;
    for (unsigned i = 0; i < 64; i++)
        ck_assert(chimney_disconnect(&w->s->target, name));
    ck_assert(!chimney_disconnect(&w->s->target, name));
    scripted_poll(w->s);
    ck_assert(!chimney_disconnect(&w->s->target, name));
    scripted_answer(w->s, 0, CHIMNEY_RESULT_FAILURE);
    w->s->answered = 1;
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    ck_assert_uint_eq(host_handle(&w->spare[0]), 0);
    ck_assert_uint_eq(w->s->indication_count, 0);
    ck_assert_uint_eq(stats()->not_raised, 64);
    ck_assert(!chimney_disconnect(&w->s->target, name)); /* it is over */
    for (unsigned i = 0; i < 64; i++)
        ck_assert(chimney_disconnect(&w->s->target, host_handle(&w->tcp[1])));
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->indication_count, 64);
}
END_TEST

/* One indication a step, whatever the host does inside of it. */
static void raise_again(struct scripted *s, flue_name name)
{
    chimney_send_backlog_change(&s->target, name, 1);
}

static void add_another(unsigned i)
{
    struct chimney_node *root = bare(w, &w->neighbor[0]), *path = bare(w, &w->path[0]);
    host_link(path, host_new_tcp(&w->arena, &w->spare[i], 40 + i));
    host_link(root, path);
    chimney_initiate(w->s, root);
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->command_count, i + 1);
}

static void open_with_room_for_two(void)
{
    struct flue_config config = scripted_config();
    config.indication_entries = 2;
    world_close(w);
    w = world_open(&config);
}

/* Room for two, and three that are added: at least two of them are kept in one place. */
START_TEST(who_waits_in_the_place_of_another_waits_for_its_own_answer)
{
    static const unsigned pairs[][2] = {{0, 1}, {1, 2}, {2, 0}, {1, 0}, {2, 1}, {0, 2}};
    unsigned one = pairs[_i][0], other = pairs[_i][1];
    open_with_room_for_two();
    for (unsigned i = 0; i < 3; i++)
        add_another(i);
    ck_assert(chimney_disconnect(&w->s->target, w->s->commands[one].object));
    ck_assert(chimney_abort(&w->s->target, w->s->commands[other].object));
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->indication_count, 0);
    scripted_answer(w->s, one, CHIMNEY_RESULT_OK);
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->indication_count, 1);
    expect(0, &w->spare[one].handle, DISCONNECT, 0);
    scripted_answer(w->s, other, CHIMNEY_RESULT_OK);
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->indication_count, 2);
    expect(1, &w->spare[other].handle, ABORT, 0);
    ck_assert_uint_eq(stats()->put_off, 2); /* each once: nobody was looked at in vain */
    scripted_answer(w->s, 3 - one - other, CHIMNEY_RESULT_OK);
    w->s->answered = 3;
}
END_TEST

/* Of three at once it becomes known that the host will not get them: what they kept comes free. */
START_TEST(a_reset_ends_what_several_were_waited_for_with)
{
    for (unsigned i = 0; i < 3; i++)
        add_another(i);
    for (unsigned i = 0; i < 60; i++)
        ck_assert(chimney_disconnect(&w->s->target, w->s->commands[i % 3].object));
    scripted_poll(w->s);
    ck_assert_uint_eq(stats()->put_off, 60);
    flue_reset_begin(target());
    flue_dma_stopped(target());
    scripted_poll(w->s);
    ck_assert_uint_eq(stats()->not_raised, 60);
    for (unsigned i = 0; i < 64; i++)
        ck_assert(chimney_disconnect(&w->s->target, host_handle(&w->tcp[0])));
    scripted_poll(w->s);
    ck_assert_uint_eq(stats()->indicated + stats()->not_raised, 60 + 64);
    flue_reset_end(target());
}
END_TEST

START_TEST(a_budget_bounds_the_indications_of_a_poll)
{
    w->s->on_event = raise_again;
    raise_again(w->s, host_handle(&w->tcp[0]));
    for (unsigned i = 1; i <= 5; i++) {
        ck_assert(flue_poll(target(), 1));
        ck_assert_uint_eq(w->s->indication_count, i);
    }
    ck_assert(flue_poll(target(), 0)); /* none at all */
    ck_assert_uint_eq(w->s->indication_count, 5);
    ck_assert(flue_poll(target(), 7));
    ck_assert_uint_eq(w->s->indication_count, 12);
    w->s->on_event = NULL;
    scripted_poll(w->s);
}
END_TEST

START_TEST(all_have_returned_before_the_terminate_completes)
{
    chimney_terminate(w->s, bare(w, &w->tcp[0]));
    scripted_poll(w->s);
    flue_name name = host_handle(&w->tcp[0]);
    /* Raised too late, while it is being given up: dropped. */
    chimney_disconnect(&w->s->target, name);
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    ck_assert_uint_eq(w->s->indication_count, 0);
    /* Raised in time, polled late: made, and before the completion. */
    chimney_query(w->s, host_reference(&w->arena, &w->tcp[1], CHIMNEY_TYPE_TCP_DELEGATED));
    scripted_poll(w->s);
    unsigned query = w->s->command_count - 1;
    chimney_terminate(w->s, bare(w, &w->tcp[1]));
    scripted_poll(w->s);
    chimney_disconnect(&w->s->target, host_handle(&w->tcp[1]));
    scripted_answer(w->s, query, CHIMNEY_RESULT_OK);
    w->s->answered = w->s->command_count;
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->indication_count, 1);
    ck_assert_uint_eq(w->s->indications[0].completions, 1);
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    ck_assert_uint_eq(w->s->completion_count, 3);
}
END_TEST

START_TEST(a_full_queue_says_so)
{
    flue_name name = host_handle(&w->tcp[0]);
    for (unsigned i = 0; i < 64; i++)
        ck_assert(chimney_disconnect(&w->s->target, name));
    ck_assert(!chimney_disconnect(&w->s->target, name));
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->indication_count, 64);
    for (unsigned round = 0; round < 100; round++) {
        ck_assert(chimney_disconnect(&w->s->target, name));
        scripted_poll(w->s);
    }
    ck_assert_uint_eq(w->s->indication_count, 164);
    ck_assert_uint_eq(atomic_load(&flue_target_shared_stats(&w->s->target.flue)->indications_full),
                      1);
}
END_TEST

static void confirm(struct scripted *s, struct chimney_node *node)
{
    (void)s;
    ck_assert_uint_eq(node->Header.Type, CHIMNEY_TYPE_NEIGHBOR_ALL);
    ck_assert_uint_eq(host_neighbor_cached(node)->HostReachabilityDelta, 300);
    ck_assert_uint_eq(host_neighbor_cached(node)->DlDestinationAddress[0], 0x21);
    host_neighbor_cached(node)->HostReachabilityDelta = 50;
}

/* A neighbor is asked about if both host and NIC have not confirmed it for too long. */
START_TEST(a_stale_neighbor_is_asked_about)
{
    struct flue_config config = scripted_config();
    config.parameters[CHIMNEY_PARAMETER_NCE_STALE_TICKS] = 250;
    world_close(w);
    w = world_empty(&config);
    struct flue_target *t = &w->s->target.flue;
    flue_tick(t, UINT32_MAX - 10u); /* the clock passes 2^32 */
    struct chimney_node *node = host_new_neighbor(&w->arena, &w->neighbor[0], 0);
    host_neighbor_cached(node)->DlDestinationAddress[0] = 0x21;
    host_neighbor_cached(node)->HostReachabilityDelta = 100;
    host_neighbor_delegated(node)->NicReachabilityDelta = 60;
    run(w, chimney_initiate, node);
    flue_name name = host_handle(&w->neighbor[0]);
    w->s->on_object_event = confirm;
    flue_tick(t, UINT32_MAX + 142ull); /* host 252 ago, NIC 212 ago */
    chimney_reachability_query(&w->s->target, name);
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->indication_count, 0);
    flue_tick(t, UINT32_MAX + 190ull); /* host 300 ago, NIC 260 ago */
    chimney_reachability_query(&w->s->target, name);
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->indication_count, 1);
    expect(0, &w->neighbor[0].handle, REACHABILITY, 0);
    /* The host's answer counts from now on. */
    flue_tick(t, UINT32_MAX + 201ull);
    chimney_reachability_query(&w->s->target, name);
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->indication_count, 1);
    struct chimney_node *query =
        host_reference(&w->arena, &w->neighbor[0], CHIMNEY_TYPE_NEIGHBOR_CACHED);
    run(w, chimney_query, query);
    ck_assert_uint_eq(host_neighbor_cached(query)->HostReachabilityDelta, 61);
}
END_TEST

/* What nobody has confirmed for 2^32 ticks is not fresh again: an age stays at its greatest. */
START_TEST(an_age_never_comes_round)
{
    struct flue_config config = scripted_config();
    config.parameters[CHIMNEY_PARAMETER_NCE_STALE_TICKS] = 250;
    world_close(w);
    w = world_empty(&config);
    struct flue_target *t = &w->s->target.flue;
    flue_tick(t, 5); /* less than the ages that are brought: they began before the clock did */
    struct chimney_node *node = host_new_neighbor(&w->arena, &w->neighbor[0], 0);
    host_neighbor_cached(node)->HostReachabilityDelta = 100;
    host_neighbor_delegated(node)->NicReachabilityDelta = 100;
    run(w, chimney_initiate, node);
    struct chimney_node *query =
        host_reference(&w->arena, &w->neighbor[0], CHIMNEY_TYPE_NEIGHBOR_CACHED);
    static const uint64_t passed[] = {UINT32_MAX - 101u, UINT32_MAX - 100u, UINT32_MAX - 99u,
                                      UINT32_MAX + 5ull, UINT64_C(1) << 33, UINT64_C(1) << 60};
    for (unsigned i = 0; i < sizeof passed / sizeof *passed; i++) {
        flue_tick(t, 5 + passed[i]);
        run(w, chimney_query, query);
        ck_assert_uint_eq(host_neighbor_cached(query)->HostReachabilityDelta,
                          i ? UINT32_MAX : UINT32_MAX - 1);
        chimney_reachability_query(&w->s->target, host_handle(&w->neighbor[0]));
        scripted_poll(w->s);
        ck_assert_uint_eq(w->s->indication_count, i + 1);
    }
}
END_TEST

START_TEST(while_paused_initiates_wait)
{
    flue_pause(&w->s->target.flue);
    flue_pause(&w->s->target.flue);
    scripted_poll(w->s);
    expect(0, w->s, 0x40020001, 0);
    struct chimney_node *node[3];
    for (unsigned i = 0; i < 3; i++) {
        node[i] = host_new_neighbor(&w->arena, &w->spare[i], 20 + i);
        chimney_initiate(w->s, node[i]);
    }
    run(w, chimney_update, mac_update(w, 0, 0x42)); /* everything else goes on */
    ck_assert_uint_eq(w->s->command_count, 1);
    ck_assert(!flue_target_quiet(&w->s->target.flue));
    flue_resume(&w->s->target.flue);
    chimney_initiate(w->s, host_new_neighbor(&w->arena, &w->spare[3], 23));
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    expect(1, w->s, 0x40020003, 0);
    ck_assert_uint_eq(w->s->indication_count, 2);
    ck_assert_uint_eq(w->s->completion_count, 5);
    for (unsigned i = 0; i < 3; i++) {
        ck_assert_ptr_eq(w->s->completions[1 + i].root, node[i]);
        expect_status(node[i], CHIMNEY_STATUS_SUCCESS);
    }
}
END_TEST

START_TEST(removal_ends_a_pause)
{
    flue_pause(&w->s->target.flue);
    struct chimney_node *node = host_new_neighbor(&w->arena, &w->spare[0], 20);
    chimney_initiate(w->s, node);
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->completion_count, 0);
    flue_remove(&w->s->target.flue);
    flue_dma_stopped(&w->s->target.flue);
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->completion_count, 1);
    expect_status(node, CHIMNEY_STATUS_FAILURE);
}
END_TEST

START_TEST(the_host_is_asked_to_take_everything_back)
{
    ck_assert(chimney_upload_all(&w->s->target));
    scripted_poll(w->s);
    expect(0, w->s, 0x40020002, 0);
}
END_TEST

/* A neighbor that the hardware lost: each connection on it, once, and after the completion. */
START_TEST(corrupt_hardware_is_told_of_each_connection)
{
    chimney_invalidate(w->s, bare(w, &w->neighbor[0]));
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->completion_count, 0);
    scripted_answer(w->s, 0, CHIMNEY_RESULT_FAILURE);
    w->s->answered = 1;
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->completion_count, 1);
    expect_status(w->s->completions[0].root, CHIMNEY_STATUS_FAILURE);
    unsigned failures = 0, aborts = 0;
    for (unsigned i = 0; i < w->s->indication_count; i++) {
        failures += w->s->indications[i].code == RETRIEVE && w->s->indications[i].detail == 11;
        if (w->s->indications[i].code != ABORT)
            continue;
        aborts++;
        ck_assert_ptr_eq(w->s->indications[i].handle, w->s->indications[i - 1].handle);
        ck_assert_uint_eq(w->s->indications[i - 1].detail, 11);
        ck_assert_uint_eq(w->s->indications[i].completions, 1);
    }
    ck_assert_uint_eq(failures, CONNECTIONS / 2);
    ck_assert_uint_eq(aborts, CONNECTIONS / 2);
}
END_TEST

START_TEST(the_host_is_told_after_the_whole_tree_is_completed)
{
    struct chimney_node *root = bare(w, &w->neighbor[0]);
    host_chain(root, bare(w, &w->neighbor[1]));
    chimney_invalidate(w->s, root);
    scripted_poll(w->s);
    scripted_answer(w->s, 0, CHIMNEY_RESULT_FAILURE);
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->indication_count, 0); /* neighbor 1 is not answered yet */
    scripted_answer(w->s, 1, CHIMNEY_RESULT_OK);
    w->s->answered = 2;
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->completion_count, 1);
    ck_assert_uint_eq(w->s->aborts, CONNECTIONS / 2);
    for (unsigned i = 0; i < w->s->indication_count; i++)
        ck_assert_uint_eq(w->s->indications[i].completions, 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("indications");
    TCase *cases = tcase_create("indications");
    static const TTest *const *const tests[] = {
        &they_are_made_by_the_poll_in_the_order_of_the_calls,
        &nothing_is_told_of_what_the_host_does_not_have,
        &the_next_owner_of_a_place_is_not_told_of_the_last_one,
        &an_event_is_seen_after_the_answers_before_it,
        &an_event_waits_while_the_add_is_out,
        &what_waited_for_an_add_that_failed_is_dropped,
        &a_reset_ends_what_several_were_waited_for_with,
        &a_budget_bounds_the_indications_of_a_poll,
        &all_have_returned_before_the_terminate_completes,
        &a_full_queue_says_so,
        &an_age_never_comes_round,
        &a_stale_neighbor_is_asked_about,
        &while_paused_initiates_wait,
        &removal_ends_a_pause,
        &the_host_is_asked_to_take_everything_back,
        &corrupt_hardware_is_told_of_each_connection,
        &the_host_is_told_after_the_whole_tree_is_completed,
    };
    tcase_add_checked_fixture(cases, world_setup, world_teardown);
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
        tcase_add_test(cases, *tests[i]);
    tcase_add_loop_test(cases, who_waits_in_the_place_of_another_waits_for_its_own_answer, 0, 6);
    suite_add_tcase(suite, cases);
    return run_suite(suite);
}
