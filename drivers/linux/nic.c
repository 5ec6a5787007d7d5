/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver's life: memory, opening, service, time, reset. */
#include "nic.h"

#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

CHIMNEY_ADAPTER_BEGINS_WITH(struct linux_nic, target);

struct linux_config linux_config_default(void)
{
    struct linux_config config = {.table = 0x666c,
                                  .mark = 0x666c0000,
                                  .first_nexthop = 0x666c0000,
                                  .batch = 256,
                                  .poll_budget = 4096};
    config.flue.capacity[CHIMNEY_NEIGHBOR] = 64;
    config.flue.capacity[CHIMNEY_PATH] = 1024;
    config.flue.capacity[CHIMNEY_TCP] = 4096;
    config.flue.ring_entries = 512;
    config.flue.reserved_entries = 16;
    config.flue.running_requests = 16;
    config.flue.quarantine_limit = 64;
    config.flue.ticks_per_second = 1000;
    config.flue.parameters[CHIMNEY_PARAMETER_NCE_STALE_TICKS] = 30000;
    config.flue.key = 0x0c0e;
    return config;
}

static void wake(void *adapter)
{
    struct linux_nic *nic = adapter;
    if (!atomic_exchange(&nic->woken, true))
        linux_worker_signal(nic);
}

static void want_reset(void *adapter)
{
    ((struct linux_nic *)adapter)->reset_wanted = true;
}

static bool possible(const struct linux_config *config)
{
    return config->interface_count <= LINUX_MAX_INTERFACES && config->poll_budget > 0 &&
           config->batch >= 16 && config->batch <= 4096 && config->guard && config->table > 255 &&
           config->mark != 0 && config->first_nexthop != 0 && config->flue.ticks_per_second > 0;
}

static bool open_tables(struct linux_nic *nic)
{
    const uint32_t *capacity = nic->config.flue.capacity;
    nic->neighbors = calloc(capacity[CHIMNEY_NEIGHBOR], sizeof(*nic->neighbors));
    nic->paths = calloc(capacity[CHIMNEY_PATH], sizeof(*nic->paths));
    nic->lives = calloc(capacity[CHIMNEY_TCP], sizeof(*nic->lives));
    return nic->neighbors && nic->paths && nic->lives;
}

static enum flue_error open_target(struct linux_nic *nic)
{
    struct flue_config flue = nic->config.flue;
    size_t bytes = chimney_memory_bytes(&flue);
    if (bytes == 0)
        return FLUE_BAD_CONFIG;
    nic->memory = aligned_alloc(64, (bytes + 63) & ~(size_t)63);
    if (!nic->memory)
        return FLUE_BAD_MEMORY;
    flue.wake = wake;
    if (!flue.reset_wanted)
        flue.reset_wanted = want_reset;
    return chimney_init(&nic->target, &flue, &linux_binding, flue.completions, flue.indications,
                        nic->memory, bytes);
}

static bool find_interfaces(struct linux_nic *nic)
{
    for (uint32_t i = 0; i < nic->config.interface_count; i++) {
        nic->interfaces[i] = if_nametoindex(nic->config.interfaces[i].name);
        if (nic->interfaces[i] == 0)
            return false;
    }
    return true;
}

static void give_up(struct linux_nic *nic)
{
    linux_worker_close(nic);
    linux_watch_close(nic);
    free(nic->neighbors);
    free(nic->paths);
    free(nic->lives);
    free(nic->memory);
    free(nic);
}

static enum flue_error open_all(struct linux_nic *nic)
{
    if (!possible(&nic->config))
        return FLUE_BAD_CONFIG;
    if (!open_tables(nic))
        return FLUE_BAD_MEMORY;
    enum flue_error error = open_target(nic);
    if (error != FLUE_OK)
        return error;
    if (linux_worker_open(nic) != 0 || linux_watch_open(nic) != 0)
        return FLUE_BAD_MEMORY;
    /* What another left behind under the same numbers is not taken over. */
    return find_interfaces(nic) && linux_table_open(nic) == 0 ? FLUE_OK : FLUE_BAD_CONFIG;
}

struct linux_nic *linux_open(const struct linux_config *config, enum flue_error *error)
{
    enum flue_error ignored;
    struct linux_nic *nic = aligned_alloc(64, (sizeof(*nic) + 63) & ~(size_t)63);
    error = error ? error : &ignored;
    *error = FLUE_BAD_MEMORY;
    if (!nic)
        return NULL;
    memset(nic, 0, sizeof(*nic));
    nic->config = *config;
    nic->worker.event = nic->watch = nic->readable = -1;
    *error = open_all(nic);
    if (*error == FLUE_OK)
        return nic;
    give_up(nic);
    return NULL;
}

void linux_close(struct linux_nic *nic)
{
    if (!nic)
        return;
    linux_worker_forget(nic);
    linux_sockets_wipe(nic);
    linux_table_close(nic);
    give_up(nic);
}

static void clear_event(const struct linux_nic *nic)
{
    uint64_t count;
    ssize_t got = read(nic->worker.event, &count, sizeof(count));
    (void)got; /* nothing there is as good */
}

bool linux_service(struct linux_nic *nic)
{
    clear_event(nic);
    linux_take_answers(nic);
    linux_announce_pending(nic);
    linux_watch(nic);
    if (atomic_exchange(&nic->woken, false) &&
        flue_poll(&nic->target.flue, nic->config.poll_budget))
        atomic_store(&nic->woken, true);
    if (nic->news_pending) /* the poll made room */
        linux_worker_signal(nic);
    return atomic_load(&nic->woken);
}

int linux_descriptor(const struct linux_nic *nic)
{
    return nic->readable;
}

void linux_tick(struct linux_nic *nic, uint64_t now)
{
    nic->now = now;
    flue_tick(&nic->target.flue, now);
}

bool linux_reset(struct linux_nic *nic)
{
    struct flue_target *target = &nic->target.flue;
    flue_reset_begin(target);
    while (flue_target_phase(target) == FLUE_RUNNING)
        flue_poll(target, 0);
    linux_worker_forget(nic);
    linux_sockets_wipe(nic);
    linux_table_wipe(nic);
    memset(nic->lives, 0, nic->config.flue.capacity[CHIMNEY_TCP] * sizeof(*nic->lives));
    for (uint32_t i = 0; i < nic->config.flue.capacity[CHIMNEY_PATH]; i++)
        nic->paths[i].taken = false;
    nic->reset_wanted = nic->news_pending = false;
    flue_reset_end(target);
    return true;
}

bool linux_reset_wanted(const struct linux_nic *nic)
{
    return nic->reset_wanted;
}

struct linux_counters linux_counters(const struct linux_nic *nic)
{
    struct linux_counters counters = nic->counters;
    counters.kernel_answers_lost = nic->worker.netlink.lost;
    counters.last_step = nic->worker.last_step;
    return counters;
}

const uint8_t *linux_destination(const struct linux_nic *nic, uint32_t path, bool *ipv6)
{
    if (path >= nic->config.flue.capacity[CHIMNEY_PATH] || !nic->paths[path].taken)
        return NULL;
    *ipv6 = nic->paths[path].ipv6;
    return nic->paths[path].destination;
}
