/* SPDX-License-Identifier: BSD-2-Clause */
/* gates.c: host and hardware of gates, as the test moves them. */
#include "gates.h"

#include <stdlib.h>
#include <string.h>

#include "flue/priv/object.h"
#include "suite.h"

static struct gates *opened; /* whom the host's calls without a handle are for */

static struct gate *gate_of(const struct rich_node *node)
{
    return (struct gate *)(uintptr_t)node;
}

static enum flue_issued take(void *adapter, flue_cookie cookie, flue_name name, char command)
{
    struct gates *gates = adapter;
    if (gates->full)
        return FLUE_RING_FULL;
    for (unsigned i = 0; i < GATES; i++) {
        struct gate *gate = &gates->gate[i];
        if (atomic_load(&gate->name) != name)
            continue;
        gate->cookie = cookie;
        gate->command = command;
        if (gates->answers)
            gates_answer(gates, i, RICH_RESULT_OK);
        return FLUE_ISSUED;
    }
    ck_abort_msg("a command for nobody");
    return FLUE_ISSUED;
}

/* The place tells which gate of the host's it is. */
static enum flue_issued add_gate(void *adapter, flue_cookie cookie,
                                 const struct rich_add_gate_args *args)
{
    struct gates *gates = adapter;
    atomic_store(&gates->gate[args->place].name, args->name);
    return take(adapter, cookie, args->name, 'a');
}

#define TAKES(function, letter)                                                 \
    static enum flue_issued function(void *adapter, flue_cookie cookie,         \
                                     const struct rich_##function##_args *args) \
    {                                                                           \
        return take(adapter, cookie, args->name, letter);                       \
    }
TAKES(write_address, 'w')
TAKES(read_gate, 'r')
TAKES(block_gate, 'b')
TAKES(remove_gate, 'd')

#define NEVER(function)                                                         \
    static enum flue_issued function(void *adapter, flue_cookie cookie,         \
                                     const struct rich_##function##_args *args) \
    {                                                                           \
        (void)adapter, (void)cookie, (void)args;                                \
        ck_abort_msg("there are no flows");                                     \
        return FLUE_ISSUED;                                                     \
    }
NEVER(write_link)
NEVER(write_probes)
NEVER(write_window)
NEVER(begin_again)
NEVER(add_flow)
NEVER(read_flow)
NEVER(block_flow)
NEVER(remove_flow)

static const struct rich_binding binding = {
    .add_gate = add_gate,
    .write_address = write_address,
    .read_gate = read_gate,
    .block_gate = block_gate,
    .remove_gate = remove_gate,
    .write_link = write_link,
    .write_probes = write_probes,
    .write_window = write_window,
    .begin_again = begin_again,
    .add_flow = add_flow,
    .read_flow = read_flow,
    .block_flow = block_flow,
    .remove_flow = remove_flow,
};

static void completed(void *host_handle, struct rich_node *root)
{
    (void)host_handle;
    gate_of(root)->completions++;
}

static void question(void *host_handle, struct rich_node *node, uint32_t code)
{
    (void)host_handle, (void)node, (void)code;
}

static void event(void *handle, uint32_t code, uint32_t detail)
{
    (void)handle, (void)code, (void)detail;
}

static void count(void *handle, uint32_t code, const void *data)
{
    struct gate *gate = handle;
    ck_assert_uint_eq(code, 3);
    gate->told++;
    memcpy(&gate->last, data, sizeof gate->last);
    if (opened->tells)
        opened->tells(opened, gate);
}

static const struct rich_completions completions = {completed, completed, completed, completed,
                                                    completed};
static const struct rich_indications indications = {event, question, count};

static void wake(void *adapter)
{
    (void)adapter;
}

void gates_open(struct gates *gates, uint32_t indication_entries)
{
    struct flue_config config = {.capacity = {GATES, GATES},
                                 .ring_entries = GATES,
                                 .running_requests = 4,
                                 .indication_entries = indication_entries,
                                 .ticks_per_second = 1000,
                                 .wake = wake};
    memset(gates, 0, sizeof *gates);
    size_t bytes = (rich_memory_bytes(&config) + 63) / 64 * 64;
    gates->memory = aligned_alloc(64, bytes);
    memset(gates->memory, 0xa5, bytes);
    ck_assert_int_eq(rich_init(&gates->target, &config, &binding, &completions, &indications,
                               gates->memory, bytes),
                     FLUE_OK);
    flue_tick(&gates->target.flue, 1);
    opened = gates;
}

void gates_close(struct gates *gates)
{
    free(gates->memory);
    gates->memory = NULL;
}

void gates_ask(struct gates *gates, unsigned i, void (*call)(void *, struct rich_node *))
{
    struct gate *gate = &gates->gate[i];
    uint8_t type = call == rich_initiate    ? RICH_TYPE_GATE_ALL
                   : call == rich_terminate ? RICH_TYPE_GATE_DELEGATED
                                            : RICH_TYPE_GATE_CACHED;
    gate->node.Head.Type = type;
    gate->node.Context = &gate->cell;
    if (call == rich_initiate)
        gate->cell = NULL;
    gate->node.Handle = gate;
    gate->fixed.Header.Length = sizeof gate->fixed;
    gate->fixed.Place = i & 0xfff;
    gate->cached.Header.Length = sizeof gate->cached;
    gate->delegated.Header.Length = sizeof gate->delegated;
    if (type == RICH_TYPE_GATE_DELEGATED)
        memmove(&gate->fixed, &gate->delegated, sizeof gate->delegated);
    if (type == RICH_TYPE_GATE_CACHED)
        memmove(&gate->fixed, &gate->cached, sizeof gate->cached); /* over its length only */
    call(&gates->target, &gate->node);
}

bool gates_answer(struct gates *gates, unsigned i, enum rich_result result)
{
    struct gate *gate = &gates->gate[i];
    char command = gate->command;
    gate->command = 0;
    if (command == 'd' && result == RICH_RESULT_OK) {
        const struct rich_remove_gate_data data = {.seen = 1};
        return rich_remove_gate_done(&gates->target, gate->cookie, result, &data);
    }
    if (command == 'r' && result == RICH_RESULT_OK) {
        const struct rich_read_gate_data data = {.seen = 1};
        return rich_read_gate_done(&gates->target, gate->cookie, result, &data);
    }
    return rich_done(&gates->target, gate->cookie, result);
}

void gates_poll(struct gates *gates)
{
    while (flue_poll(&gates->target.flue, 64))
        ;
}

/* Both numbers belong together, and need all of their bits. */
bool gates_raise(struct gates *gates, unsigned i, uint64_t pieces)
{
    const struct rich_gate_spent_data data = {pieces, ~pieces};
    return rich_gate_spent(&gates->target, atomic_load(&gates->gate[i].name), &data);
}

uint8_t gates_state(const struct gates *gates, unsigned i)
{
    uint32_t index = (uint32_t)atomic_load(&gates->gate[i].name);
    return flue_object_at(&gates->target.flue, RICH_GATE, index)->state;
}
