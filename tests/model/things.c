/* SPDX-License-Identifier: BSD-2-Clause */
/* The objects that the host may offload: how many of each kind, and how they are told apart. */
#include "model.h"

void model_open(struct model *m)
{
    static const uint32_t counts[] = {NEIGHBORS, PATHS, TCPS};
    for (uint8_t kind = 0; kind < CHIMNEY_KINDS; kind++) {
        m->count[kind] = counts[kind];
        for (uint8_t i = 0; i < counts[kind]; i++) {
            m->things[kind][i].kind = kind;
            m->things[kind][i].number = i;
            m->things[kind][i].ipv6 = kind == CHIMNEY_PATH && i % 2 == 1;
        }
    }
}
