/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cortex_m.c: atomic words of 64 bits for Cortex-M, whose instructions have none (LDREXD is not
 * of the M profile: Armv7-M Architecture Reference Manual, A2.2 and A4.8).
 *
 * gcc and clang call these functions by name where no single instruction does the access. Each
 * masks interrupts for some ten instructions, by PRIMASK, so that handlers and the code that they
 * interrupt see whole words. That holds on one core; two that share memory need a spin lock of
 * their hardware in `mask` and `unmask` as well. Unprivileged code cannot write PRIMASK.
 *
 * Compile the runtime with FLUE_WORDS_BY_CALLS, and link this file.
 */

#include <stdbool.h>
#include <stdint.h>

/* The names are the compiler's, whose own declarations differ in what they allow. */
uint64_t flue_load_8(const volatile void *word, int order) __asm__("__atomic_load_8");
void flue_store_8(volatile void *word, uint64_t value, int order) __asm__("__atomic_store_8");
uint64_t flue_exchange_8(volatile void *word, uint64_t value,
                         int order) __asm__("__atomic_exchange_8");
uint64_t flue_fetch_add_8(volatile void *word, uint64_t more,
                          int order) __asm__("__atomic_fetch_add_8");
bool flue_compare_exchange_8(volatile void *word, void *expected, uint64_t desired, bool weak,
                             int good, int bad) __asm__("__atomic_compare_exchange_8");

/* Returns what the mask was: calls nest, and a handler may be the caller. */
static inline uint32_t mask(void)
{
    uint32_t was;
    __asm__ volatile("mrs %0, primask\n\tcpsid i" : "=r"(was) : : "memory");
    return was;
}

static inline void unmask(uint32_t was)
{
    __asm__ volatile("msr primask, %0" : : "r"(was) : "memory");
}

uint64_t flue_load_8(const volatile void *word, int order)
{
    (void)order;
    uint32_t was = mask();
    uint64_t value = *(const volatile uint64_t *)word;
    unmask(was);
    return value;
}

uint64_t flue_exchange_8(volatile void *word, uint64_t value, int order)
{
    (void)order;
    uint32_t was = mask();
    uint64_t before = *(volatile uint64_t *)word;
    *(volatile uint64_t *)word = value;
    unmask(was);
    return before;
}

void flue_store_8(volatile void *word, uint64_t value, int order)
{
    (void)flue_exchange_8(word, value, order);
}

uint64_t flue_fetch_add_8(volatile void *word, uint64_t more, int order)
{
    (void)order;
    uint32_t was = mask();
    uint64_t before = *(volatile uint64_t *)word;
    *(volatile uint64_t *)word = before + more;
    unmask(was);
    return before;
}

bool flue_compare_exchange_8(volatile void *word, void *expected, uint64_t desired, bool weak,
                             int good, int bad)
{
    (void)weak, (void)good, (void)bad;
    uint32_t was = mask();
    uint64_t found = *(volatile uint64_t *)word;
    bool same = found == *(uint64_t *)expected;
    if (same)
        *(volatile uint64_t *)word = desired;
    else
        *(uint64_t *)expected = found;
    unmask(was);
    return same;
}
