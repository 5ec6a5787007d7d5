/* SPDX-License-Identifier: BSD-2-Clause */
/* story.h: what the parts of the story share. */
#ifndef NDIS_STORY_H
#define NDIS_STORY_H

#include "host.h"
#include "mock/mock.h"

enum { ROUTERS = 2, PATHS = 4, TCPS = 8, TREES = 64 };
#define TREE_BYTES ((size_t)64 << 10)

extern struct host host;        /* its NIC is the adapter's context */
extern struct host_arena arena; /* pages of the tree that is built */
extern struct host_object routers[ROUTERS], paths[PATHS], tcps[TCPS];
extern uint32_t wrong; /* expectations that were not met */

void chapter(const char *title);
void expect(const char *what, uint64_t is, uint64_t should);
/* Pages for one tree, from the arena's begin. */
void begin_tree(void);
struct chimney_node *name(struct host_object *object);
/* Submits it alone in its pages; runs until it is completed; the root's status. */
int32_t ask(uint8_t operation, struct chimney_node *root);
/* Statuses of the last tree, in its order, as they were in its completion call. */
int32_t status_of(uint32_t node);
/* The tree's pages are ours again. */
void open_tree(void);
void open_adapter(void);
/* So many ms go by. */
void pass(uint32_t ms);
bool run(void);

void tell_addresses(const char *driver, unsigned char *image); /* story_addresses.c */
void tell_transfers(const char *driver, unsigned char *image);
void tell_operations(void); /* story_operations.c */
void tell_states(void);     /* story_states.c */
void tell_requests(void);
void tell_requests_below(uint32_t connections);     /* story_requests_im.c */
void tell_capabilities_below(uint32_t connections); /* story_capabilities_im.c */
void tell_shutdown(void);
void print_ledger(void);

#endif
