/* SPDX-License-Identifier: BSD-2-Clause */
/* string.h for a kernel. */
#include <linux/string.h>
