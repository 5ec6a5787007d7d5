/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The device's half: fetches commands in ring order and does them at once, so that what it holds
 * follows the order of issue; only the answers may be late, lost, doubled or out of order.
 */
#include <string.h>

#include "device.h"

static struct sim_tally *tally(struct sim_device *d, uint8_t kind, uint8_t command)
{
    return &d->counters.of[kind][command];
}

static void count_lost(struct sim_device *d, const struct sim_descriptor *command)
{
    tally(d, command->kind, command->command)->lost++;
    d->counters.all.lost++;
}

static void count_forgotten(struct sim_device *d, uint8_t kind, uint8_t command)
{
    tally(d, kind, command)->forgotten++;
    d->counters.all.forgotten++;
}

static uint64_t due_step(struct sim_device *d)
{
    const struct sim_behavior *m = &d->behavior;
    uint64_t due = d->step + m->latency_min;
    if (m->latency_max > m->latency_min)
        due += sim_random(&d->random) % (m->latency_max - m->latency_min + 1);
    if (!m->reorder && due < d->last_due)
        due = d->last_due;
    d->last_due = due;
    return due;
}

/* The arguments, wherever the descriptor keeps them. */
static void read_args(struct sim_device *d, const struct sim_descriptor *command, uint32_t entry,
                      union sim_args *args)
{
    const void *from = command->bytes <= SIM_INLINE_BYTES ? (const void *)command->args
                                                          : (const void *)d->buffers[entry];
    memset(args, 0, sizeof(*args));
    memcpy(args, from, command->bytes < sizeof(*args) ? command->bytes : sizeof(*args));
    if (command->kind == CHIMNEY_PATH && command->command == CHIMNEY_PATH_ADD_PATH) {
        args->add_path.source_address = d->buffers[entry] + sizeof(args->add_path);
        args->add_path.destination_address = args->add_path.source_address + 16;
    }
}

static void do_command(struct sim_device *d, const struct sim_descriptor *command,
                       const union sim_args *args, struct sim_answer *answer)
{
    answer->result = sim_execute(d, command, args, &answer->data);
    answer->has_data =
        answer->result == CHIMNEY_RESULT_OK && sim_brings_data(command->kind, command->command);
}

/* Do it and decide what becomes of its answer. True: the work is there and no fault struck. */
static bool work_on(struct sim_device *d, const struct sim_descriptor *command, uint32_t entry)
{
    union sim_args args;
    read_args(d, command, entry, &args);
    const struct sim_fault *fault = sim_fault_for(d, command, &args);
    struct sim_work *work = &d->work[d->work_count];
    memset(work, 0, sizeof(*work));
    work->answer.cookie = command->cookie;
    work->answer.kind = command->kind;
    work->answer.command = command->command;
    if (fault && fault->what == SIM_FAULT_LOSE_COMMAND) {
        count_lost(d, command);
        return false;
    }
    if (fault && fault->what == SIM_FAULT_VANISH)
        sim_vanish(d, command->kind, command->index);
    if (fault && fault->what == SIM_FAULT_FAIL)
        work->answer.result = fault->result;
    else
        do_command(d, command, &args, &work->answer);
    if (fault && fault->what == SIM_FAULT_LOSE_ANSWER) {
        count_lost(d, command);
        return false;
    }
    if (fault && fault->what == SIM_FAULT_FAIL_KEPT) {
        work->answer.result = fault->result;
        work->answer.has_data = false;
    }
    work->due = due_step(d);
    if (fault && fault->what == SIM_FAULT_DELAY)
        work->due += fault->steps;
    d->work_count++;
    if (fault && fault->what == SIM_FAULT_DUPLICATE) {
        d->work[d->work_count] = *work;
        d->work[d->work_count].due += fault->steps;
        d->work[d->work_count].again = true;
        d->work_count++;
    }
    return !fault;
}

