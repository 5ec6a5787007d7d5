/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nic.h: what the files of flue_nic share. Each calls only what stands before it here:
 *
 *     ip.c        what a packet has of IP
 *     engines.c   the device's keys, as the kernel's crypto has them; looked up by packets
 *     seal.c      a packet is sealed or opened by what the device has of its SA
 *     whole.c     the device puts all of ESP around a packet, and takes it off (packet offload)
 *     match.c     the device's policies, as packets meet them
 *     steer.c     the device's flow rules, as packets meet them; they age
 *     clock.c     the device's time: a timer that steps it in hard interrupt
 *     service.c   flue's side: polls in one work, ticks by a timer, resets
 *     limits.c    what the device tells of an SA reaches xfrm
 *     policy.c    xfrm's policies become policies of the device, and follow their SAs
 *     sa.c        xfrm's calls become requests, their completions what xfrm waits for
 *     port.c      a port is opened before all else, and closed behind it
 *     parse.c     what tc says of a flower, as the device has it, or why it has not
 *     parts.c     the table, and next hops and meters that rules share
 *     rules.c     tc's calls become requests; what the device tells of a rule
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
#include <net/flow_offload.h>
#include <net/gro_cells.h>
#include <net/xfrm.h>

/* Behind all headers of the kernel: from here on names of C11's atomics are macros. */
#include "flow_device.h"
#include "ipsec_device.h"

#include "kernels.h"

#define NIC_SAS 2048
#define NIC_POLICIES 64
#define NIC_RULES 1024
#define NIC_HOPS 256
#define NIC_METERS 256
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
    NIC_BLOCKED,    /* by a policy of the device */
    NIC_DROPPED,    /* by a flow rule, or by its meter */
    NIC_HAIRPINNED, /* sent back by one */
    NIC_ENDED,      /* SAs, by a reset; as flue has told, like these: */
    NIC_AGED,       /* rules */
    NIC_LOST,
    NIC_COUNTS
};

struct nic_sa;
struct nic_engine;

/*
 * One of the card's targets: flue's side, and the device beneath it. Its address is the adapter's.
 * Those of two APIs know nothing of each other; only a reset is the whole card's.
 */
struct nic_unit {
    union {
        struct flue_device_adapter adapter; /* as all of them begin */
        struct ipsec_device ipsec;
        struct flow_device flow;
    };
    const struct nic_api *api;
    struct flue_nic *nic;

    /* flue's side. */
    struct work_struct poll;
    struct timer_list overdue;
    wait_queue_head_t polled; /* a poll has ended: who waits for a phase looks */

    /* The device's side. */
    struct hrtimer clock;
    u32 delay_us;   /* of each step */
    bool held;      /* it stands still, as long as a test wants */
    bool preparing; /* it waits until the engines are as its entries are */
};

#define NIC_UNITS 2

/* What one API's target is made of. */
struct nic_api {
    const char *folder; /* in debugfs, below the net device's; NULL: that itself */
    const struct flue_device_spec *spec;
    const char *(*operation_name)(unsigned int operation);
    u32 capacity[FLUE_MAX_KINDS];
    u8 kind; /* of what the API is about: how many there are is `entries` */
    void (*changed)(void *nic, uint8_t kind, uint32_t index, uint8_t command);
    enum flue_error (*init)(struct nic_unit *unit, const struct flue_config *config, void *memory,
                            size_t bytes);
};
extern const struct nic_api nic_ipsec_api, nic_flow_api;

/* A bucket fills at the rate of a meter. */
struct nic_bucket {
    u64 bytes, at_ns;
};

struct flue_nic {
    union { /* first: the adapter of xfrm's requests has the NIC's address */
        struct {
            struct nic_unit ipsec, flow;
        };
        struct nic_unit units[NIC_UNITS];
    };
    struct net_device *dev;
    struct flue_nic __rcu *peer;
    struct gro_cells gro;
    struct dentry *debug;
    atomic64_t counts[NIC_COUNTS];

    /* flue's side. */
    struct workqueue_struct *queue;
    struct work_struct reset, reopen;
    struct mutex resetting;
    bool shut;  /* no packet passes, since the device has no policies, or not all */
    u32 resets; /* that have wiped the device: its counts began anew */
    struct ipsec_port_request *port;

    /* xfrm's side, by the index of an SA. */
    struct nic_sa __rcu *sas[NIC_SAS];
    atomic_t sa_count;
    atomic64_t serial; /* of the newest SA */
    struct list_head policies;
    struct mutex following; /* policies are added, moved, removed */

    /* tc's side. */
    struct mutex flows; /* rules, and what they share, are made and end */
    struct nic_table *table;
    DECLARE_HASHTABLE(rules, 8); /* by tc's cookie */
    atomic_t rule_count;
    struct list_head parts; /* hops and meters */

    /* The device's side. */
    atomic_t twice; /* packets of ESP that the wire will give two times */
    struct work_struct prepare;
    unsigned long changed[BITS_TO_LONGS(NIC_SAS)];
    unsigned long stopped[BITS_TO_LONGS(NIC_SAS)];
    struct nic_engine __rcu *engines[NIC_SAS];
    DECLARE_HASHTABLE(by_spi, 10);
    unsigned long guarded[BITS_TO_LONGS(NIC_POLICIES)]; /* where a policy is, or was */
    unsigned long ruled[BITS_TO_LONGS(NIC_RULES)];      /* the same of flow rules; those that */
    unsigned long idle[BITS_TO_LONGS(NIC_RULES)];       /* have aged, as the host was told */
    u64 used_ms[NIC_RULES];
    struct nic_bucket buckets[NIC_METERS];
    struct timer_list ageing;
};

#define for_each_unit(unit, nic) \
    for ((unit) = (nic)->units; (unit) < (nic)->units + NIC_UNITS; (unit)++)

