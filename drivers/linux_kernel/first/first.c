/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A whole kernel module on flue, and no more: when it is loaded it asks the NIC of spec/example for
 * a meter, when it goes it gives that back. The README's "Your first kernel driver" says why each
 * part is as it is.
 */
#include <linux/completion.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

/* Behind all headers of the kernel. */
#include "limiter_device.h"

/* Its address is what flue's calls name it by, so the target is first: here in the software NIC. */
static struct first {
    struct limiter_device nic;
    struct work_struct poll;
    struct timer_list overdue;
} * first;

/* What is asked for, and who waits for it. Behind the node lies the state that its Kind says. */
struct request {
    struct completion done;
    struct limiter_node node;
    union {
        struct { /* of LIMITER_TYPE_METER_ALL; each begins at 8 bytes (states_align of the spec) */
            struct limiter_meter_const fixed __aligned(8);
            struct limiter_meter_cached cached __aligned(8);
            struct limiter_meter_delegated counts __aligned(8);
        };
        struct limiter_meter_delegated count; /* of LIMITER_TYPE_METER_DELEGATED */
    };
};

/* Any context, any lock held: so nothing else is done here. */
static void wake(void *adapter)
{
    queue_work(system_unbound_wq, &((struct first *)adapter)->poll);
}

/* A timer that sleeps while nothing is out: flue says when it has to look again. */
static void sleep_until_due(struct first *f)
{
    const u64 next = flue_next_tick(&f->nic.target.flue), now = get_jiffies_64();

    if (next != U64_MAX)
        mod_timer(&f->overdue, jiffies + (next > now ? next - now : 0));
}

/*
 * All that flue calls, it calls from here: a task that may sleep. The software NIC makes its steps
 * in between; a real card would answer by an interrupt, whose handler calls limiter_done().
 */
static void poll(struct work_struct *work)
{
    struct first *f = container_of(work, struct first, poll);
    bool steps, more;

    do {
        flue_tick(&f->nic.target.flue, get_jiffies_64());
        more = flue_poll(&f->nic.target.flue, 64);
        steps = flue_device_step(f->nic.device);
        cond_resched();
    } while (steps || more);
    sleep_until_due(f);
}

static void overdue(struct timer_list *timer)
{
    struct first *f = from_timer(f, timer, overdue);

    wake(f);
}

/* The software NIC has no thread here. */
void flue_device_stop(struct flue_device *d)
{
}

static void completed(void *host, struct limiter_node *root)
{
    complete(&container_of(root, struct request, node)->done);
}

/* Submits, and waits: the memory is flue's until the completion. */
static int ask(void (*operation)(void *, struct limiter_node *), struct request *request)
{
    init_completion(&request->done);
    operation(first, &request->node);
    wait_for_completion(&request->done);
    return request->node.Status;
}

static const struct limiter_completions completions = {
    .create = completed, .modify = completed, .inspect = completed, .withdraw = completed};

static enum flue_error open_target(struct first *f)
{
    const struct flue_config config = {.capacity = {16},
                                       .ring_entries = 16,
                                       .reserved_entries = 4,
                                       .running_requests = 4,
                                       .quarantine_limit = 4,
                                       .ticks_per_second = HZ,
                                       .key = get_random_u32(),
                                       .wake = wake};

    return limiter_device_open(&f->nic, &config, NULL, &completions, NULL);
}

/* Nothing is issued any more; what was under way has come back when it is quiet. */
static void close_target(struct first *f)
{
    flue_remove(&f->nic.target.flue);
    flue_dma_stopped(&f->nic.target.flue);
    do
        flush_work(&f->poll);
    while (!flue_target_quiet(&f->nic.target.flue));
    del_timer_sync(&f->overdue);
    cancel_work_sync(&f->poll);
    limiter_device_close(&f->nic);
}

static struct request *meter;

static int __init first_init(void)
{
    int error = -ENOMEM;

    first = kzalloc(sizeof *first, GFP_KERNEL);
    meter = kzalloc(sizeof *meter, GFP_KERNEL);
    if (!first || !meter)
        goto no_memory;
    INIT_WORK(&first->poll, poll);
    timer_setup(&first->overdue, overdue, 0);
    if (open_target(first) != FLUE_OK)
        goto no_memory;
    meter->node.Kind = LIMITER_TYPE_METER_ALL;
    meter->fixed.Port = 1;
    meter->cached = (struct limiter_meter_cached){.RateKbps = 1000, .BurstBytes = 1500};
    error = ask(limiter_create, meter);
    pr_info("first: create: %s\n", limiter_status_name(error));
    if (!error)
        return 0;
    close_target(first);
no_memory:
    kfree(meter);
    kfree(first);
    return error;
}

static void __exit first_exit(void)
{
    meter->node.Kind = LIMITER_TYPE_METER_DELEGATED;
    pr_info("first: withdraw: %s, dropped %llu\n",
            limiter_status_name(ask(limiter_withdraw, meter)), meter->count.DroppedPackets);
    close_target(first);
    kfree(meter);
    kfree(first);
}

module_init(first_init);
module_exit(first_exit);
MODULE_LICENSE("Dual BSD/GPL");
MODULE_DESCRIPTION("A meter of flue's example target");
