/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stdatomic.h for a kernel: C11's names for the compiler's builtins.
 *
 * The compiler's own header does not go together with a kernel's: both have an atomic_fetch_add(),
 * with the arguments the other way round. So the names that both have are missing here, and the
 * runtime uses none of them.
 */
#ifndef FLUE_KERNEL_STDATOMIC_H
#define FLUE_KERNEL_STDATOMIC_H

#define ATOMIC_INT_LOCK_FREE __GCC_ATOMIC_INT_LOCK_FREE
#define ATOMIC_LONG_LOCK_FREE __GCC_ATOMIC_LONG_LOCK_FREE
#define ATOMIC_LLONG_LOCK_FREE __GCC_ATOMIC_LLONG_LOCK_FREE
#define ATOMIC_POINTER_LOCK_FREE __GCC_ATOMIC_POINTER_LOCK_FREE

typedef enum {
    memory_order_relaxed = __ATOMIC_RELAXED,
    memory_order_acquire = __ATOMIC_ACQUIRE,
    memory_order_release = __ATOMIC_RELEASE,
    memory_order_acq_rel = __ATOMIC_ACQ_REL,
    memory_order_seq_cst = __ATOMIC_SEQ_CST
} memory_order;

typedef _Atomic(_Bool) atomic_bool;

#ifdef __clang__
#define FLUE_BUILTIN(name) __c11_atomic_##name
#define FLUE_BUILTIN_N(name) __c11_atomic_##name
#define FLUE_EXCHANGE(at, old, value, weak, good, bad) \
    __c11_atomic_compare_exchange_##weak(at, old, value, good, bad)
#else
#define FLUE_BUILTIN(name) __atomic_##name
#define FLUE_BUILTIN_N(name) __atomic_##name##_n
#define FLUE_IS_strong 0
#define FLUE_IS_weak 1
#define FLUE_EXCHANGE(at, old, value, weak, good, bad) \
    __atomic_compare_exchange_n(at, old, value, FLUE_IS_##weak, good, bad)
#endif

#define atomic_load_explicit(at, order) FLUE_BUILTIN_N(load)(at, order)
#define atomic_store_explicit(at, value, order) FLUE_BUILTIN_N(store)(at, value, order)
#define atomic_exchange_explicit(at, value, order) FLUE_BUILTIN_N(exchange)(at, value, order)
#define atomic_fetch_add_explicit(at, value, order) FLUE_BUILTIN(fetch_add)(at, value, order)
#define atomic_compare_exchange_strong_explicit(at, old, value, good, bad) \
    FLUE_EXCHANGE(at, old, value, strong, good, bad)
#define atomic_compare_exchange_weak_explicit(at, old, value, good, bad) \
    FLUE_EXCHANGE(at, old, value, weak, good, bad)

#define atomic_init(at, value) atomic_store_explicit(at, value, __ATOMIC_RELAXED)
#define atomic_load(at) atomic_load_explicit(at, __ATOMIC_SEQ_CST)
#define atomic_store(at, value) atomic_store_explicit(at, value, __ATOMIC_SEQ_CST)
#define atomic_exchange(at, value) atomic_exchange_explicit(at, value, __ATOMIC_SEQ_CST)
#define atomic_compare_exchange_strong(at, old, value) \
    atomic_compare_exchange_strong_explicit(at, old, value, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)
#define atomic_compare_exchange_weak(at, old, value) \
    atomic_compare_exchange_weak_explicit(at, old, value, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)

#endif
