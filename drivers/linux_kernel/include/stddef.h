/* SPDX-License-Identifier: BSD-2-Clause */
/* stddef.h for a kernel. */
#include <linux/stddef.h>
#include <linux/types.h>
