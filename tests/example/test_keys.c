/* SPDX-License-Identifier: BSD-2-Clause */
/* An operation that is about one kind of object, asked of another and of a mixed tree. */
#include <stdlib.h>
#include <string.h>

#include "keys.h"
#include "suite.h"

struct nic {
    struct keys_target target;
    char orders[64]; /* a letter each, as they came */
    unsigned completions;
};
KEYS_ADAPTER_BEGINS_WITH(struct nic, target);

static struct nic nic;
static void *memory;
static void *port_handle, *sa_handle;

static struct {
    struct keys_node node;
    struct keys_port_const place;
} port;

static struct {
    struct keys_node node;
    struct keys_sa_const fixed;
    _Alignas(8) struct keys_sa_cached key;
    _Alignas(8) struct keys_sa_delegated count;
} sa;

static struct {
    struct keys_node node;
    struct keys_sa_cached key;
} other_key;

static enum flue_issued take(char letter, flue_cookie cookie)
{
    nic.orders[strlen(nic.orders)] = letter;
    keys_done(&nic.target, cookie, KEYS_RESULT_OK);
    return FLUE_ISSUED;
}

#define ORDER(command, letter)                                                \
    static enum flue_issued command(void *adapter, flue_cookie cookie,        \
                                    const struct keys_##command##_args *args) \
    {                                                                         \
        (void)adapter, (void)args;                                            \
        return take(letter, cookie);                                          \
    }
ORDER(add_port, 'p')
ORDER(remove_port, 'q')
ORDER(add_sa, 'a')
ORDER(put_back, 'b')
ORDER(write_key, 'w')
ORDER(remove_sa, 'r')

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
    (void)host_handle, (void)node, (void)code;
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
                                            .remove_sa = remove_sa};
static const struct keys_completions completions = {completed, completed, completed, completed};
static const struct keys_indications indications = {.key_event = told};

static void run(void)
{
    while (flue_poll(&nic.target.flue, 64))
        ;
}

static void setup(void)
{
    struct flue_config config = {.capacity = {4, 4},
                                 .ring_entries = 8,
                                 .running_requests = 4,
                                 .ticks_per_second = 1000,
                                 .wake = wake};
    size_t bytes = (keys_memory_bytes(&config) + 63) / 64 * 64;
    memory = aligned_alloc(64, bytes);
    ck_assert_int_eq(
        keys_init(&nic.target, &config, &binding, &completions, &indications, memory, bytes),
        FLUE_OK);
    port.node = (struct keys_node){
        .Kind = KEYS_TYPE_PORT_CONST, .Dependents = &sa.node, .Context = &port_handle};
    sa.node = (struct keys_node){.Kind = KEYS_TYPE_SA_ALL, .Context = &sa_handle};
    other_key.node = (struct keys_node){.Kind = KEYS_TYPE_SA_CACHED, .Context = &sa_handle};
    memset(sa.key.Key, 0x11, sizeof sa.key.Key);
    memset(other_key.key.Key, 0x22, sizeof other_key.key.Key);
    keys_create(&nic.target, &port.node), run();
    ck_assert_int_eq(port.node.Status, KEYS_STATUS_SUCCESS);
    ck_assert_int_eq(sa.node.Status, KEYS_STATUS_SUCCESS);
    memset(nic.orders, 0, sizeof nic.orders);
    port.node.Dependents = NULL;
}

static void teardown(void)
{
    memset(&nic, 0, sizeof nic);
    port_handle = sa_handle = NULL;
    free(memory);
}

START_TEST(one_that_it_is_about_is_served)
{
    keys_rekey(&nic.target, &other_key.node), run();
    ck_assert_int_eq(other_key.node.Status, KEYS_STATUS_SUCCESS);
    ck_assert_str_eq(nic.orders, "w");
}
END_TEST

/* Whatever state the other is in: its machine is not asked, and nothing waits for it. */
START_TEST(another_is_refused_and_not_asked)
{
    keys_rekey(&nic.target, &port.node), run();
    ck_assert_int_eq(port.node.Status, KEYS_STATUS_WRONG);
    flue_reset_begin(&nic.target.flue);
    flue_dma_stopped(&nic.target.flue);
    keys_rekey(&nic.target, &port.node), run();
    flue_reset_end(&nic.target.flue), run();
    ck_assert_int_eq(port.node.Status, KEYS_STATUS_WRONG);
    ck_assert_str_eq(nic.orders, "pb"); /* of the restore */
}
END_TEST

/* The refusal is its own: what it carries is served, and a type of no kind is misuse as ever. */
START_TEST(what_is_on_it_is_served)
{
    port.node.Kind = KEYS_TYPE_SA_CACHED;
    keys_rekey(&nic.target, &port.node), run();
    ck_assert_int_eq(port.node.Status, KEYS_STATUS_WRONG);
    port.node.Kind = KEYS_TYPE_PORT_CONST;
    port.node.Dependents = &other_key.node;
    keys_rekey(&nic.target, &port.node), run();
    ck_assert_int_eq(port.node.Status, KEYS_STATUS_WRONG);
    ck_assert_int_eq(other_key.node.Status, KEYS_STATUS_SUCCESS);
    ck_assert_uint_eq(flue_target_stats(&nic.target.flue)->bad_types, 0);
}
END_TEST

int main(void)
{
    return RUN_TESTS("keys", setup, teardown, one_that_it_is_about_is_served,
                     another_is_refused_and_not_asked, what_is_on_it_is_served);
}
