/* SPDX-License-Identifier: BSD-2-Clause */
/* Chance and misfortune: which command is struck by what, reproducible from one seed. */
#include "device.h"

#define MILLION 1000000u

/* splitmix64: any seed is good, also 0. */
uint64_t sim_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

bool sim_chance(uint64_t *state, uint32_t chance)
{
    return chance != 0 && sim_random(state) % MILLION < chance;
}

static bool fits(const struct sim_fault *fault, uint8_t kind, uint8_t command)
{
    return (fault->kind == SIM_ANY || fault->kind == kind) &&
           (fault->command == SIM_ANY || fault->command == command);
}

static bool strikes(struct sim_device *d, uint32_t i)
{
    const struct sim_fault *fault = &d->faults.set[i];
    d->faults.fitted[i]++;
    if (fault->nth != 0 && d->faults.fitted[i] != fault->nth)
        return false;
    if (fault->limit != 0 && d->faults.struck[i] >= fault->limit)
        return false;
    return fault->chance == 0 || sim_chance(&d->random, fault->chance);
}

static bool judged(struct sim_device *d, const struct sim_descriptor *c, const union sim_args *args)
{
    d->judged = (struct sim_fault){0};
    return d->judge && d->judge(d->judge_context, c->kind, c->command, c->index, args, &d->judged);
}

const struct sim_fault *sim_fault_for(struct sim_device *d, const struct sim_descriptor *command,
                                      const union sim_args *args)
{
    for (uint32_t i = 0; i < d->faults.count; i++) {
        if (fits(&d->faults.set[i], command->kind, command->command) && strikes(d, i)) {
            d->faults.struck[i]++;
            d->faults.struck_in_all++;
            return &d->faults.set[i];
        }
    }
    if (!judged(d, command, args))
        return NULL;
    d->faults.struck_in_all++;
    return &d->judged;
}

bool sim_fault_add(struct sim_nic *nic, const struct sim_fault *fault)
{
    struct sim_device *d = nic->device;
    pthread_mutex_lock(&d->lock);
    bool room = d->faults.count < SIM_MAX_FAULTS;
    if (room) {
        uint32_t i = d->faults.count++;
        d->faults.set[i] = *fault;
        d->faults.fitted[i] = d->faults.struck[i] = 0;
    }
    pthread_mutex_unlock(&d->lock);
    return room;
}

uint64_t sim_faults_struck(struct sim_nic *nic)
{
    pthread_mutex_lock(&nic->device->lock);
    uint64_t struck = nic->device->faults.struck_in_all;
    pthread_mutex_unlock(&nic->device->lock);
    return struck;
}

void sim_faults_clear(struct sim_nic *nic)
{
    pthread_mutex_lock(&nic->device->lock);
    nic->device->faults.count = 0;
    nic->device->faults.struck_in_all = 0;
    pthread_mutex_unlock(&nic->device->lock);
}

void sim_judge_set(struct sim_nic *nic, sim_judge *judge, void *context)
{
    pthread_mutex_lock(&nic->device->lock);
    nic->device->judge = judge;
    nic->device->judge_context = context;
    pthread_mutex_unlock(&nic->device->lock);
}

void sim_behavior_set(struct sim_nic *nic, const struct sim_behavior *behavior)
{
    pthread_mutex_lock(&nic->device->lock);
    nic->device->behavior = *behavior;
    atomic_store(&nic->device->inline_chance, behavior->inline_chance);
    atomic_store(&nic->device->full_chance, behavior->full_chance);
    for (uint8_t kind = 0; kind < CHIMNEY_KINDS; kind++)
        atomic_store(&nic->device->full[kind], behavior->full[kind]);
    pthread_mutex_unlock(&nic->device->lock);
}
