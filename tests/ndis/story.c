/* SPDX-License-Identifier: BSD-2-Clause */
/* What both stories are told with. */
#include "story.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "entries.h"

enum { MOST_MS = 5000, MOST_NODES = 32 };

struct host host;
struct host_arena arena;
struct host_object routers[ROUTERS], paths[PATHS], tcps[TCPS];
uint32_t wrong;

static int32_t statuses[MOST_NODES];
static uint32_t status_count;

void chapter(const char *title)
{
    printf("\n%s\n", title);
}

void expect(const char *what, uint64_t is, uint64_t should)
{
    const bool good = is == should;
    wrong += !good;
    printf("    %-52s %10" PRIu64 "%s", what, is, good ? "\n" : "");
    if (!good)
        printf("   WRONG: should be %" PRIu64 "\n", should);
}

void begin_tree(void)
{
    arena = (struct host_arena){.memory = mock_pages(TREE_BYTES), .bytes = TREE_BYTES};
}

struct chimney_node *name(struct host_object *object)
{
    const uint8_t types[CHIMNEY_KINDS] = {CHIMNEY_TYPE_NEIGHBOR_DELEGATED,
                                          object->ipv6 ? CHIMNEY_TYPE_PATH_IPV6_DELEGATED
                                                       : CHIMNEY_TYPE_PATH_IPV4_DELEGATED,
                                          CHIMNEY_TYPE_TCP_DELEGATED};
    return host_reference(&arena, object, types[object->kind]);
}

static void note(struct chimney_node *node, void *context)
{
    (void)context;
    if (status_count < MOST_NODES)
        statuses[status_count++] = node->Status;
}

/* Inside of the completion call the tree may still be read. */
static void completed(void *context, uint8_t operation, struct chimney_node *root)
{
    (void)context;
    (void)operation;
    status_count = 0;
    host_each(root, note, NULL);
}

int32_t status_of(uint32_t node)
{
    return statuses[node];
}

void pass(uint32_t ms)
{
    for (uint32_t i = 0; i < ms; i++) {
        mock_time(++host.now);
        mock_run();
    }
}

bool run(void)
{
    for (uint32_t i = 0; i < MOST_MS && host.record.outstanding; i++)
        pass(1);
    return host.record.outstanding == 0;
}

int32_t ask(uint8_t operation, struct chimney_node *root)
{
    host.record.on_complete = completed;
    entries_pages = (struct entries_pages){arena.memory, arena.bytes};
    host_submit(&host, operation, root);
    if (!run())
        expect("requests that are not completed", mock_outstanding(), 0);
    return statuses[0];
}

void open_tree(void)
{
    mock_guard(arena.memory, arena.bytes, false);
}

void open_adapter(void)
{
    const struct mock_host who = {&host_completions, &host_indications, &host.record};
    memset(&host.record, 0, sizeof host.record);
    memset(routers, 0, sizeof routers);
    memset(paths, 0, sizeof paths);
    memset(tcps, 0, sizeof tcps);
    host.nic = mock_initialize(&who);
    host.now = mock_now();
    expect("the adapter is initialized", host.nic != NULL, 1);
}

void print_ledger(void)
{
    static const char *const names[] = {"initiate", "update", "query", "invalidate", "terminate"};
    const struct host_record *r = &host.record;
    printf("    %-12s%10s%12s%10s%12s\n", "", "requests", "completions", "nodes", "statuses");
    for (uint8_t o = 0; o < CHIMNEY_OPERATIONS; o++) {
        printf("    %-12s%10" PRIu64 "%12" PRIu64 "%10" PRIu64 "%12" PRIu64 "\n", names[o],
               r->requests[o], r->completions[o], r->nodes[o], r->nodes_completed[o]);
        wrong += r->requests[o] != r->completions[o] || r->nodes[o] != r->nodes_completed[o];
    }
    expect("without a status, unknown, twice, by another's call",
           r->unwritten + r->unknown + r->unexpected + r->wrong, 0);
}
