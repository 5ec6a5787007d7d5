/* SPDX-License-Identifier: BSD-2-Clause */
/* The drivers' own headers. */
#include "ndis6_im.h"

#include "numbers.h"
