/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * system.h: what the device asks of the system below it: a lock, a bell, memory, text.
 *
 * This is a system with a C library and POSIX threads. Another one, such as a kernel, has a file of
 * its own with the same names, and says so: -DFLUE_DEVICE_SYSTEM='"its_file.h"'.
 */
#ifndef DEVICE_SYSTEM_H
#define DEVICE_SYSTEM_H

#include <inttypes.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct device_system {
    pthread_mutex_t lock;
    pthread_cond_t bell; /* a command was taken, or the runtime wants a poll */
    pthread_t thread;
};

static inline void device_system_begin(struct device_system *s)
{
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->bell, NULL);
}

static inline void device_system_end(struct device_system *s)
{
    pthread_cond_destroy(&s->bell);
    pthread_mutex_destroy(&s->lock);
}

static inline void device_lock(struct device_system *s)
{
    pthread_mutex_lock(&s->lock);
}

static inline void device_unlock(struct device_system *s)
{
    pthread_mutex_unlock(&s->lock);
}

static inline void device_ring_bell(struct device_system *s)
{
    pthread_cond_signal(&s->bell);
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
