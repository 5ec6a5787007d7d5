/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inbox.c: host threads that call entry points at the same time, while one thread serves the
 * target. The requests are the smallest there are, an update that names one connection and changes
 * nothing, so that what is measured is the way in.
 */

#include "measure.h"

#include <pthread.h>
#include <stdio.h>

enum { MOST_THREADS = 4, PER_THREAD = 20000 };

struct submitter {
    pthread_t thread;
    struct nic *nic;
    struct chimney_node **nodes;
    pthread_barrier_t *start;
    double ns; /* in the entry point, all calls together */
};

struct traffic {
    struct forest forest;
    struct nic *nic;
    struct submitter threads[MOST_THREADS];
    unsigned count;
    pthread_barrier_t start;
};

static void *submit(void *arg)
{
    struct submitter *s = arg;
    pthread_barrier_wait(s->start);
    uint64_t begin = bench_now();
    for (unsigned i = 0; i < PER_THREAD; i++)
        chimney_update(s->nic, s->nodes[i]);
    s->ns = (double)(bench_now() - begin);
    return NULL;
}

static void make_threads(void *arg)
{
    struct traffic *t = arg;
    pthread_barrier_init(&t->start, NULL, t->count + 1);
    for (unsigned i = 0; i < t->count; i++) {
        struct submitter *s = &t->threads[i];
        *s = (struct submitter){
            .nic = t->nic, .nodes = t->forest.nodes + (size_t)i * PER_THREAD, .start = &t->start};
        for (unsigned n = 0; n < PER_THREAD; n++)
            s->nodes[n]->NextBlock = NULL;
        if (pthread_create(&s->thread, NULL, submit, s) != 0)
            bench_stop("no thread");
    }
}

static void serve(void *arg)
{
    struct traffic *t = arg;
    uint64_t wanted = t->nic->completed + (uint64_t)t->count * PER_THREAD;
    pthread_barrier_wait(&t->start);
    nic_serve(t->nic, wanted);
}

static double join(struct traffic *t)
{
    double ns = 0;
    for (unsigned i = 0; i < t->count; i++) {
        pthread_join(t->threads[i].thread, NULL);
        ns += t->threads[i].ns;
    }
    pthread_barrier_destroy(&t->start);
    return ns / (t->count * (double)PER_THREAD);
}

static void measure_threads(const struct measure *m, struct traffic *t, unsigned count)
{
    char variant[32];
    double least = 0;
    struct contender c = {.name = "inbox", .prepare = make_threads, .run = serve, .arg = t};
    t->count = count;
    for (unsigned i = 0; i < m->rounds; i++) {
        rounds(&c, 1, 1);
        double ns = join(t);
        least = i == 0 || ns < least ? ns : least;
    }
    snprintf(variant, sizeof variant, "%u threads", count);
    record(&(struct record){.scenario = "inbox",
                            .variant = variant,
                            .objects = (uint64_t)count * PER_THREAD},
           &c);
    snprintf(variant, sizeof variant, "entry point, %u threads", count);
    record_number("inbox", variant, least, "ns per call");
}

void measure_inbox(const struct measure *m)
{
    struct traffic t = {.count = 0};
    forest_open(&t.forest, MOST_THREADS * PER_THREAD, 1, false);
    struct flue_config config = nic_config(t.forest.neighbors, 1, t.forest.connections);
    t.nic = nic_open(&config);
    forest_offload(&t.forest, t.nic);
    forest_change(&t.forest, CHANGE_NONE);
    bench_unpin();
    for (unsigned count = 1; count <= MOST_THREADS; count *= 2)
        measure_threads(m, &t, count);
    bench_pin();
    nic_close(t.nic);
    forest_close(&t.forest);
}
