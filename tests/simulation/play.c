/* SPDX-License-Identifier: BSD-2-Clause */
/* One decision after the other; then everything is given back, and nothing may be left. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device.h"
#include "simulation.h"

enum { MOST_TICKS = 6000, BOUND = 3000, SERVICES = 4000, CROWD_COUNT = 4200, CROWD_STRIDE = 24 };

struct flue_target *target_of(const struct play *p)
{
    return &p->w.host.nic->target.flue;
}

void (*play_watch)(void *p, const struct flue_trace *step);
bool play_forgives;

void fail(struct play *p, const char *format, ...)
{
    va_list list;
    if (play_forgives)
        return;
    va_start(list, format);
    if (!p->failure[0])
        vsnprintf(p->failure, sizeof(p->failure), format, list);
    va_end(list);
}

void tell(const struct play *p, const char *format, ...)
{
    va_list list;
    if (!p->trace)
        return;
    va_start(list, format);
    printf("%10" PRIu64 "      ", p->w.host.now);
    vprintf(format, list);
    putchar('\n');
    va_end(list);
}

/* ---- The world ----------------------------------------------------------------------------- */

static void configure(struct play *p, uint64_t random, bool crowd)
{
    struct world *w = &p->w;
    struct sim_config *c = &w->config;
    w->model.random = random;
    *c = sim_config_default();
    w->model.capacity[CHIMNEY_NEIGHBOR] = 3 + below(&w->model, 3);
    w->model.capacity[CHIMNEY_PATH] = 4 + below(&w->model, 7);
    w->model.capacity[CHIMNEY_TCP] = 6 + below(&w->model, 14);
    p->hostile = percent(&w->model, 50);
    p->lossy = percent(&w->model, 60);
    c->flue.ring_entries = crowd ? 64u << below(&w->model, 3) : 6u << below(&w->model, 4);
    c->ring_entries = percent(&w->model, 50) ? 256 : 4u << below(&w->model, 4);
    c->flue.reserved_entries = 1 + below(&w->model, 3);
    c->flue.running_requests = 1u << below(&w->model, 4);
    c->flue.quarantine_limit = c->flue.ring_entries / 4;
    c->flue.indication_entries = 4;
    c->flue.key = below(&w->model, 65536);
    c->seed = random;
    for (uint8_t kind = 0; kind < CHIMNEY_KINDS; kind++) {
        uint32_t many = crowd ? (kind == CHIMNEY_TCP ? CROWD_COUNT : 101) : 0;
        c->flue.capacity[kind] = w->model.capacity[kind] + many;
        c->entries[kind] = c->flue.capacity[kind] - (percent(&w->model, 20) ? 1 : 0);
    }
    c->flue.cache_resident_objects = percent(&w->model, 50) ? 1 : 0;
    p->reaps = percent(&w->model, 40);
    p->to_reap = 0;
    c->flue.reap = p->reaps ? device_reap : NULL;
}

static bool open_play(struct play *p, const struct decision *d)
{
    struct world *w = &p->w;
    bool crowd = d->b == 0; /* one history of 64 */
    configure(p, (uint64_t)d->a << 8 | d->c, crowd);
    open_things(w);
    w->config.flue.completions = &play_completions;
    w->config.flue.indications = &play_indications;
    w->config.flue.host_handle = &w->host.record;
    w->config.flue.trace = play_watch;
    w->config.flue.trace_context = p;
    w->host.record.context = p;
    w->host.nic = sim_open(&w->config, NULL);
    if (!w->host.nic)
        return false;
    w->host.now = d->c % 3 == 0 ? UINT32_MAX - 200 : 5000; /* ages are modular */
    sim_tick(w->host.nic, w->host.now);
    sim_judge_set(w->host.nic, play_judge, p);
    return !crowd || crowd_open(p, CROWD_COUNT);
}

/* ---- Time goes by -------------------------------------------------------------------------- */

static bool is_running(const struct play *p)
{
    return flue_target_phase(target_of(p)) == FLUE_RUNNING;
}

