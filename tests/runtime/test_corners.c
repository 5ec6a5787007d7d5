/* SPDX-License-Identifier: BSD-2-Clause */
/* What hardly ever happens: numbers that run out, drivers that contradict themselves, odd trees. */

#include "suite.h"
#include "world.h"

#include "flue/priv/node.h"
#include "flue/priv/request.h"
#include "flue/priv/slot.h"

static struct chimney_node *timer_update(unsigned tcp, uint32_t ka_timeout)
{
    struct chimney_node *node = host_new_tcp(&w->arena, &(struct host_object){0}, tcp);
    struct chimney_node *asked = host_reference(&w->arena, &w->tcp[tcp], CHIMNEY_TYPE_TCP_CACHED);
    *host_tcp_cached(asked) = *host_tcp_cached(node);
    host_tcp_cached(asked)->KaTimeout = ka_timeout;
    return asked;
}

/* ---- Drivers ------------------------------------------------------------------------------- */

START_TEST(a_command_that_was_answered_was_issued_whatever_the_binding_says)
{
    struct chimney_node *node = mac_update(w, 0, 9);
    w->s->inline_answers = w->s->says_full = true;
    chimney_update(w->s, node);
    scripted_poll(w->s);
    w->s->inline_answers = w->s->says_full = false;
    w->s->answered = w->s->command_count;
    ck_assert_str_eq(scripted_names(w->s, 0), "write_mac");
    ck_assert_uint_eq(w->s->completion_count, 1);
    expect_status(node, CHIMNEY_STATUS_SUCCESS);
}
END_TEST

START_TEST(data_larger_than_any_is_malformed)
{
    static const unsigned char much[4096];
    struct chimney_node *node = host_reference(&w->arena, &w->tcp[0], CHIMNEY_TYPE_TCP_DELEGATED);
    chimney_query(w->s, node);
    scripted_poll(w->s);
    ck_assert(flue_command_done_with(target(), w->s->commands[0].cookie, CHIMNEY_RESULT_OK, much,
                                     sizeof much));
    w->s->answered = 1;
    scripted_poll(w->s);
    expect_status(node, CHIMNEY_STATUS_FAILURE);
    ck_assert_uint_eq(stats()->bad_answers, 1);
}
END_TEST

/* A cookie's generation is never 0: the first one follows the last. */
START_TEST(cookies_begin_anew_when_their_numbers_run_out)
{
    for (uint32_t i = 0; i < target()->config.ring_entries; i++)
        atomic_store(&target()->slots[i].word, flue_slot_word(UINT32_MAX, FLUE_SLOT_FREE));
    struct chimney_node *node = mac_update(w, 0, 9);
    chimney_update(w->s, node);
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->commands[0].cookie >> 32, 1);
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    expect_status(node, CHIMNEY_STATUS_SUCCESS);
}
END_TEST

static void poll_again(struct scripted *s, enum chimney_operation operation,
                       struct chimney_node *root)
{
    (void)operation, (void)root;
    flue_poll(&s->target.flue, 1000);
}

/* Take the functions of a table away one by one; each is named, but for those nobody needs. */
static unsigned take_away(void *table, size_t bytes, const struct chimney_binding *binding,
                          const struct chimney_completions *completions,
                          const struct chimney_indications *indications)
{
    unsigned named = 0;
    unsigned char kept[sizeof(void *)], *at = table;
    for (size_t place = 0; place < bytes; place += sizeof kept) {
        memcpy(kept, at + place, sizeof kept);
        memset(at + place, 0, sizeof kept);
        const char *name = chimney_missing(binding, completions, indications);
        enum flue_error error = chimney_init(&w->s->target, &target()->config, binding, completions,
                                             indications, w->s->memory, name ? SIZE_MAX : 0);
        ck_assert_int_eq(error, name ? FLUE_BAD_CONFIG : FLUE_BAD_MEMORY);
        named += name != NULL;
        memcpy(at + place, kept, sizeof kept);
    }
    return named;
}

