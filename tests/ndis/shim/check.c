/* SPDX-License-Identifier: BSD-2-Clause */
/* One suite with one case, its tests one after the other in this process. */
#include "check.h"

enum { MOST = 256 };

struct TCase {
    void (*setup)(void), (*teardown)(void);
    struct {
        const TTest *test;
        int start, end;
    } tests[MOST];
    unsigned count;
};

static TCase only;
static const char *running = "nothing";

void check_failed(const char *file, int line, const char *what)
{
    printf("%s:%d: %s: %s\n", file, line, running, what);
    fflush(stdout);
    exit(EXIT_FAILURE);
}

void check_numbers(const char *file, int line, const char *what, long long left, long long right)
{
    printf("%s:%d: %s: %s: %lld and %lld\n", file, line, running, what, left, right);
    fflush(stdout);
    exit(EXIT_FAILURE);
}

Suite *suite_create(const char *name)
{
    printf("%s\n", name);
    return (Suite *)&only;
}

TCase *tcase_create(const char *name)
{
    (void)name;
    return &only;
}

void suite_add_tcase(Suite *suite, TCase *cases)
{
    (void)suite;
    (void)cases;
}

void tcase_add_checked_fixture(TCase *cases, void (*setup)(void), void (*teardown)(void))
{
    cases->setup = setup;
    cases->teardown = teardown;
}

void tcase_add_loop_test(TCase *cases, const TTest *test, int start, int end)
{
    if (cases->count == MOST)
        check_failed(__FILE__, __LINE__, "there are too many tests");
    cases->tests[cases->count].test = test;
    cases->tests[cases->count].start = start;
    cases->tests[cases->count++].end = end;
}

SRunner *srunner_create(Suite *suite)
{
    return (SRunner *)suite;
}

void srunner_run_all(SRunner *runner, int mode)
{
    unsigned runs = 0;
    (void)runner;
    (void)mode;
    for (unsigned t = 0; t < only.count; t++)
        for (int i = only.tests[t].start; i < only.tests[t].end; i++, runs++) {
            running = only.tests[t].test->name;
            if (only.setup)
                only.setup();
            only.tests[t].test->run(i);
            if (only.teardown)
                only.teardown();
        }
    printf("%u of %u: good\n", runs, runs);
}

/* One that fails ends the program. */
int srunner_ntests_failed(SRunner *runner)
{
    (void)runner;
    return only.count == 0;
}

void srunner_free(SRunner *runner)
{
    (void)runner;
}
