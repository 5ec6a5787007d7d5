/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nic.h: what the files of flue_nic share. Each calls only what stands before it here:
 *
 *     engines.c   the device's keys, as the kernel's crypto has them; looked up by packets
 *     seal.c      a packet is sealed or opened by what the device has of its SA
 *     whole.c     the device puts all of ESP around a packet, and takes it off (packet offload)
 *     match.c     the device's policies, as packets meet them
 *     clock.c     the device's time: a timer that steps it in hard interrupt
 *     service.c   flue's side: polls in one work, ticks by a timer, resets
 *     limits.c    what the device tells of an SA reaches xfrm
 *     policy.c    xfrm's policies become policies of the device, and follow their SAs
 *     sa.c        xfrm's calls become requests, their completions what xfrm waits for
 *     port.c      a port is opened before all else, and closed behind it
 *     netdev.c    a net device, whose wire ends at the other one
 *     debug.c     what is counted, and the faults that tests ask for, in debugfs
 *     module.c    two of them are made, and end
 */
#ifndef FLUE_NIC_H
#define FLUE_NIC_H

#include <linux/bitmap.h>
#include <linux/completion.h>
#include <linux/etherdevice.h>
#include <linux/hashtable.h>
#include <linux/hrtimer.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <net/gro_cells.h>
#include <net/xfrm.h>

/* Behind all headers of the kernel: from here on names of C11's atomics are macros. */
#include "ipsec_device.h"

#include "kernels.h"

#define NIC_SAS 2048
#define NIC_POLICIES 64
#define NIC_RING 256
#define NIC_ICV 16 /* bytes of the tag behind a packet */
#define NIC_IV 8
#define NIC_HEADROOM 16 /* that ESP puts before a packet, and behind it */
#define NIC_TAILROOM 32

/* The number of a packet is above it or below it: half of the low numbers. */
#define NIC_HALF 0x80000000u

enum nic_count {
    NIC_SEALED,
    NIC_OPENED,
    NIC_BAD_TAG,  /* not what the peer sealed, by the key that the device has */
    NIC_NO_SA_TX, /* the device has no such SA any more, or not yet: dropped */
    NIC_NO_SA_RX, /* the same for what comes in: handed on as it is */
    NIC_SOFT,     /* limits that the device reached */
    NIC_HARD,
    NIC_BLOCKED, /* by a policy of the device */
    NIC_COUNTS
};

struct nic_sa;
struct nic_engine;

struct flue_nic {
    struct ipsec_device device; /* first: its address is the target's and the adapter's */
    struct net_device *dev;
    struct flue_nic __rcu *peer;
    struct gro_cells gro;
    struct dentry *debug;
    atomic64_t counts[NIC_COUNTS];

    /* flue's side. */
    struct workqueue_struct *queue;
    struct work_struct poll, reset;
    struct timer_list overdue;
    wait_queue_head_t polled; /* a poll has ended: who waits for a phase looks */
    struct mutex resetting;
    struct ipsec_port_request *port;

    /* xfrm's side, by the index of an SA. */
    struct nic_sa __rcu *sas[NIC_SAS];
    atomic_t sa_count;
    atomic64_t serial; /* of the newest SA */
    struct list_head policies;
    struct mutex following; /* policies are added, moved, removed */

    /* The device's side. */
    struct hrtimer clock;
    u32 delay_us;   /* of each step */
    atomic_t twice; /* packets that the wire will give two times */
    bool held;      /* it stands still, as long as a test wants */
    bool preparing; /* it waits until the engines are as its entries are */
    struct work_struct prepare;
    unsigned long changed[BITS_TO_LONGS(NIC_SAS)];
    unsigned long stopped[BITS_TO_LONGS(NIC_SAS)];
    struct nic_engine __rcu *engines[NIC_SAS];
    DECLARE_HASHTABLE(by_spi, 10);
    unsigned long guarded[BITS_TO_LONGS(NIC_POLICIES)]; /* where a policy is, or was */
};

static inline struct flue_target *nic_target(struct flue_nic *nic)
{
    return &nic->device.target.flue;
}

static inline void nic_tally(struct flue_nic *nic, enum nic_count what)
{
    atomic64_inc(&nic->counts[what]);
}

struct nic_of_dev {
    struct flue_nic *nic;
};

static inline struct flue_nic *nic_of(const struct net_device *dev)
{
    return ((struct nic_of_dev *)netdev_priv(dev))->nic;
}