START_TEST(init_names_what_is_missing)
{
    struct chimney_binding binding = scripted_binding;
    struct chimney_completions completions = scripted_completions;
    struct chimney_indications indications = scripted_indications;
    unsigned commands = 0;
    for (unsigned k = 0; k < CHIMNEY_KINDS; k++)
        commands += chimney_spec.kinds[k].command_count;
    ck_assert_ptr_null(chimney_missing(&binding, &completions, &indications));
    ck_assert_uint_eq(take_away(&binding, sizeof binding, &binding, &completions, &indications),
                      commands);
    ck_assert_uint_eq(
        take_away(&completions, sizeof completions, &binding, &completions, &indications),
        CHIMNEY_OPERATIONS);
    ck_assert_uint_eq(
        take_away(&indications, sizeof indications, &binding, &completions, &indications), 3);
    binding.write_mtu = NULL;
    indications.NdisMIndicateStatusEx = NULL;
    ck_assert_str_eq(chimney_missing(&binding, &completions, NULL), "binding.write_mtu");
    ck_assert_str_eq(chimney_missing(NULL, &completions, NULL), "binding");
    ck_assert_str_eq(chimney_missing(&scripted_binding, NULL, NULL), "completions");
    ck_assert_str_eq(chimney_missing(&scripted_binding, &completions, &indications),
                     "indications.NdisMIndicateStatusEx");
}
END_TEST

/* The budget is spent; what a call from within asks for is not forgotten: the caller is told. */
START_TEST(a_poll_from_within_outlives_the_budget)
{
    struct chimney_node *node = mac_update(w, 0, 9);
    chimney_update(w->s, node);
    scripted_poll(w->s);
    scripted_answer(w->s, 0, CHIMNEY_RESULT_OK);
    w->s->answered = 1;
    w->s->on_complete = poll_again;
    ck_assert(flue_poll(target(), 1));
    w->s->on_complete = NULL;
    scripted_poll(w->s);
    expect_status(node, CHIMNEY_STATUS_SUCCESS);
}
END_TEST

/* ---- Waiting for room ---------------------------------------------------------------------- */

START_TEST(a_reset_takes_everyone_out_of_the_line)
{
    struct chimney_node *updates[4], *gone;
    w->s->room = 0;
    for (unsigned i = 4; i-- > 0;) { /* the last of the pool is the first in line */
        updates[i] = timer_update(i, 1000);
        chimney_update(w->s, updates[i]);
        scripted_poll(w->s);
    }
    gone = host_reference(&w->arena, &w->tcp[7], CHIMNEY_TYPE_TCP_DELEGATED);
    chimney_terminate(w->s, gone);
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->completion_count, 0);
    flue_reset_begin(target());
    flue_dma_stopped(target());
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->completion_count, 5);
    for (unsigned i = 0; i < 4; i++)
        expect_status(updates[i], CHIMNEY_STATUS_FAILURE);
    expect_status(gone, CHIMNEY_STATUS_FAILURE);
    ck_assert_uint_eq(w->s->command_count, 0);
    w->s->room = UINT32_MAX;
    flue_reset_end(target());
}
END_TEST

/* ---- Reset --------------------------------------------------------------------------------- */

START_TEST(a_target_that_restores_is_not_quiet)
{
    flue_reset_begin(target());
    flue_reset_end(target());
    scripted_poll(w->s);
    ck_assert_str_eq(scripted_names(w->s, 0), "add_neighbor add_neighbor");
    ck_assert(!flue_target_quiet(target()));
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    ck_assert(flue_target_quiet(target()));
}
END_TEST

/* ---- Trees --------------------------------------------------------------------------------- */

START_TEST(a_new_object_must_bring_all_its_state)
{
    struct chimney_node *part = host_node(&w->arena, &w->spare[0], CHIMNEY_TYPE_NEIGHBOR_CACHED);
    struct chimney_node *unknown = host_node(&w->arena, &w->spare[1], CHIMNEY_TYPE_NEIGHBOR_ALL);
    unknown->Header.Type = 0xfe;
    run(w, chimney_initiate, part);
    run(w, chimney_initiate, unknown);
    expect_status(part, CHIMNEY_STATUS_FAILURE);
    expect_status(unknown, CHIMNEY_STATUS_FAILURE);
    ck_assert_uint_eq(stats()->bad_types, 2);
    ck_assert_uint_eq(w->s->command_count, 0);
}
END_TEST

