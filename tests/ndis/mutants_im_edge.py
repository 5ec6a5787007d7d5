# SPDX-License-Identifier: BSD-2-Clause
"""Intermediate drivers that are wrong at the host's edge: in what they offer, and answer."""

from __future__ import annotations

from mutant import Mutant


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
]
