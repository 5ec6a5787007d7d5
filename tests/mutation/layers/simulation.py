# SPDX-License-Identifier: BSD-2-Clause
"""Histories: the seed that fails, and how much of its history is necessary if that is soon known."""

from __future__ import annotations

from mutation.layers import ALWAYS, Layer, Said
from mutation.layers.programs import first, run

SHRINKING = 20  # seconds; where a history hangs, each trial takes its time
BESIDE = 2000  # histories where this is not the layer that must find it


def _histories(copy) -> int:
    mutant, most = copy.mutant, copy.options.histories
    meant = LAYER.name in mutant.found_by
    return min(most, mutant.histories or (most if meant else BESIDE))


def ask(copy) -> Said:
    program = str(copy.program("tests/simulation/simulate"))
    command = [program, "--seeds", str(_histories(copy)), "--jobs", "1", "--no-shrink"]
    status, text = run(command, copy.folder)
    if not status:
        return Said(False)
    seed = first(r"^seed (\d+) fails: ", text, "")
    why = first(r" fails: (.*)$", text, text.strip()[:80])
    if not seed:
        return Said(True, why)
    command = [program, "--seed", seed, "--shrink", str(copy.folder / "cut")]
    cut = first(r"^(\d+ decisions of \d+) are ", run(command, copy.folder, SHRINKING)[1], "")
    return Said(True, f"seed {seed}, {cut or 'not cut'}: {why}")


LAYER = Layer("simulation", ALWAYS, ask)
