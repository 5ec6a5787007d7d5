/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events of the device, raised by threads of their own while gates are added, changed and removed
 * and the hardware is reset: none is torn, of another gate, older than one before, or lost.
 */
#include <pthread.h>
#include <sched.h>

#include "gates.h"
#include "prng.h"
#include "suite.h"

enum { RAISERS = 2, ROUNDS = 400 };

static struct gates gates;
static _Atomic bool stop;
static _Atomic uint64_t raised;
static uint64_t told_last[GATES];

static void setup(void)
{
    gates_open(&gates, 4);
    gates.answers = true;
}

static void teardown(void)
{
    gates_close(&gates);
}

/* A gate is raised by one thread, whose numbers grow; the low byte says which gate it is. */
static void *raise_them(void *first)
{
    unsigned own = (unsigned)(uintptr_t)first;
    uint64_t seed = own + 1;
    for (uint64_t n = 1; !atomic_load(&stop); n++) {
        unsigned i = prng_below(&seed, GATES / RAISERS) * RAISERS + own;
        if (gates_raise(&gates, i, n << 8 | i))
            atomic_fetch_add(&raised, 1);
        if (prng_below(&seed, 8) == 0)
            sched_yield();
    }
    return NULL;
}

static void look_at(struct gates *g, struct gate *gate)
{
    size_t i = (size_t)(gate - g->gate);
    ck_assert_uint_eq(gate->last.octets, ~gate->last.pieces);
    ck_assert_uint_eq(gate->last.pieces & 0xff, i);
    ck_assert_uint_gt(gate->last.pieces, told_last[i]);
    told_last[i] = gate->last.pieces;
}

static void ask_all(void (*call)(void *, struct rich_node *))
{
    for (unsigned i = 0; i < GATES; i++) {
        gates.gate[i].cached.Address[0]++;
        gates_ask(&gates, i, call);
        flue_poll(&gates.target.flue, 7);
    }
    gates_poll(&gates);
}

static void reset(void)
{
    flue_reset_begin(&gates.target.flue);
    flue_poll(&gates.target.flue, 5);
    flue_dma_stopped(&gates.target.flue);
    flue_reset_end(&gates.target.flue);
    gates_poll(&gates);
}

START_TEST(at_every_moment_of_a_life)
{
    pthread_t threads[RAISERS];
    gates.tells = look_at;
    for (uintptr_t n = 0; n < RAISERS; n++)
        ck_assert_int_eq(pthread_create(&threads[n], NULL, raise_them, (void *)n), 0);
    for (unsigned round = 0; round < ROUNDS; round++) {
        ask_all(rich_initiate);
        ask_all(rich_update);
        if (round % 8 == 0)
            reset();
        ask_all(rich_terminate);
    }
    ask_all(rich_initiate);
    atomic_store(&stop, true);
    for (unsigned n = 0; n < RAISERS; n++)
        pthread_join(threads[n], NULL);
    gates_poll(&gates);

    const struct flue_stats *s = flue_target_stats(&gates.target.flue);
    uint64_t all = atomic_load(&raised);
    ck_assert_uint_gt(all, 0);
    ck_assert_uint_gt(s->events, 0);
    ck_assert_uint_le(s->events + s->events_dropped, 2 * all);
    ck_assert_uint_eq(flue_target_shared_stats(&gates.target.flue)->events_full, 0);
    for (unsigned i = 0; i < GATES; i++)
        ck_assert_uint_eq(gates.gate[i].completions, 3 * ROUNDS + 1);

    /* Every entry came back: each gate may have one pending again, and it is seen. */
    uint64_t seen = s->events;
    for (unsigned i = 0; i < GATES; i++)
        ck_assert(gates_raise(&gates, i, UINT64_MAX << 8 | i));
    gates_poll(&gates);
    ck_assert_uint_eq(s->events, seen + GATES);
    flue_remove(&gates.target.flue);
    flue_dma_stopped(&gates.target.flue);
    gates_poll(&gates);
    ck_assert(flue_target_quiet(&gates.target.flue));
}
END_TEST

int main(void)
{
    return RUN_TESTS("event_threads", setup, teardown, at_every_moment_of_a_life);
}
