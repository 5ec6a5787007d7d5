/* SPDX-License-Identifier: BSD-2-Clause */
/* The hardware: what becomes of a command depends on its object's name and the phase alone. */
#include <string.h>

#include "pace.h"

enum verb { ADD, REMOVE, BLOCK, MOVE, RATE, COLOR, VERBS };

static uint64_t mixed(uint64_t a, uint64_t b)
{
    a = (a ^ b) * UINT64_C(0x9e3779b97f4a7c15);
    return (a ^ a >> 29) * UINT64_C(0xbf58476d1ce4e5b9);
}

/* An object that the host has is put back after a reset, whatever the phase, if not by a repair. */
static uint64_t outcome_of(const struct world *w, enum verb verb, uint32_t name)
{
    const struct thing *t = &w->things[name];
    bool again = verb == ADD && t->held && t->removed != w->phase;
    uint64_t moment = again ? UINT64_C(1) << 32 | w->resets : w->phase;
    return mixed(mixed(mixed(w->seed, moment), name), verb) >> 20;
}

static bool takes(struct world *w)
{
    return w->waits < w->pace.room && w->waits < RING;
}

static void answer_later(struct world *w, flue_cookie cookie, uint8_t result)
{
    if (w->pace.way == INLINE && w->commands++ % 3)
        flue_command_done(&w->target.flue, cookie, result);
    else
        w->waiting[w->waits++] = (struct flue_answer){cookie, result};
}

/*
 * Every tenth fails. Of every tenth object one command of a phase may or may not have been done,
 * and nobody can tell; then its others do not fail: whether they are still sent is up to the pace.
 */
static uint8_t result_of(const struct world *w, enum verb verb, uint32_t name)
{
    uint64_t object = outcome_of(w, verb == ADD ? ADD : VERBS, name),
             outcome = outcome_of(w, verb, name);
    if (object % 10 == 0)
        return verb == object / 10 % VERBS ? GRID_RESULT_UNSURE : GRID_RESULT_OK;
    return outcome % 20 == 0   ? GRID_RESULT_IO_ERROR
           : outcome % 20 == 1 ? GRID_RESULT_NO_SPACE
                               : GRID_RESULT_OK;
}

static enum flue_issued carry_out(struct world *w, flue_cookie cookie, enum verb verb,
                                  struct entry *at, const struct entry *new)
{
    if (!takes(w))
        return FLUE_RING_FULL;
    uint32_t name = verb == ADD ? new->name : at->name;
    uint8_t result = result_of(w, verb, name);
    at->name = name; /* also of what is not carried out: it may be taken back */
    if (verb == REMOVE)
        w->things[name].removed = w->phase;
    uint64_t outcome = outcome_of(w, verb, name);
    if (result == GRID_RESULT_OK || (result == GRID_RESULT_UNSURE && outcome & 1 << 10))
        *at = *new;
    answer_later(w, cookie, result);
    return FLUE_ISSUED;
}

static uint32_t name_at(const struct world *w, uint8_t kind, uint32_t index)
{
    return w->entries[kind][index].name;
}

