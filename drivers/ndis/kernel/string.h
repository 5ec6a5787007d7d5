/* SPDX-License-Identifier: BSD-2-Clause */
/* string.h, as far as runtime and NIC need one: the kernel exports all five. */
#ifndef NDIS_STRING_H
#define NDIS_STRING_H

#include <stddef.h>

void *memcpy(void *to, const void *from, size_t bytes);
void *memmove(void *to, const void *from, size_t bytes);
void *memset(void *to, int value, size_t bytes);
int memcmp(const void *left, const void *right, size_t bytes);
int strcmp(const char *left, const char *right);

#endif
