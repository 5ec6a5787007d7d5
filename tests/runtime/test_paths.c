/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fast path and the slow path are one meaning: the same story on a target without the fast path
 * leaves the same trace, step for step, the same commands with the same arguments, and the same
 * statuses.
 */
#include "prng.h"
#include "suite.h"
#include "world.h"

enum { STORIES = 400, TURNS = 40, LINE = 200, NODES = 1024 };

struct story {
    char trace[SCRIPTED_MOST][LINE];
    unsigned lines;
    struct scripted_command commands[SCRIPTED_MOST];
    unsigned command_count;
    int32_t statuses[NODES];
    unsigned nodes;
    struct flue_stats stats;
};

static struct story with, without;
static struct chimney_node *nodes[NODES];
static unsigned node_count, runs;
static bool answered[SCRIPTED_MOST];
static uint64_t seed;
static const struct flue_fast_path *real;

static uint32_t below(uint32_t n)
{
    return prng_below(&seed, n);
}

static void count_run(struct flue_target *t, struct flue_request *r, struct flue_walk *first)
{
    runs++;
    real->visit(t, r, first);
}

static struct chimney_node *keep(struct chimney_node *node)
{
    ck_assert_uint_lt(node_count, NODES);
    return nodes[node_count++] = node;
}

/* Nothing is changed, or what one command writes, or what two do. */
static struct chimney_node *changed(unsigned i)
{
    struct chimney_node *node =
        keep(host_reference(&w->arena, &w->tcp[i], CHIMNEY_TYPE_TCP_CACHED));
    struct chimney_node *first = host_new_tcp(&w->arena, &(struct host_object){0}, i);
    struct chimney_tcp_cached *now = host_tcp_cached(node);
    *now = *host_tcp_cached(first);
    if (below(3))
        now->TtlOrHopLimit = (uint8_t)(100 + below(5));
    if (!below(3))
        now->KaInterval += below(3);
    if (!below(20))
        now->Header.Length++;
    return node;
}

/* Connections below a path, their own most of the time, or as roots. */
static struct chimney_node *update_tree(void)
{
    unsigned path = below(PATHS), some = 1 + below(4);
    bool below_path = below(4) != 0;
    struct chimney_node *root = below_path ? keep(bare(w, &w->path[path])) : changed(below(8));
    for (unsigned i = 0; i < some; i++) {
        unsigned tcp = below(8) ? path + PATHS * below(CONNECTIONS / PATHS) : below(CONNECTIONS);
        if (below_path)
            host_link(root, changed(tcp));
        else
            host_chain(root, changed(tcp));
    }
    return root;
}

static void answer_some(void)
{
    for (unsigned n = 1 + below(6), i = 0; n && i < w->s->command_count; i++)
        if (!answered[i] && below(3)) {
            answered[i] = true;
            scripted_answer(w->s, i, below(6) ? CHIMNEY_RESULT_OK : CHIMNEY_RESULT_FAILURE);
            n--;
        }
}

static void turn(void)
{
    switch (below(8)) {
    case 0:
    case 1:
        chimney_update(w->s, update_tree());
        break;
    case 2:
        chimney_invalidate(w->s, keep(bare(w, &w->neighbor[below(NEIGHBORS)])));
        break;
    case 3:
        chimney_update(w->s, keep(mac_update(w, below(NEIGHBORS), (uint8_t)below(256))));
        break;
    case 4:
        w->s->room = below(3) ? UINT32_MAX : below(4);
        w->s->says_full = below(8) == 0;
        break;
    case 5:
        flue_tick(target(), target()->now + 1 + below(3));
        break;
    default:
        answer_some();
    }
    if (below(2))
        scripted_poll(w->s);
}

static void settle(void)
{
    w->s->room = UINT32_MAX;
    w->s->says_full = false;
    for (;;) {
        bool any = false;
        flue_tick(target(), target()->now + 1);
        scripted_poll(w->s);
        for (unsigned i = 0; i < w->s->command_count; i++)
            if (!answered[i]) {
                any = answered[i] = true;
                scripted_answer(w->s, i, CHIMNEY_RESULT_OK);
            }
        if (!any)
            return;
    }
}

