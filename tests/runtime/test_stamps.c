/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What scratch words hold from before is nobody's: of an earlier target in the same memory, of
 * another target of the same key, of a lap ago. And the numbers that come round, from just before.
 */

#include "flue/priv/slot.h"
#include "suite.h"
#include "world.h"

static struct chimney_node *pair_of(struct host_object *objects)
{
    struct chimney_node *root = host_new_neighbor(&w->arena, &objects[0], 30);
    host_chain(root, host_new_neighbor(&w->arena, &objects[1], 31));
    return root;
}

static void expect_pair(const struct chimney_node *root)
{
    expect_status(root, CHIMNEY_STATUS_SUCCESS);
    expect_status(root->NextBlock, CHIMNEY_STATUS_SUCCESS);
}

static void forget(struct host_object *objects, struct chimney_node *root)
{
    for (unsigned i = 0; i < 2; i++)
        objects[i].handle.MiniportOffloadContext = NULL;
    root->Status = root->NextBlock->Status = 0x5a5a5a5a;
}

static void removed_and_made_again(struct scripted *s)
{
    struct flue_config config = s->target.flue.config;
    size_t bytes = chimney_memory_bytes(&config);
    flue_remove(&s->target.flue);
    flue_dma_stopped(&s->target.flue);
    scripted_poll(s);
    ck_assert(flue_target_quiet(&s->target.flue));
    ck_assert_int_eq(chimney_init(&s->target, &config, &scripted_binding, &scripted_completions,
                                  &scripted_indications, s->memory, bytes),
                     FLUE_OK);
}

/* The driver is loaded again, and the host hands over the same list: the same serials come. */
START_TEST(of_an_earlier_target_in_the_same_memory)
{
    world_close(w);
    w = world_empty(NULL);
    struct chimney_node *root = pair_of(w->spare);
    for (unsigned life = 0; life < 3; life++) {
        run(w, chimney_initiate, root);
        expect_pair(root);
        forget(w->spare, root);
        removed_and_made_again(w->s);
    }
}
END_TEST

/* Two ports; the second one's request of the same number waits for its hardware. */
START_TEST(of_another_target_of_the_same_key)
{
    world_close(w);
    w = world_empty(NULL);
    struct scripted *first = w->s, *second = scripted_open(NULL);
    struct chimney_node *root = pair_of(w->spare), *inner = root->NextBlock;
    run(w, chimney_initiate, root);
    forget(w->spare, root);
    root->NextBlock = NULL;
    w->s = second;
    chimney_initiate(second, host_new_neighbor(&w->arena, &w->spare[2], 32));
    scripted_poll(second);
    chimney_initiate(second, inner);
    scripted_answer_all(second, CHIMNEY_RESULT_OK);
    ck_assert_uint_eq(second->completion_count, 2);
    expect_status(inner, CHIMNEY_STATUS_SUCCESS);
    root->NextBlock = inner;
    w->s = first;
    scripted_close(second);
}
END_TEST

static void requests(unsigned count)
{
    struct chimney_node *other = bare(w, &w->neighbor[1]);
    for (unsigned i = 0; i < count; i++) {
        chimney_query(w->s, other);
        scripted_poll(w->s);
        w->s->completion_count = w->s->trace_count = 0;
    }
}

/* A tree that the host keeps meets the serial of its last request again. */
START_TEST(of_a_lap_ago)
{
    struct flue_config config = scripted_config();
    config.running_requests = 1u << 16;
    world_close(w);
    w = world_open(&config);
    struct chimney_node *root = bare(w, &w->neighbor[0]);
    for (unsigned i = 0; i < PATHS; i += 2)
        host_link(root, mtu_update(w, i, 1300));
    for (unsigned lap = 0; lap < 3; lap++) {
        run(w, chimney_update, root);
        expect_status(root, CHIMNEY_STATUS_SUCCESS);
        requests((1u << 16) - 2);
    }
}
END_TEST

/* Serials pass their greatest number, with requests on both sides of it. */
START_TEST(serials_come_round)
{
    target()->serial = UINT32_MAX - 16 * 3 + 1;
    struct chimney_node *node[8];
    for (unsigned i = 0; i < 8; i++)
        chimney_update(w->s, node[i] = mtu_update(w, i % PATHS, 1200 + i));
    scripted_poll(w->s);
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    for (unsigned i = 0; i < 8; i++)
        expect_status(node[i], CHIMNEY_STATUS_SUCCESS);
    ck_assert_uint_lt(target()->serial, 16 * 8);
}
END_TEST

