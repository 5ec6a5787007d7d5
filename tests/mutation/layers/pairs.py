# SPDX-License-Identifier: BSD-2-Clause
"""Targets whose machines look at how commands ended, send several in order, or set variables: the first test that fails."""

from __future__ import annotations

from mutation.layers import MEANT, Layer
from mutation.layers.programs import checked

PROGRAMS = ["tests/example/example_pairs", "tests/example/example_steps"]
PROGRAMS += ["tests/example/example_uplinks"]
LAYER = Layer("pairs", MEANT, lambda copy: checked(copy, PROGRAMS))
