/* SPDX-License-Identifier: BSD-2-Clause */
/* processors.h: what DPCs have to know of the processors that run them. */
#ifndef MOCK_PROCESSORS_H
#define MOCK_PROCESSORS_H

#include "mock.h"

enum { MOCK_PROCESSORS = 3 }; /* of those that run DPCs, at most */

extern volatile unsigned mock_dpcs_running;
/* Others run the DPCs, and this is none of them; it gives its turn away for a while. */
bool mock_is_harness(void);
void mock_let_run(void);
/* This processor runs the DPC of that number. */
bool mock_runs_here(uint64_t dpc);

#endif
