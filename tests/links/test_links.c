/* SPDX-License-Identifier: BSD-2-Clause */
/* Links by the node above and by handles: laid, refused, moved, taken back, held, restored. */
#include "suite.h"
#include "world.h"

static struct world w;
static struct thing port = {.kind = VPN_PORT}, key = {.kind = VPN_KEY},
                    sa[2] = {{.kind = VPN_SA}, {.kind = VPN_SA}}, policy = {.kind = VPN_POLICY};

static int run(struct thing *t, struct thing *above, const struct brought *b, uint8_t operation)
{
    unsigned before = w.completions;
    world_submit(&w, world_ask(t, above, b, operation), operation);
    world_settle(&w);
    ck_assert_uint_eq(w.completions, before + 1);
    world_check(&w);
    return t->node.status;
}

/* The operation, of which the command that is `bad`th to be answered comes to `result`. */
static int run_badly(struct thing *t, const struct brought *b, uint8_t operation, unsigned bad,
                     enum vpn_result result, bool done)
{
    world_submit(&w, world_ask(t, NULL, b, operation), operation);
    for (unsigned n = 0; n < bad; n++) {
        flue_poll(&w.target.flue, 64);
        ck_assert_uint_ge(w.order_count, 1);
        bool last = n + 1 == bad;
        world_answer(&w, 0, last ? result : VPN_RESULT_OK, last ? done : true);
    }
    world_settle(&w);
    ck_assert(!t->asked);
    world_check(&w);
    return t->node.status;
}

static struct brought on(uint64_t in, uint64_t out)
{
    return (struct brought){.links = {in, out}, .value = 1};
}

static uint32_t dependents(const struct thing *t)
{
    return world_object(&w, t)->dependents;
}

static void create_all(void)
{
    struct brought b = on(0, 0);
    ck_assert_int_eq(run(&port, NULL, NULL, VPN_CREATE), VPN_STATUS_SUCCESS);
    ck_assert_int_eq(run(&key, NULL, NULL, VPN_CREATE), VPN_STATUS_SUCCESS);
    b.links[1] = key.node.handle;
    for (unsigned i = 0; i < 2; i++)
        ck_assert_int_eq(run(&sa[i], &port, &b, VPN_CREATE), VPN_STATUS_SUCCESS);
    b = on(sa[0].node.handle, sa[1].node.handle);
    ck_assert_int_eq(run(&policy, NULL, &b, VPN_CREATE), VPN_STATUS_SUCCESS);
}

static void setup(void)
{
    world_open(&w);
    port.node.handle = key.node.handle = policy.node.handle = 0;
    sa[0].node.handle = sa[1].node.handle = 0;
}

static void teardown(void)
{
    world_close(&w);
}

START_TEST(each_link_is_counted_and_told)
{
    create_all();
    ck_assert_uint_eq(dependents(&port), 2);
    ck_assert_uint_eq(dependents(&key), 2);
    ck_assert_uint_eq(dependents(&sa[0]), 1);
    ck_assert_uint_eq(dependents(&sa[1]), 1);
    world_agrees(&w, &sa[0]);
    world_agrees(&w, &sa[1]);
    world_agrees(&w, &policy);
}
END_TEST

START_TEST(nothing_goes_from_under_a_handle)
{
    create_all();
    ck_assert_int_eq(run(&key, NULL, NULL, VPN_DESTROY), VPN_STATUS_IN_USE);
    ck_assert_int_eq(run(&sa[1], NULL, NULL, VPN_DESTROY), VPN_STATUS_IN_USE);
    ck_assert_int_eq(run(&policy, NULL, NULL, VPN_DESTROY), VPN_STATUS_SUCCESS);
    ck_assert_int_eq(run(&sa[1], NULL, NULL, VPN_DESTROY), VPN_STATUS_SUCCESS);
    ck_assert_int_eq(run(&sa[0], NULL, NULL, VPN_DESTROY), VPN_STATUS_SUCCESS);
    ck_assert_uint_eq(dependents(&key), 0);
    ck_assert_int_eq(run(&key, NULL, NULL, VPN_DESTROY), VPN_STATUS_SUCCESS);
    ck_assert_int_eq(run(&port, NULL, NULL, VPN_DESTROY), VPN_STATUS_SUCCESS);
    for (unsigned k = 0; k < VPN_KINDS; k++)
        ck_assert_uint_eq(w.target.flue.pools[k].in_use, 0);
}
END_TEST

