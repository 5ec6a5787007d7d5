/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * driver.cpp: a driver in C++ for the example's meters, and a host; runtime and target are C. The
 * hardware is an array, and answers when it is asked, so that commands are under way meanwhile.
 */
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "limiter.h"

#include "layout.h"

namespace
{
struct Answer {
    flue_cookie cookie;
    bool removed;
};

struct Nic {
    limiter_target target; /* first, so that the host's adapter is the target's address */
    uint32_t rate[4];
    std::vector<Answer> answers;
};
LIMITER_ADAPTER_BEGINS_WITH(Nic, target);

Nic &nic_of(void *adapter)
{
    return *static_cast<Nic *>(adapter);
}

enum flue_issued write_limits(void *adapter, flue_cookie cookie,
                              const limiter_write_limits_args *args)
{
    nic_of(adapter).rate[args->index] = args->rate_kbps;
    nic_of(adapter).answers.push_back({cookie, false});
    return FLUE_ISSUED;
}

enum flue_issued add_meter(void *adapter, flue_cookie cookie, const limiter_add_meter_args *args)
{
    nic_of(adapter).rate[args->index] = args->rate_kbps;
    nic_of(adapter).answers.push_back({cookie, false});
    return FLUE_ISSUED;
}

enum flue_issued read_count(void *, flue_cookie, const limiter_read_count_args *)
{
    return FLUE_RING_FULL; /* nobody asks for it here */
}

enum flue_issued remove_meter(void *adapter, flue_cookie cookie,
                              const limiter_remove_meter_args *args)
{
    nic_of(adapter).rate[args->index] = 0;
    nic_of(adapter).answers.push_back({cookie, true});
    return FLUE_ISSUED;
}

/* What an interrupt handler would do. */
void answer(Nic &nic)
{
    std::vector<Answer> answers;
    answers.swap(nic.answers);
    for (const Answer &a : answers) {
        limiter_remove_meter_data data = {43};
        bool known =
            a.removed ? limiter_remove_meter_done(&nic.target, a.cookie, LIMITER_RESULT_OK, &data)
                      : limiter_done(&nic.target, a.cookie, LIMITER_RESULT_OK);
        if (!known)
            std::puts("an answer that nobody waits for");
    }
}

void completed(void *host, limiter_node *root)
{
    std::printf("%s: %s\n", static_cast<const char *>(host), limiter_status_name(root->Status));
}

void wake(void *)
{
}

void run(Nic &nic, void (*operation)(void *, limiter_node *), limiter_node &root)
{
    operation(&nic, &root);
    do
        while (flue_poll(&nic.target.flue, 64))
            ;
    while (!nic.answers.empty() && (answer(nic), true));
}

/* A node, and behind it the state that its type names. */
struct Meter {
    limiter_node node;
    limiter_meter_const port;
    alignas(8) limiter_meter_cached limits;
    alignas(8) limiter_meter_delegated count;
};
struct Limits {
    limiter_node node;
    limiter_meter_cached limits;
};
struct Count {
    limiter_node node;
    limiter_meter_delegated count;
};

bool same_layout()
{
    for (size_t i = 0; i < sizeof layout / sizeof *layout; i++)
        if (layout[i] != layout_in_c()[i])
            return std::printf("%zu in C++, %zu in C: number %zu of layout.h\n", layout[i],
                               layout_in_c()[i], i),
                   false;
    return true;
}
} // namespace

int main()
{
    static const limiter_binding binding = {write_limits, add_meter, read_count, remove_meter,
                                            nullptr};
    static const limiter_completions completions = {completed, completed, completed, completed};
    static char name[] = "the host";
    static Nic nic;
    flue_config config = {};
    config.capacity[LIMITER_METER] = 4;
    config.ring_entries = 8;
    config.running_requests = 4;
    config.ticks_per_second = 1000;
    config.host_handle = name;
    config.wake = wake;
    size_t bytes = (limiter_memory_bytes(&config) + 63) / 64 * 64;
    void *memory = std::aligned_alloc(64, bytes);
    flue_error error =
        limiter_init(&nic.target, &config, &binding, &completions, nullptr, memory, bytes);
    if (!same_layout() || error != FLUE_OK)
        return std::puts(flue_error_text(error)), 1;

    static Meter meter;
    meter.node.Kind = LIMITER_TYPE_METER_ALL;
    meter.port.Port = 3;
    meter.limits.RateKbps = 1000;
    static Limits faster;
    faster.node.Kind = LIMITER_TYPE_METER_CACHED;
    faster.limits.RateKbps = 8000;
    static Count back;
    back.node.Kind = LIMITER_TYPE_METER_DELEGATED;

    run(nic, limiter_create, meter.node);
    uint32_t index = static_cast<uint32_t>(meter.node.Meter);
    faster.node.Meter = back.node.Meter = meter.node.Meter;
    run(nic, limiter_modify, faster.node);
    std::printf("the meter passes %u kbit/s\n", nic.rate[index]);
    run(nic, limiter_withdraw, back.node);
    std::printf("it dropped %llu packets\n",
                static_cast<unsigned long long>(back.count.DroppedPackets));
    const flue_shared_stats *shared = flue_target_shared_stats(&nic.target.flue);
    uint64_t submitted = shared->submitted, stray = shared->stray_answers;
    std::printf("%llu submitted, %llu stray\n", static_cast<unsigned long long>(submitted),
                static_cast<unsigned long long>(stray));
    std::printf("quiet: %d\n", flue_target_quiet(&nic.target.flue));
    std::free(memory);
    return 0;
}