static inline struct flue_target *nic_target(struct nic_unit *unit)
{
    return &unit->adapter.target;
}

static inline struct flue_device *nic_device(struct nic_unit *unit)
{
    return unit->adapter.device;
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

/*
 * ip.c. What a packet has of IP, by offsets from its Ethernet header on. Addresses are those of
 * IPv6, IPv4's mapped to it; ports of TCP and UDP in this host's order, 0 where there are none.
 */
struct nic_ip {
    struct in6_addr source, destination;
    u32 at, end; /* of what it carries */
    u16 ports[2];
    u8 family, protocol;
    bool fragment;
};
bool nic_read_ip(const struct sk_buff *skb, struct nic_ip *p);
/* True: it carries ESP, all of it. */
bool nic_read_esp(const struct sk_buff *skb, struct nic_ip *p);

/* engines.c. In an RCU read section; the device's own look decides whether it still counts. */
struct nic_engine {
    struct hlist_node by_spi;
    flue_name name;
    u32 index;
    __be32 spi;
    struct in6_addr destination; /* as nic_ip has it */
    u8 direction;
    bool whole;       /* packet offload; then, with the device locked: */
    u64 newest, seen; /* number, and which of those before it, by bits */
    struct crypto_aead *aead;
    struct rcu_work end;
};
void nic_engines_begin(struct flue_nic *nic);
void nic_engines_end(struct flue_nic *nic);
void nic_engine_changed(void *context, uint8_t kind, uint32_t index, uint8_t command);
struct nic_engine *nic_engine_find(struct flue_nic *nic, __be32 spi,
                                   const struct in6_addr *destination);

/* seal.c */
bool nic_seal(struct flue_nic *nic, struct sk_buff *skb, u32 index, u32 high);
enum nic_opened { NIC_IS_OPEN, NIC_IS_BAD, NIC_IS_NOT_MINE, NIC_IS_DROPPED };
enum nic_opened nic_open(struct flue_nic *nic, struct sk_buff *skb, u32 *index);

/* whole.c: by packet offload. */
bool nic_seal_whole(struct flue_nic *nic, struct sk_buff *skb, u32 index);

/* match.c. `sa`: place of the one by which it goes, or has to come. */
enum nic_verdict { NIC_ALLOWS, NIC_BLOCKS, NIC_PROTECTS };
enum nic_verdict nic_match(struct flue_nic *nic, const struct sk_buff *skb, u8 direction, u32 *sa);

/* steer.c. What the device does with a packet; with NIC_HAIRPINS it goes back onto the wire. */
enum nic_way { NIC_PASSES, NIC_DROPS, NIC_HAIRPINS };
enum nic_way nic_steer(struct flue_nic *nic, struct sk_buff *skb);
void nic_rule_changed(void *nic, uint8_t kind, uint32_t index, uint8_t command);
void nic_steer_begin(struct flue_nic *nic);
void nic_steer_end(struct flue_nic *nic);

/* clock.c */
void nic_clock_begin(struct nic_unit *unit);
void nic_clock_start(struct nic_unit *unit);
void nic_clock_ring(void *adapter);
void nic_clock_wipe(struct nic_unit *unit);

/* service.c. From a task: it waits. */
int nic_service_begin(struct flue_nic *nic);
void nic_service_end(struct flue_nic *nic, void (*report)(struct flue_nic *nic));
void nic_reset(struct flue_nic *nic);
void nic_want_reset(struct flue_nic *nic);

/* limits.c */
void nic_ending(struct work_struct *work);
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
    struct delayed_work ending; /* xfrm is told of its end until it has heard */
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
void nic_policies_again(struct flue_nic *nic);
bool nic_policy_asked(const struct ipsec_node *root);
void nic_policy_done(struct ipsec_node *root);
int nic_policy_add(struct xfrm_policy *xp, struct netlink_ext_ack *extack);
void nic_policy_delete(struct xfrm_policy *xp);
void nic_policy_free(struct xfrm_policy *xp);

/* parse.c. What a flower becomes: a rule, what its packets do next, what limits them. */
struct nic_flower {
    struct flow_rule_const match;
    struct flow_hop_cached hop;
    struct flow_meter_cached meter;
    u32 police; /* by which number tc has the limit: rules that name the same one share it */
    bool drops, limited;
};
enum { NIC_PORT_HOST, NIC_PORT_WIRE }; /* of a hop */
int nic_parse(const struct flue_nic *nic, struct flow_cls_offload *cls, struct nic_flower *f);

/* parts.c. One request at a time of each. */
struct nic_request {
    struct completion done;
    struct flow_node node; /* and what follows it */
};
struct nic_part;
extern const struct flow_completions nic_flow_completions;
int nic_ask(struct flue_nic *nic, void (*operation)(void *, struct flow_node *),
            struct nic_request *request);
int nic_create(struct flue_nic *nic, struct nic_request *request);
void nic_destroy(struct flue_nic *nic, struct nic_request *request);
int nic_hop_get(struct flue_nic *nic, const struct nic_flower *f, struct nic_part **part);
int nic_meter_get(struct flue_nic *nic, const struct nic_flower *f, struct nic_part **part);
void nic_part_put(struct flue_nic *nic, struct nic_part *part);
u64 nic_part_handle(const struct nic_part *part);
int nic_table_open(struct flue_nic *nic);
void nic_table_close(struct flue_nic *nic);
u64 nic_table_handle(const struct flue_nic *nic);

/* rules.c */
int nic_setup_tc(struct net_device *dev, enum tc_setup_type type, void *data);

/* netdev.c */
void nic_netdev_setup(struct net_device *dev);

/* debug.c */
void nic_debug_begin(struct flue_nic *nic);

#endif
