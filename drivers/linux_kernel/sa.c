/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * xfrm's calls become requests of flue, and their completions what xfrm waits for.
 *
 *     xdo_dev_state_add          a task, may sleep: submits, waits; may be killed meanwhile
 *     xdo_dev_state_advance_esn  softirq, locked, at each packet: submits what is new
 *     xdo_dev_state_delete       locked, perhaps in softirq: submits `retire`
 *     xdo_dev_state_free         a work, may sleep: submits `remove`, waits for all that is pending
 *     xdo_dev_state_update_stats locked, perhaps in softirq: gives the last counts, asks anew
 *
 * Each operation has a node of its own in the SA, so none waits for another one's memory.
 */
#include "nic.h"

enum nic_adding { ADD_IS_AWAITED, ADD_IS_DONE, ADD_IS_LEFT };

#define TRIES 4 /* of a removal, before the device is reset */

static struct nic_sa *sa_of(const struct xfrm_state *x)
{
    return (struct nic_sa *)x->xso.offload_handle;
}

static void expect(struct nic_sa *sa)
{
    atomic_inc(&sa->pending);
}

static void settle(struct nic_sa *sa)
{
    if (atomic_dec_and_test(&sa->pending))
        complete(&sa->settled);
}

static void end(struct nic_sa *sa)
{
    atomic_dec(&sa->nic->sa_count);
    kfree_sensitive(sa);
}

/* ---- Completions: in a task, from a poll ------------------------ */

/* Nobody waits for the add any more: xfrm knows nothing of this SA. */
static void take_back(struct nic_sa *sa)
{
    sa->x = NULL;
    sa->remove.node.Handle = sa->add.node.Handle;
    if (sa->add.node.Status == IPSEC_STATUS_SUCCESS)
        ipsec_remove(sa->nic, &sa->remove.node);
    else
        end(sa);
}

static void added(void *host, struct ipsec_node *root)
{
    struct nic_sa *sa = root->HostData;

    if (nic_policy_asked(root))
        nic_policy_done(root);
    else if (!sa)
        nic_port_done(root);
    else if (atomic_cmpxchg(&sa->adding, ADD_IS_AWAITED, ADD_IS_DONE) == ADD_IS_LEFT)
        take_back(sa);
    else
        complete(&sa->added);
}

/* What is new since the last, if the last has come back. Any context; the lock is taken here. */
static void advance(struct nic_sa *sa)
{
    unsigned long flags;
    bool asks;

    spin_lock_irqsave(&sa->lock, flags);
    asks = (sa->high != sa->advance.cached.SequenceHigh ||
            (sa->bottom >= NIC_HALF) != (sa->advance.cached.WindowBottom >= NIC_HALF)) &&
           !test_bit(SA_RETIRES, &sa->flags) && !test_and_set_bit(SA_ADVANCES, &sa->flags);
    if (asks) {
        sa->advance.cached.SequenceHigh = sa->high;
        sa->advance.cached.WindowBottom = sa->bottom;
        expect(sa);
    }
    spin_unlock_irqrestore(&sa->lock, flags);
    if (asks)
        ipsec_advance(sa->nic, &sa->advance.node);
}

static void advanced(void *host, struct ipsec_node *root)
{
    struct nic_sa *sa = root->HostData;
    unsigned long flags;

    spin_lock_irqsave(&sa->lock, flags);
    clear_bit(SA_ADVANCES, &sa->flags);
    /* What the device does not have is new at the next packet. */
    if (root->Status != IPSEC_STATUS_SUCCESS)
        sa->advance.cached.SequenceHigh = ~sa->high;
    spin_unlock_irqrestore(&sa->lock, flags);
    if (root->Status == IPSEC_STATUS_SUCCESS)
        advance(sa);
    settle(sa);
}

static void retired(void *host, struct ipsec_node *root)
{
    settle(root->HostData);
}

