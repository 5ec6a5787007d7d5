# SPDX-License-Identifier: BSD-2-Clause
"""The generated suite: every transition of the compiled machines."""

from __future__ import annotations

from mutation.layers import ALWAYS, Layer, Said
from mutation.layers.programs import first, run


def ask(copy) -> Said:
    status, text = run([str(copy.program("suite_chimney"))], copy.folder)
    return Said(status != 0, first(r"^wrong: (.*)", text, text[:80]) if status else "")


LAYER = Layer("suite", ALWAYS, ask)
