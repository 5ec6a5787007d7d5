/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * device_system.h: what the device of drivers/device asks of a system, in place of its own
 * system.h. It lives in a DPC, on one processor, so there is nobody to lock out; its bell is the
 * runtime's wake.
 */
#ifndef NDIS_DEVICE_SYSTEM_H
#define NDIS_DEVICE_SYSTEM_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct device_system {
    char none;
};

static inline void device_system_begin(struct device_system *s)
{
    s->none = 0;
}

static inline void device_system_end(struct device_system *s)
{
    (void)s;
}

static inline void device_lock(struct device_system *s)
{
    (void)s;
}

static inline void device_unlock(struct device_system *s)
{
    (void)s;
}

static inline void device_ring_bell(struct device_system *s)
{
    (void)s;
}

static inline void *device_zeroed(size_t count, size_t bytes)
{
    return calloc(count, bytes);
}

static inline void device_free(void *memory)
{
    free(memory);
}

#endif
