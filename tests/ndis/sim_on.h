/* SPDX-License-Identifier: BSD-2-Clause */
/* sim_on.h: what both drivers need where a test for the software NIC runs through them. */
#ifndef SIM_ON_H
#define SIM_ON_H

#define ENTRIES_ARE_HERE
#include <stdlib.h>

#include "device.h"
#include "entries.h"

/* All that a test configures goes by the registry, as an administrator would do it. */
void sim_on_config(const struct sim_config *config);

#endif
