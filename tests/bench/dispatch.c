/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dispatch.c: the same events through the same machine, written in several ways.
 *
 *     bench_dispatch measure [--quick]     records, one line of JSON each
 *     bench_dispatch count NAME            one run, for callgrind; prints how many events it was
 *
 * "hot": a thousand objects, all in the cache. "cold": a million, in random order.
 */

#include "dispatch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "chimney_objects.h"
#include "prng.h"

static const struct variant {
    const char *name;
    void (*run)(struct dispatch_stream *s);
} variants[] = {
    {"generated", dispatch_generated},
    {"switch", dispatch_switch},
    {"table", dispatch_table},
    {"touch", dispatch_touch},
    {"generated, called", dispatch_generated_called},
    {"switch, called", dispatch_switch_called},
#ifdef BENCH_MSM
    {"Boost.MSM", dispatch_msm},
#endif
};
enum { VARIANTS = sizeof variants / sizeof *variants };

struct table {
    struct dispatch_stream stream;
    uint32_t objects;
    const struct variant *variant;
    struct flue_object *first_objects; /* as they are before the stream */
    void *first_machines;
};

static void unused_objects(struct table *t)
{
    for (uint32_t i = 0; i < t->objects; i++)
        t->stream.objects[i] = (struct flue_object){
            .state = CHIMNEY_TCP_FREE,
            .links = {{FLUE_NONE, FLUE_NONE}},
            .kind = CHIMNEY_TCP,
            .marks = (uint8_t)(i % 16 ? 0 : 1u << CHIMNEY_MARK_INVALID),
        };
}

static void start(void *arg)
{
    struct table *t = arg;
    memcpy(t->stream.objects, t->first_objects, t->objects * sizeof *t->first_objects);
#ifdef BENCH_MSM
    dispatch_msm_copy(t->stream.machines, t->first_machines, t->objects);
#endif
}

static void run(void *arg)
{
    struct table *t = arg;
    t->variant->run(&t->stream);
}

/* Resets are rare; what cannot happen in the object's state does not. */
static struct dispatch_event next_event(struct table *t, uint64_t *seed)
{
    for (;;) {
        uint64_t r = prng_next(seed);
        struct dispatch_event e = {.object = (uint32_t)(r % t->objects),
                                   .event = (uint8_t)(1 + (r >> 40) % CHIMNEY_EVENT_TERMINATE),
                                   .asked = (r >> 50) % 2 ? FLUE_CLASS_BIT(FLUE_DELEGATED)
                                                          : FLUE_CLASS_BIT(FLUE_CACHED)};
        struct flue_object *o = &t->stream.objects[e.object];
        if ((e.event == FLUE_EVENT_RESET || e.event == FLUE_EVENT_RESTORE) && (r >> 52) % 32)
            continue;
        struct flue_guard_context q = {.object = o, .new_links = {FLUE_NONE}, .asked = e.asked};
        uint16_t arm;
        uint8_t state = chimney_tcp_step(&q, o->state, e.event, &arm);
        if (state == CHIMNEY_TCP_IMPOSSIBLE)
            continue;
        o->state = state;
        return e;
    }
}

static struct dispatch_event *events_open(struct table *t, size_t count, uint64_t *seed)
{
    struct dispatch_event *all = bench_memory(count * sizeof *all);
    for (size_t i = 0; i < count; i++)
        all[i] = next_event(t, seed);
    return all;
}

/* Objects do not begin unused, but as they are after some events. */
static void warm_up(struct table *t, uint64_t *seed)
{
    size_t count = (size_t)t->objects * 16;
    struct dispatch_event *all = events_open(t, count, seed);
    memcpy(t->first_objects, t->stream.objects, t->objects * sizeof *t->first_objects);
#ifdef BENCH_MSM
    struct dispatch_stream stream = t->stream;
    dispatch_msm_start(t->first_machines, t->objects);
    stream.machines = t->first_machines;
    stream.events = all;
    stream.count = count;
    dispatch_msm(&stream);
#endif
    bench_memory_free(all, count * sizeof *all);
}