/* The generation in a cookie passes its greatest number; what was before it is believed no more. */
START_TEST(generations_of_slots_come_round)
{
    for (uint32_t i = 0; i < target()->config.ring_entries; i++)
        atomic_store(&target()->slots[i].word, (uint64_t)(UINT32_MAX - 2) << 32);
    for (unsigned i = 0; i < 6; i++) {
        run(w, chimney_update, mtu_update(w, 0, 1200 + i));
        ck_assert_uint_ne(w->s->commands[i].cookie >> 32, 0);
        for (unsigned old = 0; old < i; old++)
            ck_assert(!scripted_answer(w->s, old, CHIMNEY_RESULT_OK));
    }
    ck_assert_uint_eq(w->s->commands[5].cookie >> 32, 4);
}
END_TEST

/* The generation in a name passes its greatest number, and is never 0. */
START_TEST(generations_of_objects_come_round)
{
    struct flue_object *o = flue_object_at(target(), CHIMNEY_NEIGHBOR, NEIGHBORS);
    o->tag = (UINT32_MAX - 1) << 4 | CHIMNEY_NEIGHBOR;
    flue_name before = 0;
    for (unsigned i = 0; i < 4; i++) {
        run(w, chimney_initiate, host_new_neighbor(&w->arena, &w->spare[0], 33));
        flue_name name = host_handle(&w->spare[0]);
        ck_assert_uint_eq((uint32_t)name, NEIGHBORS);
        ck_assert_uint_ne(name >> 36, 0);
        ck_assert_uint_ne(name, before);
        ck_assert(before == 0 || flue_name_index(target(), CHIMNEY_NEIGHBOR, before) == FLUE_NONE);
        before = name;
        run(w, chimney_terminate, bare(w, &w->spare[0]));
        w->spare[0].handle.MiniportOffloadContext = NULL;
    }
    ck_assert_uint_eq(before >> 36, 2);
}
END_TEST

/* The clock stands still before its end: no deadline comes round, nothing is over its time. */
START_TEST(the_clock_stops_before_its_end)
{
    flue_tick(target(), UINT64_MAX);
    chimney_update(w->s, mtu_update(w, 0, 1300));
    scripted_poll(w->s);
    flue_tick(target(), UINT64_MAX);
    scripted_poll(w->s);
    ck_assert_uint_eq(stats()->timeouts, 0);
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    ck_assert_uint_eq(w->s->completion_count, 1);
}
END_TEST

/* A timeout in the ticks of a quick clock may be more than 2^32 of them. */
START_TEST(a_timeout_has_all_the_ticks_that_it_takes)
{
    static struct flue_target made;
    struct flue_spec spec = chimney_spec;
    struct flue_kind kinds[CHIMNEY_KINDS];
    struct flue_command commands[FLUE_MAX_COMMANDS];
    struct flue_config config = target()->config;
    memcpy(kinds, chimney_spec.kinds, sizeof kinds);
    memcpy(commands, kinds[0].commands, kinds[0].command_count * sizeof *commands);
    spec.kinds = kinds;
    kinds[0].commands = commands;
    commands[0].timeout_ms = 4295;
    commands[1].timeout_ms = UINT32_MAX;
    config.ticks_per_second = 1000000000;
    size_t bytes = (flue_memory_bytes(&spec, &config) + 63) & ~(size_t)63;
    void *memory = aligned_alloc(64, bytes);
    ck_assert_int_eq(flue_target_init(&made, &spec, &config, memory, bytes), FLUE_OK);
    ck_assert_uint_eq(made.timeout_ticks[0][0], UINT64_C(4295000000));
    ck_assert_uint_eq(made.timeout_ticks[0][1], UINT64_C(4294967295000000));
    ck_assert_uint_eq(made.longest_timeout, made.timeout_ticks[0][1]);
    free(memory);
}
END_TEST

int main(void)
{
    return RUN_TESTS("stamps", world_setup, world_teardown, of_an_earlier_target_in_the_same_memory,
                     of_another_target_of_the_same_key, of_a_lap_ago, serials_come_round,
                     generations_of_slots_come_round, generations_of_objects_come_round,
                     the_clock_stops_before_its_end, a_timeout_has_all_the_ticks_that_it_takes);
}
