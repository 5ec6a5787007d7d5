/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers that the hardware chooses: every command carries what an answer told, of this life of
 * this object; and what would carry another is not sent.
 */
#include <stdlib.h>
#include <string.h>

#include "cabinet.h"
#include "suite.h"

struct table {
    struct numbers_node node;
    struct numbers_table_const constant;
    _Alignas(8) struct numbers_table_cached cached;
};

struct entry {
    struct numbers_node node;
    struct numbers_entry_const constant;
    _Alignas(8) struct numbers_entry_cached cached;
    _Alignas(8) struct numbers_entry_delegated delegated;
};

struct changed {
    struct numbers_node node;
    struct numbers_entry_cached cached;
};

struct seen {
    struct numbers_node node;
    struct numbers_entry_delegated delegated;
};

static struct cabinet cabinet;
static struct table tables[2];
static struct entry entry;

static void setup(void)
{
    cabinet_open(&cabinet);
    memset(tables, 0, sizeof tables);
    for (int i = 0; i < 2; i++) {
        tables[i].node.Kind = NUMBERS_TYPE_TABLE_ALL;
        ck_assert_int_eq(cabinet_run(&cabinet, numbers_put, &tables[i].node),
                         NUMBERS_STATUS_SUCCESS);
    }
    entry = (struct entry){.node.Kind = NUMBERS_TYPE_ENTRY_ALL,
                           .constant.Key = 7,
                           .cached.Action = 1,
                           .delegated = {.Hits = 5, .Drops = 6}};
    cabinet.orders[0] = 0;
}

static void teardown(void)
{
    ck_assert_uint_eq(cabinet.wrong, 0);
    cabinet_close(&cabinet);
}

/* The same tree again: the host owns it between completions. */
static struct numbers_node *below(struct table *table, struct numbers_node *node)
{
    table->node.Next = NULL;
    table->node.Dependents = node;
    node->Next = node->Dependents = NULL;
    return &table->node;
}

static int put(struct entry *e, struct table *table)
{
    cabinet_run(&cabinet, numbers_put, below(table, &e->node));
    return e->node.Status;
}

static int change(struct entry *e, uint32_t action, struct table *to)
{
    static struct changed changed;
    changed =
        (struct changed){.node = {.Kind = NUMBERS_TYPE_ENTRY_CACHED, .Handle = e->node.Handle},
                         .cached.Action = action};
    cabinet_run(&cabinet, numbers_change, to ? below(to, &changed.node) : &changed.node);
    return changed.node.Status;
}

/* An operation for which the node is followed by the delegated class, or by nothing. */
static int ask(struct entry *e, void (*operation)(void *adapter, struct numbers_node *root),
               struct numbers_entry_delegated *found)
{
    static struct seen seen;
    seen = (struct seen){.node = {.Kind = NUMBERS_TYPE_ENTRY_DELEGATED, .Handle = e->node.Handle}};
    int status = cabinet_run(&cabinet, operation, &seen.node);
    if (found)
        *found = seen.delegated;
    return status;
}

static uint32_t in_use(unsigned kind)
{
    return cabinet.target.flue.pools[kind].in_use;
}

static void expect_orders(const char *orders)
{
    ck_assert_str_eq(cabinet.orders, orders);
    cabinet.orders[0] = 0;
}

START_TEST(every_command_names_the_entry_as_the_answer_did)
{
    struct numbers_entry_delegated found;
    ck_assert_int_eq(put(&entry, &tables[0]), NUMBERS_STATUS_SUCCESS);
    ck_assert_int_eq(change(&entry, 2, NULL), NUMBERS_STATUS_SUCCESS);
    ck_assert_int_eq(change(&entry, 2, &tables[1]), NUMBERS_STATUS_SUCCESS);
    ck_assert_int_eq(ask(&entry, numbers_look, &found), NUMBERS_STATUS_SUCCESS);
    ck_assert_uint_eq(found.Hits, 5);
    ck_assert_uint_eq(found.Drops, 106);
    ck_assert_uint_eq(cabinet.entries.all[0].table, cabinet.tables.all[1].id);
    ck_assert_int_eq(ask(&entry, numbers_take, &found), NUMBERS_STATUS_SUCCESS);
    expect_orders("acmwwrR");
    ck_assert_uint_eq(in_use(NUMBERS_ENTRY), 0);
    ck_assert(!cabinet.entries.all[0].there);
}
END_TEST

