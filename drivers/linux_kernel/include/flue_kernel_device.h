/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * flue_kernel_device.h: what the software NIC of drivers/device asks of a kernel, in place of its
 * own system.h. The lock may be taken in hard interrupts. There is no bell: who drives the device
 * gives the binding a doorbell, and steps it from there by a timer.
 */
#ifndef FLUE_KERNEL_DEVICE_H
#define FLUE_KERNEL_DEVICE_H

#include <linux/kernel.h>
#include <linux/spinlock.h>
#include <linux/stdarg.h>
#include <linux/vmalloc.h>

#define PRId64 "lld"
#define PRIu64 "llu"

struct device_system {
    spinlock_t lock;
    unsigned long flags; /* of the interrupts, kept by who has the lock */
};

static inline void device_system_begin(struct device_system *s)
{
    spin_lock_init(&s->lock);
}

static inline void device_system_end(struct device_system *s)
{
}

static inline void device_lock(struct device_system *s)
{
    unsigned long flags;
    spin_lock_irqsave(&s->lock, flags);
    s->flags = flags;
    __release(&s->lock); /* for sparse: who gives it back is another function, and has no mark */
}

static inline void device_unlock(struct device_system *s)
{
    unsigned long flags = s->flags;
    __acquire(&s->lock);
    spin_unlock_irqrestore(&s->lock, flags);
}

static inline void device_ring_bell(struct device_system *s)
{
}

static inline void *device_zeroed(size_t count, size_t bytes)
{
    return vzalloc(array_size(count, bytes));
}

static inline void device_free(void *memory)
{
    vfree(memory);
}

#endif
