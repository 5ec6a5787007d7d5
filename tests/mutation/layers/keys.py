# SPDX-License-Identifier: BSD-2-Clause
"""A target with secrets, and with operations that are about one kind of object: the first test that fails."""

from __future__ import annotations

from mutation.layers import MEANT, Layer
from mutation.layers.programs import checked

LAYER = Layer("keys", MEANT, lambda copy: checked(copy, ["tests/example/example_keys"]))
