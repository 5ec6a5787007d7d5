/* SPDX-License-Identifier: BSD-2-Clause */
/* What a recorder keeps is what the hook sees; what it loses, it counts. */
#include <pthread.h>
#include <stdlib.h>

#include "flue/recorder.h"
#include "suite.h"
#include "world.h"

enum {
    MOST = 1 << 13,
    MANY = 1024,
    FEW = 8,
    HEAD = 64,
    COUNT_AT = 48,
    FIRST_AT = 40,
    NAMES_AT = 20,
    SUM = 8
};

static struct flue_record records[MOST];
static struct flue_recorder recorder;

static uint64_t kept(void *context)
{
    (void)context;
    return flue_recorder_count(&recorder);
}

static void open_world(unsigned room)
{
    struct flue_config config = scripted_config();
    ck_assert(flue_recorder_init(&recorder, records, room * sizeof *records, kept, NULL, 1000));
    config.recorder = &recorder;
    w = world_open(&config);
}

/* ---- A file in memory ------------------------ */

struct file {
    unsigned char data[MOST * sizeof(struct flue_record) + 65536];
    size_t bytes;
    unsigned pieces, refused_from; /* 0: none */
};

static bool put(void *context, const void *data, size_t bytes)
{
    struct file *f = context;
    ck_assert(!f->refused_from || f->pieces < f->refused_from);
    if (++f->pieces == f->refused_from)
        return false;
    ck_assert_uint_le(f->bytes + bytes, sizeof f->data);
    memcpy(f->data + f->bytes, data, bytes);
    f->bytes += bytes;
    return true;
}

static uint64_t word_at(const struct file *f, size_t at)
{
    uint64_t word;
    memcpy(&word, f->data + at, sizeof word);
    return word;
}

static uint64_t record_word(const struct file *f, uint64_t i, unsigned word)
{
    uint32_t names;
    memcpy(&names, f->data + NAMES_AT, sizeof names);
    return word_at(f, HEAD + names + i * sizeof(struct flue_record) + word * sizeof(uint64_t));
}

static struct file *written(void)
{
    static struct file f;
    memset(&f, 0, sizeof f);
    ck_assert(flue_recorder_write(&recorder, target()->spec, put, &f));
    return &f;
}

/* ---- Tests ------------------------ */

static void expect_same(const struct file *f, uint64_t i, const struct flue_trace *s)
{
    const uint64_t said = record_word(f, i, 3), detail = record_word(f, i, 2);
    ck_assert_uint_eq(record_word(f, i, 0), i);
    ck_assert_uint_eq(record_word(f, i, 1), s->name);
    ck_assert_uint_eq(s->name ? (uint32_t)s->name : FLUE_NONE, s->index);
    ck_assert_uint_eq((uint32_t)said, s->request);
    ck_assert_uint_eq(said >> 32 & 255, s->what);
    ck_assert_uint_eq(said >> 40 & 255, s->operation);
    if (s->what == FLUE_TRACE_STEP) {
        ck_assert_uint_eq(detail & 255, s->event);
        ck_assert_uint_eq(detail >> 8 & 255, s->old_state);
        ck_assert_uint_eq(detail >> 16 & 255, s->state);
        ck_assert_uint_eq(detail >> 32, s->arm);
    } else
        ck_assert_uint_eq(detail, s->cookie);
    if (s->what == FLUE_TRACE_COMMAND || s->what == FLUE_TRACE_ANSWER)
        ck_assert_uint_eq(said >> 48 & 255, s->command);
    if (s->what == FLUE_TRACE_ANSWER)
        ck_assert_uint_eq(said >> 56, s->result);
    if (s->what == FLUE_TRACE_STATUS)
        ck_assert_uint_eq(said >> 48 & 255, s->status);
    if (s->what == FLUE_TRACE_RESET)
        ck_assert_uint_eq(said >> 48 & 255, s->state);
}

/* Updates good and bad, a reset, what is restored after it; the log is not emptied between. */
static void live(void)
{
    struct chimney_node *node = mac_update(w, 0, 0x11);
    chimney_update(w->s, node);
    scripted_poll(w->s);
    scripted_answer(w->s, w->s->answered++, CHIMNEY_RESULT_FAILURE);
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
    chimney_update(w->s, mtu_update(w, 1, 900));
    scripted_poll(w->s);
    flue_reset_begin(target());
    flue_reset_end(target());
    scripted_poll(w->s);
    scripted_answer_all(w->s, CHIMNEY_RESULT_OK);
}

START_TEST(every_step_that_the_hook_sees_is_kept)
{
    open_world(MANY);
    live();
    const struct file *f = written();
    ck_assert_uint_gt(flue_recorder_count(&recorder), 100);
    ck_assert_uint_eq(word_at(f, FIRST_AT), 0);
    ck_assert_uint_eq(word_at(f, COUNT_AT), flue_recorder_count(&recorder));
    /* The hook's log began later: world_open() empties it. */
    const uint64_t before = flue_recorder_count(&recorder) - w->s->trace_count;
    for (unsigned i = 0; i < w->s->trace_count; i++)
        expect_same(f, before + i, &w->s->trace[i]);
    world_close(w);
}
END_TEST

