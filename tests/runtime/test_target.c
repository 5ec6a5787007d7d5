/* SPDX-License-Identifier: BSD-2-Clause */
/* Making a target, polling it by budget, what is read of it, and room that runs out. */

#include "flue/priv/object.h"
#include "suite.h"
#include "world.h"

static void expect_no_target(struct flue_config config)
{
    ck_assert_uint_eq(chimney_memory_bytes(&config), 0);
    static struct flue_target made;
    ck_assert_int_eq(flue_target_init(&made, &chimney_spec, &config, NULL, 0), FLUE_BAD_CONFIG);
}

static struct flue_config answered_config(void)
{
    struct flue_config config = w->s->target.flue.config;
    config.indication_entries = 0;
    return config;
}

#define BAD(change, says)                                                 \
    do {                                                                  \
        struct flue_config bad = answered_config();                       \
        bad.change;                                                       \
        expect_no_target(bad);                                            \
        ck_assert_str_eq(flue_config_problem(&chimney_spec, &bad), says); \
    } while (0)
#define GOOD(change)                                                   \
    do {                                                               \
        struct flue_config good = answered_config();                   \
        good.change;                                                   \
        ck_assert_ptr_null(flue_config_problem(&chimney_spec, &good)); \
        ck_assert_uint_ne(chimney_memory_bytes(&good), 0);             \
    } while (0)

/* Each member beyond the ends of what it may be; what is wrong is said by its name. */
START_TEST(impossible_configurations_are_refused_by_name)
{
    BAD(capacity[CHIMNEY_PATH] = 0, "capacity[1]: 1 to 2^28");
    BAD(capacity[CHIMNEY_TCP] = (1u << 28) + 1, "capacity[2]: 1 to 2^28");
    BAD(ring_entries = 0, "ring_entries: 2 to 2^20");
    BAD(ring_entries = 1, "ring_entries: 2 to 2^20");
    BAD(ring_entries = (1u << 20) + 1, "ring_entries: 2 to 2^20");
    BAD(reserved_entries = 128, "reserved_entries: less than ring_entries");
    BAD(reserved_entries = UINT32_MAX, "reserved_entries: less than ring_entries");
    BAD(running_requests = 0, "running_requests: a power of two, 1 to 2^16");
    BAD(running_requests = 24, "running_requests: a power of two, 1 to 2^16");
    BAD(running_requests = 1u << 17, "running_requests: a power of two, 1 to 2^16");
    BAD(quarantine_limit = 128 - 8,
        "quarantine_limit: less than ring_entries without reserved_entries");
    BAD(quarantine_limit = UINT32_MAX,
        "quarantine_limit: less than ring_entries without reserved_entries");
    BAD(indication_entries = 3, "indication_entries: a power of two, 1 to 2^20; or 0");
    BAD(indication_entries = 1u << 21, "indication_entries: a power of two, 1 to 2^20; or 0");
    BAD(ticks_per_second = 0, "ticks_per_second: 1 or more");
    struct flue_config deaf = answered_config();
    deaf.wake = NULL;
    ck_assert_str_eq(flue_config_problem(&chimney_spec, &deaf), "wake: a function");
}
END_TEST

/* Each member at both ends, with the others as they were. */
START_TEST(a_member_may_be_at_its_limit)
{
    GOOD(capacity[CHIMNEY_TCP] = 1);
    GOOD(capacity[CHIMNEY_TCP] = 1u << 28);
    GOOD(capacity[CHIMNEY_KINDS] = UINT32_MAX); /* of a kind that there is not: not looked at */
    GOOD(ring_entries = 1u << 20);
    GOOD(reserved_entries = 0);
    GOOD(running_requests = 1);
    GOOD(running_requests = 1u << 16);
    GOOD(quarantine_limit = 0);
    GOOD(quarantine_limit = 128 - 8 - 1);
    GOOD(indication_entries = 0);
    GOOD(indication_entries = 1);
    GOOD(indication_entries = 1u << 20);
    GOOD(cache_resident_objects = 0);
    GOOD(cache_resident_objects = UINT32_MAX);
    GOOD(ticks_per_second = 1);
    GOOD(ticks_per_second = UINT32_MAX);
    GOOD(parameters[0] = 0);
    GOOD(parameters[FLUE_MAX_PARAMETERS - 1] = UINT32_MAX);
    GOOD(key = 0);
    GOOD(key = UINT32_MAX);
}
END_TEST

