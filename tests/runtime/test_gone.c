/* SPDX-License-Identifier: BSD-2-Clause */
/* The hardware says that it does not have the object, or that it does not know what it did. */

#include "flue/priv/object.h"
#include "suite.h"
#include "world.h"

static struct chimney_node *asked(entry_point *operation, struct chimney_node *node)
{
    operation(w->s, node);
    scripted_poll(w->s);
    return node;
}

/* The commands of a request that are not answered yet are answered, one after the other. */
static void answer(unsigned count, const uint8_t *results)
{
    for (unsigned i = 0; i < count; i++)
        ck_assert(scripted_answer(w->s, w->s->answered++, results[i]));
    scripted_poll(w->s);
}

#define ANSWER(...) answer(sizeof((const uint8_t[]){__VA_ARGS__}), (const uint8_t[]){__VA_ARGS__})

static struct chimney_node *terminate(struct host_object *object, uint8_t type)
{
    return asked(chimney_terminate, host_reference(&w->arena, object, type));
}

/* The command is carried out; its answer never comes. */
static void lose_answer(void)
{
    flue_tick(target(), target()->now + 1000);
    scripted_poll(w->s);
    w->s->answered = w->s->command_count;
}

/* ---- Removals -------------------------------------------------------------------------------- */

START_TEST(what_a_removal_lost_is_failure_and_not_zeros)
{
    struct chimney_node *node = terminate(&w->tcp[0], CHIMNEY_TYPE_TCP_DELEGATED);
    lose_answer();
    expect_status(node, CHIMNEY_STATUS_FAILURE);
    ck_assert_str_eq(state_of(w, &w->tcp[0]), "corrupt");
    node = host_reference(&w->arena, &w->tcp[0], CHIMNEY_TYPE_TCP_DELEGATED);
    struct chimney_tcp_delegated *state = host_tcp_delegated(node);
    const struct chimney_tcp_delegated before = *state;
    asked(chimney_terminate, node);
    ANSWER(CHIMNEY_RESULT_GONE);
    expect_status(node, CHIMNEY_STATUS_FAILURE);
    ck_assert_mem_eq(state, &before, sizeof before);
    ck_assert_uint_eq(w->s->command_count, 2);
    expect_status(terminate(&w->tcp[0], CHIMNEY_TYPE_TCP_DELEGATED), CHIMNEY_STATUS_FAILURE);
    ck_assert_uint_eq(w->s->command_count, 2); /* the handle has ended */
    ck_assert_uint_eq(object_of(w, &w->path[0])->dependents, 1);
}
END_TEST

START_TEST(a_removal_by_which_nothing_is_lost_is_good)
{
    struct host_object *path = &w->spare[0];
    struct chimney_node *root = bare(w, &w->neighbor[0]);
    host_link(root, host_new_path(&w->arena, path, 99, false));
    run(w, chimney_initiate, root);
    struct chimney_node *node = terminate(path, CHIMNEY_TYPE_PATH_IPV4_CONST);
    ANSWER(CHIMNEY_RESULT_GONE);
    expect_status(node, CHIMNEY_STATUS_SUCCESS);
    ck_assert_uint_eq(target()->pools[CHIMNEY_PATH].in_use, PATHS);
}
END_TEST

START_TEST(to_an_undo_what_is_not_there_is_as_good_as_removed)
{
    struct host_object other;
    struct chimney_node *node = asked(chimney_initiate, host_new_neighbor(&w->arena, &other, 1));
    ANSWER(CHIMNEY_RESULT_UNSURE);
    ck_assert_str_eq(scripted_names(w->s, 0), "add_neighbor remove_neighbor");
    ANSWER(CHIMNEY_RESULT_GONE);
    expect_status(node, CHIMNEY_STATUS_FAILURE);
    ck_assert_uint_eq(host_handle(&other), 0);
    ck_assert_uint_eq(target()->pools[CHIMNEY_NEIGHBOR].in_use, NEIGHBORS);
}
END_TEST

/* ---- Reads and writes ------------------------------------------------------------------------ */

static void expect_told(const struct host_object *tcp, bool told)
{
    unsigned events = 0;
    for (unsigned i = 0; i < w->s->indication_count; i++)
        events += w->s->indications[i].handle == tcp;
    ck_assert_uint_eq(events, told ? 2 : 0);
}

START_TEST(what_cannot_be_read_since_it_is_not_there_is_lost)
{
    struct chimney_node *node = host_reference(&w->arena, &w->tcp[0], CHIMNEY_TYPE_TCP_DELEGATED);
    asked(chimney_query, node);
    ANSWER(CHIMNEY_RESULT_GONE);
    expect_status(node, CHIMNEY_STATUS_FAILURE);
    ck_assert_str_eq(state_of(w, &w->tcp[0]), "lost");
    expect_told(&w->tcp[0], true);
    expect_told(&w->tcp[1], false);
    expect_status(terminate(&w->tcp[0], CHIMNEY_TYPE_TCP_DELEGATED), CHIMNEY_STATUS_FAILURE);
    ck_assert_uint_eq(w->s->command_count, 1); /* there is nothing to be removed */
    ck_assert_uint_eq(target()->pools[CHIMNEY_TCP].in_use, CONNECTIONS - 1);
}
END_TEST

