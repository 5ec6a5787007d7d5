/* SPDX-License-Identifier: BSD-2-Clause */
/* What the device holds, and how a test reads it back. */
#include <stdlib.h>
#include <string.h>

#include "device.h"

bool sim_tables_open(struct sim_device *d)
{
    bool good = true;
    for (uint8_t kind = 0; kind < CHIMNEY_KINDS; kind++) {
        d->present[kind] = calloc(d->capacity[kind], sizeof(bool));
        d->vanished[kind] = calloc(d->capacity[kind], sizeof(bool));
        good = good && d->present[kind] && d->vanished[kind];
    }
    d->neighbors = calloc(d->capacity[CHIMNEY_NEIGHBOR], sizeof(*d->neighbors));
    d->paths = calloc(d->capacity[CHIMNEY_PATH], sizeof(*d->paths));
    d->tcps = calloc(d->capacity[CHIMNEY_TCP], sizeof(*d->tcps));
    return good && d->neighbors && d->paths && d->tcps;
}

void sim_tables_close(struct sim_device *d)
{
    for (uint8_t kind = 0; kind < CHIMNEY_KINDS; kind++) {
        free(d->present[kind]);
        free(d->vanished[kind]);
    }
    free(d->neighbors);
    free(d->paths);
    free(d->tcps);
}

void sim_tables_forget(struct sim_device *d)
{
    for (uint32_t tcp = 0; d->plug && tcp < d->capacity[CHIMNEY_TCP]; tcp++)
        if (d->present[CHIMNEY_TCP][tcp])
            d->plug(d->wire, tcp, SIM_LOST);
    for (uint8_t kind = 0; kind < CHIMNEY_KINDS; kind++) {
        memset(d->present[kind], 0, d->capacity[kind] * sizeof(bool));
        memset(d->vanished[kind], 0, d->capacity[kind] * sizeof(bool));
        d->in_use[kind] = 0;
    }
}

/* Copy one entry of `bytes` bytes out of a table, under the device's lock. */
static bool read_entry(struct sim_nic *nic, uint8_t kind, uint32_t index, const void *entry,
                       void *copy, size_t bytes)
{
    struct sim_device *d = nic->device;
    pthread_mutex_lock(&d->lock);
    bool present = sim_present(d, kind, index);
    if (present)
        memcpy(copy, entry, bytes);
    pthread_mutex_unlock(&d->lock);
    return present;
}

bool sim_neighbor(struct sim_nic *nic, uint32_t index, struct sim_neighbor *copy)
{
    const struct sim_neighbor *table = nic->device->neighbors;
    return index < nic->device->capacity[CHIMNEY_NEIGHBOR] &&
           read_entry(nic, CHIMNEY_NEIGHBOR, index, &table[index], copy, sizeof(*copy));
}

bool sim_path(struct sim_nic *nic, uint32_t index, struct sim_path *copy)
{
    const struct sim_path *table = nic->device->paths;
    if (index >= nic->device->capacity[CHIMNEY_PATH] ||
        !read_entry(nic, CHIMNEY_PATH, index, &table[index], copy, sizeof(*copy)))
        return false;
    copy->holds.source_address = copy->source;
    copy->holds.destination_address = copy->destination;
    return true;
}

bool sim_tcp(struct sim_nic *nic, uint32_t index, struct sim_tcp *copy)
{
    const struct sim_tcp *table = nic->device->tcps;
    return index < nic->device->capacity[CHIMNEY_TCP] &&
           read_entry(nic, CHIMNEY_TCP, index, &table[index], copy, sizeof(*copy));
}

uint32_t sim_entries(struct sim_nic *nic, uint8_t kind)
{
    pthread_mutex_lock(&nic->device->lock);
    uint32_t in_use = nic->device->in_use[kind];
    pthread_mutex_unlock(&nic->device->lock);
    return in_use;
}

bool sim_traffic(struct sim_nic *nic, uint32_t tcp, uint32_t sent, uint32_t received)
{
    struct sim_device *d = nic->device;
    pthread_mutex_lock(&d->lock);
    bool present = sim_present(d, CHIMNEY_TCP, tcp);
    if (present) {
        struct chimney_add_tcp_args *holds = &d->tcps[tcp].holds;
        holds->snd_nxt += sent;
        if (holds->snd_nxt - holds->snd_max <= INT32_MAX)
            holds->snd_max = holds->snd_nxt; /* else it is sent once more */
        holds->snd_una += sent;              /* all of it is acknowledged at once */
        holds->rcv_nxt += received;
        holds->total_rt = 0;
    }
    pthread_mutex_unlock(&d->lock);
    return present;
}