/* A function of the binding: `change` says what differs in the entry afterwards. */
#define COMMAND(function, kind, verb, change)                                   \
    static enum flue_issued function(void *adapter, flue_cookie cookie,         \
                                     const struct grid_##function##_args *args) \
    {                                                                           \
        struct world *w = adapter;                                              \
        struct entry *at = &w->entries[kind][args->index], new = *at;           \
        change;                                                                 \
        return carry_out(w, cookie, verb, at, &new);                            \
    }
#define NEW_ENTRY(...)                               \
    new = (struct entry)                             \
    {                                                \
        .there = true, .name = args->id, __VA_ARGS__ \
    }

COMMAND(add_port, GRID_PORT, ADD, NEW_ENTRY(.rate = args->rate))
COMMAND(add_route, GRID_ROUTE, ADD,
        NEW_ENTRY(.rate = args->rate, .link = name_at(w, GRID_PORT, args->port)))
COMMAND(add_flow, GRID_FLOW, ADD,
        NEW_ENTRY(.rate = args->rate, .color = args->color,
                  .link = name_at(w, GRID_ROUTE, args->route)))
COMMAND(remove_port, GRID_PORT, REMOVE, new.there = false)
COMMAND(remove_route, GRID_ROUTE, REMOVE, new.there = false)
COMMAND(remove_flow, GRID_FLOW, REMOVE, new.there = false)
COMMAND(block_port, GRID_PORT, BLOCK, new.blocked = true)
COMMAND(block_route, GRID_ROUTE, BLOCK, new.blocked = true)
COMMAND(block_flow, GRID_FLOW, BLOCK, new.blocked = true)
COMMAND(move_route, GRID_ROUTE, MOVE, new.link = name_at(w, GRID_PORT, args->port))
COMMAND(move_flow, GRID_FLOW, MOVE, new.link = name_at(w, GRID_ROUTE, args->route))
COMMAND(write_port_rate, GRID_PORT, RATE, new.rate = args->rate)
COMMAND(write_route_rate, GRID_ROUTE, RATE, new.rate = args->rate)
COMMAND(write_flow_rate, GRID_FLOW, RATE, new.rate = args->rate)
COMMAND(write_flow_color, GRID_FLOW, COLOR, new.color = args->color)

static void doorbell(void *adapter)
{
    (void)adapter;
}

const struct grid_binding device_binding = {.add_port = add_port,
                                            .add_route = add_route,
                                            .add_flow = add_flow,
                                            .remove_port = remove_port,
                                            .remove_route = remove_route,
                                            .remove_flow = remove_flow,
                                            .block_port = block_port,
                                            .block_route = block_route,
                                            .block_flow = block_flow,
                                            .move_route = move_route,
                                            .move_flow = move_flow,
                                            .write_port_rate = write_port_rate,
                                            .write_route_rate = write_route_rate,
                                            .write_flow_rate = write_flow_rate,
                                            .write_flow_color = write_flow_color,
                                            .doorbell = doorbell};

/* The next answer, in the order of the pace. */
static struct flue_answer take_answer(struct world *w)
{
    uint32_t at = w->pace.order == IN_ORDER       ? 0
                  : w->pace.order == NEWEST_FIRST ? w->waits - 1
                                                  : prng_below(&w->dice, w->waits);
    struct flue_answer taken = w->waiting[at];
    memmove(&w->waiting[at], &w->waiting[at + 1], (w->waits - at - 1) * sizeof(taken));
    w->waits--;
    return taken;
}

size_t device_reap(void *adapter, struct flue_answer *answers, size_t room)
{
    struct world *w = adapter;
    size_t count = 0;
    for (; count < room && count < w->pace.answers && w->waits; count++)
        answers[count] = take_answer(w);
    return count;
}

void device_answer(struct world *w)
{
    struct flue_answer burst[RING];
    size_t count = w->pace.way == REAPED ? 0 : device_reap(w, burst, RING);
    if (w->pace.way == IN_BURSTS)
        flue_commands_done(&w->target.flue, burst, count);
    else
        for (size_t i = 0; i < count; i++)
            flue_command_done(&w->target.flue, burst[i].cookie, burst[i].result);
}

void device_forget(struct world *w)
{
    memset(w->entries, 0, sizeof(w->entries));
    w->waits = 0;
}

/* By name, since places are given as they come free. */
void device_print(struct world *w)
{
    static const struct entry *by_name[MOST];
    memset(by_name, 0, sizeof(by_name));
    for (unsigned kind = 0; kind < KINDS; kind++)
        for (uint32_t i = 0; i < FLOWS; i++)
            if (w->entries[kind][i].there)
                by_name[w->entries[kind][i].name] = &w->entries[kind][i];
    for (uint32_t name = 1; name <= w->names; name++)
        if (by_name[name])
            note(w, "hardware has %u: rate %u, color %u, on %u%s\n", name, by_name[name]->rate,
                 by_name[name]->color, by_name[name]->link,
                 by_name[name]->blocked ? ", blocked" : "");
}
