# SPDX-License-Identifier: BSD-2-Clause
"""`flue check`: its first error."""

from __future__ import annotations

from mutation.layers import ALWAYS, Layer, Said


def ask(spec) -> Said:
    return Said(spec.target is None, spec.findings[0] if spec.findings else "")


LAYER = Layer("check", ALWAYS, ask)