START_TEST(what_is_written_to_and_not_there_is_not_written_back)
{
    struct chimney_node *node = asked(chimney_update, mac_update(w, 0, 9));
    ANSWER(CHIMNEY_RESULT_GONE);
    expect_status(node, CHIMNEY_STATUS_FAILURE);
    ck_assert_str_eq(state_of(w, &w->neighbor[0]), "lost");
    ck_assert_str_eq(scripted_names(w->s, 0), "write_mac");
    expect_told(&w->tcp[0], true);
    expect_told(&w->tcp[1], false);
}
END_TEST

static struct chimney_node *three_writes(unsigned tcp)
{
    struct chimney_node *node = host_new_tcp(&w->arena, &(struct host_object){0}, tcp);
    struct chimney_node *new = host_reference(&w->arena, &w->tcp[tcp], CHIMNEY_TYPE_TCP_CACHED);
    *host_tcp_cached(new) = *host_tcp_cached(node);
    host_tcp_cached(new)->KaTimeout += 1;
    host_tcp_cached(new)->RcvIndicationSize += 1;
    host_tcp_cached(new)->TtlOrHopLimit += 1;
    return asked(chimney_update, new);
}

/* Whatever the others said, before it and after it. */
START_TEST(one_of_many_that_finds_it_gone_says_it_for_all)
{
    static const uint8_t said[][3] = {
        {CHIMNEY_RESULT_GONE, CHIMNEY_RESULT_GONE, CHIMNEY_RESULT_GONE},
        {CHIMNEY_RESULT_OK, CHIMNEY_RESULT_GONE, CHIMNEY_RESULT_GONE},
        {CHIMNEY_RESULT_FAILURE, CHIMNEY_RESULT_UNSURE, CHIMNEY_RESULT_GONE},
        {CHIMNEY_RESULT_GONE, CHIMNEY_RESULT_FAILURE, CHIMNEY_RESULT_UNSURE},
    };
    for (unsigned i = 0; i < sizeof said / sizeof *said; i++) {
        unsigned issued = w->s->command_count;
        struct chimney_node *node = three_writes(i);
        ck_assert_uint_eq(w->s->command_count, issued + 3);
        answer(2, said[i]);
        ck_assert_str_eq(state_of(w, &w->tcp[i]), "updating");
        answer(1, said[i] + 2);
        expect_status(node, CHIMNEY_STATUS_FAILURE);
        ck_assert_str_eq(state_of(w, &w->tcp[i]), "lost");
        ck_assert_uint_eq(w->s->command_count, issued + 3);
    }
}
END_TEST

START_TEST(old_values_are_not_written_to_what_is_gone)
{
    struct chimney_node *node = three_writes(0);
    ANSWER(CHIMNEY_RESULT_OK, CHIMNEY_RESULT_OK, CHIMNEY_RESULT_FAILURE);
    ck_assert_uint_eq(w->s->command_count, 6);
    ANSWER(CHIMNEY_RESULT_OK, CHIMNEY_RESULT_GONE, CHIMNEY_RESULT_GONE);
    expect_status(node, CHIMNEY_STATUS_FAILURE);
    ck_assert_str_eq(state_of(w, &w->tcp[0]), "lost");
}
END_TEST

START_TEST(what_could_not_be_stopped_since_it_is_gone_is_marked)
{
    struct chimney_node *node = asked(chimney_invalidate, bare(w, &w->neighbor[0]));
    ANSWER(CHIMNEY_RESULT_GONE);
    expect_status(node, CHIMNEY_STATUS_FAILURE);
    ck_assert_str_eq(state_of(w, &w->neighbor[0]), "lost");
    ck_assert_uint_eq(object_of(w, &w->neighbor[0])->marks & 3,
                      1u << CHIMNEY_MARK_INVALID | 1u << CHIMNEY_MARK_BROKEN);
}
END_TEST

START_TEST(what_was_gone_is_restored_after_a_reset)
{
    asked(chimney_update, mac_update(w, 0, 9));
    ANSWER(CHIMNEY_RESULT_GONE);
    flue_reset_begin(target());
    flue_reset_end(target());
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    ck_assert_str_eq(state_of(w, &w->neighbor[0]), "offloaded");
}
END_TEST

/* ---- What a command names -------------------------------------------------------------------- */

