/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A command of flue's may need several orders. Its job counts them, makes one result of their
 * answers, and takes no answer twice.
 */
#include <stdlib.h>

#include "nic.h"

#define PART_SHIFT 24
#define JOB_MASK ((UINT32_C(1) << PART_SHIFT) - 1)

enum flue_issued rocker_in_software(struct rocker_nic *nic, flue_cookie cookie,
                                    enum chimney_result result)
{
    nic->counters.software++;
    chimney_done(&nic->target, cookie, result);
    return FLUE_ISSUED;
}

static uint64_t cookie_of(const struct rocker_nic *nic, const struct rocker_job *job,
                          unsigned int part)
{
    return (uint64_t)job->generation << 32 | (uint64_t)part << PART_SHIFT |
           (uint64_t)(job - nic->jobs);
}

bool rocker_jobs_open(struct rocker_nic *nic)
{
    uint32_t count = nic->config.flue.ring_entries;
    nic->jobs = calloc(count, sizeof(*nic->jobs));
    if (!nic->jobs)
        return false;
    rocker_jobs_forget(nic);
    return true;
}

void rocker_jobs_forget(struct rocker_nic *nic)
{
    uint32_t count = nic->config.flue.ring_entries;
    nic->free_job = 0;
    for (uint32_t i = count; i > 0; i--) {
        struct rocker_job *job = &nic->jobs[i - 1];
        job->generation++;
        job->pending = 0;
        job->next_free = nic->free_job;
        nic->free_job = i;
    }
}

struct rocker_job *rocker_job_begin(struct rocker_nic *nic, flue_cookie cookie, uint8_t kind,
                                    uint8_t command, uint32_t index, uint8_t parts)
{
    /* There are as many jobs as flue has slots, and a slot is not used again without an answer. */
    if (nic->free_job == 0 || rocker_ring_room(&nic->commands) < parts) {
        nic->counters.ring_full++;
        return NULL;
    }
    struct rocker_job *job = &nic->jobs[nic->free_job - 1];
    nic->free_job = job->next_free;
    *job = (struct rocker_job){.cookie = cookie,
                               .generation = job->generation + 1,
                               .index = index,
                               .kind = kind,
                               .command = command};
    return job;
}

static void note_error(struct rocker_nic *nic, struct rocker_job *job, unsigned int part,
                       uint16_t error)
{
    if (error == 0 || error == job->tolerated[part])
        return;
    nic->counters.bad++;
    nic->counters.last_error = error;
    job->bad |= (uint8_t)(1u << part);
    if (job->error == 0)
        job->error = error;
}

void rocker_job_order(struct rocker_nic *nic, struct rocker_job *job, struct rocker_order order,
                      uint16_t tolerated)
{
    unsigned int part = job->parts++;
    job->tolerated[part] = tolerated;
    if (nic->config.shim && nic->config.shim->order)
        nic->config.shim->order(nic->config.shim->context, cookie_of(nic, job, part), &order);
    if (rocker_post(nic, cookie_of(nic, job, part), &order))
        job->pending |= (uint8_t)(1u << part);
    else
        note_error(nic, job, part, ROCKER_EINVAL);
}

static bool adds(const struct rocker_job *job)
{
    return (job->kind == CHIMNEY_NEIGHBOR && job->command == CHIMNEY_NEIGHBOR_ADD_NEIGHBOR) ||
           (job->kind == CHIMNEY_PATH && job->command == CHIMNEY_PATH_ADD_PATH);
}

/*
 * A failed add has to leave nothing behind. Where a part of it was done, or something of the same
 * name is there, the answer is that nobody knows, and flue takes the entry away. An entry that is
 * to be changed and is not there is gone; what is tolerated is no error.
 */
static enum chimney_result result_of(const struct rocker_job *job)
{
    if (job->bad == 0)
        return CHIMNEY_RESULT_OK;
    if (!adds(job))
        return job->error == ROCKER_ENOENT ? CHIMNEY_RESULT_GONE : CHIMNEY_RESULT_FAILURE;
    if (job->error == ROCKER_EEXIST || job->bad != (1u << job->parts) - 1)
        return CHIMNEY_RESULT_UNSURE;
    switch (job->error) {
    case ROCKER_ENOMEM:
    case ROCKER_ENOSPC:
    case ROCKER_ENOBUFS:
        return CHIMNEY_RESULT_RESOURCES;
    default:
        return CHIMNEY_RESULT_FAILURE;
    }
}

static bool hand_over(struct rocker_nic *nic, const struct rocker_job *job,
                      enum chimney_result result)
{
    bool removes =
        job->kind == CHIMNEY_NEIGHBOR && job->command == CHIMNEY_NEIGHBOR_REMOVE_NEIGHBOR;
    if (!removes || result != CHIMNEY_RESULT_OK)
        return chimney_done(&nic->target, job->cookie, result);
    const struct chimney_remove_neighbor_data data = {
        .nic_reachability_delta = rocker_ticks_since(nic, nic->neighbors[job->index].confirmed_at)};
    return chimney_remove_neighbor_done(&nic->target, job->cookie, result, &data);
}

void rocker_job_end(struct rocker_nic *nic, struct rocker_job *job)
{
    if (job->pending != 0)
        return;
    enum chimney_result result = result_of(job);
    job->over(nic, job, result);
    if (!hand_over(nic, job, result))
        nic->counters.late++;
    job->next_free = nic->free_job;
    nic->free_job = (uint32_t)(job - nic->jobs) + 1;
}

void rocker_deliver(struct rocker_nic *nic, const struct rocker_answer *answer)
{
    uint32_t entry = (uint32_t)answer->cookie & JOB_MASK;
    unsigned int part = (uint32_t)answer->cookie >> PART_SHIFT;
    struct rocker_job *job = entry < nic->config.flue.ring_entries ? &nic->jobs[entry] : NULL;
    if (!job || job->generation != answer->cookie >> 32 || part >= job->parts ||
        !(job->pending & 1u << part)) {
        nic->counters.stray_answers++;
        return;
    }
    job->pending &= (uint8_t) ~(1u << part);
    note_error(nic, job, part, answer->error);
    rocker_job_end(nic, job);
}

static void take(struct rocker_nic *nic, const struct rocker_done *done)
{
    const struct rocker_answer answer = {.cookie = done->cookie, .error = done->error};
    const struct rocker_shim *shim = nic->config.shim;
    if (done->lost) {
        nic->counters.lost++;
        return;
    }
    nic->counters.answers++;
    if (shim && shim->answer && shim->answer(shim->context, &answer))
        return;
    rocker_deliver(nic, &answer);
}

void rocker_take_answers(struct rocker_nic *nic)
{
    uint32_t ready = rocker_ring_ready(&nic->commands);
    for (uint32_t i = 0; i < ready; i++) {
        struct rocker_done done = rocker_ring_take(&nic->commands);
        take(nic, &done);
    }
    if (ready > 0) {
        uint32_t credits =
            ROCKER_RING + ROCKER_RING_STRIDE * ROCKER_RING_COMMAND + ROCKER_RING_CREDITS;
        /* The device interrupts again only after all it has done is acknowledged. */
        nic->bus->write32(nic->bus, 0, credits, ready);
    }
}
