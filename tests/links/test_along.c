/* SPDX-License-Identifier: BSD-2-Clause */
/* Along each of several links: what the host is told of, what waits, what a tree may say. */
#include "suite.h"
#include "world.h"

enum { POLICY_WITHDRAWN = 1, SA_WITHDRAWN = 3 }; /* codes of the spec's indications */

static struct world w;
static struct thing port, key, sa[2], policy;

static int run(struct thing *t, struct thing *above, const struct brought *b, uint8_t operation)
{
    world_submit(&w, world_ask(t, above, b, operation), operation);
    world_settle(&w);
    ck_assert(!t->asked);
    world_check(&w);
    return t->node.status;
}

static struct brought on(uint64_t in, uint64_t out)
{
    return (struct brought){.links = {in, out}, .value = 1};
}

static void setup(void)
{
    world_open(&w);
    port = (struct thing){.kind = VPN_PORT};
    key = (struct thing){.kind = VPN_KEY};
    policy = (struct thing){.kind = VPN_POLICY};
    ck_assert_int_eq(run(&port, NULL, NULL, VPN_CREATE), VPN_STATUS_SUCCESS);
    ck_assert_int_eq(run(&key, NULL, NULL, VPN_CREATE), VPN_STATUS_SUCCESS);
    struct brought b = on(0, key.node.handle);
    for (unsigned i = 0; i < 2; i++) {
        sa[i] = (struct thing){.kind = VPN_SA};
        ck_assert_int_eq(run(&sa[i], &port, &b, VPN_CREATE), VPN_STATUS_SUCCESS);
    }
}

static void teardown(void)
{
    world_close(&w);
}

static void withdraw(struct thing *t, unsigned told_of_sa, unsigned told_of_policy)
{
    struct brought b = on(0, sa[1].node.handle);
    ck_assert_int_eq(run(&policy, NULL, &b, VPN_CREATE), VPN_STATUS_SUCCESS);
    ck_assert_int_eq(run(t, NULL, NULL, VPN_WITHDRAW), VPN_STATUS_SUCCESS);
    ck_assert_uint_eq(sa[0].told[SA_WITHDRAWN] + sa[1].told[SA_WITHDRAWN], told_of_sa);
    ck_assert_uint_eq(policy.told[POLICY_WITHDRAWN], told_of_policy);
}

START_TEST(a_mark_is_seen_by_way_of_the_first_link)
{
    withdraw(&port, 2, 1);
}
END_TEST

START_TEST(a_mark_is_seen_by_way_of_the_second_link)
{
    withdraw(&key, 2, 1);
}
END_TEST

START_TEST(a_mark_is_not_seen_where_no_link_leads_to_it)
{
    withdraw(&sa[0], 1, 0);
}
END_TEST

START_TEST(a_mark_that_both_links_lead_to_is_told_once)
{
    struct brought b = on(sa[0].node.handle, sa[1].node.handle);
    ck_assert_int_eq(run(&policy, NULL, &b, VPN_CREATE), VPN_STATUS_SUCCESS);
    ck_assert_int_eq(run(&key, NULL, NULL, VPN_WITHDRAW), VPN_STATUS_SUCCESS);
    ck_assert_uint_eq(policy.told[POLICY_WITHDRAWN], 1);
}
END_TEST

START_TEST(what_comes_back_is_waited_for_at_each_link)
{
    for (unsigned l = 0; l < 2; l++) {
        struct brought b = on(l ? 0 : sa[0].node.handle, sa[l].node.handle);
        struct thing new = {.kind = VPN_POLICY};
        world_reset(&w);
        ck_assert_int_eq(run(&new, NULL, &b, VPN_CREATE), VPN_STATUS_SUCCESS);
        world_agrees(&w, &new);
    }
}
END_TEST

