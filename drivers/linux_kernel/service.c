/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * flue's side: all polls are made by one work, so bindings, completions and indications always run
 * in a task that may sleep and holds no lock, whoever asked. A timer brings the next poll when a
 * command is over its time, and sleeps while none is out.
 */
#include <linux/delay.h>
#include <linux/random.h>

#include "nic.h"

#define POLL_BUDGET 256

static unsigned int timeout_scale = 1;
module_param(timeout_scale, uint, 0444);
MODULE_PARM_DESC(timeout_scale,
                 "time limits are so many times what the spec says, for slow machines");

static u64 now_ms(void)
{
    return ktime_to_ms(ktime_get());
}

/* Any context, also hard interrupt, with any lock held: so it polls nothing itself. */
static void wake(void *adapter)
{
    struct nic_unit *unit = adapter;

    queue_work(unit->nic->queue, &unit->poll);
}

static void sleep_until_due(struct nic_unit *unit)
{
    const u64 next = flue_next_tick(nic_target(unit)), now = now_ms();

    if (next != UINT64_MAX)
        mod_timer(&unit->overdue, jiffies + msecs_to_jiffies(next > now ? next - now : 0) + 1);
}

/* Only this tells the time: before it polls, since what it issues is timed from there. */
static void poll(struct work_struct *work)
{
    struct nic_unit *unit = container_of(work, struct nic_unit, poll);
    bool more;

    do {
        flue_tick(nic_target(unit), now_ms());
        more = flue_poll(nic_target(unit), POLL_BUDGET);
        cond_resched();
    } while (more);
    wake_up_all(&unit->polled);
    sleep_until_due(unit);
}

static void overdue(struct timer_list *timer)
{
    struct nic_unit *unit = from_timer(unit, timer, overdue);

    wake(unit);
}

void nic_want_reset(struct flue_nic *nic)
{
    schedule_work(&nic->reset);
}

static void reset_wanted(void *adapter)
{
    nic_want_reset(((struct nic_unit *)adapter)->nic);
}

static void wait_for_phase(struct nic_unit *unit, enum flue_phase phase)
{
    wait_event(unit->polled, flue_target_phase(nic_target(unit)) >= phase);
}

/* No packet is under way any more when it returns. What is to be sent waits. */
static void shut(struct flue_nic *nic)
{
    WRITE_ONCE(nic->shut, true);
    netif_tx_disable(nic->dev);
    synchronize_net();
}

/* Not before all policies are back: else packets that they seal or block would pass as they are. */
static void reopen(struct work_struct *work)
{
    struct flue_nic *nic = container_of(work, struct flue_nic, reopen);
    const u32 resets = READ_ONCE(nic->resets);

    nic_policies_again(nic);
    mutex_lock(&nic->resetting);
    if (nic->resets == resets) { /* else another one is asked for */
        WRITE_ONCE(nic->shut, false);
        netif_tx_wake_all_queues(nic->dev);
    }
    mutex_unlock(&nic->resetting);
}

/* The whole card: both targets forget together, and are brought back together. */
void nic_reset(struct flue_nic *nic)
{
    struct nic_unit *unit;

    mutex_lock(&nic->resetting);
    shut(nic);
    for_each_unit(unit, nic) flue_reset_begin(nic_target(unit));
    for_each_unit(unit, nic)
    {
        wait_for_phase(unit, FLUE_RESETTING);
        nic_clock_wipe(unit);
    }
    queue_work(nic->queue, &nic->prepare); /* its keys go, too */
    flush_work(&nic->prepare);
    WRITE_ONCE(nic->resets, nic->resets + 1);
    for_each_unit(unit, nic) flue_reset_end(nic_target(unit));
    schedule_work(&nic->reopen);
    mutex_unlock(&nic->resetting);
}

static void reset(struct work_struct *work)
{
    nic_reset(container_of(work, struct flue_nic, reset));
}

static void close_device(struct nic_unit *unit)
{
    flue_device_close(nic_device(unit));
}