static struct flue_config least_config(void)
{
    struct flue_config least = w->s->target.flue.config;
    for (unsigned k = 0; k < CHIMNEY_KINDS; k++)
        least.capacity[k] = 1;
    least.ring_entries = 2;
    least.reserved_entries = least.quarantine_limit = 0;
    least.running_requests = least.indication_entries = least.ticks_per_second = 1;
    least.cache_resident_objects = least.key = 0;
    memset(least.parameters, 0, sizeof least.parameters);
    return least;
}

/* All members at once at the one end, and at the other. */
START_TEST(all_members_may_be_at_their_limits)
{
    struct flue_config least = least_config(), most = least;
    static struct flue_target made;
    size_t bytes = chimney_memory_bytes(&least);
    void *memory = aligned_alloc(64, (bytes + 63) & ~(size_t)63);
    ck_assert_ptr_null(flue_config_problem(&chimney_spec, &least));
    ck_assert_int_eq(flue_target_init(&made, &chimney_spec, &least, memory, bytes), FLUE_OK);
    ck_assert(flue_target_quiet(&made));
    free(memory);
    for (unsigned k = 0; k < CHIMNEY_KINDS; k++)
        most.capacity[k] = 1u << 28;
    most.ring_entries = most.indication_entries = 1u << 20;
    most.reserved_entries = most.ring_entries - 1;
    most.running_requests = 1u << 16;
    most.cache_resident_objects = most.ticks_per_second = most.key = UINT32_MAX;
    memset(most.parameters, 0xff, sizeof most.parameters);
    ck_assert_ptr_null(flue_config_problem(&chimney_spec, &most));
    ck_assert_uint_gt(chimney_memory_bytes(&most), (size_t)3 << 28);
}
END_TEST

/* Sixteen kinds of the largest objects, as many as there can be, are more than can be addressed. */
START_TEST(no_sum_of_sizes_overflows)
{
    struct flue_kind kinds[FLUE_MAX_KINDS];
    struct flue_spec large = chimney_spec;
    struct flue_config config = answered_config();
    large.kinds = kinds;
    large.kind_count = FLUE_MAX_KINDS;
    for (unsigned k = 0; k < FLUE_MAX_KINDS; k++) {
        kinds[k] = chimney_spec.kinds[CHIMNEY_TCP];
        config.capacity[k] = (1u << 28) - 1;
    }
    uint64_t pools = FLUE_MAX_KINDS * (uint64_t)config.capacity[0] *
                     (kinds[0].object_bytes + sizeof(struct flue_note));
    ck_assert_uint_ge(flue_memory_bytes(&large, &config), pools);
    ck_assert_uint_lt(flue_memory_bytes(&large, &config), pools + (1u << 20));
    config.capacity[15]++;
    ck_assert_str_eq(flue_config_problem(&large, &config), "capacity[15]: 1 to 2^28 - 1");
    config.capacity[15]--;
    for (unsigned k = 0; k < FLUE_MAX_KINDS; k++)
        kinds[k].object_bytes = UINT32_MAX;
    ck_assert_uint_eq(flue_memory_bytes(&large, &config), 0);
    ck_assert_str_eq(flue_config_problem(&large, &config),
                     "capacity: less, so much memory cannot be addressed");
}
END_TEST

