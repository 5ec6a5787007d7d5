/* SPDX-License-Identifier: BSD-2-Clause */
/* Reset and surprise removal from every state an object can be in, with and without answers. */

#include "flue/priv/object.h"
#include "suite.h"
#include "world.h"

static struct host_object *subject;
static struct chimney_node *told; /* of the request that brought the state about, if any */

/* One way into each state of a path: the request, then answers in order. */
struct way {
    const char *state;
    entry_point *operation;
    unsigned answers;
    uint8_t result[3];
};

static const struct way ways[] = {
    {"offloading", chimney_initiate, 0, {0}},
    {"withdrawing", chimney_initiate, 1, {CHIMNEY_RESULT_UNSURE}},
    {"stranded", chimney_initiate, 2, {CHIMNEY_RESULT_UNSURE, CHIMNEY_RESULT_FAILURE}},
    {"offloaded", NULL, 0, {0}},
    {"updating", chimney_update, 0, {0}},
    {"reverting", chimney_update, 1, {CHIMNEY_RESULT_FAILURE}},
    {"corrupt", chimney_update, 2, {CHIMNEY_RESULT_FAILURE, CHIMNEY_RESULT_FAILURE}},
    {"invalidating", chimney_invalidate, 0, {0}},
    {"terminating", chimney_terminate, 0, {0}},
    {"lost", NULL, 0, {0}},
    {"restoring", NULL, 0, {0}},
};
enum { WAYS = sizeof ways / sizeof *ways };

static void set_subject(void)
{
    world_setup();
    subject = &w->spare[0];
    told = NULL;
}

static void offload_subject(void)
{
    struct chimney_node *root = bare(w, &w->neighbor[0]);
    told = host_link(root, host_new_path(&w->arena, subject, 77, false));
    chimney_initiate(w->s, root);
}

static void begin(const struct way *way)
{
    if (way->operation == chimney_initiate) {
        offload_subject();
        return;
    }
    offload_subject();
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    world_forget_log(w);
    told = NULL;
    if (strcmp(way->state, "lost") == 0 || strcmp(way->state, "restoring") == 0) {
        flue_reset_begin(target());
        if (strcmp(way->state, "restoring") == 0) {
            flue_reset_end(target());
            scripted_poll(w->s); /* neighbors are restored first */
            while (w->s->answered < NEIGHBORS)
                scripted_answer(w->s, w->s->answered++, CHIMNEY_RESULT_OK);
        }
    } else if (way->operation) {
        told = host_reference(&w->arena, subject, CHIMNEY_TYPE_PATH_IPV4_CACHED);
        host_path_cached(told)->PathMtu = 555;
        way->operation(w->s, told);
    }
}

/* Brings the subject into the state and returns its place in the pool. */
static struct flue_object *arrive(const struct way *way)
{
    unsigned in_use = target()->pools[CHIMNEY_PATH].in_use;
    begin(way);
    scripted_poll(w->s);
    uint32_t index = in_use; /* objects are taken in order */
    struct flue_object *o = flue_object_at(target(), CHIMNEY_PATH, index);
    for (unsigned i = 0; i < way->answers; i++) {
        scripted_answer(w->s, w->s->answered++, way->result[i]);
        scripted_poll(w->s);
    }
    ck_assert_str_eq(chimney_state_name(CHIMNEY_PATH, o->state), way->state);
    return o;
}

