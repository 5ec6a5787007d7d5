/* SPDX-License-Identifier: BSD-2-Clause */
/* update.c: the main job, by flue, by hand, and the floors under both, round by round. */

#include "measure.h"

#include <stdio.h>

#include "floor.h"
#include "flue/recorder.h"
#include "hand.h"

struct job {
    struct forest forest;
    struct nic *nic;
    struct hand *hand;
    struct floor floor;
    enum change change;
};

static void change(void *arg)
{
    struct job *job = arg;
    forest_change(&job->forest, job->change);
}

static void by_flue(void *arg)
{
    struct job *job = arg;
    job->nic->queues = false;
    nic_do(job->nic, chimney_update, job->forest.root);
}

static void by_queue(void *arg)
{
    struct job *job = arg;
    job->nic->queues = true;
    nic_do(job->nic, chimney_update, job->forest.root);
}

static void by_hand(void *arg)
{
    struct job *job = arg;
    hand_update(job->hand, job->forest.root);
}

static void touch(void *arg)
{
    floor_touch(&((struct job *)arg)->floor);
}

static void copy(void *arg)
{
    floor_copy(&((struct job *)arg)->floor);
}

/* A connection in a hundred has a path to itself at most; paths are few, as they are in life. */
static uint32_t paths_for(uint32_t connections)
{
    uint32_t paths = connections / 100;
    return paths > 1000 ? 1000 : paths ? paths : 1;
}

static void open_job(struct job *job, uint32_t connections, bool shuffled, bool with_hand,
                     struct flue_recorder *recorder)
{
    uint32_t paths = paths_for(connections);
    forest_open(&job->forest, connections, paths, shuffled);
    struct flue_config config = nic_config(job->forest.neighbors, paths, connections);
    config.recorder = recorder;
    job->nic = nic_open(&config);
    forest_offload(&job->forest, job->nic);
    if (with_hand)
        job->hand = hand_open(&job->forest);
    else
        floor_open(&job->floor, &job->forest, job->nic);
}

static void close_job(struct job *job)
{
    nic_close(job->nic);
    if (job->hand)
        hand_close(job->hand);
    else
        floor_close(&job->floor);
    forest_close(&job->forest);
}

static void check(struct job *flue, struct job *hand)
{
    forest_change(&flue->forest, flue->change);
    by_flue(flue);
    forest_check(&flue->forest);
    forest_change(&hand->forest, flue->change);
    by_hand(hand);
    forest_check(&hand->forest);
}

enum { FLUE, QUEUED, HAND, TOUCH, COPY, CONTENDERS };

static void one_table(struct job *flue, struct job *hand, const struct measure *m,
                      const char *variant, enum change of)
{
    struct contender them[CONTENDERS] = {
        [FLUE] = {.name = "flue", .prepare = change, .run = by_flue, .arg = flue},
        [QUEUED] = {.name = "queued", .prepare = change, .run = by_queue, .arg = flue},
        [HAND] = {.name = "hand", .prepare = change, .run = by_hand, .arg = hand},
        [TOUCH] = {.name = "touch", .run = touch, .arg = flue},
        [COPY] = {.name = "memcpy", .run = copy, .arg = flue},
    };
    flue->change = hand->change = of;
    check(flue, hand);
    rounds(them, CONTENDERS, m->rounds);
    for (unsigned i = 0; i < CONTENDERS; i++)
        record(&(struct record){.scenario = "update",
                                .variant = variant,
                                .changed = change_names[of],
                                .objects = flue->forest.connections,
                                .against = &them[FLUE]},
               &them[i]);
}

static void one_size(const struct measure *m, uint32_t connections, bool shuffled)
{
    struct job flue = {.change = CHANGE_ONE}, hand = {.change = CHANGE_ONE};
    open_job(&flue, connections, shuffled, false, NULL);
    open_job(&hand, connections, shuffled, true, NULL);
    for (enum change of = CHANGE_NONE; of < CHANGES; of++)
        one_table(&flue, &hand, m, shuffled ? "shuffled" : "in order", of);
    close_job(&flue);
    close_job(&hand);
}

void measure_update(const struct measure *m)
{
    for (unsigned i = 0; i < m->size_count; i++) {
        one_size(m, m->sizes[i], false);
        one_size(m, m->sizes[i], true);
    }
}

/* For callgrind: one contender, one run. "recorded" prints how many steps were kept, too. */
void count_update(const char *who, uint32_t connections, enum change of)
{
    static struct flue_record records[1024];
    struct flue_recorder recorder;
    bool with_hand = strcmp(who, "hand") == 0, recorded = strcmp(who, "recorded") == 0;
    struct job job = {.change = of};
    flue_recorder_init(&recorder, records, sizeof records, NULL, NULL, 1);
    open_job(&job, connections, true, with_hand, recorded ? &recorder : NULL);
    change(&job);
    const uint64_t before = flue_recorder_count(&recorder);
    struct contender c = {.name = who, .run = by_flue, .arg = &job};
    if (with_hand)
        c.run = by_hand;
    else if (strcmp(who, "queued") == 0)
        c.run = by_queue;
    bench_measured(&c);
    if (recorded)
        printf("%llu\n", (unsigned long long)(flue_recorder_count(&recorder) - before));
    forest_check(&job.forest);
    close_job(&job);
}
