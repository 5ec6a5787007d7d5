# SPDX-License-Identifier: BSD-2-Clause
"""The models, searched by SPIN: the last line of the counterexample."""

from __future__ import annotations

import re
import shutil

from mutation.layers import MEANT, Layer, Said


def _letter(letter: str) -> Layer:
    def ask(mutated) -> Said:
        run = next((r for r in mutated.runs(letter) if r.errors), None)
        if run is None:
            return Said(False)
        return Said(True, re.sub("^WRONG[,:] ", "", run.story[-1]), tuple(run.story))

    return Layer(f"model-{letter}", MEANT, ask, missing)


def missing(_subject) -> str:
    return "" if shutil.which("spin") else "spin is not installed"


OF_SPECS = tuple(map(_letter, "AB"))
OF_PROTOCOLS = tuple(map(_letter, "ABCDE"))
