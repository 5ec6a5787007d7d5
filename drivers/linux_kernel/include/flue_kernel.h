/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * flue_kernel.h: included before all else in each file of a module that is built with flue.
 *
 * An assertion of the runtime that fails is a bug of the kernel: it says where, and ends the task
 * or the machine as the kernel is configured to.
 *
 * With FLUE_CHECK_CONTEXTS it is looked at, too, where the target's functions are called: of a spec
 * whose contexts are `process`, `softirq` and `hardirq`, or some of these. What is called where it
 * must not be is a warning in the log.
 */
#ifndef FLUE_KERNEL_H
#define FLUE_KERNEL_H

#ifdef __CHECKER__ /* what sparse does not know: _Atomic with parentheses, and some macros */
#define _Atomic(type) type _Atomic
#define __has_include(name) 1
#define __GCC_ATOMIC_INT_LOCK_FREE 2
#define __GCC_ATOMIC_LONG_LOCK_FREE 2
#define __GCC_ATOMIC_LLONG_LOCK_FREE 2
#define __GCC_ATOMIC_POINTER_LOCK_FREE 2
#endif

#include <linux/bug.h>

#define FLUE_ASSERT(condition) BUG_ON(!(condition))

#ifdef FLUE_CHECK_CONTEXTS
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/preempt.h>

#define FLUE_ASSERT_RUNS_IN(context) FLUE_CONTEXT_##context
#define FLUE_CONTEXT_process                                             \
    do {                                                                 \
        might_sleep();                                                   \
        WARN_ONCE(in_interrupt() || irqs_disabled() ||                   \
                      (IS_ENABLED(CONFIG_PREEMPT_COUNT) && in_atomic()), \
                  "%s: not in a task that may sleep\n", __func__);       \
    } while (0)
#define FLUE_CONTEXT_softirq \
    WARN_ONCE(in_hardirq() || irqs_disabled(), "%s: in hard interrupt\n", __func__)
#define FLUE_CONTEXT_hardirq WARN_ONCE(in_nmi(), "%s: in an NMI\n", __func__)
#endif

#endif
