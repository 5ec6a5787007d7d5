/* SPDX-License-Identifier: BSD-2-Clause */
#include "bench.h"

#include <stdlib.h>

struct sim_nic *nic;
union sim_data last_data;

static struct host_record record;

struct sim_config bench_config(void)
{
    struct sim_config config = sim_config_default();
    config.flue.capacity[CHIMNEY_NEIGHBOR] = 4;
    config.flue.capacity[CHIMNEY_PATH] = 8;
    config.flue.capacity[CHIMNEY_TCP] = 16;
    config.ring_entries = 8;
    config.flue.completions = &host_completions;
    config.flue.indications = &host_indications;
    config.flue.host_handle = &record;
    return config;
}

void bench_reopen(const struct sim_config *config)
{
    sim_close(nic);
    nic = sim_open(config, NULL);
    ck_assert_ptr_nonnull(nic);
}

void bench_open(void)
{
    struct sim_config config = bench_config();
    nic = NULL;
    bench_reopen(&config);
}

void bench_close(void)
{
    sim_close(nic);
    nic = NULL;
}

bool take(struct sim_answer *answer)
{
    struct sim_device *d = nic->device;
    uint32_t place = sim_ring_next(&d->answers);
    if (place == UINT32_MAX)
        return false;
    *answer = d->answer_slots[place];
    sim_ring_consume(&d->answers);
    return true;
}

flue_cookie fresh_cookie(void)
{
    static flue_cookie last = 1000;
    return ++last;
}

void ring_doorbell(void)
{
    sim_binding.doorbell(nic);
}

uint8_t result_of(flue_cookie cookie)
{
    struct sim_answer answer;
    ring_doorbell();
    sim_step(nic, 1);
    ck_assert(take(&answer));
    ck_assert_uint_eq(answer.cookie, cookie);
    last_data = answer.data;
    return answer.result;
}

uint8_t do_add_neighbor(uint32_t index)
{
    struct chimney_add_neighbor_args args = {.index = index,
                                             .vlan_id = 5,
                                             .destination_mac = {1, 2, 3, 4, 5, 6},
                                             .host_reachability_delta = 10,
                                             .nic_reachability_delta = 20};
    flue_cookie cookie = fresh_cookie();
    ck_assert_int_eq(sim_binding.add_neighbor(nic, cookie, &args), FLUE_ISSUED);
    return result_of(cookie);
}

uint8_t do_add_path(uint32_t index, uint32_t neighbor)
{
    const uint8_t from[4] = {10, 0, 0, 1}, to[4] = {10, 0, 0, 2};
    struct chimney_add_path_args args = {.index = index,
                                         .variant = CHIMNEY_VARIANT_IPV4,
                                         .neighbor = neighbor,
                                         .source_address = from,
                                         .destination_address = to,
                                         .path_mtu = 1500};
    flue_cookie cookie = fresh_cookie();
    ck_assert_int_eq(sim_binding.add_path(nic, cookie, &args), FLUE_ISSUED);
    return result_of(cookie);
}

uint8_t do_add_tcp(uint32_t index, uint32_t path)
{
    struct chimney_add_tcp_args args = {.index = index,
                                        .path = path,
                                        .state = CHIMNEY_TCP_STATE_ESTABLISHED,
                                        .initial_rcv_wnd = 5000,
                                        .rcv_wnd = 4000,
                                        .ka_timeout = 7200,
                                        .total_rt = 9,
                                        .keepalive_probe_count = 3,
                                        .snd_nxt = 100,
                                        .ts_recent_age = 30};
    flue_cookie cookie = fresh_cookie();
    ck_assert_int_eq(sim_binding.add_tcp(nic, cookie, &args), FLUE_ISSUED);
    return result_of(cookie);
}

bool issue_write_mac(flue_cookie cookie, uint32_t index, uint8_t last_byte)
{
    struct chimney_write_mac_args args = {.index = index, .destination_mac[5] = last_byte};
    return sim_binding.write_mac(nic, cookie, &args) == FLUE_ISSUED;
}

uint8_t do_write_mac(uint32_t index, uint8_t last_byte)
{
    flue_cookie cookie = fresh_cookie();
    ck_assert(issue_write_mac(cookie, index, last_byte));
    return result_of(cookie);
}

#define DO_REMOVE(kind)                                                               \
    uint8_t do_remove_##kind(uint32_t index)                                          \
    {                                                                                 \
        struct chimney_remove_##kind##_args args = {.index = index};                  \
        flue_cookie cookie = fresh_cookie();                                          \
        ck_assert_int_eq(sim_binding.remove_##kind(nic, cookie, &args), FLUE_ISSUED); \
        return result_of(cookie);                                                     \
    }
DO_REMOVE(neighbor)
DO_REMOVE(path)
DO_REMOVE(tcp)

uint8_t last_mac_byte(uint32_t index)
{
    struct sim_neighbor held;
    ck_assert(sim_neighbor(nic, index, &held));
    return held.holds.destination_mac[5];
}

struct sim_counters counted(void)
{
    struct sim_counters counters;
    sim_counters(nic, &counters);
    return counters;
}
