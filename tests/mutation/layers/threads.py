# SPDX-License-Identifier: BSD-2-Clause
"""The runtime's tests with several threads."""

from __future__ import annotations

from mutation.layers import MEANT, Layer, Said
from mutation.layers.programs import checked


def ask(copy) -> Said:
    return checked(copy, ["tests/runtime/runtime_threads", "tests/runtime/runtime_names"])


LAYER = Layer("threads", MEANT, ask)
