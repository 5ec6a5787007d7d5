/* SPDX-License-Identifier: BSD-2-Clause */
/* contexts.h: put before generated code, so that its assertions are counted by test_contexts.c. */
#ifndef CONTEXTS_H
#define CONTEXTS_H

enum { PASSIVE_LEVEL = 0, DISPATCH_LEVEL = 2, DEVICE_LEVEL = 5 };

extern int level; /* at which all runs */
extern unsigned asserted, violated;

#define FLUE_ASSERT_RUNS_IN(most) ((void)(asserted++, violated += level > (most)))

#endif
