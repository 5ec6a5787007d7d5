/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Submitters, answers, time, indications, resets, pauses, removal and the owner, each on threads of
 * their own, all of which dawdle now and then, by seed, inside of the target's calls, too.
 *
 * Two threads poll, and only when wake() said so or flue_poll() said that work is left: a wake that
 * got lost would leave a request behind, and the test would never end.
 */
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include "commands.h"
#include "prng.h"
#include "suite.h"
#include "world.h"

enum { SUBMITTERS = 3, OWN = 4, ROUNDS = 1500, ANSWERERS = 2, POLLERS = 2, QUEUE = 1024 };

/* A tree of one node that its submitter changes again and again. */
struct job {
    struct host_object object;
    struct chimney_node *node;
    _Atomic bool under_way;
    unsigned completions;
};

struct nic {
    struct chimney_target target;
    void *memory;
    struct host_arena arena;
    struct job jobs[SUBMITTERS][OWN];
    pthread_mutex_t lock; /* of the queue of issued commands: the test's, not flue's */
    struct {
        flue_cookie cookie;
        size_t data_bytes;
    } queue[QUEUE];
    unsigned first, count;
    _Atomic bool woken, stop;
    _Atomic bool served;      /* nobody waits for those who poll and answer any more */
    _Atomic bool frozen;      /* the hardware is being reset: it takes up no command to answer */
    _Atomic unsigned in_hand; /* answers on their way */
    _Atomic uint64_t now;
    _Atomic unsigned told;
    bool reaps; /* whoever polls takes the answers; answerers only say that there are some */
};

static struct nic nic;

/* Nobody sleeps: who dawdles lets others go first, or makes them wait. */
static void dawdle(void)
{
    static _Atomic uint64_t next_seed = 1;
    static _Thread_local uint64_t seed;
    if (!seed)
        seed = atomic_fetch_add(&next_seed, 1);
    uint32_t how = prng_below(&seed, 64);
    if (how > 7)
        return;
    for (uint32_t i = prng_below(&seed, 16); i > 0; i--)
        sched_yield();
    for (volatile uint32_t spin = prng_below(&seed, 4096); how < 3 && spin > 0;)
        spin = spin - 1;
}

/* Only the owner issues and completes, and there is one. Two would spoil anything, at any time: it
 * ends here, where it is seen. */
static void dawdle_as_owner(void)
{
    static _Atomic unsigned owners;
    if (atomic_fetch_add(&owners, 1))
        abort();
    dawdle();
    atomic_fetch_sub(&owners, 1);
}

static enum flue_issued issue(flue_cookie cookie, size_t data_bytes)
{
    dawdle_as_owner();
    pthread_mutex_lock(&nic.lock);
    bool room = nic.count < QUEUE;
    if (room) {
        unsigned at = (nic.first + nic.count++) % QUEUE;
        nic.queue[at].cookie = cookie;
        nic.queue[at].data_bytes = data_bytes;
    }
    pthread_mutex_unlock(&nic.lock);
    return room ? FLUE_ISSUED : FLUE_RING_FULL;
}

static bool take(flue_cookie *cookie, size_t *data_bytes)
{
    pthread_mutex_lock(&nic.lock);
    bool some = nic.count > 0;
    if (some) {
        *cookie = nic.queue[nic.first].cookie;
        *data_bytes = nic.queue[nic.first].data_bytes;
        nic.first = (nic.first + 1) % QUEUE;
        nic.count--;
    }
    pthread_mutex_unlock(&nic.lock);
    return some;
}

#define ISSUE(command, kind, data)                                                       \
    static enum flue_issued issue_##command(void *adapter, flue_cookie cookie,           \
                                            const struct chimney_##command##_args *args) \
    {                                                                                    \
        (void)adapter, (void)args;                                                       \
        return issue(cookie, data);                                                      \
    }
CHIMNEY_COMMANDS(ISSUE)

static const struct chimney_binding binding = {CHIMNEY_COMMANDS(BIND_ISSUE).doorbell = NULL};

static void complete(void *handle, struct chimney_node *root)
{
    (void)handle;
    struct job *job = root->ProtocolReserved[0];
    job->completions++;
    if (atomic_load(&job->under_way))
        dawdle_as_owner();
    atomic_store_explicit(&job->under_way, false, memory_order_release);
}

static const struct chimney_completions completions = {complete, complete, complete, complete,
                                                       complete};