/* xfrm asks once. So it is asked again here, and at last after a reset, where it is done. */
static void removed(void *host, struct ipsec_node *root)
{
    struct nic_sa *sa = root->HostData;

    if (nic_policy_asked(root) || !sa) {
        (sa ? nic_policy_done : nic_port_done)(root);
        return;
    }
    if (root->Status != IPSEC_STATUS_SUCCESS && root->Status != IPSEC_STATUS_BAD_VALUE) {
        if (++sa->tries % TRIES == 0)
            nic_want_reset(sa->nic);
        ipsec_remove(sa->nic, root);
    } else if (atomic_read(&sa->adding) == ADD_IS_LEFT) {
        end(sa);
    } else {
        settle(sa);
    }
}

static void counted(void *host, struct ipsec_node *root)
{
    struct nic_sa *sa = root->HostData;
    unsigned long flags;

    spin_lock_irqsave(&sa->lock, flags);
    if (root->Status == IPSEC_STATUS_SUCCESS)
        sa->counted = sa->count.counts;
    clear_bit(SA_COUNTS, &sa->flags);
    spin_unlock_irqrestore(&sa->lock, flags);
    settle(sa);
}

static void moved(void *host, struct ipsec_node *root)
{
    nic_policy_done(root);
}

const struct ipsec_completions nic_completions = {.add = added,
                                                  .advance = advanced,
                                                  .move = moved,
                                                  .count = counted,
                                                  .retire = retired,
                                                  .remove = removed};

/* ---- xfrm's calls ------------------------ */

/* The device numbers packets by itself, from 1. */
static const char *refusal_of_packets(const struct xfrm_state *x)
{
    const struct xfrm_replay_state_esn *esn = x->replay_esn;

    if (x->props.mode != XFRM_MODE_TRANSPORT)
        return "packet offload in transport mode only";
    if (esn ? esn->oseq || esn->oseq_hi || esn->seq || esn->seq_hi
            : x->replay.oseq || x->replay.seq)
        return "packet offload from the first number only";
    return NULL;
}

/* NULL: the device can do that. Else why it goes on in software. */
static const char *refusal(const struct xfrm_state *x)
{
    if (x->id.proto != IPPROTO_ESP)
        return "ESP only";
    if (x->encap || x->tfcpad)
        return "neither encapsulation in UDP nor padding";
    if (!x->aead || strcmp(x->aead->alg_name, "rfc4106(gcm(aes))") ||
        x->aead->alg_icv_len != NIC_ICV * 8 || x->aead->alg_key_len > (32 + 4) * 8)
        return "rfc4106(gcm(aes)) with an ICV of 128 bits only";
    return nic_is_packet(&x->xso) ? refusal_of_packets(x) : NULL;
}

static u64 limit(u64 of_xfrm)
{
    return of_xfrm == XFRM_INF ? 0 : of_xfrm;
}

/*
 * Of what comes in the oldest number of the window, whose high half may be one less than that of
 * the newest. Of what goes out, where the window may be of no size, the last number.
 */
static void read_window(struct nic_sa *sa, const struct xfrm_state *x)
{
    const struct xfrm_replay_state_esn *esn = x->replay_esn;

    if (!esn || !(x->props.flags & XFRM_STATE_ESN))
        return;
    if (x->xso.dir == XFRM_DEV_OFFLOAD_OUT) {
        sa->bottom = esn->oseq;
        sa->high = esn->oseq_hi;
    } else {
        sa->bottom = esn->seq - esn->replay_window + 1;
        sa->high = esn->seq_hi - (esn->seq < esn->replay_window - 1);
    }
}