static enum flue_error open_device(struct nic_unit *unit)
{
    struct flue_config config = {.ring_entries = NIC_RING,
                                 .reserved_entries = 32,
                                 .running_requests = 64,
                                 .quarantine_limit = 64,
                                 .ticks_per_second = 1000 * clamp(timeout_scale, 1u, 1000u),
                                 .key = get_random_u32(),
                                 .host_handle = unit->nic,
                                 .wake = wake,
                                 .reset_wanted = reset_wanted};
    const struct flue_device_options options = {.answer_min = 1,
                                                .answer_max = 1,
                                                .late_steps = UINT32_MAX / 2,
                                                .changed = unit->api->changed,
                                                .changed_context = unit->nic,
                                                .steady = true};
    enum flue_error error;
    size_t bytes;
    void *memory;

    memcpy(config.capacity, unit->api->capacity, sizeof config.capacity);
    if (!flue_device_open(unit->api->spec, &unit->adapter, &config, &options))
        return FLUE_BAD_MEMORY;
    memory = flue_device_memory(nic_device(unit), &bytes);
    error = unit->api->init(unit, &config, memory, bytes);
    if (error == FLUE_OK)
        flue_tick(nic_target(unit), now_ms());
    else
        close_device(unit);
    return error;
}

static enum flue_error begin_unit(struct flue_nic *nic, struct nic_unit *unit,
                                  const struct nic_api *api)
{
    enum flue_error error;

    unit->nic = nic;
    unit->api = api;
    INIT_WORK(&unit->poll, poll);
    timer_setup(&unit->overdue, overdue, 0);
    init_waitqueue_head(&unit->polled);
    nic_clock_begin(unit);
    error = open_device(unit);
    if (error != FLUE_OK)
        pr_err("flue_nic: %s: %s\n", api->spec->spec->name, flue_error_text(error));
    return error;
}

int nic_service_begin(struct flue_nic *nic)
{
    enum flue_error error;

    INIT_WORK(&nic->reset, reset);
    INIT_WORK(&nic->reopen, reopen);
    mutex_init(&nic->resetting);
    nic_engines_begin(nic);
    nic_policies_begin(nic);
    nic_steer_begin(nic);
    nic->queue = alloc_workqueue("flue_nic", WQ_HIGHPRI | WQ_UNBOUND | WQ_MEM_RECLAIM, 0);
    if (!nic->queue)
        return -ENOMEM;
    error = begin_unit(nic, &nic->ipsec, &nic_ipsec_api);
    if (error != FLUE_OK)
        goto no_ipsec;
    error = begin_unit(nic, &nic->flow, &nic_flow_api);
    if (error == FLUE_OK)
        return 0;
    close_device(&nic->ipsec);
no_ipsec:
    destroy_workqueue(nic->queue);
    return error == FLUE_BAD_MEMORY ? -ENOMEM : -EINVAL;
}

/* The device answers nothing any more. */
static void stop_device(struct nic_unit *unit)
{
    flue_remove(nic_target(unit));
    wait_for_phase(unit, FLUE_REMOVED);
    WRITE_ONCE(unit->held, true); /* so that nothing begins anew between these */
    hrtimer_cancel(&unit->clock);
    cancel_work_sync(&unit->nic->prepare);
    hrtimer_cancel(&unit->clock);
    flue_dma_stopped(nic_target(unit));
    while (!flue_target_quiet(nic_target(unit)))
        usleep_range(100, 200);
}

static void stop_polls(struct nic_unit *unit)
{
    del_timer_sync(&unit->overdue);
    cancel_work_sync(&unit->poll);
    del_timer_sync(&unit->overdue);
}

/*
 * Nobody calls in any more but the device, whose answers count for nothing from here on. `report`
 * looks at what is left when all is quiet; NULL: nobody does.
 */
void nic_service_end(struct flue_nic *nic, void (*report)(struct flue_nic *nic))
{
    struct nic_unit *unit;

    cancel_work_sync(&nic->reset);
    cancel_work_sync(&nic->reopen);
    for_each_unit(unit, nic) stop_device(unit);
    cancel_work_sync(&nic->reset); /* a last poll may have wanted one */
    cancel_work_sync(&nic->reopen);
    nic_steer_end(nic);
    nic_engines_end(nic);
    for_each_unit(unit, nic) stop_polls(unit);
    destroy_workqueue(nic->queue);
    if (report)
        report(nic);
    for_each_unit(unit, nic) close_device(unit);
}
