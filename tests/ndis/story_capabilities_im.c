/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What flue_im.sys offers to the host: no more than each lower driver has. Nothing is offloaded
 * meanwhile. One lower driver is bound again, with less room, and without IPv6.
 */
#include "story.h"

enum { FEW = 10, RESUME = 0x40020003 };

static void expect_offer(const char *when, uint32_t connections, uint32_t ipv6, uint32_t told)
{
    chapter(when);
    pass(50);
    const struct mock_offer offer = mock_offer();
    expect("connections that it offers to take", offer.connections, connections);
    expect("with IPv4, and SACK", offer.ipv4 + offer.sack, connections ? 2 : 0);
    expect("with IPv6", offer.ipv6, ipv6);
    expect("how often the host was told of other capabilities", offer.told, told);
    expect("it is configured so, by a RESUME", offer.is_current, connections != 0);
}

static void resume_below(unsigned lower)
{
    mock_select(1 + lower);
    mock_pause();
    mock_restart();
    mock_select(0);
}

void tell_capabilities_below(uint32_t connections)
{
    expect_offer("Two lower drivers of the same capabilities", connections, 1, 0);
    mock_unbind(1);
    expect_offer("The second leaves", connections, 1, 0);
    mock_registry("Connections", FEW);
    mock_lower_ipv6(1, false);
    expect("it is bound again", mock_bind(1), 1);
    expect_offer("It has room for ten now, and no IPv6", FEW, 0, 1);
    expect("the host may go on", (uint32_t)host.record.last_status_indication, RESUME);
    mock_lower_ipv6(1, true);
    resume_below(1);
    expect_offer("It resumes, and has IPv6", FEW, 1, 2);
    mock_lower_ipv6(0, false);
    resume_below(0);
    expect_offer("The first resumes, and has none", FEW, 0, 3);
    mock_unbind(1);
    expect_offer("The second leaves again", connections, 0, 4);
    mock_unbind(0);
    expect_offer("The first, too: there is nothing to offer", 0, 0, 5);
    mock_registry("Connections", connections);
    mock_lower_ipv6(0, true);
    expect("both are bound again", mock_bind(0) + mock_bind(1), 2);
    expect_offer("Both as they were", connections, 1, 6);
    expect("the host may go on", (uint32_t)host.record.last_status_indication, RESUME);
}
