/* SPDX-License-Identifier: BSD-2-Clause */
/* A whole driver: NIC, host and all. The NIC's meters are an array that answers at once. */
#include <stdio.h>
#include <stdlib.h>

#include "limiter.h"

struct my_nic {
    struct limiter_target target; /* first, so that the host's adapter is the target's address */
    uint32_t rate_of_port[8];
    uint32_t port_of_meter[4];
};
LIMITER_ADAPTER_BEGINS_WITH(struct my_nic, target);

static enum flue_issued add_meter(void *adapter, flue_cookie cookie,
                                  const struct limiter_add_meter_args *args)
{
    struct my_nic *nic = adapter;
    bool busy = args->port >= 8 || nic->rate_of_port[args->port] != 0;
    if (!busy) {
        nic->port_of_meter[args->index] = args->port;
        nic->rate_of_port[args->port] = args->rate_kbps;
    }
    limiter_done(&nic->target, cookie, busy ? LIMITER_RESULT_BUSY_PORT : LIMITER_RESULT_OK);
    return FLUE_ISSUED;
}

static enum flue_issued write_limits(void *adapter, flue_cookie cookie,
                                     const struct limiter_write_limits_args *args)
{
    struct my_nic *nic = adapter;
    nic->rate_of_port[nic->port_of_meter[args->index]] = args->rate_kbps;
    limiter_done(&nic->target, cookie, LIMITER_RESULT_OK);
    return FLUE_ISSUED;
}

static enum flue_issued read_count(void *adapter, flue_cookie cookie,
                                   const struct limiter_read_count_args *args)
{
    struct my_nic *nic = adapter;
    struct limiter_read_count_data data = {.dropped_packets = 42 + args->index};
    limiter_read_count_done(&nic->target, cookie, LIMITER_RESULT_OK, &data);
    return FLUE_ISSUED;
}

static enum flue_issued remove_meter(void *adapter, flue_cookie cookie,
                                     const struct limiter_remove_meter_args *args)
{
    struct my_nic *nic = adapter;
    struct limiter_remove_meter_data data = {.dropped_packets = 43};
    nic->rate_of_port[nic->port_of_meter[args->index]] = 0;
    limiter_remove_meter_done(&nic->target, cookie, LIMITER_RESULT_OK, &data);
    return FLUE_ISSUED;
}

static void completed(void *host, struct limiter_node *root)
{
    printf("%s: %s\n", (const char *)host, limiter_status_name(root->Status));
}

static void wake(void *adapter)
{
    (void)adapter; /* a driver with threads or interrupts would schedule flue_poll() here */
}

static void run(struct my_nic *nic, void (*operation)(void *adapter, struct limiter_node *root),
                struct limiter_node *root)
{
    operation(nic, root);
    while (flue_poll(&nic->target.flue, 64))
        ;
}

int main(void)
{
    static struct my_nic nic;
    static const struct limiter_binding binding = {.add_meter = add_meter,
                                                   .write_limits = write_limits,
                                                   .read_count = read_count,
                                                   .remove_meter = remove_meter};
    static const struct limiter_completions completions = {completed, completed, completed,
                                                           completed};
    static char name[] = "the host";
    struct flue_config config = {.capacity = {4},
                                 .ring_entries = 8,
                                 .running_requests = 4,
                                 .ticks_per_second = 1000,
                                 .host_handle = name,
                                 .wake = wake};
    size_t bytes = (limiter_memory_bytes(&config) + 63) / 64 * 64;
    enum flue_error error = limiter_init(&nic.target, &config, &binding, &completions, NULL,
                                         aligned_alloc(64, bytes), bytes);
    if (error != FLUE_OK)
        return puts(flue_error_text(error)), 1;
    flue_tick(&nic.target.flue, 0); /* a driver goes on by a timer: timeouts count from the last */

    /* A node, and behind it the state its type names. */
    static struct {
        struct limiter_node node;
        struct limiter_meter_const port;
        _Alignas(8) struct limiter_meter_cached limits;
        _Alignas(8) struct limiter_meter_delegated count;
    } meter = {.node.Kind = LIMITER_TYPE_METER_ALL, .port.Port = 3, .limits.RateKbps = 1000};
    static struct {
        struct limiter_node node;
        struct limiter_meter_cached limits;
    } faster = {.node.Kind = LIMITER_TYPE_METER_CACHED, .limits.RateKbps = 8000};

    static struct {
        struct limiter_node node;
        struct limiter_meter_delegated count;
    } back = {.node.Kind = LIMITER_TYPE_METER_DELEGATED};

    run(&nic, limiter_create, &meter.node);
    back.node.Meter = faster.node.Meter = meter.node.Meter; /* the handle: create wrote it */
    run(&nic, limiter_modify, &faster.node);
    printf("port 3 passes %u kbit/s\n", nic.rate_of_port[3]);
    run(&nic, limiter_inspect, &meter.node);
    printf("it dropped %llu packets\n", (unsigned long long)meter.count.DroppedPackets);
    run(&nic, limiter_withdraw, &back.node);
    printf("%llu in all\n", (unsigned long long)back.count.DroppedPackets);
    run(&nic, limiter_modify, &faster.node); /* the handle has ended with the meter */
    return 0;
}
