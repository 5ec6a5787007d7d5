/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Resets that come at odd moments: while others are about to be served, while a line is stuck,
 * while the one before has not come to its end; and what is put back beside those that wait.
 */
#include "suite.h"
#include "world.h"

enum { MANY = 200, LONGEST_TIMEOUT = 100 };

static struct host_object many[MANY];
static struct chimney_node *updates[MANY], *waiting[2][MANY];

static struct flue_config config_of_many(void)
{
    struct flue_config config = scripted_config();
    config.capacity[CHIMNEY_NEIGHBOR] = NEIGHBORS + MANY;
    config.ring_entries = 256;
    config.running_requests = 1024;
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

static struct chimney_node *update_of(unsigned i, uint8_t mac)
{
    struct chimney_node *node = host_reference(&w->arena, &many[i], CHIMNEY_TYPE_NEIGHBOR_CACHED);
    memset(host_neighbor_cached(node)->DlDestinationAddress, mac, 6);
    return submit(chimney_update, node);
}

/* Each is updated, and two more updates of it wait. */
static void update_many_and_let_wait(void)
{
    for (unsigned i = 0; i < MANY; i++)
        updates[i] = update_of(i, 0x11);
    scripted_poll(w->s);
    for (unsigned i = 0; i < 2 * MANY; i++)
        waiting[i / MANY][i % MANY] = update_of(i % MANY, i < MANY ? 0x22 : 0x33);
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->command_count, MANY);
    ck_assert_uint_eq(stats()->deferred, 2 * MANY);
}

static unsigned still_open(struct chimney_node *const nodes[MANY])
{
    unsigned open = 0;
    for (unsigned i = 0; i < MANY; i++)
        open += open_still(nodes[i]);
    return open;
}

static bool all_are_lost(void)
{
    for (unsigned i = 0; i < MANY; i++)
        if (strcmp(state_of(w, &many[i]), "lost") != 0)
            return false;
    return true;
}

/* The address that the hardware was told last. */
static uint8_t last_mac(const struct host_object *object)
{
    for (unsigned i = w->s->command_count; i-- > 0;)
        if (w->s->commands[i].index == host_index(object) &&
            strcmp(w->s->commands[i].name, "write_mac") == 0)
            return scripted_args(w->s, i, write_mac)->destination_mac[0];
    return 0;
}

/* All are at rest, and in line to be served, when the hardware forgets them. */
START_TEST(who_is_in_line_keeps_the_order_over_a_reset)
{
    open_many();
    update_many_and_let_wait();
    for (unsigned i = 0; i < MANY; i++)
        scripted_answer(w->s, i, CHIMNEY_RESULT_OK);
    w->s->answered = MANY;
    flue_poll(target(), MANY);
    while (still_open(updates))
        flue_poll(target(), 1);
    unsigned sent = w->s->command_count;
    ck_assert_uint_lt(sent + 2 * FLUE_SLICE, 2 * MANY); /* most are still in line */
    flue_reset_begin(target());
    flue_dma_stopped(target());
    while (!all_are_lost()) {
        ck_assert_uint_eq(still_open(waiting[1]), MANY);
        ck_assert(flue_poll(target(), 1));
    }
    ck_assert_uint_eq(w->s->command_count, sent);
    flue_reset_end(target());
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    for (unsigned i = 0; i < MANY; i++) {
        expect_status(updates[i], CHIMNEY_STATUS_SUCCESS);
        expect_status(waiting[1][i], CHIMNEY_STATUS_SUCCESS);
        ck_assert_uint_eq(last_mac(&many[i]), 0x33);
    }
}
END_TEST

