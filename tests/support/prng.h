/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * prng.h: chance from a seed, for all tests (splitmix64: any seed is good, also 0).
 *
 * The software NIC has a generator of its own (drivers/sim/faults.c): it is part of what is tested.
 *
 *     example
 *     uint64_t state = 7;
 *     uint32_t die = 1 + prng_below(&state, 6);
 *     assert(die >= 1 && die <= 6 && prng_next(&state) != prng_next(&state));
 */
#ifndef PRNG_H
#define PRNG_H

#include <stdint.h>

static inline uint64_t prng_next(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static inline uint32_t prng_below(uint64_t *state, uint32_t limit)
{
    return (uint32_t)(prng_next(state) >> 32) % limit;
}

#endif
