/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What one step of a poll may do: a little, however many nodes wait, finish, come or go; and that
 * nothing happens outside of a poll, nor is anybody kept waiting by what is large.
 */
#include "suite.h"
#include "world.h"

enum { MANY = 700, DEEP = 1000 };

static struct host_object many[MANY];

static struct chimney_node *list_of(struct chimney_node *(*node)(unsigned i), unsigned count)
{
    struct chimney_node *first = NULL, **at = &first;
    for (unsigned i = 0; i < count; i++) {
        *at = node(i);
        at = &(*at)->NextBlock;
    }
    return first;
}

static struct chimney_node *new_one(unsigned i)
{
    return host_new_neighbor(&w->arena, &many[i], 100 + i);
}

/* A target with room for many neighbors, which are offloaded by one request. */
static void open_many(uint32_t ring)
{
    struct flue_config config = scripted_config();
    config.capacity[CHIMNEY_NEIGHBOR] = NEIGHBORS + MANY;
    config.ring_entries = ring;
    config.reserved_entries = ring / 8;
    config.quarantine_limit = ring / 4;
    world_close(w);
    w = world_open(&config);
    host_arena_close(&w->arena);
    ck_assert(host_arena_open(&w->arena, 8u << 20));
    memset(many, 0, sizeof many);
    run(w, chimney_initiate, list_of(new_one, MANY));
    world_forget_log(w);
}

static uint64_t statuses(void)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < 64; i++)
        sum += stats()->statuses[i];
    return sum;
}

/* Polls of one step until no work is left; the most that `counter` grew in one of them. */
static uint64_t most_in_a_step(uint64_t (*counter)(void))
{
    uint64_t most = 0;
    for (bool more = true; more;) {
        uint64_t before = counter();
        more = flue_poll(target(), 1);
        uint64_t grew = counter() - before;
        most = grew > most ? grew : most;
    }
    return most;
}

static struct chimney_node *query_of_the_first(unsigned i)
{
    (void)i;
    return host_reference(&w->arena, &w->neighbor[0], CHIMNEY_TYPE_NEIGHBOR_CONST);
}

START_TEST(many_that_wait_for_one_object_are_served_one_by_one)
{
    chimney_update(w->s, mac_update(w, 0, 0x11));
    scripted_poll(w->s);
    struct chimney_node *queries = list_of(query_of_the_first, MANY);
    chimney_query(w->s, queries);
    scripted_poll(w->s);
    ck_assert_uint_eq(stats()->deferred, MANY);
    scripted_answer(w->s, 0, CHIMNEY_RESULT_OK);
    ck_assert_uint_le(most_in_a_step(statuses), 1);
    for (; queries; queries = queries->NextBlock)
        expect_status(queries, CHIMNEY_STATUS_SUCCESS);
}
END_TEST

START_TEST(who_comes_later_waits_behind_those_that_wait)
{
    chimney_update(w->s, mac_update(w, 0, 0x11));
    scripted_poll(w->s);
    struct chimney_node *third = mac_update(w, 0, 0x33);
    chimney_query(w->s, list_of(query_of_the_first, 3));
    chimney_update(w->s, mac_update(w, 0, 0x22));
    scripted_poll(w->s);
    scripted_answer(w->s, 0, CHIMNEY_RESULT_OK);
    for (int i = 0; i < _i; i++) /* at some moment it is at rest, and not all are served */
        flue_poll(target(), 1);
    chimney_update(w->s, third);
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    ck_assert_str_eq(scripted_names(w->s, 0), "write_mac write_mac write_mac");
    ck_assert_uint_eq(scripted_args(w->s, 1, write_mac)->destination_mac[0], 0x22);
    ck_assert_uint_eq(scripted_args(w->s, 2, write_mac)->destination_mac[0], 0x33);
    expect_status(third, CHIMNEY_STATUS_SUCCESS);
}
END_TEST

static struct chimney_node *query_of_what_ends(unsigned i)
{
    (void)i;
    return bare(w, &w->spare[0]);
}

START_TEST(many_that_wait_for_what_ends_are_told_one_by_one)
{
    run(w, chimney_initiate, host_new_neighbor(&w->arena, &w->spare[0], 9));
    world_forget_log(w);
    chimney_terminate(w->s, bare(w, &w->spare[0]));
    scripted_poll(w->s);
    struct chimney_node *first = list_of(query_of_what_ends, MANY);
    chimney_query(w->s, first);
    scripted_poll(w->s);
    scripted_answer(w->s, 0, CHIMNEY_RESULT_OK);
    ck_assert_uint_le(most_in_a_step(statuses), 1);
    for (; first; first = first->NextBlock)
        expect_status(first, CHIMNEY_STATUS_FAILURE);
}
END_TEST