/* engines.c. In an RCU read section; the device's own look decides whether it still counts. */
struct nic_engine {
    struct hlist_node by_spi;
    flue_name name;
    u32 index;
    __be32 spi, destination;
    u8 direction;
    bool whole;       /* packet offload; then, with the device locked: */
    u64 newest, seen; /* number, and which of those before it, by bits */
    struct crypto_aead *aead;
    struct rcu_work end;
};
void nic_engines_begin(struct flue_nic *nic);
void nic_engines_end(struct flue_nic *nic);
void nic_engine_changed(void *context, uint8_t kind, uint32_t index, uint8_t command);
struct nic_engine *nic_engine_find(struct flue_nic *nic, __be32 spi, __be32 destination);

/* seal.c. Offset of a packet's ESP header; negative: it has none. */
int nic_esp_offset(const struct sk_buff *skb);
bool nic_seal(struct flue_nic *nic, struct sk_buff *skb, u32 index, u32 high);
enum nic_opened { NIC_IS_OPEN, NIC_IS_BAD, NIC_IS_NOT_MINE, NIC_IS_DROPPED };
enum nic_opened nic_open(struct flue_nic *nic, struct sk_buff *skb, u32 *index);

/* whole.c: by packet offload. */
bool nic_seal_whole(struct flue_nic *nic, struct sk_buff *skb, u32 index);

/* match.c. `sa`: place of the one by which it goes, or has to come. */
enum nic_verdict { NIC_ALLOWS, NIC_BLOCKS, NIC_PROTECTS };
enum nic_verdict nic_match(struct flue_nic *nic, const struct sk_buff *skb, u8 direction, u32 *sa);

/* clock.c */
extern struct ipsec_binding nic_binding;
void nic_clock_begin(struct flue_nic *nic);
void nic_clock_start(struct flue_nic *nic);
void nic_clock_wipe(struct flue_nic *nic);

/* service.c. From a task: it waits. */
int nic_service_begin(struct flue_nic *nic);
void nic_service_end(struct flue_nic *nic, void (*report)(struct flue_nic *nic));
void nic_reset(struct flue_nic *nic);
void nic_want_reset(void *adapter);

/* limits.c */
extern const struct ipsec_indications nic_indications;

/* sa.c */
enum nic_sa_flag { SA_ADVANCES, SA_RETIRES, SA_COUNTS, SA_ENDS /* it carries nothing any more */ };
struct nic_sa {
    struct flue_nic *nic;
    struct xfrm_state *x;
    u32 index;
    bool packet; /* packet offload */
    u64 serial;
    unsigned long flags;
    u32 tries;        /* of its removal */
    atomic_t adding;  /* enum nic_adding */
    atomic_t pending; /* completions to come, and one for xfrm */
    spinlock_t lock;  /* what the device is told of the ESN */
    u32 high, bottom; /* of the window's oldest number, as xfrm has it */
    struct completion added, settled;
    struct {
        struct ipsec_node node;
        struct ipsec_sa_const fixed;
        struct ipsec_sa_cached cached;
        struct ipsec_sa_delegated counts;
    } add;
    struct {
        struct ipsec_node node;
        struct ipsec_sa_cached cached;
    } advance;
    struct {
        struct ipsec_node node;
        struct ipsec_sa_delegated counts;
    } retire, remove, count;
    struct ipsec_sa_delegated counted, given; /* by the device, to xfrm */
};
extern const struct ipsec_completions nic_completions;
extern const struct xfrmdev_ops nic_xfrm_ops;

/* port.c */
int nic_port_open(struct flue_nic *nic);
void nic_port_close(struct flue_nic *nic);
void nic_port_done(struct ipsec_node *root);
u64 nic_port_handle(const struct flue_nic *nic);

/* policy.c */
struct xfrm_policy;
void nic_policies_begin(struct flue_nic *nic);
void nic_policies_end(struct flue_nic *nic);
void nic_policies_follow(struct flue_nic *nic);
bool nic_policy_asked(const struct ipsec_node *root);
void nic_policy_done(struct ipsec_node *root);
int nic_policy_add(struct xfrm_policy *xp, struct netlink_ext_ack *extack);
void nic_policy_delete(struct xfrm_policy *xp);
void nic_policy_free(struct xfrm_policy *xp);

/* netdev.c */
void nic_netdev_setup(struct net_device *dev);

/* debug.c */
void nic_debug_begin(struct flue_nic *nic);

#endif
