/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel_ticks: kHz of this machine's time stamp counter, which is the guest's, too. A guest that
 * measured it itself while the machine is busy would have a clock that runs many times too fast.
 */
#include <stdio.h>
#include <time.h>
#include <x86intrin.h>

#define MS 200
#define NS_PER_MS 1000000LL

static long long now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC_RAW, &t);
    return t.tv_sec * 1000 * NS_PER_MS + t.tv_nsec;
}

int main(void)
{
    const long long began = now();
    const unsigned long long from = __rdtsc();
    long long passed;
    do
        passed = now() - began;
    while (passed < MS * NS_PER_MS);
    printf("%llu\n", (__rdtsc() - from) * NS_PER_MS / (unsigned long long)passed);
    return 0;
}