START_TEST(memory_must_be_enough_and_aligned)
{
    struct flue_config config = w->s->target.flue.config;
    size_t bytes = chimney_memory_bytes(&config);
    static struct flue_target made;
    unsigned char *memory = aligned_alloc(64, (bytes + 127) & ~(size_t)63);
    ck_assert_int_eq(flue_target_init(&made, &chimney_spec, &config, NULL, bytes), FLUE_BAD_MEMORY);
    ck_assert_int_eq(flue_target_init(&made, &chimney_spec, &config, memory, bytes - 1),
                     FLUE_BAD_MEMORY);
    ck_assert_int_eq(flue_target_init(&made, &chimney_spec, &config, memory + 8, bytes),
                     FLUE_BAD_MEMORY);
    ck_assert_int_eq(flue_target_init(&made, &chimney_spec, &config, memory, bytes), FLUE_OK);
    config.wake = NULL;
    ck_assert_int_eq(flue_target_init(&made, &chimney_spec, &config, memory, bytes),
                     FLUE_BAD_CONFIG);
    struct flue_spec other = chimney_spec;
    other.abi++;
    ck_assert_int_eq(flue_target_init(&made, &other, &config, memory, bytes), FLUE_BAD_SPEC);
    ck_assert_uint_eq(flue_memory_bytes(&other, &config), 0);
    free(memory);
}
END_TEST

START_TEST(errors_have_words)
{
    for (int e = FLUE_OK; e <= FLUE_BAD_MEMORY; e++)
        ck_assert_str_ne(flue_error_text((enum flue_error)e), "unknown error");
    ck_assert_str_eq(flue_error_text((enum flue_error)99), "unknown error");
}
END_TEST

START_TEST(a_budget_bounds_a_poll_and_loses_nothing)
{
    struct chimney_node *root = host_node(&w->arena, NULL, CHIMNEY_TYPE_NEIGHBOR_CONST);
    for (unsigned i = 0; i < PATHS; i++)
        host_link(root, mtu_update(w, i, 700 + i));
    chimney_update(w->s, root);
    ck_assert(flue_poll(target(), 0));
    ck_assert_uint_eq(w->s->command_count, 0);
    unsigned polls = 0;
    while (flue_poll(target(), 1))
        polls++;
    ck_assert_uint_ge(polls, PATHS);
    ck_assert_uint_eq(w->s->command_count, PATHS);
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    ck_assert_uint_eq(w->s->completion_count, 1);
}
END_TEST

START_TEST(only_an_empty_inbox_wakes)
{
    unsigned wakes = w->s->wakes;
    chimney_query(w->s, bare(w, &w->path[0]));
    chimney_query(w->s, bare(w, &w->path[1]));
    ck_assert_uint_eq(w->s->wakes, wakes + 1);
    scripted_poll(w->s);
    chimney_query(w->s, bare(w, &w->path[0]));
    ck_assert_uint_eq(w->s->wakes, wakes + 2);
}
END_TEST

static bool poll_inside(struct scripted *s)
{
    return flue_poll(&s->target.flue, 10);
}

static void poll_in_completion(struct scripted *s, enum chimney_operation operation,
                               struct chimney_node *root)
{
    (void)operation, (void)root;
    ck_assert(!poll_inside(s)); /* the target is owned: the owner looks again */
    ck_assert(!flue_target_quiet(&s->target.flue));
}

START_TEST(a_poll_inside_a_completion_is_left_to_the_owner)
{
    w->s->on_complete = poll_in_completion;
    chimney_query(w->s, bare(w, &w->path[0]));
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->completion_count, 1);
    w->s->on_complete = NULL;
}
END_TEST

