/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * checked.h: put before all of the generated code in a checked build, which asserts at which level
 * it runs: a call that comes above stops the system, as Driver Verifier would.
 */
#ifndef NDIS_CHECKED_H
#define NDIS_CHECKED_H

#include <stdint.h>

__declspec(dllimport) uint8_t KeGetCurrentIrql(void);
__declspec(dllimport) _Noreturn void KeBugCheckEx(uint32_t code, uintptr_t parameter1,
                                                  uintptr_t parameter2, uintptr_t parameter3,
                                                  uintptr_t parameter4);

enum {
    PASSIVE_LEVEL = 0,
    DISPATCH_LEVEL = 2,
    DRIVER_IRQL_NOT_LESS_OR_EQUAL = 0xd1,
    WAS_EXECUTED = 8
};

/* By the parameters of that code: where, at which level, and what was done there. */
#define FLUE_ASSERT_RUNS_IN(level)                                                        \
    (KeGetCurrentIrql() <= (level)                                                        \
         ? (void)0                                                                        \
         : KeBugCheckEx(DRIVER_IRQL_NOT_LESS_OR_EQUAL, (uintptr_t)(const void *)__func__, \
                        KeGetCurrentIrql(), WAS_EXECUTED, (uintptr_t)(level)))

#endif