/* After any number of steps of the one before: nothing is sent in between, all is put back once. */
START_TEST(a_reset_may_begin_at_any_moment_of_the_one_before)
{
    struct flue_config config = scripted_config();
    for (unsigned kind = 0; kind < CHIMNEY_KINDS; kind++)
        config.capacity[kind] = CONNECTIONS; /* few steps, so that all moments are tried */
    world_close(w);
    w = world_open(&config);
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
    flue_tick(target(), LONGEST_TIMEOUT);
    scripted_poll(w->s);
    expect_status(first, CHIMNEY_STATUS_FAILURE);
    flue_reset_begin(target());
    flue_reset_end(target());
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    flue_tick(target(), 2 * LONGEST_TIMEOUT);
    scripted_poll(w->s);
    flue_tick(target(), 3 * LONGEST_TIMEOUT);
    ck_assert(flue_target_quiet(target())); /* nobody stands in line: no tick is work */
    struct chimney_node *second = submit(chimney_update, mac_update(w, 0, 0x22));
    scripted_poll(w->s);
    flue_tick(target(), 4 * LONGEST_TIMEOUT - 1);
    scripted_poll(w->s);
    ck_assert(open_still(second));
    w->s->full = NULL;
    flue_tick(target(), 4 * LONGEST_TIMEOUT);
    scripted_poll(w->s);
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    expect_status(second, CHIMNEY_STATUS_SUCCESS);
}
END_TEST

/* What becomes of it in the trace: where it was offered to the hardware, and its last status. */
static void look_for(const struct host_object *object, unsigned *offered, unsigned *status)
{
    *offered = *status = 0;
    for (unsigned i = 0; i < w->s->trace_count; i++) {
        const struct flue_trace *s = &w->s->trace[i];
        if (s->kind != CHIMNEY_TCP || s->index != host_index(object))
            continue;
        if (s->what == FLUE_TRACE_STEP && s->event == FLUE_EVENT_RESTORE)
            *offered = i;
        if (s->what == FLUE_TRACE_STATUS)
            *status = i;
    }
}

/* The neighbor of the even paths could not be put back; a connection of another path is new. */
static void lose_a_neighbor(void)
{
    flue_reset_begin(target());
    flue_reset_end(target());
    scripted_poll(w->s);
    scripted_answer(w->s, w->s->answered++, CHIMNEY_RESULT_FAILURE);
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    ck_assert_str_eq(state_of(w, &w->path[0]), "lost");
    struct chimney_node *path = bare(w, &w->path[1]);
    host_link(path, host_new_tcp(&w->arena, &w->spare[0], 40));
    run(w, chimney_initiate, path);
    world_forget_log(w);
}

/* A path is mended, so all that stands above is offered to the hardware: not before its waiters. */
START_TEST(those_that_wait_are_served_before_an_object_is_offered_again)
{
    enum { WAITING = 40 };
    struct chimney_node *asked[WAITING];
    lose_a_neighbor();
    submit(chimney_query, host_reference(&w->arena, &w->spare[0], CHIMNEY_TYPE_TCP_DELEGATED));
    scripted_poll(w->s);
    for (unsigned i = 0; i < WAITING; i++) {
        asked[i] = bare(w, &w->spare[0]);
        if (i)
            asked[i - 1]->NextBlock = asked[i];
    }
    submit(chimney_query, asked[0]);
    struct chimney_node *neighbor = bare(w, &w->neighbor[1]);
    host_link(neighbor, bare(w, &w->path[0]));
    submit(chimney_update, neighbor);
    scripted_poll(w->s);
    ck_assert_str_eq(scripted_names(w->s, 0), "read_tcp add_path");
    scripted_answer(w->s, 1, CHIMNEY_RESULT_OK);
    scripted_answer(w->s, 0, CHIMNEY_RESULT_OK);
    w->s->answered = 2;
    while (flue_poll(target(), 1))
        ;
    ck_assert_str_eq(state_of(w, &w->path[0]), "offloaded");
    for (unsigned i = 0; i < WAITING; i++)
        expect_status(asked[i], CHIMNEY_STATUS_SUCCESS);
    unsigned offered, status;
    look_for(&w->spare[0], &offered, &status);
    ck_assert(offered > status || !w->s->trace_count);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("resets");
    TCase *cases = tcase_create("resets");
    tcase_add_checked_fixture(cases, world_setup, world_teardown);
    tcase_add_test(cases, who_is_in_line_keeps_the_order_over_a_reset);
    tcase_add_loop_test(cases, a_reset_may_begin_at_any_moment_of_the_one_before, 0, 80);
    tcase_add_test(cases, after_a_reset_no_line_is_stuck);
    tcase_add_test(cases, those_that_wait_are_served_before_an_object_is_offered_again);
    suite_add_tcase(suite, cases);
    return run_suite(suite);
}
