/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Operations of several commands: what fails in the middle is taken back from the end, and the
 * hardware holds what the host was told.
 */
#include <stdlib.h>
#include <string.h>

#include "steps.h"
#include "suite.h"

/* A row of lamps that answers at once; some orders it does not carry out. */
struct row {
    struct steps_target target;
    char orders[64]; /* a letter each, as they came */
    const char *refused;
    bool mounted, lit;
    uint32_t brightness;
    unsigned completions;
};
STEPS_ADAPTER_BEGINS_WITH(struct row, target);

static struct row row;
static void *memory;

static struct {
    struct steps_node node;
    struct steps_lamp_const socket;
    _Alignas(8) struct steps_lamp_cached light;
} lamp;

/* Whether the order is carried out; it is answered in either case. */
static bool take(char letter, flue_cookie cookie)
{
    bool good = !strchr(row.refused, letter);
    row.orders[strlen(row.orders)] = letter;
    steps_done(&row.target, cookie, good ? STEPS_RESULT_OK : STEPS_RESULT_FAILURE);
    return good;
}

static enum flue_issued mount(void *adapter, flue_cookie cookie,
                              const struct steps_mount_args *args)
{
    (void)adapter, (void)args;
    row.mounted |= take('m', cookie);
    return FLUE_ISSUED;
}

static enum flue_issued light(void *adapter, flue_cookie cookie,
                              const struct steps_light_args *args)
{
    (void)adapter;
    if (take('l', cookie)) {
        row.lit = true;
        row.brightness = args->brightness;
    }
    return FLUE_ISSUED;
}

static enum flue_issued dim(void *adapter, flue_cookie cookie, const struct steps_dim_args *args)
{
    (void)adapter, (void)args;
    if (take('d', cookie))
        row.lit = false;
    return FLUE_ISSUED;
}

static enum flue_issued regulate(void *adapter, flue_cookie cookie,
                                 const struct steps_regulate_args *args)
{
    (void)adapter;
    if (take('r', cookie))
        row.brightness = args->brightness;
    return FLUE_ISSUED;
}

static enum flue_issued unmount(void *adapter, flue_cookie cookie,
                                const struct steps_unmount_args *args)
{
    (void)adapter, (void)args;
    if (take('u', cookie))
        row.mounted = row.lit = false;
    return FLUE_ISSUED;
}

static void completed(void *host_handle, struct steps_node *root)
{
    (void)host_handle, (void)root;
    row.completions++;
}

static void wake(void *adapter)
{
    (void)adapter;
}

static const struct steps_binding binding = {
    .mount = mount, .light = light, .dim = dim, .regulate = regulate, .unmount = unmount};
static const struct steps_completions completions = {completed, completed, completed};

static void setup(void)
{
    struct flue_config config = {.capacity = {4},
                                 .ring_entries = 8,
                                 .running_requests = 4,
                                 .ticks_per_second = 1000,
                                 .wake = wake};
    size_t bytes = (steps_memory_bytes(&config) + 63) / 64 * 64;
    memory = aligned_alloc(64, bytes);
    ck_assert_int_eq(steps_init(&row.target, &config, &binding, &completions, NULL, memory, bytes),
                     FLUE_OK);
    row.refused = "";
    lamp.node.Kind = STEPS_TYPE_LAMP_ALL;
    lamp.light.Brightness = 7;
}

static void teardown(void)
{
    free(memory);
}

/* The status of the operation, and in row.orders what the hardware was told for it. */
static int run(void (*operation)(void *adapter, struct steps_node *root), const char *refused)
{
    unsigned before = row.completions;
    memset(row.orders, 0, sizeof row.orders);
    row.refused = refused;
    operation(&row, &lamp.node);
    for (unsigned i = 0; i < 100 && row.completions == before; i++)
        flue_poll(&row.target.flue, 64);
    ck_assert_uint_eq(row.completions, before + 1);
    return lamp.node.Status;
}

START_TEST(each_step_follows_the_one_before)
{
    ck_assert_int_eq(run(steps_create, ""), STEPS_STATUS_DONE);
    ck_assert_str_eq(row.orders, "ml");
    ck_assert(row.mounted && row.lit && row.brightness == 7);
    ck_assert_int_eq(run(steps_withdraw, ""), STEPS_STATUS_DONE);
    ck_assert_str_eq(row.orders, "du");
    ck_assert(!row.mounted && row.target.flue.pools[0].in_use == 0);
}
END_TEST

START_TEST(a_second_step_that_fails_takes_both_back_the_last_one_first)
{
    ck_assert_int_eq(run(steps_create, "l"), STEPS_STATUS_BROKEN);
    ck_assert_str_eq(row.orders, "mldu");
    ck_assert(!row.mounted && !row.lit && row.target.flue.pools[0].in_use == 0);
    ck_assert_uint_eq(lamp.node.Lamp, 0);
    ck_assert_int_eq(run(steps_create, ""), STEPS_STATUS_DONE);
}
END_TEST

START_TEST(a_first_step_that_changed_nothing_leaves_nothing_to_take_back)
{
    ck_assert_int_eq(run(steps_create, "m"), STEPS_STATUS_BROKEN);
    ck_assert_str_eq(row.orders, "m");
    ck_assert(!row.mounted && row.target.flue.pools[0].in_use == 0);
}
END_TEST

START_TEST(an_undo_that_fails_ends_it_and_the_place_is_kept)
{
    ck_assert_int_eq(run(steps_create, "ld"), STEPS_STATUS_BROKEN);
    ck_assert_str_eq(row.orders, "mld");
    ck_assert(row.mounted && row.target.flue.pools[0].in_use == 1);
}
END_TEST

int main(void)
{
    return RUN_TESTS("steps", setup, teardown, each_step_follows_the_one_before,
                     a_second_step_that_fails_takes_both_back_the_last_one_first,
                     a_first_step_that_changed_nothing_leaves_nothing_to_take_back,
                     an_undo_that_fails_ends_it_and_the_place_is_kept);
}
