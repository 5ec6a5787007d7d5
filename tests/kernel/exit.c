/* SPDX-License-Identifier: BSD-2-Clause */
/* kernel_exit STATUS: ends QEMU from inside, by its isa-debug-exit, with 2 * STATUS + 1. */
#include <stdlib.h>
#include <sys/io.h>

#define PORT 0xf4

int main(int argc, char **argv)
{
    if (ioperm(PORT, 1, 1))
        return 1;
    outb((unsigned char)(argc > 1 ? atoi(argv[1]) : 0), PORT);
    return 1;
}
