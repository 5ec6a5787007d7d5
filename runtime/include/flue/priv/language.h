/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * flue/priv/language.h: what C and C++ say differently in the headers that a driver includes.
 *
 * The library is C, and C++ sees its structures with the same layout. There an atomic member can
 * be read, as the counters of flue_target_shared_stats() are, and no more: the others belong to the
 * library. It is no std::atomic, since kernels and firmware have no C++ library; so that a target
 * needs no constructor; and since C and C++ libraries need not agree on what an atomic looks like.
 */
#ifndef FLUE_PRIV_LANGUAGE_H
#define FLUE_PRIV_LANGUAGE_H

#ifdef __cplusplus

#define FLUE_STATIC_ASSERT(condition, text) static_assert(condition, text)
#define FLUE_ATOMIC(type) flue_atomic<type>

template <typename T> struct flue_atomic {
    alignas(sizeof(T)) T flue_value;

    operator T() const
    {
        return __atomic_load_n(&flue_value, __ATOMIC_SEQ_CST);
    }
};

#else

#include <stdatomic.h>

#define FLUE_STATIC_ASSERT(condition, text) _Static_assert(condition, text)
#define FLUE_ATOMIC(type) _Atomic(type)

#endif

FLUE_STATIC_ASSERT(sizeof(FLUE_ATOMIC(void *)) == sizeof(void *), "an atomic is as large as it is");

#endif
