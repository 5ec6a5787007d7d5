/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every pair of operations that can meet on one object, as docs/conflicts.md says it.
 *
 * The document is read and its table is what is expected; nothing is said twice.
 */
#include <stdio.h>
#include <string.h>

#include "suite.h"
#include "world.h"

enum meeting { ON_IT, UPDATE, RELINK, QUERY, INVALIDATE, TERMINATE, MEETINGS };
static const char *const names[MEETINGS] = {"initiate on it", "update",     "relink to it",
                                            "query",          "invalidate", "terminate"};

#define UNWRITTEN 0x7eadbeef

static char table[MEETINGS][MEETINGS][32];
static struct host_object *subject; /* the neighbor it is all about */

/* Split "| a | b |" into trimmed cells; returns how many. */
static unsigned cells_of(char *line, char *cell[], unsigned most)
{
    unsigned count = 0;
    for (char *at = strtok(line, "|\n"); at && count < most; at = strtok(NULL, "|\n")) {
        at += strspn(at, " ");
        for (size_t end = strlen(at); end && at[end - 1] == ' ';)
            at[--end] = '\0';
        if (*at)
            cell[count++] = at;
    }
    return count;
}

static void read_table(void)
{
    FILE *file = fopen(CONFLICTS, "r");
    ck_assert_ptr_nonnull(file);
    char line[256];
    unsigned rows = 0;
    while (fgets(line, sizeof line, file)) {
        char *cell[MEETINGS + 1];
        if (line[0] != '|' || cells_of(line, cell, MEETINGS + 1) != MEETINGS + 1)
            continue;
        for (unsigned row = 0; row < MEETINGS; row++) {
            if (strcmp(cell[0], names[row]) != 0)
                continue;
            rows++;
            for (unsigned column = 0; column < MEETINGS; column++)
                snprintf(table[row][column], sizeof table[row][column], "%s", cell[column + 1]);
        }
    }
    fclose(file);
    ck_assert_uint_eq(rows, MEETINGS);
}

static void set_subject(void)
{
    read_table();
    world_setup();
    subject = &w->spare[0];
    run(w, chimney_initiate, host_new_neighbor(&w->arena, subject, 40));
    world_forget_log(w);
}

/* The tree of a meeting and the node whose status tells how it went. `turn` keeps two apart. */
static struct chimney_node *tree_of(enum meeting meeting, unsigned turn, struct chimney_node **told)
{
    struct chimney_node *root = bare(w, subject);
    switch (meeting) {
    case ON_IT:
        *told = host_link(root, host_new_path(&w->arena, &w->spare[1 + turn], 90 + turn, false));
        return root;
    case RELINK:
        *told = host_link(root, bare(w, &w->path[turn]));
        return root;
    case UPDATE:
        root = host_reference(&w->arena, subject, CHIMNEY_TYPE_NEIGHBOR_CACHED);
        host_neighbor_cached(root)->DlDestinationAddress[0] = (uint8_t)(0x90 + turn);
        break;
    case QUERY:
        root = host_reference(&w->arena, subject, CHIMNEY_TYPE_NEIGHBOR_DELEGATED);
        break;
    default:
        break;
    }
    *told = root;
    return root;
}

static entry_point *entry_of(enum meeting meeting)
{
    static entry_point *const entry[MEETINGS] = {chimney_initiate,   chimney_update,
                                                 chimney_update,     chimney_query,
                                                 chimney_invalidate, chimney_terminate};
    return entry[meeting];
}

static void meet(enum meeting under_way, enum meeting arriving)
{
    const char *expected = table[under_way][arriving];
    struct chimney_node *first, *second;
    struct chimney_node *root = tree_of(under_way, 0, &first);
    entry_of(under_way)(w->s, root);
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->command_count, 1);
    ck_assert_uint_eq(w->s->completion_count, 0);

    struct chimney_node *other = tree_of(arriving, 1, &second);
    second->Status = UNWRITTEN;
    entry_of(arriving)(w->s, other);
    scripted_poll(w->s);
    bool waits = strncmp(expected, "waits", 5) == 0, refused = strstr(expected, "refused") != NULL;
    ck_assert_uint_eq(w->s->command_count, waits || refused ? 1 : 2);
    expect_status(second, !waits && refused ? CHIMNEY_STATUS_FAILURE : UNWRITTEN);

    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    ck_assert_uint_eq(w->s->completion_count, 2);
    ck_assert_uint_eq(w->s->command_count, refused ? 1 : 2);
    expect_status(first, CHIMNEY_STATUS_SUCCESS);
    expect_status(second, refused ? CHIMNEY_STATUS_FAILURE : CHIMNEY_STATUS_SUCCESS);
}

START_TEST(every_pair_is_as_the_document_says)
{
    meet((enum meeting)(_i / MEETINGS), (enum meeting)(_i % MEETINGS));
}
END_TEST

START_TEST(those_that_wait_are_served_in_order)
{
    entry_point *const order[] = {chimney_query, chimney_update, chimney_invalidate, chimney_update,
                                  chimney_terminate};
    struct chimney_node *told[5];
    static const enum meeting meetings[] = {QUERY, UPDATE, INVALIDATE, UPDATE, TERMINATE};
    for (unsigned i = 0; i < 5; i++)
        order[i](w->s, tree_of(meetings[i], i, &told[i]));
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    ck_assert_str_eq(scripted_names(w->s, 0), "read_neighbor block_neighbor remove_neighbor");
    /* The invalidate marked the object as it came, before the first update's turn. */
    expect_status(told[1], CHIMNEY_STATUS_FAILURE);
    expect_status(told[3], CHIMNEY_STATUS_FAILURE);
    expect_status(told[4], CHIMNEY_STATUS_SUCCESS);
    for (unsigned i = 0; i < 5; i++)
        ck_assert_ptr_eq(w->s->completions[i].root, told[i]);
}
END_TEST

START_TEST(while_it_is_restored_everything_waits)
{
    struct chimney_node *told[MEETINGS];
    flue_reset_begin(&w->s->target.flue);
    flue_reset_end(&w->s->target.flue);
    scripted_poll(w->s);
    ck_assert_str_eq(state_of(w, subject), "restoring");
    unsigned commands = w->s->command_count;
    for (unsigned m = UPDATE; m < MEETINGS; m++)
        if (m != RELINK)
            entry_of((enum meeting)m)(w->s, tree_of((enum meeting)m, 0, &told[m]));
    scripted_poll(w->s);
    ck_assert_uint_eq(w->s->completion_count, 0);
    ck_assert_uint_eq(w->s->command_count, commands);
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    ck_assert_uint_eq(w->s->completion_count, 4);
    expect_status(told[QUERY], CHIMNEY_STATUS_SUCCESS);
    expect_status(told[TERMINATE], CHIMNEY_STATUS_SUCCESS);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("conflicts");
    TCase *cases = tcase_create("conflicts");
    tcase_add_checked_fixture(cases, set_subject, world_teardown);
    tcase_add_loop_test(cases, every_pair_is_as_the_document_says, 0, MEETINGS * MEETINGS);
    tcase_add_test(cases, those_that_wait_are_served_in_order);
    tcase_add_test(cases, while_it_is_restored_everything_waits);
    suite_add_tcase(suite, cases);
    return run_suite(suite);
}