/* Two commands of one object: the first fails while the second still waits for room. */
START_TEST(what_waits_for_room_is_dropped_when_another_failed)
{
    struct chimney_node *root = bare(w, &w->neighbor[1]);
    struct chimney_node *path = host_link(root, mtu_update(w, 0, 1400));
    struct chimney_node *others = host_node(&w->arena, NULL, CHIMNEY_TYPE_NEIGHBOR_CONST);
    host_link(others, mtu_update(w, 1, 1401));
    host_link(others, mtu_update(w, 3, 1402));
    w->s->room = 1;
    chimney_update(w->s, root);
    chimney_update(w->s, others);
    scripted_poll(w->s);
    ck_assert_str_eq(scripted_names(w->s, 0), "write_route");
    w->s->room = 100;
    scripted_answer(w->s, 0, CHIMNEY_RESULT_FAILURE);
    w->s->answered = 1;
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    /* The route is written back; the MTU was never written. */
    ck_assert_ptr_nonnull(strstr(scripted_names(w->s, 0), "write_route"));
    expect_status(path, CHIMNEY_STATUS_FAILURE);
    expect_status(others->DependentBlockList, CHIMNEY_STATUS_SUCCESS);
    ck_assert_uint_eq(w->s->command_count, 4);
}
END_TEST

START_TEST(a_tick_tries_again_when_no_answer_is_under_way)
{
    w->s->room = 0;
    struct chimney_node *node = mac_update(w, 0, 0x12);
    chimney_update(w->s, node);
    scripted_poll(w->s);
    unsigned wakes = w->s->wakes;
    w->s->room = 10;
    flue_tick(target(), 1);
    ck_assert_uint_gt(w->s->wakes, wakes);
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    expect_status(node, CHIMNEY_STATUS_SUCCESS);
}
END_TEST

/* A connection whose every command is lost, and a driver that never resets. */
START_TEST(of_an_object_that_loses_everything_only_its_removal_is_sent)
{
    enum { LOST = 300 };
    struct flue_config config = scripted_config();
    config.ring_entries = 512;
    world_close(w);
    w = world_open(&config);
    uint64_t now = 0;
    for (unsigned i = 0; i < LOST; i++) {
        chimney_terminate(w->s, host_reference(&w->arena, &w->tcp[0], CHIMNEY_TYPE_TCP_DELEGATED));
        scripted_poll(w->s);
        flue_tick(target(), now += 1000);
        scripted_poll(w->s);
    }
    ck_assert_uint_eq(w->s->command_count, LOST);
    ck_assert_uint_eq(w->s->completion_count, LOST);
    ck_assert_uint_eq(w->s->resets_wanted, 1);
    w->s->answered = w->s->command_count; /* never */
    run(w, chimney_query, host_reference(&w->arena, &w->tcp[1], CHIMNEY_TYPE_TCP_DELEGATED));
    unsigned commands = w->s->command_count;
    struct chimney_node *node = host_reference(&w->arena, &w->tcp[0], CHIMNEY_TYPE_TCP_DELEGATED);
    run(w, chimney_query, node);
    ck_assert_uint_eq(w->s->command_count, commands);
    expect_status(node, CHIMNEY_STATUS_FAILURE);
    /* The hardware is well again. More are lost than are counted: a reset gives the place back. */
    run(w, chimney_terminate, node);
    expect_status(node, CHIMNEY_STATUS_SUCCESS);
    struct flue_object *o = object_of(w, &w->tcp[0]);
    for (unsigned i = 0; i < LOST; i++)
        scripted_answer(w->s, i, CHIMNEY_RESULT_OK);
    scripted_poll(w->s);
    ck_assert_uint_eq(target()->quarantined, 0);
    ck_assert(o->flags & FLUE_OBJECT_DRAINING);
    flue_reset_begin(target());
    flue_reset_end(target());
    scripted_poll(w->s);
    ck_assert(!(o->flags & FLUE_OBJECT_DRAINING));
}
END_TEST

