/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Associations on ports: an operation that is about one kind of object; and keys, which go to the
 * hardware and are found nowhere else. The target's whole memory is searched for them.
 */
#define _GNU_SOURCE /* pthread_attr_setstack */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "keys.h"
#include "suite.h"

enum { KEY = 0x4b, OTHER_KEY = 0x7a, SEED = 0xe3, PIN = 0x91, NOTHING = 0xc9 };

/* Hardware that answers at once. It keeps the first bytes of what it was given. */
struct nic {
    struct keys_target target;
    char orders[64]; /* a letter each, as they came */
    const char *refused, *lost;
    unsigned char key, seed, pin; /* 0: they were not all alike */
    unsigned completions;
    struct keys_sa_cached told;
};
KEYS_ADAPTER_BEGINS_WITH(struct nic, target);

static struct nic nic;
static unsigned char *memory;
static size_t memory_bytes;
static void *port_handle, *sa_handle;

static struct {
    struct keys_node node;
    struct keys_port_const place;
} port;

struct sa_state {
    struct keys_node node;
    struct keys_sa_const fixed;
    _Alignas(8) struct keys_sa_cached key;
    _Alignas(8) struct keys_sa_delegated count;
};
static struct sa_state sa, reading;

static struct {
    struct keys_node node;
    struct keys_sa_cached key;
} other_key;

static struct {
    struct keys_node node;
    struct keys_sa_request asked;
} unlocking;

static enum flue_issued take(char letter, flue_cookie cookie)
{
    nic.orders[strlen(nic.orders)] = letter;
    bool good = !strchr(nic.refused, letter);
    if (!strchr(nic.lost, letter))
        keys_done(&nic.target, cookie, good ? KEYS_RESULT_OK : KEYS_RESULT_FAILURE);
    return FLUE_ISSUED;
}

/* The byte that all of them are. */
static unsigned char alike(const uint8_t *bytes, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (bytes[i] != bytes[0])
            return 0;
    return bytes[0];
}