/* A command that finds no room is asked for again. */
static void give_room(void)
{
    w->s->full = NULL;
    flue_tick(target(), target()->now + 1);
    scripted_poll(w->s);
}

/* The neighbor is lost while what is to stand on it waits for room. */
static void find_neighbor_gone(const struct chimney_node *waits)
{
    unsigned issued = w->s->command_count;
    ck_assert_uint_eq(stats()->ring_full, 1);
    asked(chimney_update, mac_update(w, 0, 9));
    answer(1, (const uint8_t[]){CHIMNEY_RESULT_GONE});
    ck_assert_str_eq(state_of(w, &w->neighbor[0]), "lost");
    give_room();
    ck_assert_str_eq(scripted_names(w->s, issued), "write_mac"); /* and no more */
    expect_status(waits, CHIMNEY_STATUS_FAILURE);
    ck_assert_uint_eq(stats()->unsent, 1);
}

START_TEST(nothing_is_added_on_what_was_lost_while_there_was_no_room)
{
    struct host_object other;
    struct chimney_node *root = bare(w, &w->neighbor[0]);
    struct chimney_node *path = host_link(root, host_new_path(&w->arena, &other, 99, false));
    w->s->full = "add_path";
    asked(chimney_initiate, root);
    find_neighbor_gone(path);
    ck_assert_uint_eq(host_handle(&other), 0);
    ck_assert_uint_eq(target()->pools[CHIMNEY_PATH].in_use, PATHS);
}
END_TEST

/* A path that another neighbor serves, and a node that asks for this one and another MTU. */
static struct chimney_node *moves_to(unsigned neighbor, unsigned *path)
{
    uint32_t to = (uint32_t)host_handle(&w->neighbor[neighbor]);
    for (*path = 0; flue_links(object_of(w, &w->path[*path]))->to == to;)
        ++*path;
    struct chimney_node *root = bare(w, &w->neighbor[neighbor]);
    host_link(root, mtu_update(w, *path, 1280));
    return root;
}

START_TEST(nothing_moves_to_what_was_lost_while_there_was_no_room)
{
    unsigned path;
    struct chimney_node *root = moves_to(0, &path);
    w->s->full = "write_route";
    asked(chimney_update, root);
    find_neighbor_gone(root->DependentBlockList);
    ck_assert_str_eq(state_of(w, &w->path[path]), "offloaded");
}
END_TEST

/* The MTU is what it was, and it is not known where its packets go. */
START_TEST(nothing_is_led_back_to_what_was_lost_meanwhile)
{
    unsigned path = 0;
    while (flue_links(object_of(w, &w->path[path]))->to != (uint32_t)host_handle(&w->neighbor[0]))
        path++;
    struct chimney_node *root = bare(w, &w->neighbor[1]);
    struct chimney_node *node = host_link(root, mtu_update(w, path, 1280));
    asked(chimney_update, root);
    asked(chimney_update, mac_update(w, 0, 9));
    ck_assert_str_eq(scripted_names(w->s, 0), "write_route write_mtu write_mac");
    ck_assert(scripted_answer(w->s, 2, CHIMNEY_RESULT_GONE));
    ck_assert(scripted_answer(w->s, 0, CHIMNEY_RESULT_OK));
    ck_assert(scripted_answer(w->s, 1, CHIMNEY_RESULT_FAILURE));
    scripted_poll(w->s);
    ck_assert_str_eq(scripted_names(w->s, 3), "write_mtu");
    ck_assert_uint_eq(stats()->unsent, 1);
    ck_assert(scripted_answer(w->s, 3, CHIMNEY_RESULT_OK));
    scripted_poll(w->s);
    expect_status(node, CHIMNEY_STATUS_FAILURE);
    ck_assert_str_eq(state_of(w, &w->path[path]), "corrupt");
}
END_TEST

/* One of two commands says so, and the other is not answered: the path is still updating. */
START_TEST(nothing_is_added_on_what_an_answer_said_is_gone)
{
    struct host_object other;
    unsigned path;
    struct chimney_node *root = moves_to(0, &path);
    struct chimney_node *above = bare(w, &w->path[path]);
    struct chimney_node *tcp = host_link(above, host_new_tcp(&w->arena, &other, 99));
    w->s->full = "add_tcp";
    asked(chimney_initiate, above);
    asked(chimney_update, root);
    ck_assert_str_eq(scripted_names(w->s, 0), "write_route write_mtu");
    ck_assert(scripted_answer(w->s, 0, CHIMNEY_RESULT_GONE));
    scripted_poll(w->s);
    ck_assert_str_eq(state_of(w, &w->path[path]), "updating");
    give_room();
    ck_assert_uint_eq(w->s->command_count, 2);
    expect_status(tcp, CHIMNEY_STATUS_FAILURE);
    ck_assert(scripted_answer(w->s, 1, CHIMNEY_RESULT_OK));
    scripted_poll(w->s);
    ck_assert_str_eq(state_of(w, &w->path[path]), "lost");
}
END_TEST

