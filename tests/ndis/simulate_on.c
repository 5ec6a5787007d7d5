/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Histories of the spec (drivers/simulate) through the driver: flue_chimney_of_spec.sys, beneath
 * which is the device of the spec.
 *
 *     histories.exe [--first N] [--count N] [--trace] [DRIVER]
 *
 * In place of drivers/simulate/driver.c: the host's operations are the handlers that the driver
 * registered, and polls, steps of the device, time, pauses, resets and removal are what its own
 * handlers, its DPC and its timer make of them. What a history does as the hardware (events,
 * answers that nobody waits for), and all that it looks at, is in the driver's memory.
 */
#include <stdlib.h>
#include <string.h>

#include "history.h"
#include "mock/mock.h"
#include "ndis6.h"
#include "nic_of_spec.h"
#include "number.h"

enum { MOST_DPCS = 10000 };

/* ---- Begin and end ------------------------ */

static const char *driver = "flue_chimney_of_spec.sys";
static struct flue_device_adapter *opened;

static void put(const char *key, uint32_t value)
{
    mock_registry(key, value);
}

static void put_config(const struct flue_config *c, const struct flue_device_options *o)
{
    put("Neighbors", c->capacity[CHIMNEY_NEIGHBOR]);
    put("Paths", c->capacity[CHIMNEY_PATH]);
    put("Connections", c->capacity[CHIMNEY_TCP]);
    put("NicNeighbors", o->entries[CHIMNEY_NEIGHBOR]);
    put("NicPaths", o->entries[CHIMNEY_PATH]);
    put("NicConnections", o->entries[CHIMNEY_TCP]);
    put("NicRingEntries", c->ring_entries);
    put("NicSeed", (uint32_t)o->seed);
    put("RingEntries", c->ring_entries);
    put("ReservedEntries", c->reserved_entries);
    put("RunningRequests", c->running_requests);
    put("QuarantineLimit", c->quarantine_limit);
    put("CacheResidentObjects", c->cache_resident_objects);
    put("NceStaleTicks", c->parameters[CHIMNEY_PARAMETER_NCE_STALE_TICKS]);
}

/* Of the device's internals: the runtime asks for answers by it. */
size_t device_reap(void *adapter, struct flue_answer *answers, size_t room);

/* The runtime wants a reset: so must the driver, when NDIS asks. */
static bool reset_wanted;
static void (*want_reset)(void *adapter);

static void hear(void *adapter)
{
    reset_wanted = true;
    want_reset(adapter);
}

/* What no registry has: chances of the device, how answers come, who listens to the runtime. */
static void put_rest(struct flue_target *t, const struct flue_config *c,
                     const struct flue_device_options *o)
{
    *flue_device_options(opened->device) = *o;
    t->config.reap = o->reaps ? device_reap : NULL;
    reset_wanted = false;
    want_reset = t->config.reset_wanted;
    t->config.reset_wanted = hear;
    t->config.trace = c->trace;
    t->config.trace_context = c->trace_context;
    t->traced = c->trace != NULL;
    for (unsigned k = 0; k < CHIMNEY_KINDS; k++)
        if (t->traced && t->fast_paths[k])
            t->fast_paths[k] = t->fast_paths[k]->traced;
}

/* In place of the generated one, for the generated table of the target. */
enum flue_error chimney_device_open(struct chimney_device *nic, const struct flue_config *config,
                                    const struct flue_device_options *options,
                                    const struct chimney_completions *completions,
                                    const struct chimney_indications *indications)
{
    static bool loaded;
    const struct history *h = config->host_handle;
    const struct mock_host host = {completions, indications, config->host_handle};
    (void)nic;
    put_config(config, options);
    loaded = loaded || mock_load(driver);
    mock_clock(h->now);
    opened = loaded ? mock_initialize(&host) : NULL;
    if (!opened)
        return FLUE_BAD_CONFIG;
    put_rest(&opened->target, config, options);
    return FLUE_OK;
}

void chimney_device_close(struct chimney_device *nic)
{
    (void)nic;
    mock_halt();
}

enum flue_error driver_open(struct history *h, const struct flue_config *config,
                            const struct flue_device_options *options)
{
    const enum flue_error error = h->target->open(&h->own, config, options);
    h->nic = opened;
    if (opened && !h->plan.crowd)
        ((struct sim_nic *)(void *)opened)->budget = 1 + below(h, 8);
    return error;
}

/* After a failure it is in the middle of something. */
void driver_close(struct history *h)
{
    if (!h->why[0])
        h->target->close(h->nic);
}

