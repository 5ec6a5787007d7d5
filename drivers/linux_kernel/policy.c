/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * xfrm's policies for packet offload become policies of the device, and go by its SAs.
 *
 *     xdo_dev_policy_add     a task, may sleep: submits, waits
 *     xdo_dev_policy_delete  perhaps in softirq: leaves the rest to a work
 *     xdo_dev_policy_free    perhaps in softirq: nothing, since what is here is no part of xfrm's
 *
 * xfrm's template says which SAs a policy goes by; a policy of the device stands on one. So it
 * follows where SAs come and go: to the newest that its template fits, or to none, and then the
 * device lets none of its packets pass. An SA is removed when no policy stands on it any more.
 */
#include <linux/delay.h>

#include "nic.h"

#define TRIES 4 /* of what has to be done, before the device is reset */

struct nic_policy {
    struct list_head list;
    struct flue_nic *nic;
    struct work_struct end;
    struct xfrm_tmpl template;
    u8 direction;
    u64 sa; /* handle of the one that it goes by, or 0 */
    struct completion done;
    struct {
        struct ipsec_node node;
        struct ipsec_policy_const fixed;
        struct ipsec_policy_cached cached;
    } add;
    struct {
        struct ipsec_node node;
        struct ipsec_policy_cached cached;
    } move, remove;
};

bool nic_policy_asked(const struct ipsec_node *root)
{
    return root->Kind == IPSEC_TYPE_POLICY_ALL || root->Kind == IPSEC_TYPE_POLICY_CACHED;
}

void nic_policy_done(struct ipsec_node *root)
{
    complete(&((struct nic_policy *)root->HostData)->done);
}

/* One at a time of each policy: under the mutex. */
static int ask(struct nic_policy *p, void (*operation)(void *, struct ipsec_node *),
               struct ipsec_node *node)
{
    reinit_completion(&p->done);
    operation(p->nic, node);
    wait_for_completion(&p->done);
    return node->Status;
}

/* It is asked again. After a reset nothing is in doubt any more. */
static void before_again(struct nic_policy *p, u32 *tries)
{
    if (++*tries % TRIES == 0)
        nic_want_reset(p->nic);
    msleep(10);
}

static bool fits(const struct nic_policy *p, const struct nic_sa *sa)
{
    const struct xfrm_state *x = sa->x;

    return sa->packet && !test_bit(SA_ENDS, &sa->flags) &&
           (x->xso.dir == XFRM_DEV_OFFLOAD_IN) == (p->direction == IPSEC_DIRECTION_IN) &&
           x->props.reqid == p->template.reqid && x->props.family == p->template.encap_family &&
           xfrm_addr_equal(&x->id.daddr, &p->template.id.daddr, x->props.family) &&
           xfrm_addr_equal(&x->props.saddr, &p->template.saddr, x->props.family) &&
           (!p->template.id.spi || p->template.id.spi == x->id.spi);
}

static u64 newest(const struct nic_policy *p)
{
    u64 handle = 0, serial = 0;

    rcu_read_lock();
    for (u32 i = 0; i < NIC_SAS; i++) {
        const struct nic_sa *sa = rcu_dereference(p->nic->sas[i]);

        if (sa && sa->serial > serial && fits(p, sa)) {
            serial = sa->serial;
            handle = sa->add.node.Handle;
        }
    }
    rcu_read_unlock();
    return handle;
}

static void go_by(const struct nic_policy *p, u64 sa, struct ipsec_policy_cached *cached)
{
    cached->InSa = p->direction == IPSEC_DIRECTION_IN ? sa : 0;
    cached->OutSa = p->direction == IPSEC_DIRECTION_OUT ? sa : 0;
}

#define UNKNOWN U64_MAX /* by which SA it goes: no handle */

/* The SA that it has to go by may come to its end while the device is asked. */
static void follow(struct nic_policy *p)
{
    u32 tries = 0;

    for (u64 sa = newest(p); sa != p->sa; sa = newest(p)) {
        go_by(p, sa, &p->move.cached);
        if (ask(p, ipsec_move, &p->move.node) == IPSEC_STATUS_SUCCESS)
            p->sa = sa;
        else
            before_again(p, &tries);
    }
}

/* An SA has come, or goes: it is found no more. From a task: waits. */
void nic_policies_follow(struct flue_nic *nic)
{
    struct nic_policy *p;

    mutex_lock(&nic->following);
    list_for_each_entry(p, &nic->policies, list)
    {
        follow(p);
    }
    mutex_unlock(&nic->following);
}

/* The device was reset: each is asked for again, and waits until it is there. From a task. */
void nic_policies_again(struct flue_nic *nic)
{
    struct nic_policy *p;

    mutex_lock(&nic->following);
    list_for_each_entry(p, &nic->policies, list)
    {
        p->sa = UNKNOWN;
        follow(p);
    }
    mutex_unlock(&nic->following);
}

