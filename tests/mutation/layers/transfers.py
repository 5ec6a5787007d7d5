# SPDX-License-Identifier: BSD-2-Clause
"""What is handed over for objects that stay as they are: the tests of tests/transfers."""

from __future__ import annotations

from mutation.layers import MEANT, Layer, Said
from mutation.layers.programs import checked


def ask(copy) -> Said:
    return checked(copy, copy.tree.programs("tests/transfers/transfers"), ({},))


LAYER = Layer("transfers", MEANT, ask)
