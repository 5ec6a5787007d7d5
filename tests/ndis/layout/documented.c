/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The cached state of a connection as the documentation declares it, whose offsets follow from the
 * bit-field rules of Microsoft's compilers alone. The generated structure has the same offsets by
 * any rules.
 */
#include <stddef.h>

#include "chimney_host.h"

struct documented {
    uint32_t Length, RecognizedOptions;
    uint16_t Flags;
    uint32_t InitialRcvWnd, RcvIndicationSize;
    uint8_t KaProbeCount;
    uint32_t KaTimeout, KaInterval, MaxRT;
    uint32_t FlowLabel : 20;
    uint8_t TtlOrHopLimit, TosOrTrafficClass;
    uint8_t UserPriority : 3;
};

#define SAME(member)                                                       \
    CHIMNEY_STATIC_ASSERT(offsetof(struct documented, member) ==           \
                              offsetof(struct chimney_tcp_cached, member), \
                          #member)
SAME(Flags);
SAME(InitialRcvWnd);
SAME(KaProbeCount);
SAME(MaxRT);
SAME(TtlOrHopLimit);
SAME(TosOrTrafficClass);
CHIMNEY_STATIC_ASSERT(sizeof(struct documented) == sizeof(struct chimney_tcp_cached), "size");