static void fill(struct nic_sa *sa, const struct xfrm_state *x)
{
    const u32 key_bytes = x->aead->alg_key_len / 8 - 4;
    struct ipsec_sa_const *c = &sa->add.fixed;

    c->Port = nic_port_handle(sa->nic);
    c->SoftPackets = limit(x->lft.soft_packet_limit);
    c->HardPackets = limit(x->lft.hard_packet_limit);
    c->SoftBytes = limit(x->lft.soft_byte_limit);
    c->HardBytes = limit(x->lft.hard_byte_limit);
    memcpy(c->Source, &x->props.saddr, sizeof c->Source);
    memcpy(c->Destination, &x->id.daddr, sizeof c->Destination);
    c->Spi = (__force u32)x->id.spi;
    c->ReplayWindow = x->replay_esn ? x->replay_esn->replay_window : x->props.replay_window;
    c->Family = (u8)x->props.family;
    c->Direction = x->xso.dir == XFRM_DEV_OFFLOAD_IN ? IPSEC_DIRECTION_IN : IPSEC_DIRECTION_OUT;
    c->Offload = sa->packet ? IPSEC_OFFLOAD_PACKET : IPSEC_OFFLOAD_CRYPTO;
    c->Mode = x->props.mode == XFRM_MODE_TUNNEL ? IPSEC_ESP_MODE_TUNNEL : IPSEC_ESP_MODE_TRANSPORT;
    c->Numbers = x->props.flags & XFRM_STATE_ESN ? IPSEC_NUMBERS_EXTENDED : IPSEC_NUMBERS_PLAIN;
    c->KeyBytes = (u8)key_bytes;
    memcpy(c->Key, x->aead->alg_key, key_bytes);
    memcpy(c->Salt, x->aead->alg_key + key_bytes, sizeof c->Salt);
    read_window(sa, x);
    sa->add.cached.SequenceHigh = sa->advance.cached.SequenceHigh = sa->high;
    sa->add.cached.WindowBottom = sa->advance.cached.WindowBottom = sa->bottom;
}

static struct nic_sa *sa_new(struct flue_nic *nic, struct xfrm_state *x)
{
    struct nic_sa *sa = kzalloc(sizeof *sa, GFP_KERNEL);

    if (!sa)
        return NULL;
    sa->nic = nic;
    sa->x = x;
    sa->packet = nic_is_packet(&x->xso);
    atomic_set(&sa->pending, 1);
    spin_lock_init(&sa->lock);
    init_completion(&sa->added);
    init_completion(&sa->settled);
    INIT_DELAYED_WORK(&sa->ending, nic_ending);
    sa->add.node.Kind = IPSEC_TYPE_SA_ALL;
    sa->advance.node.Kind = IPSEC_TYPE_SA_CACHED;
    sa->retire.node.Kind = sa->remove.node.Kind = sa->count.node.Kind = IPSEC_TYPE_SA_DELEGATED;
    sa->add.node.Cookie = sa;
    sa->add.node.HostData = sa->advance.node.HostData = sa->retire.node.HostData =
        sa->remove.node.HostData = sa->count.node.HostData = sa;
    atomic_inc(&nic->sa_count);
    return sa;
}

/* Submits and waits. A task that is killed goes, and leaves the SA to the completion. */
static int add(struct nic_sa *sa)
{
    ipsec_add(sa->nic, &sa->add.node);
    if (wait_for_completion_killable(&sa->added)) {
        if (atomic_cmpxchg(&sa->adding, ADD_IS_AWAITED, ADD_IS_LEFT) == ADD_IS_AWAITED)
            return -EINTR;
        wait_for_completion(&sa->added); /* it is just being made */
    }
    memzero_explicit(&sa->add.fixed, sizeof sa->add.fixed);
    return sa->add.node.Status;
}

/* From a task: waits until nothing of it is left. */
static void remove_and_end(struct nic_sa *sa)
{
    expect(sa);
    ipsec_remove(sa->nic, &sa->remove.node);
    settle(sa);
    wait_for_completion(&sa->settled);
    cancel_delayed_work_sync(&sa->ending);
    end(sa);
}

/*
 * A packet of a policy that has no SA yet asks for one, with bottom halves off: of that the device
 * is not asked (6.12).
 */
