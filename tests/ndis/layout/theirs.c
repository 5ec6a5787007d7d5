/* SPDX-License-Identifier: BSD-2-Clause */
/* The headers of mingw-w64, as far as they know the same. */
#define NDIS_SUPPORT_NDIS6 1
#define NDIS_SUPPORT_NDIS61 1
#include <ddk/wdm.h>
#include <ntddndis.h>
#include <stddef.h>

/* Older names: TCP is the only protocol there is. */
#define NDIS_OBJECT_TYPE_CLIENT_CHIMNEY_OFFLOAD_TCP_CHARACTERISTICS \
    NDIS_OBJECT_TYPE_CLIENT_CHIMNEY_OFFLOAD_CHARACTERISTICS
#define NDIS_OBJECT_TYPE_PROVIDER_CHIMNEY_OFFLOAD_TCP_CHARACTERISTICS \
    NDIS_OBJECT_TYPE_PROVIDER_CHIMNEY_OFFLOAD_CHARACTERISTICS

#include "numbers.h"