/* ---- Unsure ---------------------------------------------------------------------------------- */

START_TEST(what_may_have_been_done_is_undone_and_its_slot_is_free)
{
    struct chimney_node *node = asked(chimney_update, mtu_update(w, 0, 1280));
    uint32_t slots = target()->config.ring_entries;
    ANSWER(CHIMNEY_RESULT_UNSURE);
    ck_assert_str_eq(scripted_names(w->s, 0), "write_mtu write_mtu");
    ck_assert_uint_eq(target()->free_slots, slots - 1); /* of the undo, which is under way */
    ANSWER(CHIMNEY_RESULT_OK);
    expect_status(node, CHIMNEY_STATUS_FAILURE);
    ck_assert_str_eq(state_of(w, &w->path[0]), "offloaded");
    ck_assert_uint_eq(target()->quarantined, 0);
    ck_assert_uint_eq(stats()->timeouts, 0);
    ck_assert_uint_eq(stats()->malformed_answers, 0);
}
END_TEST

/* A failed add leaves nothing behind, says the spec; but this is not what the answer says. */
START_TEST(an_add_that_may_have_been_done_is_taken_back)
{
    struct host_object other;
    struct chimney_node *root = bare(w, &w->neighbor[0]);
    struct chimney_node *path = host_link(root, host_new_path(&w->arena, &other, 99, false));
    asked(chimney_initiate, root);
    ANSWER(CHIMNEY_RESULT_UNSURE);
    ck_assert_str_eq(scripted_names(w->s, 0), "add_path remove_path");
    ANSWER(CHIMNEY_RESULT_UNSURE);
    expect_status(path, CHIMNEY_STATUS_FAILURE);
    ck_assert_uint_eq(target()->pools[CHIMNEY_PATH].in_use, PATHS + 1); /* stranded */
}
END_TEST

/* ---- What a command may be answered with ----------------------------------------------------- */

/* Of another command, or flue's own words for answers that did not come: nobody knows, then. */
START_TEST(results_that_a_command_cannot_have_are_malformed)
{
    static const uint8_t wrong[] = {CHIMNEY_RESULT_NEIGHBOR_ENTRIES, CHIMNEY_RESULT_TIMEOUT,
                                    CHIMNEY_RESULT_RESET, CHIMNEY_RESULTS, UINT8_MAX};
    for (unsigned i = 0; i < sizeof wrong; i++) {
        struct chimney_node *node = asked(chimney_update, mac_update(w, 0, (uint8_t)(20 + i)));
        answer(1, wrong + i);
        ck_assert_uint_eq(stats()->malformed_answers, i + 1);
        ANSWER(CHIMNEY_RESULT_OK); /* the old address again */
        expect_status(node, CHIMNEY_STATUS_FAILURE);
        ck_assert_str_eq(state_of(w, &w->neighbor[0]), "offloaded");
    }
    ck_assert_uint_eq(stats()->timeouts, 0);
}
END_TEST

START_TEST(what_is_to_be_added_cannot_be_gone)
{
    struct host_object other;
    struct chimney_node *node = asked(chimney_initiate, host_new_neighbor(&w->arena, &other, 1));
    ANSWER(CHIMNEY_RESULT_GONE);
    ck_assert_uint_eq(stats()->malformed_answers, 1);
    ck_assert_str_eq(scripted_names(w->s, 0), "add_neighbor remove_neighbor");
    ANSWER(CHIMNEY_RESULT_OK);
    expect_status(node, CHIMNEY_STATUS_FAILURE);
}
END_TEST

int main(void)
{
    return RUN_TESTS(
        "gone", world_setup, world_teardown, what_a_removal_lost_is_failure_and_not_zeros,
        a_removal_by_which_nothing_is_lost_is_good,
        to_an_undo_what_is_not_there_is_as_good_as_removed,
        what_cannot_be_read_since_it_is_not_there_is_lost,
        what_is_written_to_and_not_there_is_not_written_back,
        one_of_many_that_finds_it_gone_says_it_for_all, old_values_are_not_written_to_what_is_gone,
        what_could_not_be_stopped_since_it_is_gone_is_marked,
        what_was_gone_is_restored_after_a_reset,
        nothing_is_added_on_what_was_lost_while_there_was_no_room,
        nothing_moves_to_what_was_lost_while_there_was_no_room,
        nothing_is_led_back_to_what_was_lost_meanwhile,
        nothing_is_added_on_what_an_answer_said_is_gone,
        what_may_have_been_done_is_undone_and_its_slot_is_free,
        an_add_that_may_have_been_done_is_taken_back,
        results_that_a_command_cannot_have_are_malformed, what_is_to_be_added_cannot_be_gone);
}