START_TEST(removal)
{
    const struct way *way = &ways[_i];
    arrive(way);
    unsigned commands = w->s->command_count, before = w->s->completion_count;
    flue_remove(target());
    flue_remove(target());
    flue_reset_begin(target()); /* too late, no matter */
    flue_reset_end(target());
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->completion_count, before);
    flue_dma_stopped(target());
    scripted_poll(w->s);
    ck_assert(flue_target_quiet(target()));
    ck_assert_uint_eq(flue_target_phase(target()), FLUE_REMOVED);
    ck_assert_uint_eq(w->s->completion_count, told != NULL);
    while (w->s->answered < w->s->command_count) /* from a ghost */
        ck_assert(!scripted_answer(w->s, w->s->answered++, CHIMNEY_RESULT_OK));
    /* The host takes back what it has; every call completes, none reaches the hardware. */
    if (host_handle(subject))
        run(w, chimney_terminate, bare(w, subject));
    entry_point *const all[] = {chimney_update, chimney_query, chimney_invalidate,
                                chimney_terminate};
    for (unsigned i = 0; i < 4; i++)
        run(w, all[i], bare(w, &w->tcp[i]));
    ck_assert_uint_eq(w->s->command_count, commands);
}
END_TEST

START_TEST(reset_and_restore)
{
    const struct way *way = &ways[_i];
    struct flue_object *o = arrive(way);
    unsigned commands = w->s->command_count, before = w->s->completion_count;
    flue_reset_begin(target());
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->command_count, commands);
    ck_assert_uint_eq(w->s->completion_count, before);
    flue_dma_stopped(target());
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->completion_count, told != NULL);
    ck_assert_uint_eq(target()->short_of_room, 0);
    const char *state = chimney_state_name(CHIMNEY_PATH, o->state);
    bool gone = strcmp(state, "free") == 0;
    ck_assert(gone || strcmp(state, "lost") == 0);
    while (w->s->answered < w->s->command_count)
        ck_assert(!scripted_answer(w->s, w->s->answered++, CHIMNEY_RESULT_OK));
    flue_reset_end(target());
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    state = chimney_state_name(CHIMNEY_PATH, o->state);
    /* What was invalidated is not offered again. */
    bool stays = way->operation == chimney_invalidate;
    ck_assert_str_eq(state, gone ? "free" : stays ? "lost" : "offloaded");
    ck_assert_uint_eq(target()->free_slots, target()->config.ring_entries);
}
END_TEST

START_TEST(what_comes_during_a_reset_waits_for_its_end)
{
    flue_reset_begin(target());
    struct chimney_node *node = host_new_neighbor(&w->arena, &w->spare[1], 12);
    chimney_initiate(w->s, node);
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->command_count, 0);
    ck_assert_uint_eq(w->s->completion_count, 0);
    flue_reset_end(target());
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    expect_status(node, CHIMNEY_STATUS_SUCCESS);
}
END_TEST

/* Wherever the host has it, the mark is set and counts, be it in the hardware or not. */
START_TEST(what_is_invalidated_stays_out_of_the_hardware)
{
    const struct way *way = &ways[_i];
    if (way->operation == chimney_initiate || way->operation == chimney_terminate)
        return; /* the host does not have it yet, or gave it up already */
    struct flue_object *o = arrive(way);
    struct chimney_node *node = bare(w, subject);
    chimney_invalidate(w->s, node);
    scripted_poll(w->s);
    ck_assert(o->marks & 1 << CHIMNEY_MARK_INVALID);
    flue_reset_end(target());
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    expect_status(node, CHIMNEY_STATUS_SUCCESS);
    world_forget_log(w);
    flue_reset_begin(target());
    flue_reset_end(target());
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    ck_assert_str_eq(chimney_state_name(CHIMNEY_PATH, o->state), "lost");
}
END_TEST

static struct chimney_node *stranding;
static unsigned commands_before; /* the completion of what strands an object */

static void note_commands(struct scripted *s, enum chimney_operation operation,
                          struct chimney_node *root)
{
    (void)operation;
    if (root == stranding)
        commands_before = s->command_count;
}

