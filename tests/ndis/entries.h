/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * entries.h: put before the sources of the host and of the contract's suite, so that their five
 * calls go to the handlers that flue_chimney.sys registered, and a removal to its handler of PnP
 * events.
 */
#ifndef NDIS_ENTRIES_H
#define NDIS_ENTRIES_H

#include "mock/mock.h"

/* The tree that is submitted next has these pages for itself; they are closed when it completes. */
extern struct entries_pages {
    void *memory;
    size_t bytes;
} entries_pages;

void entries_initiate(void *adapter, struct chimney_node *root);
void entries_update(void *adapter, struct chimney_node *root);
void entries_query(void *adapter, struct chimney_node *root);
void entries_invalidate(void *adapter, struct chimney_node *root);
void entries_terminate(void *adapter, struct chimney_node *root);
void entries_remove(struct flue_target *target);
void entries_dma_stopped(struct flue_target *target);
/* A DPC of the driver, instead of a poll from outside. */
bool entries_poll(struct flue_target *target, uint32_t budget);

#ifndef ENTRIES_ARE_HERE
#define chimney_initiate entries_initiate
#define chimney_update entries_update
#define chimney_query entries_query
#define chimney_invalidate entries_invalidate
#define chimney_terminate entries_terminate
#define flue_remove entries_remove
#define flue_dma_stopped entries_dma_stopped
#define flue_poll entries_poll
#endif

#endif
