/* SPDX-License-Identifier: BSD-2-Clause */
/* stdint.h for a kernel: its own types, so that runtime and driver agree to the letter. */
#ifndef FLUE_KERNEL_STDINT_H
#define FLUE_KERNEL_STDINT_H

#include <linux/limits.h>
#include <linux/types.h>

#ifndef UINT32_C
#define UINT32_C(number) number##U
#endif
#ifndef UINT64_C
#define UINT64_C(number) number##ULL
#endif
#ifndef UINT8_MAX
#define UINT8_MAX U8_MAX
#endif
#ifndef UINT16_MAX
#define UINT16_MAX U16_MAX
#endif
#ifndef UINT32_MAX
#define UINT32_MAX U32_MAX
#endif
#ifndef UINT64_MAX
#define UINT64_MAX U64_MAX
#endif

#endif
