/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the device tells of an SA reaches xfrm, and by it key managers and `ip xfrm monitor`.
 *
 * It is made from a poll: in a task, with nothing locked. flue tells of no object that has ended,
 * and xfrm's structure lives until its SA's removal is completed; so both are there.
 */
#include "nic.h"

/* The codes of spec/ipsec's indications. */
enum { SOFT_EXPIRED = 1, HARD_EXPIRED = 2, SA_DEAD = 5 };

/* A key manager begins another SA; this one goes on. */
static void soften(struct xfrm_state *x)
{
    spin_lock_bh(&x->lock);
    if (x->km.state == XFRM_STATE_VALID && !x->km.dying) {
        x->km.dying = 1;
        km_state_expired(x, 0, 0);
    }
    spin_unlock_bh(&x->lock);
}

/*
 * xfrm's own timer takes it away and tells, as where xfrm itself finds that it is at its end. True:
 * xfrm has heard. It has not while it is just adding the SA.
 */
static bool expire(struct xfrm_state *x)
{
    bool waits;

    spin_lock_bh(&x->lock);
    waits = x->km.state == XFRM_STATE_VOID ||
            (x->km.state == XFRM_STATE_VALID && hlist_unhashed(&x->bydst));
    if (!waits && x->km.state == XFRM_STATE_VALID) {
        x->km.state = XFRM_STATE_EXPIRED;
        hrtimer_start(&x->mtimer, 0, HRTIMER_MODE_REL_SOFT);
    }
    spin_unlock_bh(&x->lock);
    return !waits;
}

void nic_ending(struct work_struct *work)
{
    struct nic_sa *sa = container_of(to_delayed_work(work), struct nic_sa, ending);

    if (!expire(sa->x))
        schedule_delayed_work(&sa->ending, 1);
}

static void hear(void *object_handle, uint32_t code, const void *data)
{
    struct nic_sa *sa = object_handle;

    if (!sa || !sa->x)
        return;
    if (code == SOFT_EXPIRED)
        soften(sa->x);
    else if (code == HARD_EXPIRED || code == SA_DEAD) {
        set_bit(SA_ENDS, &sa->flags);
        if (code == SA_DEAD)
            nic_tally(sa->nic, NIC_ENDED);
        schedule_delayed_work(&sa->ending, 0);
    }
}

const struct ipsec_indications nic_indications = {.ipsec_event = hear};