#define ORDER(command, letter, looks)                                         \
    static enum flue_issued command(void *adapter, flue_cookie cookie,        \
                                    const struct keys_##command##_args *args) \
    {                                                                         \
        (void)adapter, (void)args;                                            \
        looks;                                                                \
        return take(letter, cookie);                                          \
    }
ORDER(add_port, 'p', (void)0)
ORDER(remove_port, 'q', (void)0)
ORDER(add_sa, 'a',
      (nic.key = alike(args->key, sizeof args->key),
       nic.seed = alike(args->seed, sizeof args->seed)))
ORDER(put_back, 'b', nic.key = alike(args->key, sizeof args->key))
ORDER(write_key, 'w', nic.key = alike(args->key, sizeof args->key))
ORDER(unlock_sa, 'u', nic.pin = alike(args->pin, sizeof args->pin))
ORDER(remove_sa, 'r', (void)0)

static enum flue_issued read_sa(void *adapter, flue_cookie cookie,
                                const struct keys_read_sa_args *args)
{
    struct keys_read_sa_data data = {.packets = 7};
    (void)adapter, (void)args;
    nic.orders[strlen(nic.orders)] = 'l';
    keys_read_sa_done(&nic.target, cookie, KEYS_RESULT_OK, &data);
    return FLUE_ISSUED;
}

static void completed(void *host_handle, struct keys_node *root)
{
    (void)host_handle, (void)root;
    nic.completions++;
}

static void told(void *host_handle, struct keys_node *node, uint32_t code)
{
    (void)host_handle, (void)code;
    unsigned char *at = keys_state_behind(node);
    at += KEYS_STATE_STRIDE(struct keys_sa_const);
    memcpy(&nic.told, at, sizeof nic.told);
}

static void wake(void *adapter)
{
    (void)adapter;
}

static const struct keys_binding binding = {.add_port = add_port,
                                            .remove_port = remove_port,
                                            .add_sa = add_sa,
                                            .put_back = put_back,
                                            .write_key = write_key,
                                            .read_sa = read_sa,
                                            .unlock_sa = unlock_sa,
                                            .remove_sa = remove_sa};
static const struct keys_completions completions = {completed, completed, completed, completed,
                                                    completed};
static const struct keys_indications indications = {.key_event = told};

static void run(void)
{
    while (flue_poll(&nic.target.flue, 64))
        ;
}

/* Whether eight bytes of that value stand together. */
static bool found_in(const unsigned char *bytes, size_t count, unsigned char byte)
{
    unsigned together = 0;
    for (size_t i = 0; i < count && together < 8; i++)
        together = bytes[i] == byte ? together + 1 : 0;
    return together == 8;
}

/* Anywhere in the target's memory. */
static bool found(unsigned char byte)
{
    return found_in(memory, memory_bytes, byte);
}

static int32_t asked(void (*operation)(void *, struct keys_node *), struct keys_node *root)
{
    operation(&nic.target, root);
    run();
    return root->Status;
}

static void reset(void)
{
    flue_reset_begin(&nic.target.flue);
    flue_dma_stopped(&nic.target.flue);
    run();
    flue_reset_end(&nic.target.flue);
    run();
}

/* A host that has an association: it has forgotten the keys, as nodes are its own to reuse. */
static void forget_nodes(void)
{
    memset(&sa.fixed, NOTHING, sizeof sa.fixed);
    memset(&sa.key, NOTHING, sizeof sa.key);
}

static void fill_nodes(void)
{
    memset(sa.key.Key, KEY, sizeof sa.key.Key);
    memset(sa.fixed.Seed, SEED, sizeof sa.fixed.Seed);
}

static int32_t create(void)
{
    fill_nodes();
    keys_create(&nic.target, &port.node), run();
    flue_tick(&nic.target.flue, 1000), run(); /* for answers that are lost */
    int32_t status = sa.node.Status;
    forget_nodes();
    port.node.Dependents = NULL;
    return status;
}

static void setup(void)
{
    struct flue_config config = {.capacity = {4, 4},
                                 .ring_entries = 8,
                                 .running_requests = 4,
                                 .ticks_per_second = 1000,
                                 .wake = wake};
    memory_bytes = (keys_memory_bytes(&config) + 63) / 64 * 64;
    memory = aligned_alloc(64, memory_bytes);
    memset(memory, 0, memory_bytes);
    ck_assert_int_eq(
        keys_init(&nic.target, &config, &binding, &completions, &indications, memory, memory_bytes),
        FLUE_OK);
    nic.refused = nic.lost = "";
    flue_tick(&nic.target.flue, 1);
    port.node = (struct keys_node){
        .Kind = KEYS_TYPE_PORT_CONST, .Dependents = &sa.node, .Context = &port_handle};
    sa.node = (struct keys_node){.Kind = KEYS_TYPE_SA_ALL, .Context = &sa_handle};
    reading.node = sa.node;
    other_key.node = (struct keys_node){.Kind = KEYS_TYPE_SA_CACHED, .Context = &sa_handle};
    memset(other_key.key.Key, OTHER_KEY, sizeof other_key.key.Key);
    unlocking.node = (struct keys_node){.Kind = KEYS_TYPE_SA_REQUEST, .Context = &sa_handle};
    memset(unlocking.asked.Pin, PIN, sizeof unlocking.asked.Pin);
}

static void with_an_association(void)
{
    ck_assert_int_eq(create(), KEYS_STATUS_SUCCESS);
    memset(nic.orders, 0, sizeof nic.orders);
}

static void teardown(void)
{
    memset(&nic, 0, sizeof nic);
    port_handle = sa_handle = NULL;
    free(memory);
}

START_TEST(one_that_it_is_about_is_served)
{
    with_an_association();
    ck_assert_int_eq(asked(keys_rekey, &other_key.node), KEYS_STATUS_SUCCESS);
    ck_assert_str_eq(nic.orders, "w");
}
END_TEST

/* Whatever state the other is in: its machine is not asked, and nothing waits for it. */
START_TEST(another_is_refused_and_not_asked)
{
    with_an_association();
    ck_assert_int_eq(asked(keys_rekey, &port.node), KEYS_STATUS_WRONG);
    flue_reset_begin(&nic.target.flue);
    flue_dma_stopped(&nic.target.flue);
    port.node.Status = 0;
    ck_assert_int_eq(asked(keys_rekey, &port.node), KEYS_STATUS_WRONG);
    flue_reset_end(&nic.target.flue), run();
    ck_assert_str_eq(nic.orders, "pb"); /* of the restore */
}
END_TEST

/* The refusal is the node's own, and its type is not looked at; what is below it is served. */
START_TEST(what_is_on_it_is_served)
{
    with_an_association();
    port.node.Kind = KEYS_TYPE_SA_CACHED;
    ck_assert_int_eq(asked(keys_rekey, &port.node), KEYS_STATUS_WRONG);
    port.node.Kind = KEYS_TYPE_PORT_CONST;
    port.node.Dependents = &other_key.node;
    ck_assert_int_eq(asked(keys_rekey, &port.node), KEYS_STATUS_WRONG);
    ck_assert_int_eq(other_key.node.Status, KEYS_STATUS_SUCCESS);
    ck_assert_uint_eq(flue_target_stats(&nic.target.flue)->bad_types, 0);
}
END_TEST

/* All of them reach the hardware; the object has what it has to give again, and no more. */
START_TEST(a_secret_goes_to_the_command)
{
    with_an_association();
    ck_assert(nic.key == KEY && nic.seed == SEED);
    ck_assert(found(KEY) && !found(SEED));
}
END_TEST

START_TEST(a_kept_one_ends_with_the_object)
{
    with_an_association();
    nic.refused = "r";
    ck_assert_int_eq(asked(keys_drop, &reading.node), KEYS_STATUS_IO_ERROR);
    ck_assert(found(KEY)); /* the host has it still */
    nic.refused = "";
    ck_assert_int_eq(asked(keys_drop, &reading.node), KEYS_STATUS_SUCCESS);
    ck_assert(!found(KEY) && !found(SEED) && !found(NOTHING));
}
END_TEST

START_TEST(it_is_given_again_after_a_reset)
{
    with_an_association();
    nic.key = 0;
    reset();
    ck_assert_str_eq(nic.orders, "pb");
    ck_assert(nic.key == KEY);
    nic.refused = "b";
    reset(); /* it is not back */
    ck_assert_int_eq(asked(keys_drop, &reading.node), KEYS_STATUS_SUCCESS);
    ck_assert(!found(KEY));
}
END_TEST

/* An association that never came to be, by a bad answer or by none, leaves nothing. */
START_TEST(what_came_to_nothing_leaves_nothing)
{
    nic.refused = _i ? "ar" : "a";
    ck_assert_int_eq(create(), KEYS_STATUS_IO_ERROR);
    ck_assert_str_eq(nic.orders, "par");
    ck_assert(!found(KEY) && !found(SEED));
}
END_TEST

START_TEST(a_lost_answer_leaves_nothing)
{
    nic.lost = _i ? "ar" : "a";
    create();
    flue_tick(&nic.target.flue, 2000), run();
    ck_assert_str_eq(nic.orders, "par");
    ck_assert(!found(KEY) && !found(SEED));
}
END_TEST

/* A read of everything leaves the bytes alone, and an indication has zeros there. */
START_TEST(nobody_is_told)
{
    with_an_association();
    memset(&reading.fixed, NOTHING, sizeof reading.fixed);
    memset(&reading.key, NOTHING, sizeof reading.key);
    ck_assert_int_eq(asked(keys_query, &reading.node), KEYS_STATUS_SUCCESS);
    ck_assert(alike(reading.key.Key, sizeof reading.key.Key) == NOTHING);
    ck_assert(alike(reading.fixed.Seed, sizeof reading.fixed.Seed) == NOTHING);
    ck_assert(reading.count.Packets == 7 && reading.key.Label != 0xc9c9c9c9);
    memset(&nic.told, NOTHING, sizeof nic.told);
    keys_worn_out(&nic.target, flue_object_handle(&nic.target.flue, KEYS_SA, 0)), run();
    for (size_t i = 0; i < sizeof nic.told.Key; i++)
        ck_assert_uint_eq(nic.told.Key[i], 0);
}
END_TEST

/* It is not compared: the same one is told again. What was before is overwritten. */
START_TEST(another_takes_its_place)
{
    with_an_association();
    memset(other_key.key.Key, KEY, sizeof other_key.key.Key);
    ck_assert_int_eq(asked(keys_rekey, &other_key.node), KEYS_STATUS_SUCCESS);
    memset(other_key.key.Key, OTHER_KEY, sizeof other_key.key.Key);
    ck_assert_int_eq(asked(keys_rekey, &other_key.node), KEYS_STATUS_SUCCESS);
    ck_assert_str_eq(nic.orders, "ww");
    ck_assert(nic.key == OTHER_KEY && found(OTHER_KEY) && !found(KEY));
}
END_TEST

START_TEST(one_that_is_not_taken_is_not_kept)
{
    with_an_association();
    nic.refused = "w";
    ck_assert_int_eq(asked(keys_rekey, &other_key.node), KEYS_STATUS_IO_ERROR);
    ck_assert_str_eq(nic.orders, "ww"); /* the new one, and the old one again */
    ck_assert(nic.key == KEY && found(KEY) && !found(OTHER_KEY));
}
END_TEST

/* An argument of a request: there it is while the host has the node, and nowhere else. */
START_TEST(what_is_asked_with_stays_with_the_host)
{
    with_an_association();
    ck_assert_int_eq(asked(keys_unlock, &unlocking.node), KEYS_STATUS_SUCCESS);
    ck_assert_str_eq(nic.orders, "u");
    ck_assert(nic.pin == PIN && !found(PIN));
}
END_TEST

/* Refused, not answered until its time is over, or forgotten in a reset. */
START_TEST(what_is_asked_with_in_vain_leaves_nothing)
{
    with_an_association();
    nic.refused = _i == 0 ? "u" : "";
    nic.lost = _i == 0 ? "" : "u";
    keys_unlock(&nic.target, &unlocking.node), run();
    ck_assert(nic.pin == PIN && !found(PIN)); /* though it is under way */
    if (_i == 1)
        flue_tick(&nic.target.flue, 2000), run();
    if (_i == 2)
        reset();
    ck_assert_uint_eq(nic.completions, 2);
    ck_assert_int_eq(unlocking.node.Status, KEYS_STATUS_IO_ERROR);
    ck_assert(!found(PIN));
}
END_TEST

/* It waits at its object in the host's node, and is sent from there. */
START_TEST(what_is_asked_with_waits_with_the_host)
{
    with_an_association();
    nic.lost = "w";
    keys_rekey(&nic.target, &other_key.node), run();
    keys_unlock(&nic.target, &unlocking.node), run();
    ck_assert(nic.pin == 0 && !found(PIN));
    nic.lost = "";
    flue_tick(&nic.target.flue, 2000), run();
    ck_assert_str_eq(nic.orders, "wwu");
    ck_assert_int_eq(unlocking.node.Status, KEYS_STATUS_SUCCESS);
    ck_assert(nic.pin == PIN && !found(PIN));
}
END_TEST

#ifdef __SANITIZE_THREAD__ /* it keeps copies of its own in frames */
#define FRAMES_ARE_OURS false
#else
#define FRAMES_ARE_OURS true
#endif

/* One request a stack: a later one would write over what an earlier one has left. */
static void *create_on_this_stack(void *unused)
{
    keys_create(&nic.target, &port.node), run();
    return unused;
}

static void *rekey_on_this_stack(void *unused)
{
    keys_rekey(&nic.target, &other_key.node), run();
    return unused;
}

static void *unlock_on_this_stack(void *unused)
{
    keys_unlock(&nic.target, &unlocking.node), run();
    return unused;
}

static void *reset_on_this_stack(void *unused)
{
    reset();
    return unused;
}

/* What a function had of it in its frame is gone when that has returned. */
START_TEST(nothing_of_it_is_left_in_frames)
{
    enum { BYTES = 1 << 21 }; /* ThreadSanitizer asks for most of a megabyte */
    static void *(*const steps[])(void *) = {create_on_this_stack, rekey_on_this_stack,
                                             unlock_on_this_stack, reset_on_this_stack};
    unsigned char *stack = aligned_alloc(4096, BYTES);
    pthread_attr_t attributes;
    fill_nodes();
    ck_assert(stack && !pthread_attr_init(&attributes));
    ck_assert(!pthread_attr_setstack(&attributes, stack, BYTES));
    for (unsigned int i = 0; i < sizeof steps / sizeof *steps; i++) {
        pthread_t thread;
        memset(stack, 0, BYTES);
        ck_assert(!pthread_create(&thread, &attributes, steps[i], NULL));
        pthread_join(thread, NULL);
        ck_assert(!found_in(stack, BYTES, KEY) && !found_in(stack, BYTES, SEED));
        ck_assert(!found_in(stack, BYTES, OTHER_KEY) && !found_in(stack, BYTES, PIN));
    }
    ck_assert_str_eq(nic.orders, "pawupb");
    pthread_attr_destroy(&attributes);
    free(stack);
}
END_TEST

int main(void)
{
    TCase *keys = tcase_create("keys");
    tcase_add_checked_fixture(keys, setup, teardown);
    tcase_add_test(keys, one_that_it_is_about_is_served);
    tcase_add_test(keys, another_is_refused_and_not_asked);
    tcase_add_test(keys, what_is_on_it_is_served);
    tcase_add_test(keys, a_secret_goes_to_the_command);
    tcase_add_test(keys, a_kept_one_ends_with_the_object);
    tcase_add_test(keys, it_is_given_again_after_a_reset);
    tcase_add_loop_test(keys, what_came_to_nothing_leaves_nothing, 0, 2);
    tcase_add_loop_test(keys, a_lost_answer_leaves_nothing, 0, 2);
    tcase_add_test(keys, nobody_is_told);
    tcase_add_test(keys, another_takes_its_place);
    tcase_add_test(keys, one_that_is_not_taken_is_not_kept);
    tcase_add_test(keys, what_is_asked_with_stays_with_the_host);
    tcase_add_loop_test(keys, what_is_asked_with_in_vain_leaves_nothing, 0, 3);
    tcase_add_test(keys, what_is_asked_with_waits_with_the_host);
    if (FRAMES_ARE_OURS)
        tcase_add_test(keys, nothing_of_it_is_left_in_frames);
    Suite *suite = suite_create("keys");
    suite_add_tcase(suite, keys);
    return run_suite(suite);
}