/* What waits for the nodes above it is found by the host's links; here they change meanwhile. */
START_TEST(a_tree_that_is_changed_under_way_completes_all_the_same)
{
    struct chimney_node *root = host_new_neighbor(&w->arena, &w->spare[0], 40);
    struct chimney_node *path = host_link(root, host_new_path(&w->arena, &w->spare[1], 41, false));
    struct chimney_node *tcp[3];
    for (unsigned i = 0; i < 3; i++)
        tcp[i] = host_link(path, host_new_tcp(&w->arena, &w->spare[2 + i], 42 + i));
    uint32_t before = target()->pools[CHIMNEY_TCP].in_use;
    chimney_initiate(w->s, root);
    scripted_poll(w->s);
    struct chimney_node **link[] = {&tcp[1]->NextBlock, &path->DependentBlockList,
                                    &tcp[0]->NextBlock};
    *link[_i] = _i == 0 ? tcp[1] : NULL; /* a loop; the end */
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    ck_assert_uint_eq(w->s->completion_count, 1);
    expect_status(root, CHIMNEY_STATUS_FAILURE);
    const uint32_t begun[] = {2, 0, 1};
    ck_assert_uint_eq(target()->pools[CHIMNEY_TCP].in_use, before + begun[_i]);
    ck_assert(flue_target_quiet(target()));
    for (unsigned i = 0; i < begun[_i]; i++)
        run(w, chimney_terminate, bare(w, &w->spare[2 + i]));
}
END_TEST

START_TEST(nothing_is_linked_to_what_is_gone)
{
    run(w, chimney_initiate, host_new_neighbor(&w->arena, &w->spare[0], 40));
    run(w, chimney_terminate,
        host_reference(&w->arena, &w->spare[0], CHIMNEY_TYPE_NEIGHBOR_DELEGATED));
    world_forget_log(w);
    struct chimney_node *root = bare(w, &w->spare[0]);
    struct chimney_node *path = host_link(root, bare(w, &w->path[0]));
    run(w, chimney_update, root);
    expect_status(root, CHIMNEY_STATUS_FAILURE);
    expect_status(path, CHIMNEY_STATUS_FAILURE);
    ck_assert_uint_eq(stats()->stale, 1);
    ck_assert_uint_eq(object_of(w, &w->path[0])->links[0].to, host_index(&w->neighbor[0]));
}
END_TEST

/* The root waits for a dependent that is none of its own; meanwhile another call takes it away. */
START_TEST(an_object_may_go_while_its_node_waits)
{
    run(w, chimney_initiate, host_new_neighbor(&w->arena, &w->spare[0], 40));
    world_forget_log(w);
    struct chimney_node *root =
        host_reference(&w->arena, &w->spare[0], CHIMNEY_TYPE_NEIGHBOR_DELEGATED);
    struct chimney_node *path = host_link(root, bare(w, &w->path[0]));
    host_link(path, host_reference(&w->arena, &w->tcp[0], CHIMNEY_TYPE_TCP_DELEGATED));
    chimney_terminate(w->s, root);
    scripted_poll(w->s);
    ck_assert_str_eq(scripted_names(w->s, 0), "remove_tcp");
    struct chimney_node *other =
        host_reference(&w->arena, &w->spare[0], CHIMNEY_TYPE_NEIGHBOR_DELEGATED);
    chimney_terminate(w->s, other);
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    expect_status(other, CHIMNEY_STATUS_SUCCESS);
    expect_status(root, CHIMNEY_STATUS_FAILURE);
    ck_assert_uint_eq(stats()->stale, 1);
}
END_TEST

/* ---- Other layouts ------------------------------------------------------------------------- */

/* A type of two or four bytes: what follows it in chimney's node is 0 here, so the codes fit. */
START_TEST(a_type_may_have_two_or_four_bytes)
{
    for (uint8_t bytes = 2; bytes <= 4; bytes += 2) {
        struct flue_node_layout node = *chimney_spec.node;
        struct flue_spec spec = chimney_spec;
        struct chimney_node *root = mac_update(w, 0, bytes);
        node.type_bytes = bytes;
        spec.node = &node;
        root->Header.Revision = 0;
        root->Header.Size = 0;
        target()->spec = &spec;
        run(w, chimney_update, root);
        target()->spec = &chimney_spec;
        expect_status(root, CHIMNEY_STATUS_SUCCESS);
    }
}
END_TEST