/* Hits are as they were brought, drops as an answer told that named nothing else. */
START_TEST(what_an_answer_does_not_name_stays)
{
    put(&entry, &tables[0]);
    cabinet.entries.all[0].drops = 1000;
    ck_assert_int_eq(ask(&entry, numbers_stop, NULL), NUMBERS_STATUS_SUCCESS);
    expect_orders("acmch");
    ck_assert_uint_eq(cabinet.halted.hits, 5);
    ck_assert_uint_eq(cabinet.halted.drops, 1000);
}
END_TEST

START_TEST(an_undo_takes_away_what_was_told)
{
    cabinet.manner = "gb"; /* added; the second step fails */
    ck_assert_int_eq(put(&entry, &tables[0]), NUMBERS_STATUS_FAILURE);
    expect_orders("acR");
    ck_assert_uint_eq(in_use(NUMBERS_ENTRY), 0);
    ck_assert(!cabinet.entries.all[0].there);
}
END_TEST

/* Where it lies now was in the answer that is lost. */
START_TEST(what_a_lost_answer_would_have_told_is_not_known_any_more)
{
    cabinet.manner = "ggd";
    ck_assert_int_eq(put(&entry, &tables[0]), NUMBERS_STATUS_FAILURE);
    expect_orders("acm");
    ck_assert_uint_eq(cabinet.target.flue.stats.unsent, 1);
    ck_assert_uint_eq(in_use(NUMBERS_ENTRY), 1);
}
END_TEST

START_TEST(a_failed_add_leaves_nothing_to_take_away)
{
    cabinet.manner = "b";
    ck_assert_int_eq(put(&entry, &tables[0]), NUMBERS_STATUS_FAILURE);
    expect_orders("a");
    ck_assert_uint_eq(in_use(NUMBERS_ENTRY), 0);
    ck_assert_uint_eq(cabinet.target.flue.stats.unsent, 0);
}
END_TEST

/* Nobody was told what it is called: the removal is not sent, and the place is kept. */
START_TEST(an_undo_that_would_name_what_nobody_told_is_not_sent)
{
    cabinet.manner = "d";
    ck_assert_int_eq(put(&entry, &tables[0]), NUMBERS_STATUS_FAILURE);
    expect_orders("a");
    ck_assert_uint_eq(cabinet.target.flue.stats.unsent, 1);
    ck_assert_uint_eq(in_use(NUMBERS_ENTRY), 1);
    ck_assert(cabinet.entries.all[0].there);
    cabinet_reset(&cabinet);
    ck_assert_uint_eq(in_use(NUMBERS_ENTRY), 0);
}
END_TEST

/* The answer comes after all: its number is of an object that was given up, and nobody takes it. */
START_TEST(a_late_answer_tells_nothing)
{
    cabinet.manner = "d";
    put(&entry, &tables[0]);
    cabinet_late(&cabinet);
    expect_orders("a");
    ck_assert_uint_eq(flue_target_shared_stats(&cabinet.target.flue)->late_answers, 1);
    ck_assert_uint_eq(in_use(NUMBERS_ENTRY), 1);
    entry.node.Handle = 0;
    ck_assert_int_eq(put(&entry, &tables[0]), NUMBERS_STATUS_SUCCESS);
    ck_assert_int_eq(change(&entry, 9, NULL), NUMBERS_STATUS_SUCCESS);
    expect_orders("acmw");
    ck_assert_uint_eq(cabinet.entries.all[1].action, 9);
}
END_TEST

static int change_table(struct table *table, uint32_t policy);

