/* SPDX-License-Identifier: BSD-2-Clause */
/* Each command to the software NIC: what it does to the tables, and what is refused. */
#include "bench.h"
#include "suite.h"

START_TEST(add_neighbor_is_held)
{
    struct sim_neighbor held;
    ck_assert(!sim_neighbor(nic, 2, &held));
    ck_assert_uint_eq(do_add_neighbor(2), CHIMNEY_RESULT_OK);
    ck_assert(sim_neighbor(nic, 2, &held));
    ck_assert_uint_eq(held.holds.vlan_id, 5);
    ck_assert_uint_eq(held.holds.destination_mac[5], 6);
    ck_assert(!held.blocked);
    ck_assert_uint_eq(sim_entries(nic, CHIMNEY_NEIGHBOR), 1);
}
END_TEST

START_TEST(ages_go_on_in_the_device)
{
    sim_tick(nic, 1000);
    do_add_neighbor(0);
    sim_tick(nic, 1100);
    struct chimney_read_neighbor_args args = {.index = 0};
    ck_assert_int_eq(sim_binding.read_neighbor(nic, 7, &args), FLUE_ISSUED);
    ck_assert_uint_eq(result_of(7), CHIMNEY_RESULT_OK);
    ck_assert_uint_eq(last_data.read_neighbor.nic_reachability_delta, 120);
}
END_TEST

START_TEST(write_mac_is_held)
{
    do_add_neighbor(1);
    ck_assert_uint_eq(do_write_mac(1, 0x77), CHIMNEY_RESULT_OK);
    ck_assert_uint_eq(last_mac_byte(1), 0x77);
}
END_TEST

START_TEST(add_path_copies_the_addresses)
{
    struct sim_path held;
    do_add_neighbor(1);
    ck_assert_uint_eq(do_add_path(3, 1), CHIMNEY_RESULT_OK);
    ck_assert(sim_path(nic, 3, &held));
    ck_assert_uint_eq(held.holds.neighbor, 1);
    ck_assert_uint_eq(held.source[3], 1);
    ck_assert_uint_eq(held.destination[3], 2);
    ck_assert_ptr_eq(held.holds.source_address, held.source);
    struct sim_neighbor below;
    ck_assert(sim_neighbor(nic, 1, &below));
    ck_assert_uint_eq(below.paths, 1);
}
END_TEST

START_TEST(ipv6_addresses_are_whole)
{
    uint8_t from[16], to[16];
    memset(from, 0xaa, sizeof(from));
    memset(to, 0xbb, sizeof(to));
    do_add_neighbor(0);
    struct chimney_add_path_args args = {.index = 0,
                                         .variant = CHIMNEY_VARIANT_IPV6,
                                         .source_address = from,
                                         .destination_address = to};
    ck_assert_int_eq(sim_binding.add_path(nic, 8, &args), FLUE_ISSUED);
    memset(from, 0, sizeof(from)); /* what the arguments point to is valid during the call only */
    ck_assert_uint_eq(result_of(8), CHIMNEY_RESULT_OK);
    struct sim_path held;
    ck_assert(sim_path(nic, 0, &held));
    ck_assert_uint_eq(held.source[15], 0xaa);
    ck_assert_uint_eq(held.destination[15], 0xbb);
}
END_TEST

START_TEST(write_route_moves_the_link)
{
    struct sim_neighbor one, two;
    do_add_neighbor(1);
    do_add_neighbor(2);
    do_add_path(0, 1);
    struct chimney_write_route_args args = {.index = 0, .neighbor = 2};
    ck_assert_int_eq(sim_binding.write_route(nic, 9, &args), FLUE_ISSUED);
    ck_assert_uint_eq(result_of(9), CHIMNEY_RESULT_OK);
    ck_assert(sim_neighbor(nic, 1, &one) && sim_neighbor(nic, 2, &two));
    ck_assert_uint_eq(one.paths, 0);
    ck_assert_uint_eq(two.paths, 1);
}
END_TEST

