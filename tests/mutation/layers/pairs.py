# SPDX-License-Identifier: BSD-2-Clause
"""A target whose machines look at how commands ended: the first test that fails."""

from __future__ import annotations

from mutation.layers import MEANT, Layer
from mutation.layers.programs import checked

LAYER = Layer("pairs", MEANT, lambda copy: checked(copy, ["tests/example/example_pairs"]))