START_TEST(a_handle_that_leads_nowhere_is_refused)
{
    struct thing other = {.kind = VPN_POLICY};
    create_all();
    uint64_t bad[] = {key.node.handle, policy.node.handle, sa[0].node.handle + (UINT64_C(1) << 40),
                      UINT64_MAX, 1};
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++)
        for (unsigned l = 0; l < 2; l++) {
            struct brought b = on(sa[0].node.handle, sa[1].node.handle);
            b.links[l] = bad[i];
            other.node.handle = 0;
            ck_assert_int_eq(run(&other, NULL, &b, VPN_CREATE), VPN_STATUS_AGAIN);
            ck_assert_uint_eq(other.node.handle, 0);
            ck_assert_int_eq(run(&policy, NULL, &b, VPN_MODIFY), VPN_STATUS_AGAIN);
        }
    ck_assert_uint_eq(dependents(&sa[0]), 1);
    world_agrees(&w, &policy);
}
END_TEST

START_TEST(an_optional_link_may_lead_nowhere_and_another_may_not)
{
    create_all();
    struct brought b = on(0, sa[1].node.handle);
    unsigned before = w.orders_taken;
    ck_assert_int_eq(run(&policy, NULL, &b, VPN_MODIFY), VPN_STATUS_SUCCESS);
    ck_assert_uint_eq(w.orders_taken, before + 1);
    ck_assert_uint_eq(dependents(&sa[0]), 0);
    world_agrees(&w, &policy);
    b = on(0, 0);
    ck_assert_int_eq(run(&policy, NULL, &b, VPN_MODIFY), VPN_STATUS_AGAIN);
    b = on(sa[1].node.handle, sa[1].node.handle);
    ck_assert_int_eq(run(&policy, NULL, &b, VPN_MODIFY), VPN_STATUS_SUCCESS);
    ck_assert_uint_eq(dependents(&sa[1]), 2);
    world_agrees(&w, &policy);
}
END_TEST

START_TEST(a_move_tells_only_what_moved)
{
    create_all();
    struct brought b = on(sa[0].node.handle, sa[0].node.handle);
    unsigned before = w.orders_taken;
    ck_assert_int_eq(run(&policy, NULL, &b, VPN_MODIFY), VPN_STATUS_SUCCESS);
    ck_assert_uint_eq(w.orders_taken, before + 1);
    ck_assert_uint_eq(dependents(&sa[0]), 2);
    ck_assert_uint_eq(dependents(&sa[1]), 0);
    b.value = 9;
    ck_assert_int_eq(run(&policy, NULL, &b, VPN_MODIFY), VPN_STATUS_SUCCESS);
    ck_assert_uint_eq(w.orders_taken, before + 2);
    ck_assert_int_eq(run(&policy, NULL, &b, VPN_MODIFY), VPN_STATUS_SUCCESS);
    ck_assert_uint_eq(w.orders_taken, before + 2);
    world_agrees(&w, &policy);
}
END_TEST

START_TEST(a_move_that_fails_is_taken_back)
{
    create_all();
    struct brought b = on(sa[1].node.handle, sa[0].node.handle);
    for (unsigned bad = 1; bad <= 2; bad++) {
        int status = run_badly(&policy, &b, VPN_MODIFY, bad, VPN_RESULT_IO_ERROR, false);
        ck_assert_int_eq(status, VPN_STATUS_IO_ERROR);
        ck_assert_uint_eq(dependents(&sa[0]), 1);
        ck_assert_uint_eq(dependents(&sa[1]), 1);
        world_agrees(&w, &policy);
    }
}
END_TEST

/* To be moved from the second association to the first: nobody knows which one it stands on. */
static void move_and_be_unsure(void)
{
    struct brought b = on(0, sa[0].node.handle);
    world_submit(&w, world_ask(&policy, NULL, &b, VPN_MODIFY), VPN_MODIFY);
    flue_poll(&w.target.flue, 64);
    while (policy.asked && w.order_count) {
        world_answer(&w, 0, VPN_RESULT_UNSURE, true);
        flue_poll(&w.target.flue, 64);
    }
    ck_assert(!policy.asked);
    ck_assert_int_eq(policy.node.status, VPN_STATUS_TIMEOUT);
    world_check(&w);
}