START_TEST(write_mtu_is_held)
{
    struct sim_path held;
    do_add_neighbor(0);
    do_add_path(0, 0);
    struct chimney_write_mtu_args args = {.index = 0, .path_mtu = 1280};
    ck_assert_int_eq(sim_binding.write_mtu(nic, 9, &args), FLUE_ISSUED);
    ck_assert_uint_eq(result_of(9), CHIMNEY_RESULT_OK);
    ck_assert(sim_path(nic, 0, &held));
    ck_assert_uint_eq(held.holds.path_mtu, 1280);
}
END_TEST

static void whole_connection(void)
{
    do_add_neighbor(0);
    do_add_path(0, 0);
    ck_assert_uint_eq(do_add_tcp(4, 0), CHIMNEY_RESULT_OK);
}

START_TEST(writes_of_a_connection_are_held)
{
    struct sim_tcp held;
    whole_connection();
    struct chimney_write_timers_args timers = {
        .index = 4, .keepalive_on = true, .ka_timeout = 60, .max_rt = 7};
    struct chimney_write_buffers_args buffers = {
        .index = 4, .nagle_on = true, .rcv_indication_size = 11};
    struct chimney_write_header_args header = {
        .index = 4, .ttl_or_hop_limit = 64, .user_priority = 3};
    ck_assert_int_eq(sim_binding.write_timers(nic, 1, &timers), FLUE_ISSUED);
    ck_assert_uint_eq(result_of(1), CHIMNEY_RESULT_OK);
    ck_assert_int_eq(sim_binding.write_buffers(nic, 2, &buffers), FLUE_ISSUED);
    ck_assert_uint_eq(result_of(2), CHIMNEY_RESULT_OK);
    ck_assert_int_eq(sim_binding.write_header(nic, 3, &header), FLUE_ISSUED);
    ck_assert_uint_eq(result_of(3), CHIMNEY_RESULT_OK);
    ck_assert(sim_tcp(nic, 4, &held));
    ck_assert(held.holds.keepalive_on && held.holds.nagle_on);
    ck_assert_uint_eq(held.holds.ka_timeout, 60);
    ck_assert_uint_eq(held.holds.rcv_indication_size, 11);
    ck_assert_uint_eq(held.holds.ttl_or_hop_limit, 64);
    ck_assert_uint_eq(held.holds.user_priority, 3);
}
END_TEST

START_TEST(restart_applies_only_what_it_names)
{
    struct sim_tcp held;
    whole_connection();
    struct chimney_restart_args args = {
        .index = 4, .rearm_keepalive = true, .advertise_window = true};
    ck_assert_int_eq(sim_binding.restart(nic, 1, &args), FLUE_ISSUED);
    ck_assert_uint_eq(result_of(1), CHIMNEY_RESULT_OK);
    ck_assert(sim_tcp(nic, 4, &held));
    ck_assert_uint_eq(held.holds.keepalive_timeout_delta, 7200);
    ck_assert_uint_eq(held.holds.rcv_wnd, 5000);
    ck_assert_uint_eq(held.windows_advertised, 1);
    ck_assert_uint_eq(held.holds.total_rt, 9);
    ck_assert_uint_eq(held.holds.keepalive_probe_count, 3);
    args = (struct chimney_restart_args){
        .index = 4, .clear_probe_count = true, .clear_total_rt = true, .advertise_window = true};
    ck_assert_int_eq(sim_binding.restart(nic, 2, &args), FLUE_ISSUED);
    ck_assert_uint_eq(result_of(2), CHIMNEY_RESULT_OK);
    ck_assert(sim_tcp(nic, 4, &held));
    ck_assert_uint_eq(held.holds.total_rt, 0);
    ck_assert_uint_eq(held.holds.keepalive_probe_count, 0);
    ck_assert_uint_eq(held.windows_advertised, 1); /* it was that size already */
}
END_TEST

