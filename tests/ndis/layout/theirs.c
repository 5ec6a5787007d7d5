/* SPDX-License-Identifier: BSD-2-Clause */
/* The headers of mingw-w64, as far as they know the same. */
#define NDIS_SUPPORT_NDIS6 1
#define NDIS_SUPPORT_NDIS61 1
#include <ddk/wdm.h>
#include <ntddndis.h>
#include <stddef.h>

#include "numbers.h"