/* Placeholders, each below the other, and `last` below them all; told a few levels at a time. */
static void update_from_the_depth(struct chimney_node *last)
{
    struct chimney_node *root = host_node(&w->arena, NULL, CHIMNEY_TYPE_NEIGHBOR_CONST), *at = root;
    for (unsigned i = 1; i < DEEP; i++)
        at = host_link(at, host_node(&w->arena, NULL, CHIMNEY_TYPE_NEIGHBOR_CONST));
    if (last)
        host_link(at, last);
    chimney_update(w->s, root);
    if (last) {
        scripted_poll(w->s);
        scripted_answer(w->s, 0, CHIMNEY_RESULT_OK);
    }
    ck_assert_uint_le(most_in_a_step(statuses), FLUE_LEVELS + 1);
    ck_assert_uint_eq(w->s->completion_count, 1);
    for (; root; root = root->DependentBlockList)
        expect_status(root, CHIMNEY_STATUS_SUCCESS);
}

START_TEST(a_deep_tree_is_left_a_few_levels_at_a_time)
{
    update_from_the_depth(NULL);
}
END_TEST

START_TEST(the_last_answer_of_a_deep_tree_tells_of_a_few_levels_at_a_time)
{
    update_from_the_depth(mac_update(w, 0, 0x11));
}
END_TEST

static uint64_t begun(void)
{
    return stats()->requests[CHIMNEY_UPDATE];
}

static uint64_t completed(void)
{
    return stats()->completions[CHIMNEY_UPDATE];
}

START_TEST(many_roots_begin_a_slice_at_a_time_in_their_order)
{
    struct flue_config config = scripted_config();
    config.running_requests = 1024;
    world_close(w);
    w = world_open(&config);
    for (unsigned i = 0; i < MANY; i++)
        chimney_update(w->s, host_node(&w->arena, NULL, CHIMNEY_TYPE_NEIGHBOR_CONST));
    ck_assert_uint_le(most_in_a_step(begun), FLUE_SLICE);
    ck_assert_uint_eq(w->s->completion_count, MANY);
    for (unsigned i = 1; i < MANY; i++) /* the arena gave them in ascending order */
        ck_assert(w->s->completions[i - 1].root < w->s->completions[i].root);
}
END_TEST

START_TEST(completion_calls_are_made_one_at_a_time)
{
    struct flue_config config = scripted_config();
    config.running_requests = 1024;
    world_close(w);
    w = world_open(&config);
    chimney_update(w->s, mac_update(w, 0, 0x11));
    for (unsigned i = 0; i < MANY; i++)
        chimney_update(w->s, mac_update(w, 0, 0x11)); /* nothing is new to them */
    scripted_poll(w->s);
    scripted_answer(w->s, 0, CHIMNEY_RESULT_OK);
    ck_assert_uint_eq(most_in_a_step(completed), 1);
    ck_assert_uint_eq(w->s->completion_count, MANY + 1);
}
END_TEST

static struct chimney_node *end_of(unsigned i)
{
    return host_reference(&w->arena, &many[i], CHIMNEY_TYPE_NEIGHBOR_CONST);
}

static uint64_t given_back(void)
{
    return UINT32_MAX - target()->pools[CHIMNEY_NEIGHBOR].in_use;
}

START_TEST(places_come_back_a_slice_at_a_time_and_before_the_next_request)
{
    open_many(128);
    w->s->inline_answers = true;
    chimney_terminate(w->s, list_of(end_of, MANY));
    ck_assert_uint_le(most_in_a_step(given_back), FLUE_SLICE);
    memset(many, 0, sizeof many);
    struct chimney_node *again = list_of(new_one, MANY);
    chimney_initiate(w->s, again);
    scripted_poll(w->s);
    for (; again; again = again->NextBlock)
        expect_status(again, CHIMNEY_STATUS_SUCCESS);
}
END_TEST

static struct chimney_node *replacement;

static void ask_for_the_place(struct scripted *s, enum chimney_operation operation,
                              struct chimney_node *root)
{
    (void)root;
    if (operation == CHIMNEY_TERMINATE)
        chimney_initiate(s, replacement);
}

/* Whatever the budget: who asks from inside the completion call finds all places. */
START_TEST(a_full_pool_has_room_for_who_comes_after_a_completion)
{
    open_many(128);
    for (unsigned budget = 1; budget < 100; budget *= 9) {
        struct host_object fresh[MANY];
        memset(fresh, 0, sizeof fresh);
        replacement = NULL;
        for (unsigned i = MANY; i-- > 0;) {
            struct chimney_node *node = host_new_neighbor(&w->arena, &fresh[i], i);
            node->NextBlock = replacement;
            replacement = node;
        }
        w->s->inline_answers = true;
        w->s->on_complete = ask_for_the_place;
        world_forget_log(w);
        chimney_terminate(w->s, list_of(end_of, MANY));
        while (flue_poll(target(), budget))
            ;
        for (unsigned i = 0; i < MANY; i++, replacement = replacement->NextBlock)
            expect_status(replacement, CHIMNEY_STATUS_SUCCESS);
        memcpy(many, fresh, sizeof many);
        w->s->on_complete = NULL;
    }
}
END_TEST

