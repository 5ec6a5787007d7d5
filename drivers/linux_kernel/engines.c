/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The device's keys, as the kernel's crypto has them. The device changes its entries in hard
 * interrupt, and a cipher can only be made by a task: so each change leaves a mark, the device
 * stands still, and a work makes the engines as the entries are. An answer is given after that.
 */
#include <crypto/aead.h>
#include <net/ipv6.h>

#include "nic.h"

/* What an entry says of an engine. Holds a key: wiped after use. */
struct wanted {
    flue_name name;
    __be32 spi;
    struct in6_addr destination;
    u8 direction, bytes;
    bool whole;
    u8 key[sizeof((struct ipsec_device_sa *)NULL)->key + 4];
};

/* Under the device's lock. A write of the ESN changes no engine. */
void nic_engine_changed(void *context, uint8_t kind, uint32_t index, uint8_t command)
{
    struct flue_nic *nic = context;

    if (kind == IPSEC_POLICY)
        set_bit(index, nic->guarded);
    if (kind != IPSEC_SA || command == IPSEC_SA_WRITE_ESN || command == IPSEC_SA_READ_COUNTS)
        return;
    if (command == IPSEC_SA_STOP_SA)
        set_bit(index, nic->stopped);
    else
        clear_bit(index, nic->stopped);
    set_bit(index, nic->changed);
    WRITE_ONCE(nic->ipsec.preparing, true);
}

static bool read_entry(void *context, struct flue_device_entry *entry)
{
    const struct ipsec_device_sa *sa = container_of(entry, struct ipsec_device_sa, flue);
    struct wanted *w = context;

    w->name = entry->name;
    w->spi = (__force __be32)sa->spi;
    if (sa->family == AF_INET)
        ipv6_addr_set_v4mapped(get_unaligned((const __be32 *)sa->destination), &w->destination);
    else
        memcpy(&w->destination, sa->destination, sizeof w->destination);
    w->direction = sa->direction;
    w->whole = sa->offload == IPSEC_OFFLOAD_PACKET;
    w->bytes = sa->key_bytes;
    memcpy(w->key, sa->key, sa->key_bytes);
    memcpy(w->key + sa->key_bytes, sa->salt, sizeof sa->salt);
    return true;
}

static void end_engine(struct work_struct *work)
{
    struct nic_engine *e = container_of(to_rcu_work(work), struct nic_engine, end);

    crypto_free_aead(e->aead);
    kfree(e);
}

static struct nic_engine *make_engine(const struct wanted *w, u32 index)
{
    struct nic_engine *e = kzalloc(sizeof *e, GFP_KERNEL);

    if (!e)
        return NULL;
    e->aead = crypto_alloc_aead("rfc4106(gcm(aes))", 0, CRYPTO_ALG_ASYNC);
    if (IS_ERR(e->aead))
        goto no_aead;
    if (crypto_aead_setkey(e->aead, w->key, w->bytes + 4) ||
        crypto_aead_setauthsize(e->aead, NIC_ICV))
        goto no_key;
    e->name = w->name;
    e->index = index;
    e->spi = w->spi;
    e->destination = w->destination;
    e->direction = w->direction;
    e->whole = w->whole;
    e->seen = 1; /* number 0 is none */
    INIT_RCU_WORK(&e->end, end_engine);
    return e;
no_key:
    crypto_free_aead(e->aead);
no_aead:
    kfree(e);
    return NULL;
}

/* By the work alone, so that nobody else writes. Packets may still use what is taken away. */
static void replace(struct flue_nic *nic, u32 index, struct nic_engine *e)
{
    struct nic_engine *old = rcu_dereference_protected(nic->engines[index], true);

    rcu_assign_pointer(nic->engines[index], e);
    if (e && e->direction == IPSEC_DIRECTION_IN)
        hash_add_rcu(nic->by_spi, &e->by_spi, (__force u32)e->spi);
    if (!old)
        return;
    if (old->direction == IPSEC_DIRECTION_IN)
        hash_del_rcu(&old->by_spi);
    queue_rcu_work(nic->queue, &old->end);
}

static void prepare_one(struct flue_nic *nic, u32 index)
{
    struct wanted w = {};
    struct nic_engine *e = NULL;
    const bool there = flue_device_with(nic_device(&nic->ipsec), IPSEC_SA, index, read_entry, &w);

    if (there && !test_bit(index, nic->stopped))
        e = make_engine(&w, index);
    memzero_explicit(&w, sizeof w);
    replace(nic, index, e);
}

static void prepare(struct work_struct *work)
{
    struct flue_nic *nic = container_of(work, struct flue_nic, prepare);
    u32 index;

    for_each_set_bit(index, nic->changed, NIC_SAS)
    {
        clear_bit(index, nic->changed);
        prepare_one(nic, index);
    }
    WRITE_ONCE(nic->ipsec.preparing, false);
    smp_mb(); /* a change that finds it false sets it again, and is seen here */
    if (!bitmap_empty(nic->changed, NIC_SAS)) {
        WRITE_ONCE(nic->ipsec.preparing, true);
        queue_work(nic->queue, &nic->prepare);
        return;
    }
    nic_clock_start(&nic->ipsec);
}

struct nic_engine *nic_engine_find(struct flue_nic *nic, __be32 spi,
                                   const struct in6_addr *destination)
{
    struct nic_engine *e;

    hash_for_each_possible_rcu(
        nic->by_spi, e, by_spi,
        (__force u32)spi) if (e->spi == spi &&
                              ipv6_addr_equal(&e->destination, destination)) return e;
    return NULL;
}

void nic_engines_begin(struct flue_nic *nic)
{
    hash_init(nic->by_spi);
    INIT_WORK(&nic->prepare, prepare);
}

/* The device changes nothing any more. */
void nic_engines_end(struct flue_nic *nic)
{
    cancel_work_sync(&nic->prepare);
    for (u32 i = 0; i < NIC_SAS; i++)
        replace(nic, i, NULL);
    rcu_barrier(); /* those that wait for readers are queued then */
    flush_workqueue(nic->queue);
}
