# SPDX-License-Identifier: BSD-2-Clause
"""Histories of a host and a device made of the spec: the seed that fails, and which of its decisions are needed."""

from __future__ import annotations

from mutation.layers import ALWAYS, Layer, Said
from mutation.layers.programs import first, run

SHRINKING = 30  # seconds; where a history hangs, each trial takes its time
BESIDE = 2000  # histories where this is not the layer that must find it


def _histories(copy) -> str:
    mutant, most = copy.mutant, copy.options.histories
    meant = LAYER.name in mutant.found_by
    return str(min(most, mutant.histories or (most if meant else BESIDE)))


def _program(copy) -> str:
    """Of the spec that has the shape."""
    name = f"simulate_{copy.mutant.plays}"
    return str(copy.program(next(x for x in copy.tree.link if x.rsplit("/", 1)[-1] == name)))


def ask(copy) -> Said:
    program = _program(copy)
    status, text = run([program, "--seeds", _histories(copy)], copy.folder)
    if not status:
        return Said(False)
    seed = first(r": seed (\d+) fails", text, "")
    why = first(r": seed \d+, moment \d+: (.*)$", text, text.strip()[:80])
    if not seed:
        return Said(True, why)
    text = run([program, "--seed", seed], copy.folder, SHRINKING)[1]
    why = first(r"^seed \d+: (ended by signal .*)$", text, why)
    cut = first(r"^(\d+ of its \d+ decisions) are needed", text, "")
    return Said(True, f"seed {seed}, {cut or 'not cut'}: {why}")


LAYER = Layer("histories", ALWAYS, ask)