/* A reset ends it while its request still has nodes to walk; another one waits for its place. */
START_TEST(a_stranded_place_is_free_after_the_completion)
{
    stranding = host_new_neighbor(&w->arena, &w->spare[0], 70);
    for (unsigned i = 2; i < 8; i++)
        host_link(stranding, host_new_path(&w->arena, &w->spare[i], i, false));
    w->s->on_complete = note_commands;
    chimney_initiate(w->s, stranding);
    scripted_poll(w->s);
    uint32_t place = w->s->commands[0].index;
    scripted_answer(w->s, w->s->answered++, CHIMNEY_RESULT_UNSURE);
    scripted_poll(w->s);
    scripted_answer(w->s, w->s->answered++, CHIMNEY_RESULT_FAILURE);
    flue_poll(target(), 2);
    ck_assert_uint_eq(w->s->completion_count, 0);
    flue_reset_begin(target());
    flue_reset_end(target());
    struct chimney_node *next = host_new_neighbor(&w->arena, &w->spare[1], 71);
    chimney_initiate(w->s, next);
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    expect_status(stranding, CHIMNEY_STATUS_FAILURE);
    expect_status(next, CHIMNEY_STATUS_SUCCESS);
    for (unsigned i = 2; i < commands_before; i++)
        ck_assert(w->s->commands[i].index != place ||
                  strcmp(w->s->commands[i].name, "add_neighbor") != 0);
    w->s->on_complete = NULL;
    run(w, chimney_initiate, host_new_neighbor(&w->arena, &w->spare[2], 72));
    ck_assert_uint_eq(host_index(&w->spare[2]), place); /* it is free now */
}
END_TEST

/* Its turn has not come yet: that is no reason to refuse. Nor does it matter whose turn is next. */
START_TEST(what_comes_before_its_turn_to_be_restored_waits)
{
    struct chimney_node *update = mtu_update(w, 0, 1280);
    flue_reset_begin(target());
    chimney_update(w->s, update);
    offload_subject();
    scripted_poll(w->s);
    flue_reset_end(target());
    for (unsigned i = 0; i < 30; i++)
        flue_poll(target(), 1);
    ck_assert_uint_eq(w->s->completion_count, 0);
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    expect_status(update, CHIMNEY_STATUS_SUCCESS);
    expect_status(told, CHIMNEY_STATUS_SUCCESS);
}
END_TEST

/* What marks an object marks it at once, so that it is not put back. */
START_TEST(what_is_invalidated_before_its_turn_is_not_restored)
{
    struct chimney_node *node = bare(w, &w->path[0]);
    flue_reset_begin(target());
    chimney_invalidate(w->s, node);
    scripted_poll(w->s);
    flue_reset_end(target());
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    expect_status(node, CHIMNEY_STATUS_SUCCESS);
    ck_assert_str_eq(state_of(w, &w->path[0]), "lost");
    ck_assert_str_eq(state_of(w, &w->path[1]), "offloaded");
}
END_TEST

START_TEST(lost_connections_are_told_of)
{
    flue_reset_begin(target());
    flue_reset_end(target());
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    ck_assert_uint_eq(w->s->aborts, CONNECTIONS);
    for (unsigned i = 0; i < CONNECTIONS; i++) {
        struct chimney_node *node =
            host_reference(&w->arena, &w->tcp[i], CHIMNEY_TYPE_TCP_DELEGATED);
        run(w, chimney_terminate, node);
        expect_status(node, CHIMNEY_STATUS_FAILURE); /* its state was lost */
    }
    ck_assert_uint_eq(target()->pools[CHIMNEY_TCP].in_use, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("removal");
    TCase *cases = tcase_create("removal");
    tcase_add_checked_fixture(cases, set_subject, world_teardown);
    tcase_add_loop_test(cases, removal, 0, WAYS);
    tcase_add_loop_test(cases, reset_and_restore, 0, WAYS);
    tcase_add_test(cases, what_comes_during_a_reset_waits_for_its_end);
    tcase_add_loop_test(cases, what_is_invalidated_stays_out_of_the_hardware, 0, WAYS);
    tcase_add_test(cases, a_stranded_place_is_free_after_the_completion);
    tcase_add_test(cases, what_comes_before_its_turn_to_be_restored_waits);
    tcase_add_test(cases, what_is_invalidated_before_its_turn_is_not_restored);
    tcase_add_test(cases, lost_connections_are_told_of);
    suite_add_tcase(suite, cases);
    return run_suite(suite);
}
