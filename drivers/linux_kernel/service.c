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
    struct flue_nic *nic = adapter;

    queue_work(nic->queue, &nic->poll);
}

static void sleep_until_due(struct flue_nic *nic)
{
    const u64 next = flue_next_tick(nic_target(nic)), now = now_ms();

    if (next != UINT64_MAX)
        mod_timer(&nic->overdue, jiffies + msecs_to_jiffies(next > now ? next - now : 0) + 1);
}

/* Only this tells the time: before it polls, since what it issues is timed from there. */
static void poll(struct work_struct *work)
{
    struct flue_nic *nic = container_of(work, struct flue_nic, poll);
    bool more;

    do {
        flue_tick(nic_target(nic), now_ms());
        more = flue_poll(nic_target(nic), POLL_BUDGET);
        cond_resched();
    } while (more);
    wake_up_all(&nic->polled);
    sleep_until_due(nic);
}

static void overdue(struct timer_list *timer)
{
    struct flue_nic *nic = from_timer(nic, timer, overdue);

    queue_work(nic->queue, &nic->poll);
}

void nic_want_reset(void *adapter)
{
    struct flue_nic *nic = adapter;

    schedule_work(&nic->reset);
}

void nic_reset(struct flue_nic *nic)
{
    struct flue_target *t = nic_target(nic);

    mutex_lock(&nic->resetting);
    flue_reset_begin(t);
    wait_event(nic->polled, flue_target_phase(t) != FLUE_RUNNING);
    nic_clock_wipe(nic);
    flue_reset_end(t);
    mutex_unlock(&nic->resetting);
}

static void reset(struct work_struct *work)
{
    nic_reset(container_of(work, struct flue_nic, reset));
}

static enum flue_error open_device(struct flue_nic *nic)
{
    struct flue_config config = {.capacity = {1, NIC_SAS, NIC_POLICIES},
                                 .ring_entries = NIC_RING,
                                 .reserved_entries = 32,
                                 .running_requests = 64,
                                 .quarantine_limit = 64,
                                 .ticks_per_second = 1000 * clamp(timeout_scale, 1u, 1000u),
                                 .key = get_random_u32(),
                                 .host_handle = nic,
                                 .wake = wake,
                                 .reset_wanted = nic_want_reset};
    const struct flue_device_options options = {.answer_min = 1,
                                                .answer_max = 1,
                                                .late_steps = UINT32_MAX / 2,
                                                .changed = nic_engine_changed,
                                                .changed_context = nic,
                                                .steady = true};
    struct flue_device_adapter *adapter =
        container_of(nic_target(nic), struct flue_device_adapter, target);
    enum flue_error error;
    size_t bytes;
    void *memory;

    nic->device.device = flue_device_open(&ipsec_device_spec, adapter, &config, &options);
    if (!nic->device.device)
        return FLUE_BAD_MEMORY;
    memory = flue_device_memory(nic->device.device, &bytes);
    error = ipsec_init(&nic->device.target, &config, &nic_binding, &nic_completions,
                       &nic_indications, memory, bytes);
    if (error != FLUE_OK)
        ipsec_device_close(&nic->device);
    return error;
}

int nic_service_begin(struct flue_nic *nic)
{
    enum flue_error error;

    INIT_WORK(&nic->poll, poll);
    INIT_WORK(&nic->reset, reset);
    timer_setup(&nic->overdue, overdue, 0);
    init_waitqueue_head(&nic->polled);
    mutex_init(&nic->resetting);
    nic_clock_begin(nic);
    nic_engines_begin(nic);
    nic_policies_begin(nic);
    nic->queue = alloc_workqueue("flue_nic", WQ_HIGHPRI | WQ_UNBOUND | WQ_MEM_RECLAIM, 0);
    if (!nic->queue)
        return -ENOMEM;
    error = open_device(nic);
    if (error == FLUE_OK) {
        flue_tick(nic_target(nic), now_ms());
        return 0;
    }
    pr_err("flue_nic: %s\n", flue_error_text(error));
    destroy_workqueue(nic->queue);
    return error == FLUE_BAD_MEMORY ? -ENOMEM : -EINVAL;
}

/*
 * Nobody calls in any more but the device, whose answers count for nothing from here on. `report`
 * looks at what is left when all is quiet; NULL: nobody does.
 */
void nic_service_end(struct flue_nic *nic, void (*report)(struct flue_nic *nic))
{
    cancel_work_sync(&nic->reset);
    flue_remove(nic_target(nic));
    wait_event(nic->polled, flue_target_phase(nic_target(nic)) == FLUE_REMOVED);
    WRITE_ONCE(nic->held, true); /* so that nothing begins anew between these */
    hrtimer_cancel(&nic->clock);
    cancel_work_sync(&nic->prepare);
    hrtimer_cancel(&nic->clock);
    flue_dma_stopped(nic_target(nic));
    while (!flue_target_quiet(nic_target(nic)))
        usleep_range(100, 200);
    cancel_work_sync(&nic->reset); /* a last poll may have wanted one */
    nic_engines_end(nic);
    del_timer_sync(&nic->overdue);
    cancel_work_sync(&nic->poll);
    del_timer_sync(&nic->overdue);
    destroy_workqueue(nic->queue);
    if (report)
        report(nic);
    ipsec_device_close(&nic->device);
}
