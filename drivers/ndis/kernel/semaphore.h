/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * semaphore.h, for a software NIC that lives in a DPC: its bells queue that DPC. They also tell to
 * whom the NIC belongs.
 */
#ifndef NDIS_SEMAPHORE_H
#define NDIS_SEMAPHORE_H

typedef struct {
    void (*ring)(void *owner);
    void *owner;
} sem_t;

static inline void sem_init(sem_t *bell, int shared, unsigned value)
{
    (void)shared;
    (void)value;
    bell->ring = (void (*)(void *))0;
    bell->owner = (void *)0;
}

static inline void sem_post(const sem_t *bell)
{
    if (bell->ring)
        bell->ring(bell->owner);
}

static inline void sem_destroy(const sem_t *bell)
{
    (void)bell;
}

#endif
