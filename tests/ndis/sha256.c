/* SPDX-License-Identifier: BSD-2-Clause */
#include "sha256.h"

#include <stdio.h>
#include <string.h>

/* The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
static uint32_t constants[64];

static uint32_t turned(uint32_t word, unsigned by)
{
    return word >> by | word << (32 - by);
}

/* The largest number whose power is not above the prime, shifted by as much. */
static uint32_t root_fraction(uint32_t prime, unsigned power)
{
    unsigned __int128 root = 0;
    for (unsigned bit = 36; bit-- > 0;) {
        const unsigned __int128 more = root | (unsigned __int128)1 << bit;
        unsigned __int128 product = more * more;
        const unsigned __int128 wanted = (unsigned __int128)prime << (32 * power);
        if (power == 3)
            product *= more;
        if (product <= wanted)
            root = more;
    }
    return (uint32_t)root;
}

static void fill_constants(uint32_t *state)
{
    unsigned found = 0;
    for (uint32_t n = 2; found < 64; n++) {
        uint32_t divisor = 2;
        while (n % divisor)
            divisor++;
        if (divisor != n)
            continue;
        if (found < 8)
            state[found] = root_fraction(n, 2);
        constants[found++] = root_fraction(n, 3);
    }
}

void sha256_begin(struct sha256 *sha)
{
    sha->bytes = 0;
    fill_constants(sha->state);
}

static void expand(const uint8_t *block, uint32_t *w)
{
    for (unsigned i = 0; i < 16; i++, block += 4)
        w[i] = (uint32_t)block[0] << 24 | (uint32_t)block[1] << 16 | (uint32_t)block[2] << 8 |
               block[3];
    for (unsigned i = 16; i < 64; i++) {
        const uint32_t a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + (turned(a, 7) ^ turned(a, 18) ^ a >> 3) + w[i - 7] +
               (turned(b, 17) ^ turned(b, 19) ^ b >> 10);
    }
}

static void add_block(struct sha256 *sha)
{
    uint32_t w[64], s[8];
    expand(sha->block, w);
    memcpy(s, sha->state, sizeof s);
    for (unsigned i = 0; i < 64; i++) {
        const uint32_t a = s[0], e = s[4];
        const uint32_t one = s[7] + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) +
                             ((e & s[5]) ^ (~e & s[6])) + constants[i] + w[i];
        const uint32_t two = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) +
                             ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));
        memmove(s + 1, s, 7 * sizeof *s);
        s[4] += one;
        s[0] = one + two;
    }
    for (unsigned i = 0; i < 8; i++)
        sha->state[i] += s[i];
}

void sha256_add(struct sha256 *sha, const void *data, size_t bytes)
{
    const uint8_t *at = data;
    while (bytes) {
        const size_t used = sha->bytes % 64, some = bytes < 64 - used ? bytes : 64 - used;
        memcpy(sha->block + used, at, some);
        sha->bytes += some;
        at += some;
        bytes -= some;
        if (sha->bytes % 64 == 0)
            add_block(sha);
    }
}

void sha256_end(struct sha256 *sha, char hex[65])
{
    const uint64_t bits = sha->bytes * 8;
    uint8_t length[8];
    for (unsigned i = 0; i < 8; i++)
        length[i] = (uint8_t)(bits >> (56 - 8 * i));
    sha256_add(sha, "\x80", 1);
    while (sha->bytes % 64 != 56)
        sha256_add(sha, "", 1);
    sha256_add(sha, length, sizeof length);
    for (unsigned i = 0; i < 8; i++)
        snprintf(hex + (size_t)8 * i, 9, "%08x", sha->state[i]);
}
