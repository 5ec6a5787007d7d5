# SPDX-License-Identifier: BSD-2-Clause
"""Random trees, whose statuses and hardware are predicted."""

from __future__ import annotations

from mutation.layers import ALWAYS, Layer, Said
from mutation.layers.programs import first, run


def ask(copy) -> Said:
    status, text = run([str(copy.program("tests/oracle/test_oracle"))], copy.folder)
    return Said(status != 0, first(r"^(seed \d+.*)", text, text.strip()[:80]) if status else "")


LAYER = Layer("oracle", ALWAYS, ask)
