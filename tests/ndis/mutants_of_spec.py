# SPDX-License-Identifier: BSD-2-Clause
"""Drivers that histories of the spec must find; most of them are good enough for the story."""

from __future__ import annotations

from mutant import Mutant

MUTANTS_OF_SPEC = [
    Mutant(
        "a reset, and the NIC forgets nothing",
        "",
        "poll.c",
        (("    sim_forget(a->nic);\n", ""),),
    ),
    Mutant(
        "a removal, and DMA never stops",
        "",
        "poll.c",
        (("    flue_dma_stopped(target);\n", ""),),
    ),
    Mutant(
        "the DPC is not queued again",
        "",
        "poll.c",
        (("    if (work(a))\n        poll_soon(a);\n", "    if (work(a))\n        ;\n"),),
    ),
    Mutant(
        "the runtime wakes nobody",
        "",
        "nic_of_spec.c",
        (("    if (nic->ring)\n        nic->ring(nic->owner);\n", ""),),
    ),
    Mutant(
        "nothing is done while it is paused",
        "",
        "poll.c",
        (
            (
                "    const bool more = sim_service(a->nic) || data;\n",
                "    const bool more = !a->paused && (sim_service(a->nic) || data);\n",
            ),
        ),
    ),
    Mutant(
        "a reset that is wanted is not asked for",
        "",
        "state.c",
        (("    atomic_store(&adapter_of(nic)->reset_wanted, true);\n", "    (void)nic;\n"),),
    ),
    Mutant(
        "a reset that is wanted is asked for for ever",
        "",
        "state.c",
        (("    atomic_store(&a->reset_wanted, false);\n", ""),),
    ),
]
