/* SPDX-License-Identifier: BSD-2-Clause */
/* processors.h: what DPCs have to know of two processors. */
#ifndef MOCK_PROCESSORS_H
#define MOCK_PROCESSORS_H

#include "mock.h"

extern volatile bool mock_dpc_runs;
/* There are two, and this is the one that runs no DPCs; it gives its turn away for a while. */
bool mock_is_second(void);
void mock_let_run(void);

#endif