static int offload(struct xfrm_state *x, struct netlink_ext_ack *extack)
{
    struct flue_nic *nic;
    const char *why = refusal(x);
    struct nic_sa *sa;
    int error;

    if (nic_is_asked_for(&x->xso))
        return 0;
    nic = nic_of(x->xso.real_dev);
    if (why) {
        nic_explain(nic->dev, extack, why);
        return -EOPNOTSUPP;
    }
    sa = sa_new(nic, x);
    if (!sa)
        return -ENOMEM;
    fill(sa, x);
    error = add(sa);
    if (error == -EINTR)
        return error;
    if (error) {
        nic_explain(nic->dev, extack, ipsec_status_name(error));
        end(sa);
        return error;
    }
    sa->advance.node.Handle = sa->retire.node.Handle = sa->remove.node.Handle =
        sa->count.node.Handle = sa->add.node.Handle;
    if (test_bit(SA_ENDS, &sa->flags)) { /* a reset was faster than this task */
        nic_explain(nic->dev, extack, ipsec_status_name(IPSEC_STATUS_WAS_RESET));
        remove_and_end(sa);
        return IPSEC_STATUS_WAS_RESET;
    }
    sa->index = (u32)sa->add.node.Handle;
    x->xso.offload_handle = (unsigned long)sa;
    sa->serial = atomic64_inc_return(&nic->serial);
    rcu_assign_pointer(nic->sas[sa->index], sa);
    if (sa->packet)
        nic_policies_follow(nic);
    return 0;
}

#if NIC_HAS_EXTACK
static int state_add(struct xfrm_state *x, struct netlink_ext_ack *extack)
{
    return offload(x, extack);
}
#else
static int state_add(struct xfrm_state *x)
{
    return offload(x, NULL);
}
#endif

/* Packets find it no more; xfrm lets all who have found it end before it frees. */
static void state_delete(struct xfrm_state *x)
{
    struct nic_sa *sa = sa_of(x);

    if (!sa || test_and_set_bit(SA_RETIRES, &sa->flags))
        return;
    RCU_INIT_POINTER(sa->nic->sas[sa->index], NULL);
    expect(sa);
    ipsec_retire(sa->nic, &sa->retire.node);
}

static void state_free(struct xfrm_state *x)
{
    struct nic_sa *sa = sa_of(x);

    if (!sa)
        return;
    state_delete(x);
    if (sa->packet)
        nic_policies_follow(sa->nic);
    remove_and_end(sa);
    x->xso.offload_handle = 0;
}

static void state_advance_esn(struct xfrm_state *x)
{
    struct nic_sa *sa = sa_of(x);
    unsigned long flags;

    if (!sa)
        return;
    spin_lock_irqsave(&sa->lock, flags);
    read_window(sa, x);
    spin_unlock_irqrestore(&sa->lock, flags);
    advance(sa);
}

static bool offload_ok(struct sk_buff *skb, struct xfrm_state *x)
{
    return sa_of(x) && !test_bit(SA_ENDS, &sa_of(x)->flags);
}

#if NIC_HAS_COUNTS
/* What crypto offload carries xfrm counts by itself. */
static void state_update_stats(struct xfrm_state *x)
{
    struct nic_sa *sa = sa_of(x);
    unsigned long flags;
    bool asks;

    if (!sa || !nic_is_packet(&x->xso))
        return;
    spin_lock_irqsave(&sa->lock, flags);
    x->curlft.packets += sa->counted.Packets - sa->given.Packets;
    x->curlft.bytes += sa->counted.Bytes - sa->given.Bytes;
    x->stats.replay += sa->counted.Replayed - sa->given.Replayed;
    x->stats.integrity_failed += sa->counted.BadTags - sa->given.BadTags;
    sa->given = sa->counted;
    asks = !test_and_set_bit(SA_COUNTS, &sa->flags);
    if (asks)
        expect(sa);
    spin_unlock_irqrestore(&sa->lock, flags);
    if (asks)
        ipsec_count(sa->nic, &sa->count.node);
}
#endif

const struct xfrmdev_ops nic_xfrm_ops = {
    .xdo_dev_state_add = state_add,
    .xdo_dev_state_delete = state_delete,
    .xdo_dev_state_free = state_free,
    .xdo_dev_offload_ok = offload_ok,
    .xdo_dev_state_advance_esn = state_advance_esn,
#if NIC_HAS_PACKET_OFFLOAD
    .xdo_dev_policy_add = nic_policy_add,
    .xdo_dev_policy_delete = nic_policy_delete,
    .xdo_dev_policy_free = nic_policy_free,
#endif
#if NIC_HAS_COUNTS
    .xdo_dev_state_update_stats = state_update_stats,
#endif
};