static void table_open(struct table *t, uint32_t objects, size_t events)
{
    uint64_t seed = 7;
    *t = (struct table){.objects = objects, .stream = {.count = events}};
    t->stream.objects = bench_memory(objects * sizeof *t->stream.objects);
    t->first_objects = bench_memory(objects * sizeof *t->first_objects);
#ifdef BENCH_MSM
    t->stream.machines = bench_memory(objects * dispatch_msm_bytes());
    t->first_machines = bench_memory(objects * dispatch_msm_bytes());
#endif
    unused_objects(t);
    warm_up(t, &seed);
    t->stream.events = events_open(t, events, &seed);
}

static void table_close(struct table *t)
{
    void *events = (void *)(uintptr_t)t->stream.events;
    bench_memory_free(events, t->stream.count * sizeof *t->stream.events);
    bench_memory_free(t->stream.objects, t->objects * sizeof *t->stream.objects);
    bench_memory_free(t->first_objects, t->objects * sizeof *t->first_objects);
#ifdef BENCH_MSM
    bench_memory_free(t->stream.machines, t->objects * dispatch_msm_bytes());
    bench_memory_free(t->first_machines, t->objects * dispatch_msm_bytes());
#endif
}

static uint8_t state_of(const struct table *t, uint32_t object)
{
#ifdef BENCH_MSM
    if (t->variant->run == dispatch_msm)
        return dispatch_msm_state(t->stream.machines, object);
#endif
    return t->stream.objects[object].state;
}

/* After the same events all are in the same states, whatever numbers a variant has for them. */
static void check(struct table *t)
{
    uint8_t *expected = bench_memory(t->objects), number[256] = {0};
    for (unsigned v = 0; v < VARIANTS; v++) {
        t->variant = &variants[v];
        if (t->variant->run == dispatch_touch)
            continue;
        start(t);
        run(t);
        memset(number, 0xff, sizeof number);
        for (uint32_t i = 0; i < t->objects; i++) {
            uint8_t state = state_of(t, i);
            if (v == 0)
                expected[i] = state;
            if (number[expected[i]] == 0xff)
                number[expected[i]] = state;
            if (number[expected[i]] != state)
                bench_stop("%s is not the machine of the spec: object %u is in state %u, not %s",
                           t->variant->name, i, state,
                           chimney_spec.kinds[CHIMNEY_TCP].states[expected[i]].name);
        }
    }
    bench_memory_free(expected, t->objects);
}

static void measure(const char *name, uint32_t objects, size_t events, unsigned count)
{
    struct contender them[VARIANTS];
    struct table tables[VARIANTS];
    struct table t;
    table_open(&t, objects, events);
    check(&t);
    for (unsigned v = 0; v < VARIANTS; v++) {
        tables[v] = t;
        tables[v].variant = &variants[v];
        them[v] = (struct contender){
            .name = variants[v].name, .prepare = start, .run = run, .arg = &tables[v]};
    }
    rounds(them, VARIANTS, count);
    for (unsigned v = 0; v < VARIANTS; v++)
        record(
            &(struct record){
                .scenario = "dispatch", .variant = name, .objects = events, .against = &them[1]},
            &them[v]);
    table_close(&t);
}

static int count_events(const char *name)
{
    struct table t;
    for (unsigned v = 0; v < VARIANTS; v++)
        if (strcmp(variants[v].name, name) == 0) {
            table_open(&t, 1000, 100000);
            start(&t);
            t.variant = &variants[v];
            struct contender c = {.name = name, .run = run, .arg = &t};
            bench_measured(&c);
            printf("%zu\n", t.stream.count);
            return 0;
        }
    return 2;
}

int main(int argc, char **argv)
{
    bool quick = argc > 2 && strcmp(argv[2], "--quick") == 0;
    if (argc > 2 && strcmp(argv[1], "count") == 0)
        return count_events(argv[2]);
    if (argc < 2 || strcmp(argv[1], "measure") != 0) {
        fprintf(stderr, "usage: bench_dispatch measure [--quick] | count NAME\n");
        return 2;
    }
    bench_pin();
    measure("hot", 1000, 100000, quick ? 5 : 25);
    measure("cold", quick ? 100000 : 1000000, quick ? 200000 : 2000000, quick ? 3 : 9);
    return 0;
}