static void tell_tcp(void *handle, uint32_t code, uint32_t detail)
{
    (void)handle, (void)code, (void)detail;
}

static void tell_object(void *handle, struct chimney_node *node, uint32_t code)
{
    (void)handle, (void)node, (void)code;
}

static void tell_status(void *handle, struct chimney_status_indication *indication)
{
    (void)handle, (void)indication;
    atomic_fetch_add(&nic.told, 1);
}

static const struct chimney_indications indications = {tell_tcp, tell_object, tell_status};

static void wake(void *adapter)
{
    (void)adapter;
    dawdle();
    atomic_store(&nic.woken, true);
}

static void *poller(void *unused)
{
    bool more = false;
    (void)unused;
    while (!atomic_load(&nic.served)) {
        if (atomic_exchange(&nic.woken, false) || more)
            more = flue_poll(&nic.target.flue, 64);
        else
            sched_yield();
    }
    return NULL;
}

static const unsigned char zeros[512];

static uint8_t any_result(uint64_t *seed)
{
    return prng_below(seed, 16) ? CHIMNEY_RESULT_OK : CHIMNEY_RESULT_FAILURE;
}

static size_t reap(void *adapter, struct flue_answer *answers, size_t room)
{
    static uint64_t seed = 5; /* the owner's, whoever that is */
    size_t count = 0, bytes;
    flue_cookie cookie;
    (void)adapter;
    while (count < room && take(&cookie, &bytes)) {
        uint8_t result = any_result(&seed);
        if (bytes && result == CHIMNEY_RESULT_OK)
            flue_command_done_with(&nic.target.flue, cookie, result, zeros, bytes);
        else
            answers[count++] = (struct flue_answer){cookie, result};
        if (count && count < room && prng_below(&seed, 8) == 0)
            answers[count++] = (struct flue_answer){answers[0].cookie, CHIMNEY_RESULT_OK};
    }
    dawdle();
    return count;
}

static void *answerer(void *number)
{
    uint64_t seed = (uintptr_t)number;
    while (!atomic_load(&nic.served)) {
        flue_cookie cookie;
        size_t bytes;
        if (nic.reaps) { /* an interrupt, late or early */
            wake(&nic);
            sched_yield();
            continue;
        }
        atomic_fetch_add(&nic.in_hand, 1);
        if (atomic_load(&nic.frozen) || !take(&cookie, &bytes)) {
            atomic_fetch_sub(&nic.in_hand, 1);
            sched_yield();
            continue;
        }
        dawdle();
        uint8_t result = any_result(&seed);
        bytes = result == CHIMNEY_RESULT_OK ? bytes : 0;
        flue_command_done_with(&nic.target.flue, cookie, result, bytes ? zeros : NULL, bytes);
        if (prng_below(&seed, 8) == 0)
            flue_command_done(&nic.target.flue, cookie, CHIMNEY_RESULT_OK);
        atomic_fetch_sub(&nic.in_hand, 1);
    }
    return NULL;
}

static void *submitter(void *number)
{
    unsigned me = (unsigned)(uintptr_t)number;
    uint64_t seed = 77u + me;
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct job *job = &nic.jobs[me][prng_below(&seed, OWN)];
        while (atomic_load_explicit(&job->under_way, memory_order_acquire))
            sched_yield();
        host_neighbor_cached(job->node)->DlDestinationAddress[prng_below(&seed, 6)] =
            (uint8_t)prng_next(&seed);
        atomic_store_explicit(&job->under_way, true, memory_order_relaxed);
        dawdle();
        if (prng_below(&seed, 4))
            chimney_update(&nic, job->node);
        else
            chimney_query(&nic, job->node);
    }
    return NULL;
}

/* Time passes, so that some commands time out; and the host is told things meanwhile. */
static void *clock_and_raiser(void *raised)
{
    while (!atomic_load(&nic.stop)) {
        flue_tick(&nic.target.flue, atomic_fetch_add(&nic.now, 1));
        *(unsigned *)raised += chimney_upload_all(&nic.target);
        for (unsigned i = 0; i < 50; i++)
            sched_yield();
    }
    return NULL;
}

static void pump(void)
{
    flue_cookie cookie;
    size_t bytes;
    do {
        while (flue_poll(&nic.target.flue, 1000))
            ;
        while (take(&cookie, &bytes))
            flue_command_done_with(&nic.target.flue, cookie, 0, bytes ? zeros : NULL, bytes);
    } while (flue_poll(&nic.target.flue, 1000) || nic.count);
}

