# SPDX-License-Identifier: BSD-2-Clause
"""Requests that are done for all of their nodes or for none: the tests of tests/together."""

from __future__ import annotations

from mutation.layers import MEANT, Layer, Said
from mutation.layers.programs import checked


def ask(copy) -> Said:
    return checked(copy, copy.tree.programs("tests/together/together"), ({},))


LAYER = Layer("together", MEANT, ask)