/* Of the table and of what lies in it, by one request with a node for each. */
static void wipe(struct numbers_node *of_table, struct numbers_node *of_entry)
{
    *of_table = (struct numbers_node){
        .Kind = NUMBERS_TYPE_TABLE_ALL, .Handle = tables[0].node.Handle, .Dependents = of_entry};
    *of_entry = (struct numbers_node){.Kind = NUMBERS_TYPE_ENTRY_ALL, .Handle = entry.node.Handle};
    cabinet_run(&cabinet, numbers_wipe, of_table);
}

/* An operation that keeps tables ends handles of entries, and none of tables. */
START_TEST(what_is_kept_stays_where_others_are_taken_away)
{
    struct numbers_node of_table, of_entry;
    put(&entry, &tables[0]);
    wipe(&of_table, &of_entry);
    ck_assert_int_eq(of_table.Status, NUMBERS_STATUS_SUCCESS);
    ck_assert_int_eq(of_entry.Status, NUMBERS_STATUS_SUCCESS);
    expect_orders("acmRE");
    ck_assert_uint_eq(in_use(NUMBERS_ENTRY), 0);
    ck_assert_int_eq(change_table(&tables[0], 7), NUMBERS_STATUS_SUCCESS);
    ck_assert_int_eq(change(&entry, 3, NULL), NUMBERS_STATUS_FAILURE);
}
END_TEST

/* Where that fails the table is there still, and may be given back. */
START_TEST(what_is_kept_stays_after_a_failure)
{
    struct numbers_node of_table, of_entry;
    put(&entry, &tables[0]);
    cabinet.manner = "gd"; /* the entry goes; nobody knows of the table */
    wipe(&of_table, &of_entry);
    ck_assert_int_eq(of_table.Status, NUMBERS_STATUS_FAILURE);
    ck_assert_int_eq(of_entry.Status, NUMBERS_STATUS_SUCCESS);
    struct numbers_node gone = {.Kind = NUMBERS_TYPE_TABLE_ALL, .Handle = tables[0].node.Handle};
    ck_assert_int_eq(cabinet_run(&cabinet, numbers_take, &gone), NUMBERS_STATUS_SUCCESS);
    ck_assert_int_eq(change_table(&tables[0], 1), NUMBERS_STATUS_FAILURE);
}
END_TEST

START_TEST(after_a_reset_all_numbers_are_new_ones)
{
    put(&entry, &tables[1]);
    uint16_t place = cabinet.entries.all[0].place;
    cabinet_reset(&cabinet);
    expect_orders("acmTTa");
    ck_assert_uint_ne(cabinet.entries.all[0].place, place);
    ck_assert_int_eq(change(&entry, 3, NULL), NUMBERS_STATUS_SUCCESS);
    ck_assert_uint_eq(cabinet.entries.all[0].action, 3);
    ck_assert_int_eq(ask(&entry, numbers_take, NULL), NUMBERS_STATUS_SUCCESS);
}
END_TEST

/* A restore whose answer is lost: neither taken back nor removed, until the next reset. */
START_TEST(what_was_restored_without_a_word_is_never_named)
{
    put(&entry, &tables[0]);
    cabinet.manner = "ggd";
    cabinet_reset(&cabinet);
    expect_orders("acmTTa");
    ck_assert_int_eq(change(&entry, 3, NULL), NUMBERS_STATUS_FAILURE);
    ck_assert_int_eq(ask(&entry, numbers_take, NULL), NUMBERS_STATUS_FAILURE);
    expect_orders("");
    cabinet_reset(&cabinet);
    ck_assert_uint_eq(in_use(NUMBERS_ENTRY), 0);
}
END_TEST

static int change_table(struct table *table, uint32_t policy)
{
    static struct table_change {
        struct numbers_node node;
        struct numbers_table_cached cached;
    } changed;
    changed.node =
        (struct numbers_node){.Kind = NUMBERS_TYPE_TABLE_CACHED, .Handle = table->node.Handle};
    changed.cached.Policy = policy;
    cabinet_run(&cabinet, numbers_change, &changed.node);
    return changed.node.Status;
}