/* Only if it asked for it: a wake that is forgotten is a history that does not end. */
static void poll_target(struct play *p, uint32_t budget)
{
    struct sim_device *d = p->w.host.nic->device;
    if (atomic_exchange(&d->woken, false) && flue_poll(target_of(p), budget))
        atomic_store(&d->woken, true);
}

static void tick(struct play *p, uint32_t ticks)
{
    p->w.host.now += ticks;
    sim_tick(p->w.host.nic, p->w.host.now);
}

static void reset_begin(struct play *p)
{
    if (!is_running(p))
        return;
    device_bury(p);
    flue_reset_begin(target_of(p));
    p->dma = true;
    if (is_running(p))
        fail(p, "a reset did not take effect");
}

static void dma_stopped(struct play *p)
{
    if (is_running(p))
        return;
    p->dma = false;
    flue_dma_stopped(target_of(p));
}

static void reset_end(struct play *p)
{
    if (flue_target_phase(target_of(p)) != FLUE_RESETTING)
        return;
    p->dma = false;
    device_reset(p);
    atomic_store(&p->w.host.nic->device->reset_wanted, false);
    flue_reset_end(target_of(p));
}

static void remove_all(struct play *p)
{
    device_bury(p);
    p->dma = true;
    flue_remove(target_of(p));
}

static void check_all(struct play *p)
{
    p->steps++;
    if (p->crowd.count != 0 && p->steps % CROWD_STRIDE != 0)
        return;
    check_target(p);
    if (!half_reset(p))
        check_things(p);
}

static bool settled(struct play *p)
{
    return live_count(p) == 0 && sim_idle(p->w.host.nic) && flue_target_quiet(target_of(p));
}

/*
 * As long as time goes on and the driver obeys, every request completes, faults or none: it waits
 * for those before it at its objects, each of them for a few commands and what takes them back, and
 * these for room and for answers, as long as the longest timeout at a time.
 */
static void check_in_time(struct play *p, uint32_t ticks)
{
    if (ticks > BOUND && live_count(p) != 0)
        fail(p, "%u trees are still out after %u ticks", live_count(p), ticks);
}

/* Until nothing is under way; resets if it is asked to, as a driver must. */
bool settle(struct play *p)
{
    uint32_t quiet = 0;
    reset_end(p);
    dma_stopped(p);
    flue_resume(target_of(p));
    for (uint32_t i = 0; i < MOST_TICKS && quiet < 3 && !p->failure[0]; i++) {
        tick(p, 1);
        sim_step(p->w.host.nic, 1);
        for (uint32_t n = 0; n < SERVICES; n++) {
            device_deliver(p, 8);
            poll_target(p, 256);
            if (!atomic_load(&p->w.host.nic->device->woken))
                break;
        }
        if (sim_reset_wanted(p->w.host.nic) && is_running(p)) {
            reset_begin(p);
            reset_end(p);
        }
        check_all(p);
        check_in_time(p, i);
        quiet = settled(p) ? quiet + 1 : 0;
    }
    if (quiet < 3)
        fail(p, "it does not end: %u trees are still out", live_count(p));
    else
        check_told(p);
    return quiet == 3;
}

/* ---- Decisions ----------------------------------------------------------------------------- */

static void submit(struct play *p, const struct decision *d, bool echo)
{
    static const uint8_t operations[] = {CHIMNEY_INITIATE,  CHIMNEY_INITIATE, CHIMNEY_INITIATE,
                                         CHIMNEY_UPDATE,    CHIMNEY_UPDATE,   CHIMNEY_UPDATE,
                                         CHIMNEY_UPDATE,    CHIMNEY_QUERY,    CHIMNEY_INVALIDATE,
                                         CHIMNEY_TERMINATE, CHIMNEY_TERMINATE};
    live_submit(p, operations[d->c % sizeof(operations)], d->a, d->b, echo ? d->a | 1 : 0);
}

/* The name of a place, or of the life that it had before: that must be refused. */
static flue_name name_of(struct play *p, const struct decision *d, uint8_t kind)
{
    uint32_t index = d->b % (p->w.model.capacity[kind] + 2);
    flue_name name = flue_object_handle(&p->w.host.nic->target.flue, kind, index);
    bool ended = d->a / 8 % 4 == 0 && name >> 36 > 1;
    return ended ? name - (UINT64_C(1) << 36) : name;
}

