/* SPDX-License-Identifier: BSD-2-Clause */
/* The host's calls, by the handlers that the driver registered. */
#define ENTRIES_ARE_HERE
#include "entries.h"

struct entries_pages entries_pages;

static void submit(uint8_t operation, struct chimney_node *root)
{
    const struct entries_pages pages = entries_pages;
    entries_pages = (struct entries_pages){0};
    mock_submit(operation, root, pages.memory, pages.bytes);
}

void entries_initiate(void *adapter, struct chimney_node *root)
{
    (void)adapter;
    submit(CHIMNEY_INITIATE, root);
}

void entries_update(void *adapter, struct chimney_node *root)
{
    (void)adapter;
    submit(CHIMNEY_UPDATE, root);
}

void entries_query(void *adapter, struct chimney_node *root)
{
    (void)adapter;
    submit(CHIMNEY_QUERY, root);
}

void entries_invalidate(void *adapter, struct chimney_node *root)
{
    (void)adapter;
    submit(CHIMNEY_INVALIDATE, root);
}

void entries_terminate(void *adapter, struct chimney_node *root)
{
    (void)adapter;
    submit(CHIMNEY_TERMINATE, root);
}

void entries_remove(struct flue_target *target)
{
    (void)target;
    mock_surprise();
}

/* A NIC that is gone: the driver says so itself. */
void entries_dma_stopped(struct flue_target *target)
{
    (void)target;
}

bool entries_poll(struct flue_target *target, uint32_t budget)
{
    (void)target;
    (void)budget;
    return mock_run_one();
}
