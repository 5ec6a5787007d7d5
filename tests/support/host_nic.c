/* SPDX-License-Identifier: BSD-2-Clause */
/* The host on the software NIC: opening it, and virtual time. */
#include "host.h"

#include <string.h>
#include <time.h>

#define TICKS_FOR_ONE 1000000
#define SERVICES_PER_TICK 1000000

bool host_open(struct host *host, const struct sim_config *config)
{
    struct sim_config mine = *config;
    memset(host, 0, sizeof(*host));
    mine.flue.completions = &host_completions;
    mine.flue.indications = &host_indications;
    mine.flue.host_handle = &host->record;
    host->missing = sim_missing(&mine);
    host->nic = sim_open(&mine, &host->error);
    return host->nic != NULL;
}

void host_close(struct host *host)
{
    sim_close(host->nic);
    host->nic = NULL;
}

void host_tick(struct host *host)
{
    sim_tick(host->nic, ++host->now);
    sim_step(host->nic, 1);
    for (uint32_t i = 0; i < SERVICES_PER_TICK && sim_service(host->nic); i++)
        ;
}

bool host_run(struct host *host, uint64_t ticks)
{
    for (uint64_t i = 0; i < ticks && atomic_load(&host->record.outstanding) != 0; i++)
        host_tick(host);
    return atomic_load(&host->record.outstanding) == 0;
}

bool host_do(struct host *host, uint8_t operation, struct chimney_node *root)
{
    host_submit(host, operation, root);
    return host_run(host, TICKS_FOR_ONE);
}

bool host_wait(struct host *host, uint32_t ms)
{
    const struct timespec one_ms = {.tv_nsec = 1000000};
    for (uint32_t i = 0; i < ms && atomic_load(&host->record.outstanding) != 0; i++)
        nanosleep(&one_ms, NULL);
    return atomic_load(&host->record.outstanding) == 0;
}
