/* SPDX-License-Identifier: BSD-2-Clause */
#include "sha256.h"

#include <stdio.h>
#include <stdlib.h>
#include <windows.h>

#include <bcrypt.h>

static void must(NTSTATUS status)
{
    if (status >= 0)
        return;
    fprintf(stderr, "bcrypt: %08lx\n", (unsigned long)status);
    exit(1);
}

void sha256_begin(struct sha256 *sha)
{
    static BCRYPT_ALG_HANDLE algorithm;
    if (!algorithm)
        must(BCryptOpenAlgorithmProvider(&algorithm, BCRYPT_SHA256_ALGORITHM, NULL, 0));
    must(BCryptCreateHash(algorithm, &sha->hash, NULL, 0, NULL, 0, 0));
}

/* The library does not write to what it is given. */
void sha256_add(struct sha256 *sha, const void *data, size_t bytes)
{
    must(BCryptHashData(sha->hash, (PUCHAR)(ULONG_PTR)data, (ULONG)bytes, 0));
}

void sha256_end(struct sha256 *sha, char hex[65])
{
    UCHAR digest[32];
    must(BCryptFinishHash(sha->hash, digest, sizeof digest, 0));
    must(BCryptDestroyHash(sha->hash));
    for (unsigned i = 0; i < sizeof digest; i++)
        snprintf(hex + (size_t)2 * i, 3, "%02x", digest[i]);
}
