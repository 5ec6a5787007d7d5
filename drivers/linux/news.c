/* SPDX-License-Identifier: BSD-2-Clause */
/* Indications: flue has room for so many at once; an interface may take all connections along. */
#include "nic.h"

static bool indicate(struct linux_nic *nic, flue_name name, enum linux_news news)
{
    switch (news) {
    case LINUX_NEWS_ABORT:
        return chimney_abort(&nic->target, name);
    case LINUX_NEWS_DISCONNECT:
        return chimney_disconnect(&nic->target, name);
    default:
        return chimney_retrieve(&nic->target, name, CHIMNEY_RETRIEVE_UPLOAD_REQUESTED);
    }
}

/* False: flue has no room for it. Of what ended meanwhile there is nothing to say. */
static bool said(struct linux_nic *nic, flue_name name, enum linux_news news)
{
    const struct flue_shared_stats *stats = flue_target_shared_stats(&nic->target.flue);
    uint64_t full = atomic_load(&stats->indications_full);
    return name == 0 || indicate(nic, name, news) || full == atomic_load(&stats->indications_full);
}

void linux_announce(struct linux_nic *nic, uint32_t index, enum linux_news news)
{
    struct linux_life *life = &nic->lives[index];
    life->pending[news] = !said(nic, life->name, news);
    nic->news_pending |= life->pending[news];
}

/* What is refused once more is pending again. */
void linux_announce_pending(struct linux_nic *nic)
{
    if (!nic->news_pending)
        return;
    nic->news_pending = false;
    for (uint32_t i = 0; i < nic->config.flue.capacity[CHIMNEY_TCP]; i++) {
        for (int news = 0; news < LINUX_NEWS; news++) {
            if (nic->lives[i].pending[news])
                linux_announce(nic, i, (enum linux_news)news);
        }
    }
}
