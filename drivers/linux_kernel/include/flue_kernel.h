/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * flue_kernel.h: included before all else in each file of a module that is built with flue.
 *
 * An assertion of the runtime that fails is a bug of the kernel: it says where, and ends the task
 * or the machine as the kernel is configured to.
 */
#ifndef FLUE_KERNEL_H
#define FLUE_KERNEL_H

#include <linux/bug.h>

#define FLUE_ASSERT(condition) BUG_ON(!(condition))

#endif
