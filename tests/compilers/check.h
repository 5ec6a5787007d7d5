/* SPDX-License-Identifier: BSD-2-Clause */
/* check.h: as much of Check as a generated suite needs, where there is no Check for a machine. */
#ifndef SHIM_CHECK_H
#define SHIM_CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void (*shim_test)(int);
typedef struct shim_case {
    void (*setup)(void), (*teardown)(void);
    struct {
        shim_test run;
        int first, end;
    } tests[16];
    int count;
} TCase;
typedef TCase Suite;
typedef TCase SRunner;
enum { CK_NOFORK, CK_NORMAL };

#define ck_assert_msg(condition, ...)                                                             \
    ((condition) ? (void)0                                                                        \
                 : (fprintf(stderr, "%s:%d: ", __FILE__, __LINE__), fprintf(stderr, __VA_ARGS__), \
                    fputc('\n', stderr), exit(1)))
#define ck_assert(condition) ck_assert_msg(condition, "%s", #condition)
#define ck_abort_msg(...) ck_assert_msg(0, __VA_ARGS__)
#define ck_assert_uint_eq(a, b) ck_assert((a) == (b))
#define ck_assert_str_eq(a, b) ck_assert(strcmp(a, b) == 0)
#define START_TEST(name)     \
    static void name(int _i) \
    {                        \
        (void)_i;
#define END_TEST }

static TCase shim_case;

static inline TCase *tcase_create(const char *name)
{
    (void)name;
    return &shim_case;
}

static inline Suite *suite_create(const char *name)
{
    return tcase_create(name);
}

static inline SRunner *srunner_create(Suite *suite)
{
    return suite;
}

static inline void suite_add_tcase(Suite *suite, TCase *tests)
{
    (void)suite, (void)tests;
}

static inline void srunner_set_fork_status(SRunner *runner, int status)
{
    (void)runner, (void)status;
}

static inline void tcase_add_checked_fixture(TCase *tests, void (*setup)(void),
                                             void (*teardown)(void))
{
    tests->setup = setup;
    tests->teardown = teardown;
}

static inline void tcase_add_loop_test(TCase *tests, shim_test run, int first, int end)
{
    ck_assert(tests->count < 16);
    tests->tests[tests->count].run = run;
    tests->tests[tests->count].first = first;
    tests->tests[tests->count++].end = end;
}

static inline void tcase_add_test(TCase *tests, shim_test run)
{
    tcase_add_loop_test(tests, run, 0, 1);
}

/* A test that fails ends the program; so whoever comes to the end has none. */
static inline void srunner_run_all(SRunner *runner, int verbosity)
{
    (void)verbosity;
    for (int t = 0; t < runner->count; t++)
        for (int i = runner->tests[t].first; i < runner->tests[t].end; i++) {
            runner->setup();
            runner->tests[t].run(i);
            runner->teardown();
        }
}

static inline int srunner_ntests_failed(SRunner *runner)
{
    return runner->count ? 0 : 1;
}

static inline void srunner_free(SRunner *runner)
{
    (void)runner;
}

#endif
