/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver's own header. */
#include "ndis6.h"

#include "numbers.h"