/* ---- Resets -------------------------------------------------------------------------------- */

static unsigned resting_lost(void)
{
    unsigned lost = 0;
    for (unsigned i = 0; i < MANY; i++)
        lost += strcmp(state_of(w, &many[i]), "offloaded") != 0;
    return lost;
}

START_TEST(a_reset_reaches_one_object_a_step_and_issues_nothing_before_the_last)
{
    open_many(128);
    unsigned seen = 0;
    flue_reset_begin(target());
    flue_reset_end(target());
    ck_assert_uint_eq(resting_lost(), 0); /* not inside the call */
    for (bool more = true; more && w->s->command_count == 0;) {
        more = flue_poll(target(), 1);
        unsigned lost = resting_lost();
        if (w->s->command_count == 0) {
            ck_assert_uint_le(lost - seen, 1);
            seen = lost;
        }
    }
    ck_assert_uint_eq(seen, MANY);
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    ck_assert_uint_eq(resting_lost(), 0);
}
END_TEST

/* ---- Who is called on whose thread --------------------------------------------------------- */

START_TEST(what_is_asked_of_the_target_is_done_in_a_poll)
{
    chimney_update(w->s, mac_update(w, 0, 0x11));
    scripted_poll(w->s);
    flue_tick(target(), 100000); /* over its time */
    flue_pause(target());
    flue_resume(target());
    flue_pause(target());
    ck_assert_uint_eq(w->s->command_count, 1);
    ck_assert_uint_eq(w->s->indication_count, 0);
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->command_count, 2); /* the old value is written back */
    ck_assert_uint_eq(w->s->indication_count, 1);
    flue_resume(target());
    ck_assert_uint_eq(w->s->indication_count, 1);
    flue_reset_begin(target());
    flue_reset_end(target());
    flue_poll(target(), 0);
    ck_assert_uint_eq(w->s->command_count, 2);
    ck_assert_uint_eq(w->s->completion_count, 0);
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    ck_assert_uint_eq(w->s->completion_count, 1);
}
END_TEST

START_TEST(a_poll_without_budget_swallows_no_tick)
{
    w->s->room = 0;
    struct chimney_node *node = mac_update(w, 0, 0x11);
    chimney_update(w->s, node);
    scripted_poll(w->s);
    w->s->room = UINT32_MAX;
    flue_tick(target(), 1);
    ck_assert(flue_poll(target(), 0)); /* true: there is work, for a poll with a budget */
    ck_assert_uint_eq(w->s->command_count, 0);
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    expect_status(node, CHIMNEY_STATUS_SUCCESS);
}
END_TEST

static void tick_in_doorbell(void *adapter)
{
    struct scripted *s = adapter;
    s->doorbells++;
    flue_tick(&s->target.flue, 100000);
    flue_poll(&s->target.flue, 1); /* the target is owned: a mark */
}

START_TEST(a_doorbell_follows_whatever_was_issued)
{
    static struct chimney_binding binding;
    binding = scripted_binding;
    binding.doorbell = tick_in_doorbell;
    w->s->target.flue.config.binding = &binding;
    chimney_update(w->s, mac_update(w, 0, 0x11));
    scripted_poll(w->s); /* its doorbell tells the time: the command is over it at once */
    ck_assert_uint_eq(w->s->command_count, 2);
    ck_assert_uint_eq(w->s->doorbells, 2);
    ck_assert(!target()->rings);
    w->s->target.flue.config.binding = &scripted_binding;
}
END_TEST

/* ---- Fairness ------------------------------------------------------------------------------ */

START_TEST(a_terminate_is_admitted_whoever_waits)
{
    struct flue_config config = scripted_config();
    config.running_requests = 4;
    world_close(w);
    w = world_open(&config);
    for (unsigned i = 0; i < 8; i++)
        chimney_update(w->s, mac_update(w, i % 2, (uint8_t)(0x11 + i)));
    scripted_poll(w->s);
    ck_assert_str_eq(scripted_names(w->s, 0), "write_mac write_mac");
    chimney_terminate(w->s, bare(w, &w->tcp[0]));
    scripted_poll(w->s);
    ck_assert_str_eq(scripted_names(w->s, 2), "remove_tcp");
}
END_TEST