START_TEST(read_tcp_tells_what_traffic_did)
{
    sim_tick(nic, 100);
    whole_connection();
    sim_tick(nic, 105);
    ck_assert(sim_traffic(nic, 4, 1000, 50));
    struct chimney_read_tcp_args args = {.index = 4};
    ck_assert_int_eq(sim_binding.read_tcp(nic, 1, &args), FLUE_ISSUED);
    ck_assert_uint_eq(result_of(1), CHIMNEY_RESULT_OK);
    ck_assert_uint_eq(last_data.read_tcp.snd_nxt, 1100);
    ck_assert_uint_eq(last_data.read_tcp.rcv_nxt, 50);
    ck_assert_uint_eq(last_data.read_tcp.ts_recent_age, 35);
    ck_assert_uint_eq(last_data.read_tcp.send_backlog_size, UINT32_MAX);
    ck_assert(!sim_traffic(nic, 5, 1, 1));
}
END_TEST

START_TEST(blocks_are_held)
{
    struct sim_neighbor neighbor;
    struct sim_path path;
    struct sim_tcp tcp;
    whole_connection();
    struct chimney_block_neighbor_args n = {.index = 0};
    struct chimney_block_path_args p = {.index = 0};
    struct chimney_block_tcp_args t = {.index = 4};
    ck_assert_int_eq(sim_binding.block_neighbor(nic, 1, &n), FLUE_ISSUED);
    ck_assert_uint_eq(result_of(1), CHIMNEY_RESULT_OK);
    ck_assert_int_eq(sim_binding.block_path(nic, 2, &p), FLUE_ISSUED);
    ck_assert_uint_eq(result_of(2), CHIMNEY_RESULT_OK);
    ck_assert_int_eq(sim_binding.block_tcp(nic, 3, &t), FLUE_ISSUED);
    ck_assert_uint_eq(result_of(3), CHIMNEY_RESULT_OK);
    ck_assert(sim_neighbor(nic, 0, &neighbor) && neighbor.blocked);
    ck_assert(sim_path(nic, 0, &path) && path.blocked);
    ck_assert(sim_tcp(nic, 4, &tcp) && tcp.blocked);
}
END_TEST

START_TEST(removal_goes_from_top_to_bottom)
{
    whole_connection();
    ck_assert_uint_eq(do_remove_neighbor(0), CHIMNEY_RESULT_FAILURE);
    ck_assert_uint_eq(do_remove_path(0), CHIMNEY_RESULT_FAILURE);
    ck_assert_uint_eq(counted().nonsense, 2);
    ck_assert_uint_eq(do_remove_tcp(4), CHIMNEY_RESULT_OK);
    ck_assert_int_eq(last_data.remove_tcp.state, CHIMNEY_TCP_STATE_ESTABLISHED);
    ck_assert_uint_eq(do_remove_path(0), CHIMNEY_RESULT_OK);
    ck_assert_uint_eq(do_remove_neighbor(0), CHIMNEY_RESULT_OK);
    ck_assert_uint_eq(last_data.remove_neighbor.nic_reachability_delta, 20);
    for (uint8_t kind = 0; kind < CHIMNEY_KINDS; kind++)
        ck_assert_uint_eq(sim_entries(nic, kind), 0);
}
END_TEST

START_TEST(what_is_gone_may_be_removed_again)
{
    ck_assert_uint_eq(do_remove_tcp(4), CHIMNEY_RESULT_GONE);
    ck_assert_uint_eq(do_remove_path(4), CHIMNEY_RESULT_GONE);
    ck_assert_uint_eq(do_remove_neighbor(3), CHIMNEY_RESULT_GONE);
    ck_assert_uint_eq(counted().absent, 3);
    ck_assert_uint_eq(counted().nonsense, 0);
}
END_TEST

