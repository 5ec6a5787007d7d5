# SPDX-License-Identifier: BSD-2-Clause
"""Targets whose machines look at how commands ended, and send several in order: the first test that fails."""

from __future__ import annotations

from mutation.layers import MEANT, Layer
from mutation.layers.programs import checked

PROGRAMS = ["tests/example/example_pairs", "tests/example/example_steps"]
LAYER = Layer("pairs", MEANT, lambda copy: checked(copy, PROGRAMS))
