/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * suite.h: the main() of a Check program, in one call.
 *
 *     example
 *     int main(void)
 *     {
 *         return RUN_TESTS("update", setup, teardown, a_new_mac_is_one_command);
 *     }
 */
#ifndef SUITE_H
#define SUITE_H

#include <check.h>
#include <stddef.h>
#include <stdlib.h>

static inline int run_suite(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

static inline int run_tests(const char *name, void (*setup)(void), void (*teardown)(void),
                            const TTest *const *tests, size_t count)
{
    Suite *suite = suite_create(name);
    TCase *cases = tcase_create(name);
    tcase_add_checked_fixture(cases, setup, teardown);
    for (size_t i = 0; i < count; i++)
        tcase_add_test(cases, tests[i]);
    suite_add_tcase(suite, cases);
    return run_suite(suite);
}

#define RUN_TESTS(name, setup, teardown, ...)                                   \
    run_tests((name), (setup), (teardown), (const TTest *const[]){__VA_ARGS__}, \
              sizeof((const TTest *const[]){__VA_ARGS__}) / sizeof(const TTest *))

#endif
