/* SPDX-License-Identifier: BSD-2-Clause */
/* vectors.c: the first words of QEMU's mps2-an385; all else is newlib's, by semihosting. */

extern char top_of_stack[];
void _start(void);

/* Any fault: locked up, and QEMU ends with a status. */
static void fault(void)
{
    __asm__ volatile("cpsid i\n\tudf #0");
}

__attribute__((section(".vectors"), used)) static void (*const vectors[16])(void) = {
    (void (*)(void))(void *)top_of_stack, _start, fault, fault, fault, fault, fault,
};
