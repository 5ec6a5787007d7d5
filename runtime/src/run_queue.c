/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * run_queue.c: the lists that running requests are on: those that could do something, in turn;
 * those that are done; those in whose trees nodes are unreachable.
 */

#include "internal.h"

void flue_request_append(struct flue_request_list *list, struct flue_request *r)
{
    r->next = NULL;
    if (list->first)
        list->last->next = r;
    else
        list->first = r;
    list->last = r;
}

static bool has_more(const struct flue_request *r)
{
    return r->walk.cursor || r->lanes_used || r->ready.first;
}

static bool could_run(const struct flue_request *r)
{
    return !r->stalled && has_more(r);
}

/* To the end of the line, if it could do something and is not there yet. */
void flue_request_line_up(struct flue_target *t, struct flue_request *r)
{
    if (r->in_line || !could_run(r))
        return;
    r->in_line = true;
    flue_request_append(&t->line, r);
}

/* A turn that a poll's budget ends is the first of the next poll. */
void flue_request_requeue(struct flue_target *t, struct flue_request *r)
{
    r->in_line = false;
    if (t->budget || !r->quantum || !could_run(r)) {
        flue_request_line_up(t, r);
        return;
    }
    r->in_line = true;
    r->next = t->line.first;
    if (!t->line.first)
        t->line.last = r;
    t->line.first = r;
}

/* A root is finished, or the walk is. The last of them makes the request due for completion. */
void flue_root_done(struct flue_target *t, struct flue_request *r)
{
    FLUE_ASSERT(r->roots != 0);
    if (--r->roots == 0)
        flue_request_append(&t->completed, r);
}

/*
 * All nodes of a request that is done together wait for each other: it is done. Where some cannot
 * be reached, the others wait for them in vain.
 */
void flue_together_look(struct flue_together *all)
{
    const struct flue_request *r = all->request;
    if (all->outcome != FLUE_UNDECIDED || has_more(r))
        return;
    if (!all->unprepared)
        all->outcome = FLUE_COMMITS;
    else if (all->unprepared == r->unstarted)
        all->outcome = FLUE_ABORTS;
}

/* Its nodes of which something is under way: not those that wait for what is below them. */
uint32_t flue_request_moves(const struct flue_target *t, const struct flue_request *r)
{
    return r->open - (r == t->together.request ? t->together.last : 0);
}

/* Is there nothing any more that could bring about the turn of those that wait? */
void flue_request_look(struct flue_target *t, struct flue_request *r)
{
    if (t->spec->operations[r->operation].order != FLUE_PARENTS_FIRST || !r->unstarted ||
        flue_request_moves(t, r) || !r->roots || r->searched || has_more(r))
        return;
    r->searched = true;
    r->unreachable_kind = (uint8_t)(t->spec->kind_count - 1);
    r->unreachable_index = 0;
    flue_request_append(&t->unreachable, r);
}