START_TEST(both_ends_are_held_while_nobody_knows)
{
    create_all();
    move_and_be_unsure();
    ck_assert_uint_eq(dependents(&sa[0]), 2);
    ck_assert_uint_eq(dependents(&sa[1]), 1);
    ck_assert_int_eq(run(&sa[1], NULL, NULL, VPN_DESTROY), VPN_STATUS_IN_USE);
    ck_assert_int_eq(run(&policy, NULL, NULL, VPN_DESTROY), VPN_STATUS_SUCCESS);
    ck_assert_uint_eq(dependents(&sa[0]), 0);
    ck_assert_uint_eq(dependents(&sa[1]), 0);
}
END_TEST

START_TEST(what_is_repaired_stands_where_the_host_knows_it)
{
    create_all();
    move_and_be_unsure();
    ck_assert_int_eq(run(&policy, NULL, NULL, VPN_REPAIR), VPN_STATUS_SUCCESS);
    world_agrees(&w, &policy);
    ck_assert_uint_eq(w.entries[VPN_POLICY][(uint32_t)policy.node.handle].links[1],
                      (uint32_t)sa[1].node.handle);
    ck_assert_uint_eq(dependents(&sa[0]), 1);
    ck_assert_uint_eq(dependents(&sa[1]), 1);
}
END_TEST

START_TEST(what_stands_on_the_withdrawn_is_unusable_along_each_link)
{
    struct thing other = {.kind = VPN_POLICY};
    create_all();
    ck_assert_int_eq(run(&key, NULL, NULL, VPN_WITHDRAW), VPN_STATUS_SUCCESS);
    struct brought b = on(0, sa[0].node.handle);
    ck_assert_int_eq(run(&other, NULL, &b, VPN_CREATE), VPN_STATUS_AGAIN);
    b = on(0, key.node.handle);
    struct thing third = {.kind = VPN_SA};
    ck_assert_int_eq(run(&third, &port, &b, VPN_CREATE), VPN_STATUS_AGAIN);
}
END_TEST

START_TEST(a_reset_puts_all_back_what_is_linked_to_first)
{
    create_all();
    world_reset(&w);
    world_settle(&w);
    world_check(&w);
    world_agrees(&w, &sa[0]);
    world_agrees(&w, &sa[1]);
    world_agrees(&w, &policy);
}
END_TEST

START_TEST(what_is_lost_is_added_again_only_on_what_is_there)
{
    create_all();
    ck_assert_int_eq(run(&sa[1], NULL, NULL, VPN_WITHDRAW), VPN_STATUS_SUCCESS);
    world_reset(&w);
    world_settle(&w);
    ck_assert(!w.entries[VPN_POLICY][(uint32_t)policy.node.handle].has);
    /* The same links, and so no new one: what it would stand on is asked for all the same. */
    struct brought b = on(sa[0].node.handle, sa[1].node.handle);
    ck_assert_int_eq(run(&policy, NULL, &b, VPN_MODIFY), VPN_STATUS_AGAIN);
    b = on(sa[0].node.handle, sa[0].node.handle);
    ck_assert_int_eq(run(&policy, NULL, &b, VPN_MODIFY), VPN_STATUS_SUCCESS);
    world_agrees(&w, &policy);
    ck_assert_uint_eq(dependents(&sa[1]), 0);
}
END_TEST

/* The handles are in a structure that the node does not have. */
START_TEST(a_node_without_its_handles_moves_no_link)
{
    create_all();
    unsigned before = w.orders_taken;
    struct vpn_node *node = world_ask(&policy, NULL, NULL, VPN_MODIFY);
    node->kind--; /* const alone, of which modify takes nothing */
    world_submit(&w, node, VPN_MODIFY);
    world_settle(&w);
    ck_assert_int_eq(policy.node.status, VPN_STATUS_SUCCESS);
    ck_assert_uint_eq(w.orders_taken, before);
    world_agrees(&w, &policy);
}
END_TEST

/* The hardware has lost it, and says so when it is written to; what else is asked waits. */
static void find_gone(struct thing *t)
{
    const struct brought b = {.value = 7};
    unsigned order = w.order_count;
    world_submit(&w, world_ask(t, NULL, &b, VPN_MODIFY), VPN_MODIFY);
    flue_poll(&w.target.flue, 64);
    ck_assert_uint_eq(w.order_count, order + 1);
    w.entries[t->kind][(uint32_t)t->node.handle].has = false;
    world_answer(&w, order, VPN_RESULT_GONE, false);
    flue_poll(&w.target.flue, 64);
    ck_assert_int_eq(t->node.status, VPN_STATUS_IO_ERROR);
}