START_TEST(nonsense_is_refused)
{
    ck_assert_uint_eq(do_add_neighbor(4), CHIMNEY_RESULT_FAILURE); /* index out of range */
    ck_assert_uint_eq(do_add_neighbor(4000000), CHIMNEY_RESULT_FAILURE);
    ck_assert_uint_eq(do_add_path(0, 0), CHIMNEY_RESULT_FAILURE); /* absent neighbor */
    ck_assert_uint_eq(do_add_path(0, UINT32_MAX), CHIMNEY_RESULT_FAILURE);
    ck_assert_uint_eq(do_add_tcp(0, 0), CHIMNEY_RESULT_FAILURE); /* absent path */
    ck_assert_uint_eq(do_write_mac(0, 1), CHIMNEY_RESULT_GONE);  /* absent entry */
    ck_assert_uint_eq(do_add_neighbor(0), CHIMNEY_RESULT_OK);
    ck_assert_uint_eq(do_add_neighbor(0), CHIMNEY_RESULT_FAILURE); /* twice */
    ck_assert_uint_eq(do_remove_neighbor(4), CHIMNEY_RESULT_FAILURE);
    struct chimney_write_route_args route = {.index = 0, .neighbor = 3};
    do_add_path(0, 0);
    ck_assert_int_eq(sim_binding.write_route(nic, 9, &route), FLUE_ISSUED);
    ck_assert_uint_eq(result_of(9), CHIMNEY_RESULT_FAILURE); /* to an absent neighbor */
    ck_assert_uint_eq(counted().nonsense, 9);
}
END_TEST

START_TEST(small_tables_say_that_they_are_full)
{
    struct sim_config config = bench_config();
    config.entries[CHIMNEY_NEIGHBOR] = 1;
    config.entries[CHIMNEY_PATH] = 2;
    config.entries[CHIMNEY_TCP] = 1;
    bench_reopen(&config);
    ck_assert_uint_eq(do_add_neighbor(3), CHIMNEY_RESULT_OK);
    ck_assert_uint_eq(do_add_neighbor(1), CHIMNEY_RESULT_NEIGHBOR_ENTRIES);
    ck_assert_uint_eq(do_add_path(0, 3), CHIMNEY_RESULT_OK);
    ck_assert_uint_eq(do_add_path(1, 3), CHIMNEY_RESULT_OK);
    ck_assert_uint_eq(do_add_path(2, 3), CHIMNEY_RESULT_PATH_ENTRIES);
    ck_assert_uint_eq(do_add_tcp(0, 0), CHIMNEY_RESULT_OK);
    ck_assert_uint_eq(do_add_tcp(1, 0), CHIMNEY_RESULT_TCP_ENTRIES);
    ck_assert_uint_eq(do_remove_tcp(0), CHIMNEY_RESULT_OK);
    ck_assert_uint_eq(do_add_tcp(1, 0), CHIMNEY_RESULT_OK);
    ck_assert_uint_eq(counted().nonsense, 0);
}
END_TEST

START_TEST(every_command_is_counted)
{
    whole_connection();
    do_write_mac(3, 0); /* bad: not there */
    struct sim_counters c = counted();
    ck_assert_uint_eq(c.all.seen, 4);
    ck_assert_uint_eq(c.all.good, 3);
    ck_assert_uint_eq(c.all.bad, 1);
    ck_assert_uint_eq(c.of[CHIMNEY_NEIGHBOR][CHIMNEY_NEIGHBOR_WRITE_MAC].bad, 1);
    ck_assert_uint_eq(c.of[CHIMNEY_TCP][CHIMNEY_TCP_ADD_TCP].good, 1);
    ck_assert_uint_eq(c.doorbells, 4);
    ck_assert_str_eq(sim_command_name(CHIMNEY_TCP, CHIMNEY_TCP_ADD_TCP), "add_tcp");
    ck_assert_str_eq(sim_command_name(9, 0), "?");
}
END_TEST

int main(void)
{
    return RUN_TESTS(
        "commands", bench_open, bench_close, add_neighbor_is_held, ages_go_on_in_the_device,
        write_mac_is_held, add_path_copies_the_addresses, ipv6_addresses_are_whole,
        write_route_moves_the_link, write_mtu_is_held, writes_of_a_connection_are_held,
        restart_applies_only_what_it_names, read_tcp_tells_what_traffic_did, blocks_are_held,
        removal_goes_from_top_to_bottom, what_is_gone_may_be_removed_again, nonsense_is_refused,
        small_tables_say_that_they_are_full, every_command_is_counted);
}
