/* SPDX-License-Identifier: BSD-2-Clause */
/* What a person needs to see of a world in which something went wrong. */
#include <inttypes.h>
#include <stdio.h>

#include "oracle.h"

const char *thing_name(const struct thing *t)
{
    static char names[4][24];
    static unsigned int next;
    char *name = names[next++ % 4];
    snprintf(name, sizeof(names[0]), "%s %u", chimney_spec.kinds[t->kind].name, t->number);
    return name;
}

const char *status_name(int32_t status)
{
    uint8_t index = host_status_index(status);
    if (status == HOST_UNWRITTEN)
        return "(not written)";
    return index == FLUE_NO_BYTE ? "(unknown)" : chimney_spec.statuses[index].name;
}

static const char *what_text(enum what what)
{
    static const char *const texts[] = {"placeholder", "new",        "",         "stale",
                                        "bad type",    "bad length", "bad layer"};
    return texts[what];
}

static void print_spec(const struct tree_spec *b, int depth)
{
    static const char *const classes[] = {"none",      "const", "cached", "?",
                                          "delegated", "?",     "?",      "all"};
    for (; b; b = b->next) {
        printf("    %*s%s %s", 4 * depth, "", what_text(b->what),
               b->thing ? thing_name(b->thing) : "");
        if (b->what != PLACEHOLDER)
            printf(" (type %u: %s)", b->type, classes[classes_of(b->type)]);
        if (b->thing && b->thing->link)
            printf(" on %s", thing_name(b->thing->link));
        printf(": %s", b->node ? status_name(b->node->Status) : "not built");
        if (b->node && b->node->Status != b->expected)
            printf(" <== should be %s", status_name(b->expected));
        printf("\n");
        print_spec(b->first, depth + 1);
    }
}

static void print_commands(const struct thing *t)
{
    for (uint8_t c = 0; c < COMMANDS; c++) {
        if (t->expected[c] || t->seen[c])
            printf(" %s %u/%u", sim_command_name(t->kind, c), t->seen[c], t->expected[c]);
    }
}

static void print_thing(const struct thing *t)
{
    static const char *const conditions[] = {"off",  "offloaded", "corrupt",
                                             "lost", "stranded",  "draining"};
    printf("    %s: %s, handle 0x%" PRIx64, thing_name(t), conditions[t->state],
           host_handle(t->host));
    if (t->link)
        printf(", on %s", thing_name(t->link));
    if (t->maybe)
        printf(", perhaps on %s", thing_name(t->maybe));
    printf("%s%s%s,", t->invalid ? ", invalid" : "", t->broken ? ", broken" : "",
           t->hardware.present ? ", in hardware" : "");
    print_commands(t);
    if (t->host->told)
        printf(" told %u times, reasons 0x%x, %u aborts", t->host->told, t->host->retrieved,
               t->host->aborted);
    printf("\n");
}

static int number_of(const struct world *w, const struct chimney_node *node)
{
    for (uint32_t i = 0; i < w->model.spec_count; i++) {
        if (w->model.specs[i].node == node)
            return (int)i;
    }
    return -1;
}

/* The host whose place for a handle this node names. */
static const char *cell_name(const struct world *w, void *const *cell)
{
    for (uint8_t kind = 0; cell && kind < CHIMNEY_KINDS; kind++) {
        for (uint32_t i = 0; i < w->model.count[kind]; i++) {
            if (cell == &w->objects[kind][i].handle.MiniportOffloadContext)
                return thing_name(&w->model.things[kind][i]);
        }
    }
    return cell ? "something stale" : "nothing";
}

/* What became of a tree that was bent; numbers are those of nodes, -1 is none. */
static void print_bent(const struct world *w)
{
    for (uint32_t i = 0; i < w->model.spec_count; i++) {
        const struct chimney_node *n = w->model.specs[i].node;
        printf("    node %u: type %u, names %s, next %d, dependents %d: %s\n", i, n->Header.Type,
               cell_name(w, n->MiniportOffloadContext), number_of(w, n->NextBlock),
               number_of(w, n->DependentBlockList), status_name(n->Status));
    }
}

void print_world(const struct world *w)
{
    printf("\nseed %" PRIu64 ", round %u, %u%% bad, %u%% lost: %s\n", w->model.seed, w->model.round,
           w->model.bad_percent, w->model.lost_percent,
           w->difference[0] ? w->difference : "it ended here");
    for (uint32_t i = 0; i < w->model.tree_count; i++) {
        printf("\n  %s, ticks %" PRIu64 " to %" PRIu64 "\n",
               chimney_spec.operations[w->model.trees[i].operation].name, w->model.trees[i].from,
               w->model.trees[i].to);
        if (w->model.loose)
            print_bent(w);
        else
            print_spec(w->model.trees[i].root, 0);
    }
    printf("\n  objects afterwards, as they should be; commands seen/expected\n");
    for (uint8_t kind = 0; kind < CHIMNEY_KINDS; kind++) {
        printf("  %u places for a %s\n", w->model.capacity[kind], chimney_spec.kinds[kind].name);
        for (uint32_t i = 0; i < w->model.count[kind]; i++) {
            if (w->model.things[kind][i].state != OFF || w->model.things[kind][i].used)
                print_thing(&w->model.things[kind][i]);
        }
    }
    printf("\n  to see it alone: test_oracle --seed %" PRIu64 " --rounds %u\n", w->model.seed,
           w->model.round + 1);
    fflush(stdout);
}
