# SPDX-License-Identifier: BSD-2-Clause
"""Objects with several links: the tests of tests/links."""

from __future__ import annotations

from mutation.layers import MEANT, Layer, Said
from mutation.layers.programs import checked


def ask(copy) -> Said:
    names = copy.tree.programs("tests/links/links")
    return checked(copy, names, ({}, {"FLUE_SLOW_PATH": "1"}))


LAYER = Layer("links", MEANT, ask)