/* Each answer has the cookie of a command that went before, and no other; so if it never came. */
START_TEST(an_answer_names_its_command)
{
    open_world(MANY);
    live();
    chimney_update(w->s, mtu_update(w, 0, 1280));
    scripted_poll(w->s);
    flue_tick(target(), 1000);
    scripted_poll(w->s);
    unsigned answers = 0, lost = 0;
    for (unsigned i = 0; i < w->s->trace_count; i++) {
        const struct flue_trace *answer = &w->s->trace[i];
        unsigned commands = 0;
        for (unsigned j = 0; answer->what == FLUE_TRACE_ANSWER && j < i; j++) {
            const struct flue_trace *command = &w->s->trace[j];
            if (command->what == FLUE_TRACE_COMMAND && command->cookie == answer->cookie) {
                ck_assert_uint_eq(command->name, answer->name);
                ck_assert_uint_eq(command->command, answer->command);
                commands++;
            }
        }
        ck_assert_uint_eq(commands, answer->what == FLUE_TRACE_ANSWER);
        answers += commands;
        lost += commands && answer->result == FLUE_RESULT_TIMEOUT && answer->command != 0;
    }
    ck_assert_uint_gt(answers, 4);
    ck_assert_uint_gt(lost, 0);
    world_close(w);
}
END_TEST

START_TEST(what_is_written_over_is_counted)
{
    open_world(FEW);
    live();
    const struct file *f = written();
    const uint64_t all = flue_recorder_count(&recorder);
    ck_assert_uint_eq(word_at(f, COUNT_AT), FEW - 1);
    ck_assert_uint_eq(word_at(f, FIRST_AT), all - (FEW - 1));
    for (unsigned i = 0; i < FEW - 1; i++)
        ck_assert_uint_eq(record_word(f, i, 0), all - (FEW - 1) + i);
    world_close(w);
}
END_TEST

START_TEST(a_write_that_fails_is_the_last)
{
    open_world(FEW);
    const unsigned pieces = written()->pieces;
    const unsigned fails[] = {1, 2, 3, pieces / 2, pieces - 2, pieces - 1, pieces};
    for (unsigned n = 0; n < sizeof fails / sizeof *fails; n++) {
        static struct file f;
        const unsigned i = fails[n];
        memset(&f, 0, sizeof f);
        f.refused_from = i;
        ck_assert(!flue_recorder_write(&recorder, target()->spec, put, &f));
        ck_assert_uint_eq(f.pieces, i);
    }
    world_close(w);
}
END_TEST

START_TEST(what_cannot_be_a_recorder_is_refused)
{
    struct flue_recorder r;
    const size_t one = sizeof *records;
    ck_assert(!flue_recorder_init(&r, NULL, 2 * one, NULL, NULL, 1));
    ck_assert(!flue_recorder_init(&r, records, 2 * one - 1, NULL, NULL, 1));
    ck_assert(!flue_recorder_init(&r, (char *)records + 4, 2 * one, NULL, NULL, 1));
    ck_assert(!flue_recorder_init(&r, records, 2 * one, NULL, NULL, 0));
    const struct {
        size_t bytes;
        uint32_t mask;
    } rounded[] = {{2 * one, 1}, {3 * one, 1}, {7 * one, 3}, {8 * one, 7}};
    for (unsigned i = 0; i < sizeof rounded / sizeof *rounded; i++) {
        ck_assert(flue_recorder_init(&r, records, rounded[i].bytes, NULL, NULL, 1));
        ck_assert_uint_eq(r.mask, rounded[i].mask);
    }
}
END_TEST

/* ---- Read while it is written to ------------------------ */

static _Atomic bool over;
static _Atomic uint64_t whole;

/* The clock is the number of records: one whose time is another is made of two. */
static void *read_on(void *nothing)
{
    static struct file f;
    while (!atomic_load(&over)) {
        memset(&f, 0, sizeof f);
        flue_recorder_write(&recorder, target()->spec, put, &f);
        for (uint64_t i = 0; i < word_at(&f, COUNT_AT); i++) {
            if ((record_word(&f, i, 3) >> 32 & 255) == FLUE_RECORD_LOST)
                continue;
            ck_assert_uint_eq(record_word(&f, i, 0), word_at(&f, FIRST_AT) + i);
            ck_assert_uint_le(record_word(&f, i, 3) >> 32 & 255, FLUE_TRACE_RESET);
            atomic_fetch_add(&whole, 1);
        }
    }
    return nothing;
}

START_TEST(it_can_be_read_while_it_is_written_to)
{
    open_world(MOST);
    pthread_t reader;
    atomic_store(&over, false);
    ck_assert_int_eq(pthread_create(&reader, NULL, read_on, NULL), 0);
    struct chimney_node *node = mtu_update(w, 0, 600);
    for (unsigned i = 0; flue_recorder_count(&recorder) < 3 * MOST || atomic_load(&whole) < 2000;
         i++) {
        run(w, chimney_update, node);
        if (i % 1000 == 0)
            world_forget_log(w);
    }
    atomic_store(&over, true);
    ck_assert_int_eq(pthread_join(reader, NULL), 0);
    world_close(w);
}
END_TEST

int main(void)
{
    return RUN_TESTS("runtime_recorder", NULL, NULL, every_step_that_the_hook_sees_is_kept,
                     an_answer_names_its_command, what_is_written_over_is_counted,
                     a_write_that_fails_is_the_last, what_cannot_be_a_recorder_is_refused,
                     it_can_be_read_while_it_is_written_to);
}
