/* SPDX-License-Identifier: BSD-2-Clause */
/* stdbool.h for a kernel. */
#include <linux/types.h>
