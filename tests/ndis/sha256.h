/* SPDX-License-Identifier: BSD-2-Clause */
/* sha256.h: SHA-256 of what comes piece by piece, by Windows' own library (bcrypt.dll). */
#ifndef NDIS_SHA256_H
#define NDIS_SHA256_H

#include <stddef.h>

struct sha256 {
    void *hash;
};

void sha256_begin(struct sha256 *sha);
void sha256_add(struct sha256 *sha, const void *data, size_t bytes);
/* Of all of it; it is over then. */
void sha256_end(struct sha256 *sha, char hex[65]);

#endif