START_TEST(a_trace_reads_like_a_story)
{
    static const char *const lines[] = {" update begins",
                                        " update node",
                                        " update neighbor 0 update: offloaded -> updating",
                                        " update neighbor 0 command write_mac",
                                        " update neighbor 0 answer to write_mac: failure",
                                        " update neighbor 0 failed: updating -> reverting",
                                        " update neighbor 0 command write_mac",
                                        " update neighbor 0 answer to write_mac: ok",
                                        " update neighbor 0 done: reverting -> offloaded",
                                        " update neighbor 0 status failure",
                                        " update completes"};
    chimney_update(w->s, mac_update(w, 0, 0x44));
    scripted_poll(w->s);
    scripted_answer(w->s, w->s->answered++, CHIMNEY_RESULT_FAILURE);
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    ck_assert_uint_eq(w->s->trace_count, sizeof lines / sizeof *lines);
    for (unsigned i = 0; i < w->s->trace_count; i++) {
        char text[128], cut[12];
        size_t length = flue_trace_text(&w->s->trace[i], text, sizeof text);
        ck_assert_uint_eq(length, strlen(text));
        ck_assert_msg(strstr(text, lines[i]) != NULL, "%s: %s", lines[i], text);
        ck_assert_uint_lt(flue_trace_text(&w->s->trace[i], cut, sizeof cut), sizeof cut);
    }
    ck_assert_uint_eq(flue_trace_text(&w->s->trace[0], NULL, 0), 0);
}
END_TEST

START_TEST(a_trace_names_the_file_that_decides)
{
    char text[128], *file;
    chimney_update(w->s, mac_update(w, 0, 0x44));
    chimney_query(w->s, host_reference(&w->arena, &w->neighbor[0], CHIMNEY_TYPE_NEIGHBOR_CACHED));
    scripted_poll(w->s);
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    unsigned by_object = 0, by_default = 0;
    for (unsigned i = 0; i < w->s->trace_count; i++) {
        flue_trace_text(&w->s->trace[i], text, sizeof text);
        if (w->s->trace[i].what != FLUE_TRACE_STEP)
            continue;
        file = strchr(text, '(');
        ck_assert_ptr_nonnull(file);
        by_object += strncmp(file, "(neighbor.yaml:", 15) == 0;
        by_default += strncmp(file, "(target.yaml:", 13) == 0;
    }
    ck_assert_uint_eq(by_default, 1); /* the query is deferred while the update runs */
    ck_assert_uint_eq(by_object, 3);
}
END_TEST

START_TEST(a_trace_tells_of_resets)
{
    char text[128];
    flue_reset_begin(target());
    scripted_poll(w->s);
    flue_trace_text(&w->s->trace[0], text, sizeof text);
    ck_assert_str_eq(text, "phase resetting");
    flue_reset_end(target());
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
}
END_TEST

START_TEST(a_trace_tells_of_what_was_not_sent)
{
    char text[128] = "";
    w->s->full = "write_mac";
    chimney_update(w->s, mac_update(w, 0, 0x44));
    scripted_poll(w->s);
    flue_tick(target(), 1000); /* longer than any command may take */
    scripted_poll(w->s);
    unsigned i = 0;
    while (i < w->s->trace_count && w->s->trace[i].what != FLUE_TRACE_UNSENT)
        i++;
    ck_assert_uint_lt(i, w->s->trace_count);
    flue_trace_text(&w->s->trace[i], text, sizeof text);
    ck_assert_msg(strstr(text, " update neighbor 0 not sent: write_mac: timeout") != NULL, "%s",
                  text);
}
END_TEST

START_TEST(names_are_for_people)
{
    ck_assert_str_eq(chimney_kind_name(CHIMNEY_TCP), "tcp");
    ck_assert_str_eq(chimney_kind_name(99), "?");
    ck_assert_str_eq(chimney_operation_name(CHIMNEY_INVALIDATE), "invalidate");
    ck_assert_str_eq(chimney_operation_name(99), "?");
    ck_assert_str_eq(chimney_event_name(CHIMNEY_EVENT_RESTORE), "restore");
    ck_assert_str_eq(chimney_event_name(99), "?");
    ck_assert_str_eq(chimney_state_name(CHIMNEY_TCP, CHIMNEY_TCP_LOST), "lost");
    ck_assert_str_eq(chimney_state_name(CHIMNEY_TCP, 99), "?");
    ck_assert_str_eq(chimney_command_name(CHIMNEY_TCP, CHIMNEY_TCP_RESTART), "restart");
    ck_assert_str_eq(chimney_command_name(CHIMNEY_TCP, 99), "?");
    ck_assert_str_eq(chimney_result_name(CHIMNEY_RESULT_TIMEOUT), "timeout");
    ck_assert_str_eq(chimney_result_name(99), "?");
    ck_assert_str_eq(chimney_status_name(CHIMNEY_STATUS_VLAN_MISMATCH), "vlan_mismatch");
    ck_assert_str_eq(chimney_status_name(12345), "?");
}
END_TEST