START_TEST(a_link_that_still_leads_nowhere_is_no_news)
{
    struct brought b = on(0, sa[1].node.handle);
    ck_assert_int_eq(run(&policy, NULL, &b, VPN_CREATE), VPN_STATUS_SUCCESS);
    unsigned before = w.orders_taken;
    ck_assert_int_eq(run(&policy, NULL, &b, VPN_MODIFY), VPN_STATUS_SUCCESS);
    ck_assert_uint_eq(w.orders_taken, before);
    b = on(sa[0].node.handle, sa[1].node.handle);
    ck_assert_int_eq(run(&policy, NULL, &b, VPN_MODIFY), VPN_STATUS_SUCCESS);
    ck_assert_uint_eq(w.orders_taken, before + 1);
    world_agrees(&w, &policy);
}
END_TEST

START_TEST(a_tree_says_where_a_link_leads_only_to_what_has_it_by_the_node_above)
{
    struct brought b = on(sa[0].node.handle, sa[1].node.handle);
    ck_assert_int_eq(run(&policy, &port, &b, VPN_CREATE), VPN_STATUS_BAD_VALUE);
    struct thing third = {.kind = VPN_SA};
    b = on(0, key.node.handle);
    ck_assert_int_eq(run(&third, NULL, &b, VPN_CREATE), VPN_STATUS_BAD_VALUE);
    ck_assert_int_eq(run(&third, &key, &b, VPN_CREATE), VPN_STATUS_BAD_VALUE);
    ck_assert_int_eq(run(&third, &port, &b, VPN_CREATE), VPN_STATUS_SUCCESS);
    ck_assert_uint_eq(world_object(&w, &port)->dependents, 3);
}
END_TEST

/* Each is looked for along links of some names, at each step of the way, and along no others. */
static int seen(struct thing *t)
{
    struct brought b = on(sa[0].node.handle, sa[1].node.handle);
    ck_assert_int_eq(run(&policy, NULL, &b, VPN_CREATE), VPN_STATUS_SUCCESS);
    ck_assert_int_eq(run(&policy, NULL, NULL, VPN_INSPECT), VPN_STATUS_SUCCESS);
    ck_assert_int_eq(run(t, NULL, NULL, VPN_WITHDRAW), VPN_STATUS_SUCCESS);
    return run(&policy, NULL, NULL, VPN_INSPECT);
}

START_TEST(where_a_condition_names_links_a_mark_is_seen_along_these)
{
    ck_assert_int_eq(seen(&sa[1]), VPN_STATUS_AGAIN);
}
END_TEST

START_TEST(and_along_the_next_link_that_it_names)
{
    ck_assert_int_eq(seen(&port), VPN_STATUS_AGAIN);
}
END_TEST

START_TEST(another_condition_names_others)
{
    ck_assert_int_eq(seen(&sa[0]), VPN_STATUS_IO_ERROR);
}
END_TEST

START_TEST(a_link_that_it_does_not_name_is_not_looked_along)
{
    struct thing other = {.kind = VPN_KEY};
    ck_assert_int_eq(run(&other, NULL, NULL, VPN_CREATE), VPN_STATUS_SUCCESS);
    struct brought b = on(0, other.node.handle);
    sa[1] = (struct thing){.kind = VPN_SA};
    ck_assert_int_eq(run(&sa[1], &port, &b, VPN_CREATE), VPN_STATUS_SUCCESS);
    ck_assert_int_eq(seen(&other), VPN_STATUS_SUCCESS); /* the key of what goes out */
    ck_assert_int_eq(run(&key, NULL, NULL, VPN_WITHDRAW), VPN_STATUS_SUCCESS);
    ck_assert_int_eq(run(&policy, NULL, NULL, VPN_INSPECT), VPN_STATUS_SUCCESS);
}
END_TEST

int main(void)
{
    return RUN_TESTS(
        "links_along", setup, teardown, a_mark_is_seen_by_way_of_the_first_link,
        a_mark_is_seen_by_way_of_the_second_link, a_mark_is_not_seen_where_no_link_leads_to_it,
        a_mark_that_both_links_lead_to_is_told_once, what_comes_back_is_waited_for_at_each_link,
        a_link_that_still_leads_nowhere_is_no_news,
        a_tree_says_where_a_link_leads_only_to_what_has_it_by_the_node_above,
        where_a_condition_names_links_a_mark_is_seen_along_these,
        and_along_the_next_link_that_it_names, another_condition_names_others,
        a_link_that_it_does_not_name_is_not_looked_along);
}
