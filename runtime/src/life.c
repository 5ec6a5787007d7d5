/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * life.c: the numbers by which stamps in scratch words are told apart.
 */

#include "internal.h"

/*
 * Stamps in scratch words are told apart by their life. Lives are counted for all targets together,
 * so that what one of them has left in a node, or an earlier one in the same memory, is no other's.
 * The first is the configuration's key, since a driver that is loaded again counts anew.
 */
static _Atomic uint32_t lives;

uint16_t flue_life_next(uint32_t key)
{
    uint32_t none = 0;
    atomic_compare_exchange_strong(&lives, &none, 1u << 16 | (uint16_t)key);
    return (uint16_t)atomic_fetch_add_explicit(&lives, 1, memory_order_seq_cst);
}

/* While no request runs, and before serials come round to those that are left in kept trees. */
void flue_life_renew(struct flue_target *t)
{
    t->life_began = t->serial;
    atomic_store_explicit((_Atomic uint16_t *)&t->life, flue_life_next(t->config.key),
                          memory_order_relaxed);
}