/* While a change of the entry waits for room, its table is lost: the change fails, unsent. */
START_TEST(a_link_without_a_number_is_never_carried)
{
    static struct changed changed;
    put(&entry, &tables[0]);
    changed = (struct changed){
        .node = {.Kind = NUMBERS_TYPE_ENTRY_CACHED, .Handle = entry.node.Handle, .Status = 99},
        .cached.Action = 4};
    cabinet.full = true;
    numbers_change(&cabinet, &changed.node);
    flue_poll(&cabinet.target.flue, 64);
    cabinet.manner = "n"; /* it is not there */
    ck_assert_int_eq(change_table(&tables[0], 1), NUMBERS_STATUS_FAILURE);
    cabinet.full = false;
    cabinet_poll(&cabinet);
    ck_assert_int_eq(changed.node.Status, NUMBERS_STATUS_FAILURE);
    expect_orders("acmW");
    ck_assert_uint_eq(cabinet.target.flue.stats.unsent, 1);
    ck_assert_int_eq(ask(&entry, numbers_look, NULL), NUMBERS_STATUS_SUCCESS);
}
END_TEST

/* ---- Chance --------------------------------------------------------------------------------- */

enum { ENTRIES = 12, STEPS = 400 };

static const char *manner(uint64_t *chance)
{
    static const char *const manners[] = {"",   "",   "",    "b",   "l", "d", "gb",
                                          "gl", "gd", "ggb", "gbd", "n", "nd"};
    return manners[prng_below(chance, sizeof manners / sizeof *manners)];
}

static void step(struct entry *e, uint64_t *chance)
{
    static const struct numbers_node none;
    struct table *table = &tables[prng_below(chance, 2)];
    cabinet.manner = manner(chance);
    switch (prng_below(chance, 9)) {
    case 0:
        cabinet_late(&cabinet);
        break;
    case 1:
        if (!prng_below(chance, 8))
            cabinet_reset(&cabinet);
        break;
    case 2:
        change_table(table, prng_below(chance, 4));
        break;
    case 3:
        ask(e, numbers_look, NULL);
        break;
    case 4:
        ask(e, numbers_stop, NULL);
        break;
    case 5:
        change(e, prng_below(chance, 4), prng_below(chance, 2) ? table : NULL);
        break;
    case 6:
        if (ask(e, numbers_take, NULL) == NUMBERS_STATUS_SUCCESS)
            e->node = none;
        break;
    default:
        if (e->node.Handle)
            break;
        e->node.Kind = NUMBERS_TYPE_ENTRY_ALL;
        put(e, table);
    }
}

START_TEST(no_command_ever_names_what_is_not_its_own)
{
    static struct entry entries[ENTRIES];
    for (uint64_t seed = 0; seed < 60; seed++) {
        uint64_t chance = seed;
        teardown();
        setup();
        memset(entries, 0, sizeof entries);
        for (unsigned i = 0; i < STEPS; i++)
            step(&entries[prng_below(&chance, ENTRIES)], &chance);
        ck_assert_uint_eq(cabinet.wrong, 0);
        cabinet.manner = "";
        cabinet_reset(&cabinet);
        for (struct entry *e = entries; e < entries + ENTRIES; e++)
            if (e->node.Handle)
                ask(e, numbers_look, NULL);
        ck_assert_uint_gt(cabinet.target.flue.stats.unsent, 0);
    }
}
END_TEST

int main(void)
{
    return RUN_TESTS(
        "numbers", setup, teardown, every_command_names_the_entry_as_the_answer_did,
        what_an_answer_does_not_name_stays,
        what_a_lost_answer_would_have_told_is_not_known_any_more, an_undo_takes_away_what_was_told,
        a_failed_add_leaves_nothing_to_take_away,
        an_undo_that_would_name_what_nobody_told_is_not_sent, a_late_answer_tells_nothing,
        what_is_kept_stays_where_others_are_taken_away, what_is_kept_stays_after_a_failure,
        after_a_reset_all_numbers_are_new_ones, what_was_restored_without_a_word_is_never_named,
        a_link_without_a_number_is_never_carried, no_command_ever_names_what_is_not_its_own);
}
