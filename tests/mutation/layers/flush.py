# SPDX-License-Identifier: BSD-2-Clause
"""Operations that reach dependents: the tests of tests/flush."""

from __future__ import annotations

from mutation.layers import MEANT, Layer, Said
from mutation.layers.programs import checked


def ask(copy) -> Said:
    return checked(copy, copy.tree.programs("tests/flush/flush"), ({},))


LAYER = Layer("flush", MEANT, ask)
