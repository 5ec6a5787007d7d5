/* SPDX-License-Identifier: BSD-2-Clause */
/* How the kernel's own formatting spells 64 bits. */
#ifndef NDIS_KERNEL_INTTYPES_H
#define NDIS_KERNEL_INTTYPES_H

#include <stdint.h>

#undef PRId64
#undef PRIu64
#define PRId64 "I64d"
#define PRIu64 "I64u"

#endif
