/* SPDX-License-Identifier: BSD-2-Clause */
/* The event ring: empty buffers go in, links that came and went and addresses seen come out. */
#include "nic.h"
#include "tlv.h"

static void post_empty(struct rocker_nic *nic)
{
    while (rocker_ring_room(&nic->events) > 0)
        rocker_ring_post(&nic->events, 0, 0);
    rocker_ring_doorbell(&nic->events);
}

void rocker_events_start(struct rocker_nic *nic)
{
    post_empty(nic);
}

static void link_changed(struct rocker_nic *nic, const struct rocker_tlv *info)
{
    struct rocker_tlv port, up;
    if (!rocker_tlv_find(info->payload, info->length, ROCKER_EVENT_LINK_PORT, &port) ||
        !rocker_tlv_find(info->payload, info->length, ROCKER_EVENT_LINK_UP, &up))
        return;
    uint64_t number = rocker_tlv_number(&port);
    if (number < 1 || number > nic->ports)
        return;
    nic->counters.links_changed++;
    if (rocker_tlv_number(&up))
        nic->links |= UINT64_C(1) << number;
    else
        nic->links &= ~(UINT64_C(1) << number);
}

static void take_event(struct rocker_nic *nic, const struct rocker_done *done)
{
    struct rocker_tlv type, info;
    if (done->lost || done->error ||
        !rocker_tlv_find(done->message, done->bytes, ROCKER_TLV_TYPE, &type) ||
        !rocker_tlv_find(done->message, done->bytes, ROCKER_TLV_INFO, &info))
        return;
    switch (rocker_tlv_number(&type)) {
    case ROCKER_EVENT_LINK:
        link_changed(nic, &info);
        break;
    case ROCKER_EVENT_MAC_SEEN:
        nic->counters.macs_seen++;
        break;
    default:
        break;
    }
}

void rocker_events_take(struct rocker_nic *nic)
{
    uint32_t credits = ROCKER_RING + ROCKER_RING_STRIDE * ROCKER_RING_EVENT + ROCKER_RING_CREDITS;
    uint32_t ready = rocker_ring_ready(&nic->events);
    for (uint32_t i = 0; i < ready; i++) {
        struct rocker_done done = rocker_ring_take(&nic->events);
        take_event(nic, &done);
    }
    if (ready > 0) {
        post_empty(nic);
        nic->bus->write32(nic->bus, 0, credits, ready);
    }
}
