# SPDX-License-Identifier: BSD-2-Clause
"""A target with several plans, whose steps are told by flags: the first test that fails."""

from __future__ import annotations

from mutation.layers import MEANT, Layer
from mutation.layers.programs import checked

LAYER = Layer("verbs", MEANT, lambda copy: checked(copy, ["tests/example/example_verbs"]))