START_TEST(handles_name_objects)
{
    ck_assert_uint_eq(flue_object_handle(target(), CHIMNEY_PATH, host_index(&w->path[2])),
                      host_handle(&w->path[2]));
    ck_assert_uint_eq(flue_name_index(target(), CHIMNEY_PATH, host_handle(&w->path[2])),
                      host_index(&w->path[2]));
    ck_assert_uint_eq(flue_name_index(target(), CHIMNEY_TCP, host_handle(&w->path[2])), FLUE_NONE);
    ck_assert_uint_eq(flue_name_index(target(), CHIMNEY_PATH, 77), FLUE_NONE);
    ck_assert_ptr_eq(flue_object_host_handle(target(), CHIMNEY_TCP, host_handle(&w->tcp[3])),
                     &w->tcp[3].handle);
    ck_assert_ptr_null(flue_object_host_handle(target(), CHIMNEY_PATH, host_handle(&w->tcp[3])));
    ck_assert_ptr_null(flue_object_host_handle(target(), CHIMNEY_TCP, 1u << 20));
    ck_assert_uint_eq(flue_object_handle(target(), 9, 0), 0);
    ck_assert_uint_eq(flue_object_handle(target(), CHIMNEY_PATH, 1u << 20), 0);
}
END_TEST

static void change_of_mind(struct scripted *s, enum chimney_operation operation,
                           struct chimney_node *root)
{
    struct flue_target *t = &s->target.flue;
    (void)operation, (void)root;
    if (s->completion_count > 1)
        return;
    flue_pause(t);
    flue_resume(t);
    flue_pause(t);
    flue_pause(t);
    flue_reset_begin(t);
    flue_reset_end(t);
    flue_reset_begin(t);
}

START_TEST(what_is_asked_last_within_a_poll_is_what_counts)
{
    w->s->on_complete = change_of_mind;
    run(w, chimney_query, bare(w, &w->path[0]));
    ck_assert(target()->paused);
    ck_assert_uint_eq(flue_target_phase(target()), FLUE_RESETTING);
    ck_assert_uint_eq(stats()->resets, 1); /* nobody saw that there were two */
    w->s->on_complete = NULL;
    flue_reset_end(target());
    flue_resume(target());
    for (unsigned i = 0; i < 41; i++)
        i % 2 ? flue_resume(target()) : flue_pause(target());
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    ck_assert(target()->paused);
    flue_resume(target());
}
END_TEST

int main(void)
{
    return RUN_TESTS(
        "target", world_setup, world_teardown, impossible_configurations_are_refused_by_name,
        a_member_may_be_at_its_limit, all_members_may_be_at_their_limits, no_sum_of_sizes_overflows,
        memory_must_be_enough_and_aligned, errors_have_words,
        a_budget_bounds_a_poll_and_loses_nothing, only_an_empty_inbox_wakes,
        a_poll_inside_a_completion_is_left_to_the_owner,
        what_waits_for_room_is_dropped_when_another_failed,
        a_tick_tries_again_when_no_answer_is_under_way,
        of_an_object_that_loses_everything_only_its_removal_is_sent, a_trace_reads_like_a_story,
        a_trace_names_the_file_that_decides, a_trace_tells_of_resets,
        a_trace_tells_of_what_was_not_sent, names_are_for_people, handles_name_objects,
        what_is_asked_last_within_a_poll_is_what_counts);
}
