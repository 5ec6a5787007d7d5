/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Resets that come at odd moments: while others are about to be served, while a line is stuck,
 * while the one before has not come to its end; and what is put back beside those that wait.
 */
#include "suite.h"
#include "world.h"

enum { MANY = 200, PATIENCE = 100 };

static struct host_object many[MANY];
static struct chimney_node *updates[MANY], *queries[MANY];

static struct flue_config config_of_many(void)
{
    struct flue_config config = scripted_config();
    config.capacity[CHIMNEY_NEIGHBOR] = NEIGHBORS + MANY;
    config.ring_entries = 256;
    config.running_requests = 512;
    return config;
}

static void open_many(void)
{
    struct flue_config config = config_of_many();
    world_close(w);
    w = world_open(&config);
    memset(many, 0, sizeof many);
    struct chimney_node *first = NULL;
    for (unsigned i = MANY; i-- > 0;) {
        struct chimney_node *node = host_new_neighbor(&w->arena, &many[i], 100 + i);
        node->NextBlock = first;
        first = node;
    }
    run(w, chimney_initiate, first);
    world_forget_log(w);
}

static struct chimney_node *submit(entry_point *operation, struct chimney_node *root)
{
    root->Status = 0x5a5a5a5a;
    operation(w->s, root);
    return root;
}

static bool open_still(const struct chimney_node *root)
{
    return root->Status == 0x5a5a5a5a;
}

/* Each is updated, and asked about meanwhile. */
static void update_and_query_many(void)
{
    for (unsigned i = 0; i < MANY; i++) {
        struct chimney_node *node =
            host_reference(&w->arena, &many[i], CHIMNEY_TYPE_NEIGHBOR_CACHED);
        memset(host_neighbor_cached(node)->DlDestinationAddress, 0x77, 6);
        updates[i] = submit(chimney_update, node);
    }
    scripted_poll(w->s);
    for (unsigned i = 0; i < MANY; i++)
        queries[i] = submit(chimney_query, bare(w, &many[i]));
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->command_count, MANY);
    ck_assert_uint_eq(stats()->deferred, MANY);
}

static unsigned still_open(struct chimney_node *const nodes[MANY])
{
    unsigned open = 0;
    for (unsigned i = 0; i < MANY; i++)
        open += open_still(nodes[i]);
    return open;
}

/* All are at rest, and in line to be served, when the hardware forgets them. */
START_TEST(nobody_in_line_is_served_before_all_know_of_the_reset)
{
    open_many();
    update_and_query_many();
    for (unsigned i = 0; i < MANY; i++)
        scripted_answer(w->s, i, CHIMNEY_RESULT_OK);
    w->s->answered = MANY;
    flue_poll(target(), MANY);
    while (still_open(updates))
        flue_poll(target(), 1);
    unsigned open = still_open(queries);
    ck_assert_uint_gt(open, 2 * FLUE_SLICE);
    flue_reset_begin(target());
    flue_dma_stopped(target());
    for (bool lost = false; !lost;) {
        ck_assert_uint_eq(still_open(queries), open);
        ck_assert(flue_poll(target(), 1));
        lost = true;
        for (unsigned i = 0; i < MANY; i++)
            lost &= strcmp(state_of(w, &many[i]), "lost") == 0;
    }
    flue_reset_end(target());
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    for (unsigned i = 0; i < MANY; i++) {
        expect_status(updates[i], CHIMNEY_STATUS_SUCCESS);
        expect_status(queries[i], CHIMNEY_STATUS_SUCCESS);
        ck_assert_str_eq(state_of(w, &many[i]), "offloaded");
    }
}
END_TEST

/* After any number of steps of the one before: nothing is sent in between, all is put back once. */
START_TEST(a_reset_may_begin_at_any_moment_of_the_one_before)
{
    flue_reset_begin(target());
    flue_reset_end(target());
    for (int i = 0; i < _i; i++)
        flue_poll(target(), 1);
    flue_reset_begin(target());
    unsigned sent = w->s->command_count;
    while (flue_poll(target(), 1))
        ;
    ck_assert_uint_eq(w->s->command_count, sent);
    for (unsigned i = 0; i < sent; i++)
        ck_assert(!scripted_answer(w->s, i, CHIMNEY_RESULT_OK));
    world_forget_log(w);
    flue_reset_end(target());
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    ck_assert_uint_eq(w->s->command_count, NEIGHBORS + PATHS); /* connections are not put back */
    for (unsigned i = 0; i < PATHS; i++)
        ck_assert_str_eq(state_of(w, &w->path[i]), "offloaded");
}
END_TEST

/* The hardware is new: whoever finds no room waits again for as long as any command may take. */
START_TEST(after_a_reset_no_line_is_stuck)
{
    w->s->full = "write_mac";
    struct chimney_node *first = submit(chimney_update, mac_update(w, 0, 0x11));
    scripted_poll(w->s);
    flue_tick(target(), PATIENCE);
    scripted_poll(w->s);
    expect_status(first, CHIMNEY_STATUS_FAILURE);
    flue_reset_begin(target());
    flue_reset_end(target());
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    unsigned wakes = w->s->wakes;
    flue_tick(target(), PATIENCE + 1); /* nobody stands in line: no tick is work */
    ck_assert_uint_eq(w->s->wakes, wakes);
    struct chimney_node *second = submit(chimney_update, mac_update(w, 0, 0x22));
    scripted_poll(w->s);
    flue_tick(target(), 2 * PATIENCE);
    scripted_poll(w->s);
    ck_assert(open_still(second));
    w->s->full = NULL;
    flue_tick(target(), 2 * PATIENCE + 1);
    scripted_poll(w->s);
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    expect_status(second, CHIMNEY_STATUS_SUCCESS);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("resets");
    TCase *cases = tcase_create("resets");
    tcase_add_checked_fixture(cases, world_setup, world_teardown);
    tcase_add_test(cases, nobody_in_line_is_served_before_all_know_of_the_reset);
    tcase_add_loop_test(cases, a_reset_may_begin_at_any_moment_of_the_one_before, 0, 60);
    tcase_add_test(cases, after_a_reset_no_line_is_stuck);
    suite_add_tcase(suite, cases);
    return run_suite(suite);
}
