# SPDX-License-Identifier: BSD-2-Clause
"""Intermediate drivers that are wrong at the host's edge: in what they offer and answer, and at the end."""

from __future__ import annotations

from mutant import Mutant

HEAD = '#include "im.h"\n'


def offers(name: str, *edits: tuple[str, str]) -> Mutant:
    """More than there is, or the host does not hear of it."""
    return Mutant(name, "", "capabilities.c", edits)


MUTANTS_IM_EDGE = [
    offers(
        "the registry's room",
        ("        all->connections = has.connections;\n", "        (void)0;\n"),
    ),
    offers("what the last of them has", ("    all->services &= ", "    all->services = ")),
    Mutant(
        "nobody hears of other capabilities",
        "",
        "failover.c",
        (("capabilities_changed(im) || ", ""),),
    ),
    Mutant(
        "statistics of nobody",
        "",
        "requests.c",
        (
            (
                "        return any || !bad ? general_fill",
                "        return any || bad ? general_fill",
            ),
        ),
    ),
    Mutant(
        "frames in a pause are like others",
        "",
        "upper.c",
        (("atomic_load(&im->paused_above) ? NDIS_STATUS_PAUSED : ", ""),),
    ),
    Mutant(
        "the timer stays",
        "timer",
        "adapter.c",
        (("    NdisCancelTimerObject(im->timer);\n", ""),),
    ),
    Mutant(
        "a DPC of what is freed",
        "freed",
        "adapter.c",
        (("    free(the_im);\n", "    poll_soon(the_im);\n    free(the_im);\n"),),
    ),
    Mutant(
        "freed twice",
        "memory",
        "adapter.c",
        (("    free(im->jobs);\n", "    free(im->jobs);\n    free(im->jobs);\n"),),
    ),
    Mutant(
        "the mocks' turn is taken, and kept",
        "turn",
        "driver.c",
        (
            (HEAD, HEAD + "IMPORT bool mock_turn_begins(void);\n"),
            ("    (void)driver_object;\n", "    (void)driver_object;\n    mock_turn_begins();\n"),
        ),
    ),
]