/* Fetch all that is published and fits; true if the last one is the last work, and unharmed. */
static bool fetch(struct sim_device *d)
{
    bool last_is_good = false;
    while (d->work_count + 2 <= d->work_limit) { /* a duplicate takes two */
        uint32_t entry = sim_ring_next(&d->commands);
        if (entry == UINT32_MAX)
            return last_is_good;
        const struct sim_descriptor *command = &d->descriptors[entry];
        tally(d, command->kind, command->command)->seen++;
        d->counters.all.seen++;
        last_is_good = work_on(d, command, entry);
        sim_ring_consume(&d->commands);
    }
    return false;
}

static void count_answer(struct sim_device *d, const struct sim_work *work)
{
    struct sim_tally *of = tally(d, work->answer.kind, work->answer.command);
    if (work->again) {
        d->counters.duplicates++;
    } else if (work->answer.result == CHIMNEY_RESULT_OK) {
        of->good++;
        d->counters.all.good++;
    } else {
        of->bad++;
        d->counters.all.bad++;
    }
}

static bool give_answer(struct sim_device *d, const struct sim_work *work)
{
    uint32_t entry = sim_ring_space(&d->answers);
    if (entry == UINT32_MAX)
        return false;
    d->answer_slots[entry] = work->answer;
    sim_ring_produce(&d->answers);
    count_answer(d, work);
    return true;
}

static void shuffle(struct sim_device *d)
{
    for (uint32_t i = d->work_count; i > 1; i--) {
        uint32_t j = (uint32_t)(sim_random(&d->random) % i);
        struct sim_work other = d->work[j];
        d->work[j] = d->work[i - 1];
        d->work[i - 1] = other;
    }
}

bool sim_device_step(struct sim_nic *nic)
{
    struct sim_device *d = nic->device;
    uint32_t kept = 0;
    pthread_mutex_lock(&d->lock);
    d->step++;
    fetch(d);
    if (d->behavior.reorder)
        shuffle(d);
    for (uint32_t i = 0; i < d->work_count; i++) {
        if (d->work[i].due > d->step || !give_answer(d, &d->work[i]))
            d->work[kept++] = d->work[i];
    }
    bool busy = kept != 0 || kept != d->work_count;
    d->work_count = kept;
    sim_ring_publish(&d->answers);
    pthread_mutex_unlock(&d->lock);
    return busy;
}

bool sim_device_inline(struct sim_device *d, struct sim_answer *answer)
{
    pthread_mutex_lock(&d->lock);
    sim_ring_publish(&d->commands);
    bool good = fetch(d);
    if (good) {
        const struct sim_work *work = &d->work[--d->work_count];
        *answer = work->answer;
        count_answer(d, work);
    }
    pthread_mutex_unlock(&d->lock);
    return good;
}

void sim_step(struct sim_nic *nic, uint32_t steps)
{
    for (uint32_t i = 0; i < steps; i++)
        sim_device_step(nic);
}

bool sim_idle(struct sim_nic *nic)
{
    struct sim_device *d = nic->device;
    pthread_mutex_lock(&d->lock);
    bool idle = d->work_count == 0 && sim_ring_empty(&d->commands) && sim_ring_empty(&d->answers);
    pthread_mutex_unlock(&d->lock);
    return idle;
}

void sim_forget(struct sim_nic *nic)
{
    struct sim_device *d = nic->device;
    pthread_mutex_lock(&d->lock);
    sim_ring_publish(&d->commands);
    for (uint32_t i = 0; i < d->work_count; i++) {
        if (!d->work[i].again)
            count_forgotten(d, d->work[i].answer.kind, d->work[i].answer.command);
    }
    d->work_count = 0;
    for (uint32_t entry; (entry = sim_ring_next(&d->commands)) != UINT32_MAX;) {
        tally(d, d->descriptors[entry].kind, d->descriptors[entry].command)->seen++;
        d->counters.all.seen++;
        count_forgotten(d, d->descriptors[entry].kind, d->descriptors[entry].command);
        sim_ring_consume(&d->commands);
    }
    d->last_due = d->step;
    sim_tables_forget(d);
    pthread_mutex_unlock(&d->lock);
}