/* ---- Other operations ---------------------------------------------------------------------- */

START_TEST(a_new_object_of_another_kind_is_refused)
{
    const uint32_t before = target()->pools[CHIMNEY_NEIGHBOR].in_use;
    struct flue_operation operations[CHIMNEY_OPERATIONS];
    struct flue_spec spec = chimney_spec;
    struct chimney_node *root = host_new_neighbor(&w->arena, &w->spare[0], 40);
    memcpy(operations, spec.operations, sizeof operations);
    operations[CHIMNEY_INITIATE].others = 1u << CHIMNEY_NEIGHBOR;
    operations[CHIMNEY_INITIATE].others_status = CHIMNEY_STATUS_INDEX_RESOURCES;
    spec.operations = operations;
    target()->spec = &spec;
    run(w, chimney_initiate, root);
    target()->spec = &chimney_spec;
    expect_status(root, CHIMNEY_STATUS_RESOURCES);
    ck_assert_uint_eq(w->s->command_count, 0);
    ck_assert_uint_eq(target()->pools[CHIMNEY_NEIGHBOR].in_use, before);
}
END_TEST

/* Where the host's nodes point to cells, nodes by which dependents are reached have some, too. */
START_TEST(nodes_that_are_made_point_to_cells_of_their_own)
{
    static struct flue_target made;
    struct flue_operation operations[CHIMNEY_OPERATIONS];
    struct flue_spec spec = chimney_spec;
    struct flue_config config = target()->config;
    memcpy(operations, spec.operations, sizeof operations);
    operations[CHIMNEY_QUERY].reaches_dependents = true;
    spec.operations = operations;
    size_t bytes = (flue_memory_bytes(&spec, &config) + 63) & ~(size_t)63;
    unsigned char *memory = aligned_alloc(64, bytes);
    ck_assert_int_eq(flue_target_init(&made, &spec, &config, memory, bytes), FLUE_OK);
    unsigned nodes = 0;
    for (unsigned i = 0; i < FLUE_REACHES; i++)
        for (unsigned char *at = made.reaches[i].spare; at; at = flue_node_link(&made, at)) {
            const unsigned char *cell = flue_load_pointer(at + spec.node->context);
            ck_assert(cell >= at + sizeof(struct chimney_node));
            ck_assert(cell + sizeof(uint64_t) <= memory + bytes);
            flue_node_set_handle(&made, at, ++nodes);
        }
    ck_assert_uint_eq(nodes, FLUE_REACHES * FLUE_REACH_NODES);
    for (unsigned i = 0, n = 0; i < FLUE_REACHES; i++)
        for (void *at = made.reaches[i].spare; at; at = flue_node_link(&made, at))
            ck_assert_uint_eq(flue_node_handle(&made, at), ++n);
    free(memory);
}
END_TEST

int main(void)
{
    static const TTest *const *const tests[] = {
        &a_command_that_was_answered_was_issued_whatever_the_binding_says,
        &data_larger_than_any_is_malformed,
        &cookies_begin_anew_when_their_numbers_run_out,
        &init_names_what_is_missing,
        &a_poll_from_within_outlives_the_budget,
        &a_reset_takes_everyone_out_of_the_line,
        &a_target_that_restores_is_not_quiet,
        &a_new_object_must_bring_all_its_state,
        &nothing_is_linked_to_what_is_gone,
        &an_object_may_go_while_its_node_waits,
        &a_type_may_have_two_or_four_bytes,
        &a_new_object_of_another_kind_is_refused,
        &nodes_that_are_made_point_to_cells_of_their_own,
    };
    Suite *suite = suite_create("corners");
    TCase *cases = tcase_create("corners");
    tcase_add_checked_fixture(cases, world_setup, world_teardown);
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
        tcase_add_test(cases, *tests[i]);
    tcase_add_loop_test(cases, a_tree_that_is_changed_under_way_completes_all_the_same, 0, 3);
    suite_add_tcase(suite, cases);
    return run_suite(suite);
}
