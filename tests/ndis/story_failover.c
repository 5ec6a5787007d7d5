/* SPDX-License-Identifier: BSD-2-Clause */
#include "story_failover.h"

#include "flue_oid.h"

enum { UPLOAD_ALL = 0x40020002, RESUME, MOST_STEPS = 5000 };

struct im_state story_look(void)
{
    struct im_state state = {0};
    mock_oid(NdisRequestQueryInformation, OID_FLUE_IM_STATE, &state, sizeof state, NULL);
    return state;
}

/* The lower driver that has both connections. */
static unsigned holder(void)
{
    const struct im_state state = story_look();
    const uint32_t first = state.entries[0][CHIMNEY_TCP], second = state.entries[1][CHIMNEY_TCP];
    must(first + second == 2 && first * second == 0, "one lower driver has both connections");
    return first ? 0 : 1;
}

static void until(int32_t status)
{
    for (unsigned n = 0; n < MOST_STEPS && host.record.last_status_indication != status; n++) {
        some_steps(2);
        pass(1);
    }
    must(host.record.last_status_indication == status, "the host hears of a failover");
}

/* Its port has no link, say: it pauses, asks for all, and some time later is well again. */
static void fail(unsigned lower)
{
    const uint32_t any = 1;
    mock_select(1 + lower);
    mock_pause();
    mock_oid(NdisRequestSetInformation, OID_FLUE_UPLOAD, (void *)(uintptr_t)&any, sizeof any, NULL);
    mock_select(0);
}

static void recover(unsigned lower)
{
    mock_select(1 + lower);
    mock_restart();
    mock_select(0);
}

static void take_all_back(void)
{
    some_steps(6);
    for (unsigned i = 0; i < 2; i++)
        stack_upload(&ends[i]), some_steps(3);
    stack_settle();
    stack_exchange(&ends[below(2)], below(3000));
    stack_take_routers_back();
}

static void offload_to(unsigned lower)
{
    until(RESUME);
    stack_offload_routers();
    for (unsigned i = 0; i < 2; i++)
        stack_offload(&ends[i], NULL), some_steps(2);
    stack_settle();
    must(holder() == lower, "the other lower driver has them then");
}

/* In the middle: nobody has waited for what is on its way. */
void story_fail_over(void)
{
    const unsigned from = holder();
    some_steps(20);
    behave(below(2));
    fail(from);
    until(UPLOAD_ALL);
    take_all_back();
    offload_to(1 - from);
    recover(from);
    some_steps(6);
}

/* While the driver waits for that. */
static void take_back_when_asked(void)
{
    host.now = mock_now();
    if (host.record.last_status_indication == UPLOAD_ALL && ends[0].offloaded)
        take_all_back();
    stack_give_back(100);
}

void story_unbind(void)
{
    const unsigned from = holder();
    some_steps(20);
    mock_meanwhile(take_back_when_asked);
    mock_unbind(from);
    mock_meanwhile(NULL);
    host.now = mock_now();
    offload_to(1 - from);
    must(mock_bind(from), "it is bound again");
    some_steps(6);
}
