/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A device made of spec/rdma gives the number of an entry that is no more to the next one, at once.
 * A removal whose answer was lost is sent again with a number that is another entry's by then: it
 * is gone, and the other one stays.
 */
#include <string.h>

#include "rdma_device.h"
#include "suite.h"

enum { DOMAINS = 4, TICKS = 60 };

struct domain {
    struct rdma_node node;
    _Alignas(8) struct rdma_pd_const owner;
};

static struct rdma_device nic;
static struct domain domains[DOMAINS];
static unsigned completions;
static uint64_t now;

static void completed(void *host, struct rdma_node *root)
{
    (void)host, (void)root;
    completions++;
}

static void told(void *host, uint32_t code)
{
    (void)host, (void)code;
}

static void setup(void)
{
    static const struct rdma_completions calls = {completed, completed, completed, completed,
                                                  completed};
    static const struct rdma_indications indications = {.rdma_event = told};
    static const struct flue_config config = {.capacity = {DOMAINS, 1, 1, 1},
                                              .ring_entries = 8,
                                              .running_requests = 4,
                                              .ticks_per_second = 1000};
    ck_assert_int_eq(rdma_device_open(&nic, &config, NULL, &calls, &indications), FLUE_OK);
    memset(domains, 0, sizeof domains);
    completions = 0;
    now = 0;
}

static void teardown(void)
{
    ck_assert_ptr_null(flue_device_complaint(nic.device));
    rdma_device_close(&nic);
}

static int32_t ask(void (*operation)(void *, struct rdma_node *), struct domain *d)
{
    const unsigned before = completions;
    operation(&nic, &d->node);
    for (unsigned i = 0; i < 1000 && completions == before; i++) {
        while (flue_device_work(nic.device))
            ;
        flue_tick(&nic.target.flue, now += TICKS);
    }
    ck_assert_uint_eq(completions, before + 1);
    return d->node.status;
}

static uint64_t created(struct domain *d)
{
    uint64_t number = 0;
    d->node = (struct rdma_node){.kind = RDMA_TYPE_PD_CONST};
    ck_assert_int_eq(ask(rdma_create, d), RDMA_STATUS_SUCCESS);
    ck_assert(rdma_device_get(&nic, RDMA_PD, (uint32_t)d->node.handle, "pdn", &number));
    return number;
}

static bool there(const struct domain *d)
{
    uint64_t number;
    return rdma_device_get(&nic, RDMA_PD, (uint32_t)d->node.handle, "pdn", &number);
}

START_TEST(a_freed_number_is_given_again_at_once)
{
    uint64_t first = created(&domains[0]), second = created(&domains[1]);
    ck_assert_uint_ne(first, second);
    ck_assert_int_eq(ask(rdma_destroy, &domains[0]), RDMA_STATUS_SUCCESS);
    ck_assert_int_eq(ask(rdma_destroy, &domains[1]), RDMA_STATUS_SUCCESS);
    ck_assert_uint_eq(created(&domains[2]), second);
    ck_assert_uint_eq(created(&domains[3]), first);
}
END_TEST

START_TEST(a_removal_that_comes_again_takes_nobody_elses)
{
    uint64_t number = created(&domains[0]);
    flue_device_strike(nic.device, RDMA_PD, RDMA_PD_DESTROY_PD, FLUE_DEVICE_NO_ANSWER,
                       FLUE_NO_BYTE);
    ck_assert_int_ne(ask(rdma_destroy, &domains[0]), RDMA_STATUS_SUCCESS);
    ck_assert(!there(&domains[0]));
    ck_assert_uint_eq(created(&domains[1]), number);
    ck_assert_int_eq(ask(rdma_destroy, &domains[0]), RDMA_STATUS_SUCCESS);
    ck_assert(there(&domains[1]));
    ck_assert_int_eq(ask(rdma_destroy, &domains[1]), RDMA_STATUS_SUCCESS);
}
END_TEST

int main(void)
{
    return RUN_TESTS("device_numbers", setup, teardown, a_freed_number_is_given_again_at_once,
                     a_removal_that_comes_again_takes_nobody_elses);
}
