/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check.h, as much of Check as a suite needs that is compiled for Windows, where Debian has none.
 * The first assertion that fails ends the program, with exit status 1.
 */
#ifndef NDIS_CHECK_H
#define NDIS_CHECK_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *name;
    void (*run)(int _i);
} TTest;

typedef struct Suite Suite;
typedef struct TCase TCase;
typedef struct SRunner SRunner;
enum { CK_NORMAL };

#define START_TEST(name)                                  \
    static void name##_run(int _i);                       \
    static const TTest name##_test = {#name, name##_run}; \
    static const TTest *const name = &name##_test;        \
    static void name##_run(int _i)                        \
    {                                                     \
        (void)_i;
#define END_TEST }

Suite *suite_create(const char *name);
TCase *tcase_create(const char *name);
void suite_add_tcase(Suite *suite, TCase *cases);
void tcase_add_checked_fixture(TCase *cases, void (*setup)(void), void (*teardown)(void));
void tcase_add_loop_test(TCase *cases, const TTest *test, int start, int end);
#define tcase_add_test(cases, test) tcase_add_loop_test((cases), (test), 0, 1)
SRunner *srunner_create(Suite *suite);
void srunner_run_all(SRunner *runner, int mode);
int srunner_ntests_failed(SRunner *runner);
void srunner_free(SRunner *runner);

void check_failed(const char *file, int line, const char *what) __attribute__((noreturn));
void check_numbers(const char *file, int line, const char *what, long long left, long long right)
    __attribute__((noreturn));

#define ck_assert(condition) ((condition) ? (void)0 : check_failed(__FILE__, __LINE__, #condition))
#define CHECK_NUMBERS(type, left, operator, right)                                             \
    do {                                                                                       \
        const type left_ = (type)(left), right_ = (type)(right);                               \
        if (!(left_ operator right_))                                                          \
            check_numbers(__FILE__, __LINE__, #left " " #operator" " #right, (long long)left_, \
                          (long long)right_);                                                  \
    } while (0)
#define ck_assert_int_eq(left, right) CHECK_NUMBERS(intmax_t, left, ==, right)
#define ck_assert_int_ne(left, right) CHECK_NUMBERS(intmax_t, left, !=, right)
#define ck_assert_uint_eq(left, right) CHECK_NUMBERS(uintmax_t, left, ==, right)
#define ck_assert_uint_ne(left, right) CHECK_NUMBERS(uintmax_t, left, !=, right)
#define ck_assert_uint_ge(left, right) CHECK_NUMBERS(uintmax_t, left, >=, right)
#define ck_assert_uint_le(left, right) CHECK_NUMBERS(uintmax_t, left, <=, right)
#define ck_assert_uint_lt(left, right) CHECK_NUMBERS(uintmax_t, left, <, right)
#define ck_assert_uint_gt(left, right) CHECK_NUMBERS(uintmax_t, left, >, right)
#define ck_assert_ptr_eq(left, right) ck_assert((const void *)(left) == (const void *)(right))
#define ck_assert_ptr_nonnull(pointer) ck_assert((pointer) != NULL)
#define ck_assert_mem_eq(left, right, bytes) ck_assert(memcmp((left), (right), (bytes)) == 0)

#endif