static void open_target(bool reaps)
{
    struct flue_config config = scripted_config();
    config.reap = reaps ? reap : NULL;
    config.capacity[CHIMNEY_NEIGHBOR] = SUBMITTERS * OWN;
    config.quarantine_limit = config.ring_entries - config.reserved_entries - 1;
    config.wake = wake;
    memset(&nic, 0, sizeof nic);
    nic.reaps = reaps;
    pthread_mutex_init(&nic.lock, NULL);
    size_t bytes = (chimney_memory_bytes(&config) + 63) & ~(size_t)63;
    nic.memory = aligned_alloc(64, bytes);
    ck_assert_int_eq(
        chimney_init(&nic.target, &config, &binding, &completions, &indications, nic.memory, bytes),
        FLUE_OK);
    ck_assert(host_arena_open(&nic.arena, 1u << 20));
    for (unsigned i = 0; i < SUBMITTERS * OWN; i++) {
        struct job *job = &nic.jobs[i / OWN][i % OWN];
        struct chimney_node *node = host_new_neighbor(&nic.arena, &job->object, i);
        node->ProtocolReserved[0] = job;
        chimney_initiate(&nic, node);
        pump();
        ck_assert_uint_eq(job->completions, 1);
        job->node = host_reference(&nic.arena, &job->object, CHIMNEY_TYPE_NEIGHBOR_CACHED);
        job->node->ProtocolReserved[0] = job;
    }
}

static void setup(void)
{
    open_target(false);
}

static void setup_reaping(void)
{
    open_target(true);
}

static void teardown(void)
{
    host_arena_close(&nic.arena);
    free(nic.memory);
}

/* As a driver does: begin, see that no answer is on its way any more, end; or forget to see. */
static void reset_once(uint64_t *seed)
{
    flue_cookie cookie;
    size_t bytes;
    flue_reset_begin(&nic.target.flue);
    while (flue_target_phase(&nic.target.flue) != FLUE_RESETTING)
        sched_yield();
    dawdle();
    if (prng_below(seed, 2)) {
        atomic_store(&nic.frozen, true);
        while (atomic_load(&nic.in_hand))
            sched_yield();
        while (take(&cookie, &bytes))
            ;
    }
    flue_reset_end(&nic.target.flue);
    atomic_store(&nic.frozen, false);
    while (flue_target_phase(&nic.target.flue) == FLUE_RESETTING)
        sched_yield();
}

static void *resetter(void *resets)
{
    uint64_t seed = 99;
    while (!atomic_load(&nic.stop)) {
        reset_once(&seed);
        atomic_fetch_add((_Atomic unsigned *)resets, 1);
        for (unsigned i = prng_below(&seed, 200); i > 0; i--)
            sched_yield();
    }
    return NULL;
}

/* However often it asks, what the others ask for is not lost. */
static void *pauser(void *unused)
{
    (void)unused;
    while (!atomic_load(&nic.stop)) {
        flue_pause(&nic.target.flue);
        flue_resume(&nic.target.flue);
        dawdle();
    }
    return NULL;
}

/* In the middle: when half of all requests were made. */
static void *remover(void *unused)
{
    (void)unused;
    const struct flue_shared_stats *shared = flue_target_shared_stats(&nic.target.flue);
    while (atomic_load(&shared->submitted) < SUBMITTERS * ROUNDS / 2)
        sched_yield();
    flue_remove(&nic.target.flue);
    flue_dma_stopped(&nic.target.flue);
    return NULL;
}

struct thread {
    void *(*run)(void *argument);
    void *argument;
    pthread_t id;
};

static void start(struct thread *threads, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        ck_assert_int_eq(pthread_create(&threads[i].id, NULL, threads[i].run, threads[i].argument),
                         0);
}

static void join(struct thread *threads, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        pthread_join(threads[i].id, NULL);
}

/* Submitters do their rounds, the others go on until all is completed and `had_turn`, if there is
 * one, counts something, however late its thread has a turn; then it must be quiet. */