static void record(struct story *s)
{
    s->lines = w->s->trace_count;
    for (unsigned i = 0; i < s->lines; i++)
        flue_trace_text(&w->s->trace[i], s->trace[i], LINE);
    s->command_count = w->s->command_count;
    memcpy(s->commands, w->s->commands, s->command_count * sizeof *s->commands);
    s->nodes = node_count;
    for (unsigned i = 0; i < node_count; i++)
        s->statuses[i] = nodes[i]->Status;
    s->stats = *stats();
}

static void play(struct story *s, uint64_t story, bool fast)
{
    seed = story;
    node_count = 0;
    memset(answered, 0, sizeof answered);
    w = world_open(NULL);
    real = target()->fast_paths[CHIMNEY_TCP];
    ck_assert_ptr_nonnull(real);
    struct flue_fast_path counted = *real;
    counted.visit = count_run;
    memset(target()->fast_paths, 0, sizeof target()->fast_paths);
    target()->fast_paths[CHIMNEY_TCP] = fast ? &counted : NULL;
    for (unsigned i = 0; i < TURNS; i++)
        turn();
    settle();
    record(s);
    world_close(w);
}

/* What the fast path sends; the bytes between members are anything. */
static void expect_the_same_arguments(const struct scripted_command *a,
                                      const struct scripted_command *b)
{
    if (strcmp(a->name, "write_header") == 0) {
        const struct chimney_write_header_args *x = (const void *)a->args,
                                               *y = (const void *)b->args;
        ck_assert(x->name == y->name && x->variant == y->variant &&
                  x->flow_label == y->flow_label && x->ttl_or_hop_limit == y->ttl_or_hop_limit &&
                  x->tos_or_traffic_class == y->tos_or_traffic_class &&
                  x->user_priority == y->user_priority);
    } else if (strcmp(a->name, "write_timers") == 0) {
        const struct chimney_write_timers_args *x = (const void *)a->args,
                                               *y = (const void *)b->args;
        ck_assert(x->name == y->name && x->variant == y->variant &&
                  x->keepalive_on == y->keepalive_on && x->ka_probe_count == y->ka_probe_count &&
                  x->ka_timeout == y->ka_timeout && x->ka_interval == y->ka_interval &&
                  x->max_rt == y->max_rt);
    }
}

static void expect_the_same(uint64_t story)
{
    for (unsigned i = 0; i < with.lines && i < without.lines; i++)
        ck_assert_msg(strcmp(with.trace[i], without.trace[i]) == 0, "story %u, step %u: %s, or %s",
                      (unsigned)story, i, with.trace[i], without.trace[i]);
    ck_assert_uint_eq(with.lines, without.lines);
    ck_assert_uint_eq(with.command_count, without.command_count);
    for (unsigned i = 0; i < with.command_count; i++) {
        const struct scripted_command *a = &with.commands[i], *b = &without.commands[i];
        ck_assert_str_eq(a->name, b->name);
        ck_assert(a->cookie == b->cookie && a->object == b->object);
        expect_the_same_arguments(a, b);
    }
    ck_assert_uint_eq(with.nodes, without.nodes);
    ck_assert_mem_eq(with.statuses, without.statuses, with.nodes * sizeof *with.statuses);
    ck_assert_mem_eq(&with.stats, &without.stats, sizeof with.stats);
}

START_TEST(both_paths_take_the_same_steps)
{
    for (uint64_t story = 1; story <= STORIES; story++) {
        play(&with, story, true);
        play(&without, story, false);
        expect_the_same(story);
    }
    ck_assert_uint_gt(runs, STORIES);
}
END_TEST

static void nothing(void)
{
}

int main(void)
{
    return RUN_TESTS("paths", nothing, nothing, both_paths_take_the_same_steps);
}