/* The hardware answers one command after the other; the ring is small. */
START_TEST(an_update_and_a_terminate_wait_for_tens_of_commands_of_a_restore)
{
    open_many(16);
    flue_reset_begin(target());
    flue_reset_end(target());
    scripted_poll(w->s);
    for (unsigned i = 0; i < 100; i++) {
        scripted_answer(w->s, w->s->answered++, CHIMNEY_RESULT_OK);
        scripted_poll(w->s);
    }
    struct chimney_node *update = host_reference(&w->arena, &many[0], CHIMNEY_TYPE_NEIGHBOR_CACHED);
    host_neighbor_cached(update)->DlDestinationAddress[0] = 0x77;
    struct chimney_node *end = host_reference(&w->arena, &many[1], CHIMNEY_TYPE_NEIGHBOR_CONST);
    unsigned before = w->s->command_count;
    ck_assert_uint_lt(before, MANY / 2);
    chimney_update(w->s, update);
    chimney_terminate(w->s, end);
    while (w->s->completion_count < 2) {
        scripted_poll(w->s);
        scripted_answer(w->s, w->s->answered++, CHIMNEY_RESULT_OK);
        scripted_poll(w->s);
    }
    ck_assert_uint_le(w->s->command_count - before, 40);
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    expect_status(update, CHIMNEY_STATUS_SUCCESS);
    expect_status(end, CHIMNEY_STATUS_SUCCESS);
    ck_assert_str_eq(state_of(w, &many[MANY - 1]), "offloaded");
}
END_TEST

/* ---- What is being restored ---------------------------------------------------------------- */

static struct chimney_node *initiate_of_a_path(struct chimney_node **path)
{
    struct chimney_node *root = bare(w, &w->neighbor[0]);
    *path = host_link(root, host_new_path(&w->arena, &w->spare[1], 7, false));
    return root;
}

START_TEST(what_wants_a_link_to_what_is_being_restored_waits)
{
    uint8_t result = _i ? CHIMNEY_RESULT_FAILURE : CHIMNEY_RESULT_OK;
    flue_reset_begin(target());
    flue_reset_end(target());
    scripted_poll(w->s);
    ck_assert_str_eq(scripted_names(w->s, 0), "add_neighbor add_neighbor");
    struct chimney_node *path;
    chimney_initiate(w->s, initiate_of_a_path(&path));
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->completion_count, 0);
    for (unsigned i = 0; i < 2; i++)
        scripted_answer(w->s, w->s->answered++, result);
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    expect_status(path, result ? CHIMNEY_STATUS_FAILURE : CHIMNEY_STATUS_SUCCESS);
    ck_assert_ptr_eq((void *)(uintptr_t)(result ? 1 : 0),
                     (void *)(uintptr_t)(host_handle(&w->spare[1]) == 0));
}
END_TEST

START_TEST(another_reset_makes_the_waiting_longer)
{
    flue_reset_begin(target());
    flue_reset_end(target());
    scripted_poll(w->s);
    struct chimney_node *path;
    chimney_initiate(w->s, initiate_of_a_path(&path));
    scripted_poll(w->s);
    flue_reset_begin(target());
    flue_dma_stopped(target());
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->completion_count, 0);
    flue_reset_end(target());
    world_forget_log(w);
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    expect_status(path, CHIMNEY_STATUS_SUCCESS);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("budget");
    TCase *cases = tcase_create("budget");
    static const TTest *const *const tests[] = {
        &many_that_wait_for_one_object_are_served_one_by_one,
        &many_that_wait_for_what_ends_are_told_one_by_one,
        &a_deep_tree_is_left_a_few_levels_at_a_time,
        &the_last_answer_of_a_deep_tree_tells_of_a_few_levels_at_a_time,
        &many_roots_begin_a_slice_at_a_time_in_their_order,
        &completion_calls_are_made_one_at_a_time,
        &places_come_back_a_slice_at_a_time_and_before_the_next_request,
        &a_full_pool_has_room_for_who_comes_after_a_completion,
        &a_reset_reaches_one_object_a_step_and_issues_nothing_before_the_last,
        &what_is_asked_of_the_target_is_done_in_a_poll,
        &a_poll_without_budget_swallows_no_tick,
        &a_doorbell_follows_whatever_was_issued,
        &a_terminate_is_admitted_whoever_waits,
        &an_update_and_a_terminate_wait_for_tens_of_commands_of_a_restore,
        &another_reset_makes_the_waiting_longer,
    };
    tcase_add_checked_fixture(cases, world_setup, world_teardown);
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
        tcase_add_test(cases, *tests[i]);
    tcase_add_loop_test(cases, who_comes_later_waits_behind_those_that_wait, 0, 40);
    tcase_add_loop_test(cases, what_wants_a_link_to_what_is_being_restored_waits, 0, 2);
    suite_add_tcase(suite, cases);
    return run_suite(suite);
}
