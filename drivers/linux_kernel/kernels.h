/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What differs between the kernels that this is built for, 6.1 and 6.12.
 *
 * xdo_dev_state_add() is given where to say why since 6.3; before, what is said there goes to the
 * log. Since then, too, a NIC may do all of ESP (packet offload), by policies that it is given.
 * Since 6.9 xfrm asks for what it counted.
 */
#ifndef FLUE_NIC_KERNELS_H
#define FLUE_NIC_KERNELS_H

#include <linux/netdevice.h>
#include <linux/netlink.h>
#include <linux/version.h>
#include <net/xfrm.h>

#define NIC_HAS_EXTACK (LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0))
#define NIC_HAS_PACKET_OFFLOAD NIC_HAS_EXTACK
#define NIC_HAS_COUNTS (LINUX_VERSION_CODE >= KERNEL_VERSION(6, 9, 0))

static inline bool nic_is_packet(const struct xfrm_dev_offload *offload)
{
#if NIC_HAS_PACKET_OFFLOAD
    return offload->type == XFRM_DEV_OFFLOAD_PACKET;
#else
    return false;
#endif
}

static inline bool nic_is_asked_for(const struct xfrm_dev_offload *offload)
{
#if NIC_HAS_PACKET_OFFLOAD
    return offload->flags & XFRM_DEV_OFFLOAD_FLAG_ACQ;
#else
    return false;
#endif
}

/* Why not, to whoever asked; `why` lives as long as the module. */
static inline void nic_explain(const struct net_device *dev, struct netlink_ext_ack *extack,
                               const char *why)
{
    if (extack)
        extack->_msg = why;
    else
        netdev_dbg(dev, "not offloaded: %s\n", why);
}

#endif