static void storm(struct thread *others, unsigned count, _Atomic unsigned *had_turn)
{
    struct thread workers[POLLERS + ANSWERERS] = {{.run = NULL}}, submitters[SUBMITTERS];
    for (unsigned i = 0; i < POLLERS; i++)
        workers[i] = (struct thread){.run = poller};
    for (unsigned i = 0; i < ANSWERERS; i++)
        workers[POLLERS + i] = (struct thread){answerer, (void *)(uintptr_t)(i + 1), 0};
    for (unsigned i = 0; i < SUBMITTERS; i++)
        submitters[i] = (struct thread){submitter, (void *)(uintptr_t)i, 0};
    start(workers, POLLERS + ANSWERERS);
    start(others, count);
    start(submitters, SUBMITTERS);
    join(submitters, SUBMITTERS);
    for (unsigned i = 0; i < SUBMITTERS * OWN; i++)
        while (atomic_load(&nic.jobs[i / OWN][i % OWN].under_way))
            sched_yield();
    while (had_turn && !atomic_load(had_turn))
        sched_yield();
    atomic_store(&nic.stop, true);
    join(others, count); /* a reset ends in a poll */
    atomic_store(&nic.served, true);
    join(workers, POLLERS + ANSWERERS);
    pump();

    unsigned completed = 0;
    for (unsigned i = 0; i < SUBMITTERS * OWN; i++)
        completed += nic.jobs[i / OWN][i % OWN].completions;
    ck_assert_uint_eq(completed, SUBMITTERS * (ROUNDS + OWN));
    ck_assert(flue_target_quiet(&nic.target.flue));
    const struct flue_shared_stats *shared = flue_target_shared_stats(&nic.target.flue);
    ck_assert_uint_eq(atomic_load(&shared->submitted), completed);
}

START_TEST(every_request_completes_once)
{
    unsigned raised = 0;
    struct thread others[] = {{clock_and_raiser, &raised, 0}};
    storm(others, 1, NULL);
    ck_assert_uint_eq(atomic_load(&nic.told), raised);
}
END_TEST

START_TEST(also_while_hardware_is_reset_and_the_host_asked_for_patience)
{
    unsigned raised = 0;
    _Atomic unsigned resets = 0;
    struct thread others[] = {
        {clock_and_raiser, &raised, 0}, {resetter, &resets, 0}, {pauser, NULL, 0}};
    storm(others, 3, &resets);
    ck_assert_uint_eq(flue_target_stats(&nic.target.flue)->resets, resets);
    ck_assert_int_eq(flue_target_phase(&nic.target.flue), FLUE_RUNNING);
}
END_TEST

START_TEST(also_when_the_hardware_goes_away_in_the_middle)
{
    unsigned raised = 0;
    struct thread others[] = {
        {clock_and_raiser, &raised, 0}, {pauser, NULL, 0}, {remover, NULL, 0}};
    storm(others, 3, NULL);
    ck_assert_int_eq(flue_target_phase(&nic.target.flue), FLUE_REMOVED);
}
END_TEST

/* Does not wait for the completion, but submits again and again. */
static void *hasty(void *submitted)
{
    for (unsigned i = 1; atomic_load((_Atomic uint64_t *)submitted) < 8 * ROUNDS; i++) {
        chimney_update(&nic, nic.jobs[0][0].node);
        if (i % 256 == 0)
            sched_yield();
    }
    atomic_store(&nic.stop, true);
    return NULL;
}

START_TEST(a_root_that_is_under_way_is_only_counted_at_every_moment)
{
    struct flue_shared_stats *shared = &nic.target.flue.shared;
    struct thread thread = {hasty, &shared->submitted, 0};
    nic.jobs[0][0].node->Header.Type = CHIMNEY_TYPE_NEIGHBOR_CONST; /* completes at once */
    start(&thread, 1);
    while (!atomic_load(&nic.stop) || !flue_target_quiet(&nic.target.flue))
        for (unsigned i = 0; i < 256; i++)
            flue_poll(&nic.target.flue, 64);
    join(&thread, 1);
    ck_assert_uint_eq(nic.jobs[0][0].completions - 1 + SUBMITTERS * OWN, shared->submitted);
    ck_assert_uint_gt(shared->resubmitted, 0);
}
END_TEST

int main(void)
{
    int brought = RUN_TESTS("threads", setup, teardown, every_request_completes_once,
                            also_while_hardware_is_reset_and_the_host_asked_for_patience,
                            also_when_the_hardware_goes_away_in_the_middle,
                            a_root_that_is_under_way_is_only_counted_at_every_moment);
    int reaped = RUN_TESTS("reaping threads", setup_reaping, teardown, every_request_completes_once,
                           also_while_hardware_is_reset_and_the_host_asked_for_patience,
                           also_when_the_hardware_goes_away_in_the_middle,
                           a_root_that_is_under_way_is_only_counted_at_every_moment);
    return brought | reaped;
}
