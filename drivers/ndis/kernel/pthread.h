/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pthread.h, for a software NIC that lives in a DPC: whatever touches it runs there, and the DPC is
 * bound to one processor, so there is nobody to lock out.
 */
#ifndef NDIS_PTHREAD_H
#define NDIS_PTHREAD_H

#include <stddef.h>

typedef char pthread_mutex_t;
typedef char pthread_t;

static inline void pthread_mutex_init(pthread_mutex_t *lock, const void *attributes)
{
    (void)attributes;
    *lock = 0;
}

static inline void pthread_mutex_lock(const pthread_mutex_t *lock)
{
    (void)lock;
}

static inline void pthread_mutex_unlock(const pthread_mutex_t *lock)
{
    (void)lock;
}

static inline void pthread_mutex_destroy(const pthread_mutex_t *lock)
{
    (void)lock;
}

#endif