#if NIC_HAS_PACKET_OFFLOAD
static void end(struct work_struct *work)
{
    struct nic_policy *p = container_of(work, struct nic_policy, end);
    u32 tries = 0;

    mutex_lock(&p->nic->following);
    list_del(&p->list);
    while (ask(p, ipsec_remove, &p->remove.node) != IPSEC_STATUS_SUCCESS)
        before_again(p, &tries);
    mutex_unlock(&p->nic->following);
    kfree(p);
}

static const char *refusal(const struct xfrm_policy *xp)
{
    const struct xfrm_tmpl *t = &xp->xfrm_vec[0];
    const struct xfrm_selector *s = &xp->selector;

    if (xp->xdo.dir == XFRM_DEV_OFFLOAD_FWD)
        return "only what is not forwarded";
    if ((s->sport_mask && s->sport_mask != htons(0xffff)) ||
        (s->dport_mask && s->dport_mask != htons(0xffff)))
        return "a port or any, and no ranges of ports";
    if (xp->action == XFRM_POLICY_ALLOW && xp->xfrm_nr &&
        (xp->xfrm_nr > 1 || t->mode != XFRM_MODE_TRANSPORT || t->id.proto != IPPROTO_ESP ||
         t->optional))
        return "one template, of ESP in transport mode";
    return NULL;
}

static void fill(struct nic_policy *p, const struct xfrm_policy *xp)
{
    const struct xfrm_selector *s = &xp->selector;
    struct ipsec_policy_const *c = &p->add.fixed;

    c->Port = nic_port_handle(p->nic);
    memcpy(c->Source, &s->saddr, sizeof c->Source);
    memcpy(c->Destination, &s->daddr, sizeof c->Destination);
    c->Priority = xp->priority;
    c->SourcePort = (__force u16)(s->sport & s->sport_mask);
    c->DestinationPort = (__force u16)(s->dport & s->dport_mask);
    c->SourceBits = s->prefixlen_s;
    c->DestinationBits = s->prefixlen_d;
    c->Family = (u8)xp->family;
    c->Protocol = s->proto;
    c->Action = xp->action == XFRM_POLICY_BLOCK ? IPSEC_ACTION_BLOCK
                : xp->xfrm_nr                   ? IPSEC_ACTION_PROTECT
                                                : IPSEC_ACTION_ALLOW;
    p->template = xp->xfrm_vec[0];
    p->direction = xp->xdo.dir == XFRM_DEV_OFFLOAD_IN ? IPSEC_DIRECTION_IN : IPSEC_DIRECTION_OUT;
}

static struct nic_policy *policy_new(struct flue_nic *nic, const struct xfrm_policy *xp)
{
    struct nic_policy *p = kzalloc(sizeof *p, GFP_KERNEL);

    if (!p)
        return NULL;
    p->nic = nic;
    INIT_WORK(&p->end, end);
    init_completion(&p->done);
    fill(p, xp);
    p->add.node.Kind = IPSEC_TYPE_POLICY_ALL;
    p->add.node.Cookie = p;
    p->move.node.Kind = p->remove.node.Kind = IPSEC_TYPE_POLICY_CACHED;
    p->add.node.HostData = p->move.node.HostData = p->remove.node.HostData = p;
    return p;
}

int nic_policy_add(struct xfrm_policy *xp, struct netlink_ext_ack *extack)
{
    struct flue_nic *nic = nic_of(xp->xdo.dev);
    const char *why = refusal(xp);
    struct nic_policy *p;
    int error;

    if (why) {
        nic_explain(nic->dev, extack, why);
        return -EOPNOTSUPP;
    }
    p = policy_new(nic, xp);
    if (!p)
        return -ENOMEM;
    mutex_lock(&nic->following);
    p->sa = newest(p);
    go_by(p, p->sa, &p->add.cached);
    error = ask(p, ipsec_add, &p->add.node);
    if (!error)
        list_add(&p->list, &nic->policies);
    mutex_unlock(&nic->following);
    if (error) {
        nic_explain(nic->dev, extack, ipsec_status_name(error));
        kfree(p);
        return error;
    }
    p->move.node.Handle = p->remove.node.Handle = p->add.node.Handle;
    xp->xdo.offload_handle = (unsigned long)p;
    return 0;
}

void nic_policy_delete(struct xfrm_policy *xp)
{
    struct nic_policy *p = (struct nic_policy *)xp->xdo.offload_handle;

    xp->xdo.offload_handle = 0;
    if (p)
        queue_work(p->nic->queue, &p->end);
}

void nic_policy_free(struct xfrm_policy *xp)
{
}
#endif

void nic_policies_begin(struct flue_nic *nic)
{
    INIT_LIST_HEAD(&nic->policies);
    mutex_init(&nic->following);
}

/* xfrm has none any more. */
void nic_policies_end(struct flue_nic *nic)
{
    flush_workqueue(nic->queue);
}