/* It has no thread here. */
void flue_device_stop(struct flue_device *d)
{
    (void)d;
}

/* ---- The host and the hardware ------------------------ */

void driver_submit(struct history *h, uint8_t operation, void *root)
{
    (void)h;
    mock_submit(operation, root, NULL, 0);
}

static void reset_is_over(struct history *h)
{
    say(h, "reset is completed");
    h->reset = NO_RESET;
    h->wiped++;
    memset(flue_device_options(h->nic->device)->full, 0, sizeof(uint32_t[FLUE_MAX_KINDS]));
}

/* The time, a step of the device, a poll: all is in it. */
static bool run_dpc(struct history *h)
{
    h->polls++;
    const bool ran = mock_run_one();
    if (h->reset && !mock_resetting())
        reset_is_over(h);
    return ran;
}

bool driver_poll(struct history *h, uint32_t budget)
{
    (void)budget; /* the driver has its own */
    return run_dpc(h);
}

bool driver_woken(const struct history *h)
{
    (void)h;
    return mock_dpc_waits();
}

/* An interrupt of the NIC. */
void driver_step(struct history *h)
{
    struct sim_nic *nic = (void *)h->nic;
    nic->ring(nic->owner);
    run_dpc(h);
}

void driver_time(struct history *h)
{
    mock_time(h->now);
}

/* ---- States ------------------------ */

/* NDIS restarts nothing whose pause is not completed. */
void driver_pause(struct history *h)
{
    if (h->paused) {
        mock_pause_begin();
        return;
    }
    for (unsigned i = 0; mock_pausing(); i++)
        if (!run_dpc(h) || i == MOST_DPCS)
            fail(h, "a pause is not completed");
    mock_restart();
}

bool driver_wants_reset(struct history *h)
{
    const bool hangs = mock_hangs();
    if (hangs != reset_wanted)
        fail(h, hangs ? "NDIS is told to reset, and nobody wants it"
                      : "a reset is wanted, and NDIS is not told");
    return hangs;
}

void driver_reset(struct history *h)
{
    if (h->reset == NO_RESET) {
        say(h, "reset begins");
        h->reset = RESET_ASKED;
        reset_wanted = false;
        mock_reset();
    } else if (!run_dpc(h)) {
        fail(h, "a reset is not completed, and nobody goes on with it");
    }
}

/* From here on what the device had is no matter any more. */
void driver_remove(struct history *h)
{
    h->wiped++;
    mock_surprise();
}

/* ---- The program ------------------------ */

struct sums {
    uint64_t done, completed, good, checked, resets;
};

static bool plays(const struct simulate_target *target, uint64_t seed, bool trace,
                  struct sums *sums)
{
    static struct history h;
    static struct plan plan;
    static char what[40];
    snprintf(what, sizeof what, "--first %u", (unsigned)seed);
    mock_work(what);
    plan = plan_of(seed, trace);
    if (!play(target, &plan, &h)) {
        printf("WRONG: %s shows how, with --trace\n", what);
        return false;
    }
    sums->done++;
    sums->completed += h.completed;
    sums->good += h.good;
    sums->checked += h.checked;
    sums->resets += h.wiped;
    return true;
}

int simulate_main(const struct simulate_target *target, int count, char **words)
{
    uint64_t first = 0, histories = 1;
    bool trace = false, good = true, numbers = true;
    struct sums sums = {0};
    for (int i = 1; i < count; i++) {
        if (strcmp(words[i], "--trace") == 0)
            trace = true;
        else if (i + 1 < count && strcmp(words[i], "--first") == 0)
            numbers &= number_given("--first", words[++i], 0, UINT64_MAX, &first);
        else if (i + 1 < count && strcmp(words[i], "--count") == 0)
            numbers &= number_given("--count", words[++i], 1, NUMBER_MANY, &histories);
        else
            driver = words[i];
    }
    if (!numbers)
        return 2;
    for (uint64_t i = 0; good && i < histories; i++)
        good = plays(target, first + i, trace, &sums);
    printf("%s through the driver: %u histories, %u requests completed, %u operations of objects"
           " good, %u places compared, %u resets and removals, %u DPCs\n",
           target->spec->name, (unsigned)sums.done, (unsigned)sums.completed, (unsigned)sums.good,
           (unsigned)sums.checked, (unsigned)sums.resets, (unsigned)mock_dpcs_run());
    return good && sums.good ? EXIT_SUCCESS : EXIT_FAILURE;
}