/* Of two links one leads back to what is there: that one is taken back. */
START_TEST(a_link_is_not_taken_back_to_what_is_lost)
{
    struct thing third = {.kind = VPN_SA};
    create_all();
    struct brought b = on(0, key.node.handle);
    ck_assert_int_eq(run(&third, &port, &b, VPN_CREATE), VPN_STATUS_SUCCESS);
    b = on(third.node.handle, third.node.handle);
    b.value = 9;
    world_submit(&w, world_ask(&policy, NULL, &b, VPN_MODIFY), VPN_MODIFY);
    flue_poll(&w.target.flue, 64);
    ck_assert_uint_eq(w.order_count, 3); /* move_in, move_out, write_priority */
    world_answer(&w, 0, VPN_RESULT_OK, true);
    ck_assert(w.orders[1].writes[1]);
    world_answer(&w, 1, VPN_RESULT_OK, true);
    find_gone(&sa[1]);
    ck_assert(w.orders[0].writes_value);
    world_answer(&w, 0, VPN_RESULT_IO_ERROR, false);
    world_settle(&w);
    ck_assert_int_eq(policy.node.status, VPN_STATUS_IO_ERROR);
    const struct entry *e = &w.entries[VPN_POLICY][(uint32_t)policy.node.handle];
    ck_assert_uint_eq(e->links[0], (uint32_t)sa[0].node.handle);
    ck_assert_uint_eq(e->links[1], (uint32_t)third.node.handle);
    ck_assert_uint_eq(w.target.flue.stats.unsent, 1);
    world_check(&w); /* both ends are held: nobody knows where it leads */
    ck_assert_uint_eq(dependents(&sa[1]), 1);
    ck_assert_uint_eq(dependents(&third), 2);
    ck_assert_int_eq(run(&policy, NULL, NULL, VPN_DESTROY), VPN_STATUS_SUCCESS);
}
END_TEST

/* It asked for its links before it was taken out, and one is lost before it is put back. */
START_TEST(a_second_step_builds_on_nothing_that_was_lost_during_the_first)
{
    create_all();
    move_and_be_unsure();
    unsigned before = w.orders_taken;
    world_submit(&w, world_ask(&policy, NULL, NULL, VPN_REPAIR), VPN_REPAIR);
    flue_poll(&w.target.flue, 64);
    ck_assert_uint_eq(w.order_count, 1);
    find_gone(&sa[1]);
    world_answer(&w, 0, VPN_RESULT_OK, true);
    world_settle(&w);
    ck_assert_uint_eq(w.orders_taken, before + 2); /* remove_policy, and the write that found it */
    ck_assert_int_eq(policy.node.status, VPN_STATUS_TIMEOUT);
    ck_assert(!w.entries[VPN_POLICY][(uint32_t)policy.node.handle].has);
    world_check(&w);
    ck_assert_int_eq(run(&policy, NULL, NULL, VPN_DESTROY), VPN_STATUS_SUCCESS);
}
END_TEST

START_TEST(the_host_gets_back_the_handles_that_it_gave)
{
    create_all();
    ck_assert_int_eq(run(&policy, NULL, NULL, VPN_INSPECT), VPN_STATUS_SUCCESS);
    struct vpn_policy_cached cached;
    memcpy(&cached, policy.state, sizeof cached);
    ck_assert_uint_eq(cached.in_sa_handle, sa[0].node.handle);
    ck_assert_uint_eq(cached.out_sa_handle, sa[1].node.handle);
}
END_TEST

int main(void)
{
    return RUN_TESTS(
        "links", setup, teardown, each_link_is_counted_and_told, nothing_goes_from_under_a_handle,
        a_handle_that_leads_nowhere_is_refused,
        an_optional_link_may_lead_nowhere_and_another_may_not, a_move_tells_only_what_moved,
        a_move_that_fails_is_taken_back, both_ends_are_held_while_nobody_knows,
        what_is_repaired_stands_where_the_host_knows_it,
        what_stands_on_the_withdrawn_is_unusable_along_each_link,
        a_reset_puts_all_back_what_is_linked_to_first,
        what_is_lost_is_added_again_only_on_what_is_there, a_node_without_its_handles_moves_no_link,
        a_link_is_not_taken_back_to_what_is_lost,
        a_second_step_builds_on_nothing_that_was_lost_during_the_first,
        the_host_gets_back_the_handles_that_it_gave);
}
