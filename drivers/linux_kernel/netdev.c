/* SPDX-License-Identifier: BSD-2-Clause */
/* A net device whose wire ends at the other one of the pair. */
#include <linux/netdevice.h>

#include "nic.h"

/* The SA by which the device opened it, as xfrm wants to hear it. False: xfrm has none any more. */
static bool mark_opened(struct flue_nic *nic, struct sk_buff *skb, u32 index, bool good)
{
    const struct nic_sa *sa = rcu_dereference(nic->sas[index]);
    struct xfrm_offload *xo;
    struct sec_path *path;

    if (!sa || !refcount_inc_not_zero(&sa->x->refcnt))
        return false;
    path = secpath_set(skb);
    if (!path) {
        xfrm_state_put(sa->x);
        return false;
    }
    path->xvec[path->len++] = sa->x;
    path->olen++;
    xo = xfrm_offload(skb);
    xo->flags = CRYPTO_DONE;
    xo->status = good ? CRYPTO_SUCCESS : CRYPTO_TUNNEL_ESP_AUTH_FAILED;
    return true;
}

/* A policy that protects its packets wants none that no SA has opened. */
static bool may_enter(struct flue_nic *nic, const struct sk_buff *skb)
{
    u32 sa;

    if (nic_match(nic, skb, IPSEC_DIRECTION_IN, &sa) == NIC_ALLOWS)
        return true;
    nic_tally(nic, NIC_BLOCKED);
    return false;
}

/* A packet of no SA of the device's is xfrm's to open, or to drop. */
static void take(struct flue_nic *nic, struct sk_buff *skb)
{
    enum nic_opened opened;
    struct nic_ip ip;
    u32 index = 0;

    opened = nic_open(nic, skb, &index);
    if (opened == NIC_IS_NOT_MINE && nic_read_esp(skb, &ip))
        nic_tally(nic, NIC_NO_SA_RX);
    if (opened == NIC_IS_DROPPED || (opened == NIC_IS_NOT_MINE && !may_enter(nic, skb)) ||
        (opened != NIC_IS_NOT_MINE && !mark_opened(nic, skb, index, opened == NIC_IS_OPEN))) {
        kfree_skb(skb);
        return;
    }
    dev_sw_netstats_rx_add(nic->dev, skb->len);
    skb->protocol = eth_type_trans(skb, nic->dev);
    gro_cells_receive(&nic->gro, skb);
}

/*
 * What comes out of the wire meets the device's flow rules first. One that is sent back and back
 * again would go on for ever.
 */
static void receive(struct flue_nic *nic, struct sk_buff *skb, bool hairpinned)
{
    const bool up = netif_running(nic->dev) && !READ_ONCE(nic->shut);
    enum nic_way way = up ? nic_steer(nic, skb) : NIC_DROPS;
    struct flue_nic *peer = rcu_dereference(nic->peer);

    if (way == NIC_PASSES)
        take(nic, skb);
    else if (way == NIC_HAIRPINS && !hairpinned && peer)
        receive(peer, skb, true);
    else
        kfree_skb(skb);
}

/* In one piece, and nobody else's; without what this host knows of it, and with room for ESP. */
static struct sk_buff *onto_wire(const struct sk_buff *skb)
{
    struct sk_buff *copy =
        skb_copy_expand(skb, skb_headroom(skb) + NIC_HEADROOM, NIC_TAILROOM, GFP_ATOMIC);

    if (!copy)
        return NULL;
    skb_scrub_packet(copy, true);
    secpath_reset(copy);
    return copy;
}

static bool seal(struct flue_nic *nic, const struct sk_buff *skb, struct sk_buff *copy)
{
    const struct xfrm_state *x = xfrm_input_state((struct sk_buff *)skb);
    const struct nic_sa *sa = x ? (const struct nic_sa *)x->xso.offload_handle : NULL;

    if (sa && nic_seal(nic, copy, sa->index, xfrm_offload((struct sk_buff *)skb)->seq.hi))
        return true;
    nic_tally(nic, NIC_NO_SA_TX);
    return false;
}

/* By crypto offload, or as the device's policies say. False: it is not sent. */
static bool may_leave(struct flue_nic *nic, const struct sk_buff *skb, struct sk_buff *copy)
{
    u32 index;

    if (xfrm_offload((struct sk_buff *)skb))
        return seal(nic, skb, copy);
    switch (nic_match(nic, copy, IPSEC_DIRECTION_OUT, &index)) {
    case NIC_ALLOWS:
        return true;
    case NIC_PROTECTS:
        if (nic_seal_whole(nic, copy, index))
            return true;
        fallthrough;
    default:
        nic_tally(nic, NIC_BLOCKED);
        return false;
    }
}

static void carry(struct flue_nic *nic, struct flue_nic *peer, struct sk_buff *skb)
{
    struct sk_buff *again = NULL;
    struct nic_ip ip;

    if (nic_read_esp(skb, &ip) && atomic_dec_if_positive(&nic->twice) >= 0)
        again = skb_copy(skb, GFP_ATOMIC);
    receive(peer, skb, false);
    if (again)
        receive(peer, again, false);
}

static netdev_tx_t start_xmit(struct sk_buff *skb, struct net_device *dev)
{
    struct flue_nic *nic = nic_of(dev), *peer;
    struct sk_buff *copy = onto_wire(skb);

    dev_sw_netstats_tx_add(dev, 1, skb->len);
    rcu_read_lock();
    peer = rcu_dereference(nic->peer);
    if (copy && peer && may_leave(nic, skb, copy))
        carry(nic, peer, copy);
    else
        kfree_skb(copy);
    rcu_read_unlock();
    dev_consume_skb_any(skb);
    return NETDEV_TX_OK;
}

static int dev_init(struct net_device *dev)
{
    int error;

    dev->tstats = netdev_alloc_pcpu_stats(struct pcpu_sw_netstats);
    if (!dev->tstats)
        return -ENOMEM;
    error = gro_cells_init(&nic_of(dev)->gro, dev);
    if (error)
        free_percpu(dev->tstats);
    return error;
}

static void dev_uninit(struct net_device *dev)
{
    gro_cells_destroy(&nic_of(dev)->gro);
    free_percpu(dev->tstats);
}

static const struct net_device_ops nic_ops = {.ndo_init = dev_init,
                                              .ndo_uninit = dev_uninit,
                                              .ndo_start_xmit = start_xmit,
                                              .ndo_setup_tc = nic_setup_tc,
                                              .ndo_get_stats64 = dev_get_tstats64,
                                              .ndo_set_mac_address = eth_mac_addr,
                                              .ndo_validate_addr = eth_validate_addr};

void nic_netdev_setup(struct net_device *dev)
{
    dev->netdev_ops = &nic_ops;
    dev->xfrmdev_ops = &nic_xfrm_ops;
    dev->features |= NETIF_F_HW_ESP | NETIF_F_HW_TC;
    dev->hw_features |= NETIF_F_HW_ESP | NETIF_F_HW_TC;
    dev->hw_enc_features |= NETIF_F_HW_ESP;
    eth_hw_addr_random(dev);
}