static void indicate(struct play *p, const struct decision *d)
{
    struct chimney_target *t = &p->w.host.nic->target;
    uint8_t kind = d->c % 4 == 3 ? CHIMNEY_NEIGHBOR : CHIMNEY_TCP;
    flue_name name = name_of(p, d, kind);
    bool alive = flue_name_index(&t->flue, kind, name) != FLUE_NONE, taken;
    switch (d->c % 4) {
    case 0:
        taken = chimney_retrieve(t, name, (enum chimney_retrieve_reason)(1 + d->a % 8));
        break;
    case 1:
        taken = chimney_disconnect(t, name);
        break;
    case 2:
        p->raised[p->raised_count % RAISED] = name;
        taken = chimney_send_backlog_change(t, name, p->raised_count++);
        break;
    default:
        taken = chimney_reachability_query(t, name);
        break;
    }
    if (taken && !alive)
        fail(p, "what is said of an object that ended is not refused");
}

static void happen(struct play *p, const struct decision *d)
{
    static const uint32_t budgets[] = {1, 1, 2, 3, 5, 8, 16, 64, 256};
    switch (d->what) {
    case SUBMIT:
    case ECHO:
        submit(p, d, d->what == ECHO);
        break;
    case TWICE_IN:
        live_submit_again(p, d->a);
        break;
    case CROWD:
        crowd_update(p, d->a, d->b);
        break;
    case POLL:
        poll_target(p, budgets[d->a % 9]);
        break;
    case DELIVER:
        device_deliver(p, 1 + d->a % 6);
        break;
    case STEP:
        sim_step(p->w.host.nic, 1 + d->a % 4);
        break;
    case TICK:
        tick(p, d->b < 40 ? d->b % 5 : 101);
        break;
    case FAULT:
        device_arm(p, d);
        break;
    case STALE_ANSWER:
        device_stale_answer(p, d);
        break;
    case BEHAVIOR:
        device_behavior(p, d);
        break;
    case RESET_BEGIN:
        reset_begin(p);
        break;
    case DMA_STOPPED:
        dma_stopped(p);
        break;
    case RESET_END:
        reset_end(p);
        break;
    case PAUSE:
        flue_pause(target_of(p));
        break;
    case RESUME:
        flue_resume(target_of(p));
        break;
    case INDICATE:
        indicate(p, d);
        break;
    case SETTLE:
        settle(p);
        break;
    case REMOVE:
        remove_all(p);
        break;
    }
}

/* ---- The end ------------------------------------------------------------------------------- */

/* What is lost or stranded comes free by a reset; then all that is held is handed back. */
static void give_everything_back(struct play *p)
{
    p->armed_count = 0;
    device_behave(p, (struct sim_behavior){0});
    if (!settle(p))
        return;
    tell(p, "the end: a reset, and all is handed back");
    reset_begin(p);
    p->hostile = false;
    for (uint32_t i = 0; i < 4 && settle(p); i++) {
        crowd_terminate(p);
        for (uint8_t kind = CHIMNEY_KINDS; kind-- > 0 && settle(p);)
            live_terminate(p, kind);
    }
    if (!p->failure[0])
        check_end(p);
}

bool play(struct play *p, const struct history *h, bool trace)
{
    memset(p, 0, sizeof(*p));
    p->history = h;
    p->trace = trace;
    if (!open_play(p, &h->of[0])) {
        fail(p, "no such world");
        return false;
    }
    for (p->at = 1; p->at < h->count && !p->failure[0]; p->at++) {
        const struct decision *d = &h->of[p->at];
        if (trace)
            printf("%10" PRIu64 "  %s %u %u %u\n", p->w.host.now, happening_name(d->what), d->a,
                   d->b, d->c);
        happen(p, d);
        check_all(p);
    }
    if (!p->failure[0])
        give_everything_back(p);
    live_close(p);
    crowd_close(p);
    sim_close(p->w.host.nic);
    return !p->failure[0];
}
