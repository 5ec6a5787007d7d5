# SPDX-License-Identifier: BSD-2-Clause
"""The same history at many paces, as CTest runs it; the seed, and the line in which two paces part."""

from __future__ import annotations

from mutation.layers import MEANT, Layer, Said
from mutation.layers.programs import first, run


def ask(copy) -> Said:
    program = str(copy.program("tests/differential/differential"))
    status, text = run([program, "--seeds", "200"], copy.folder)
    if not status:
        return Said(False)
    seed = first(r"^(seed \d+): ", text, text.strip()[:80])
    parted = first(r"^(line .*\nshould be .*)$", text, "")
    return Said(True, f"{seed}: {parted}")


LAYER = Layer("differential", MEANT, ask)
