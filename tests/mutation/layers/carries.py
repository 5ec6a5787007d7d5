# SPDX-License-Identifier: BSD-2-Clause
"""The reference's table of what commands carry, with the copy's runtime: its first wrong cell."""

from __future__ import annotations

import sys
from importlib.util import find_spec

from mutation.layers import MEANT, Layer, Said
from mutation.layers.programs import first, run
from mutation.located import ROOT


def ask(copy) -> Said:
    test = str(ROOT / "tests/codegen/test_carries.py")
    command = [sys.executable, "-B", "-m", "pytest", "-x", "-rf", test]
    status, text = run(command, ROOT, FLUE_RUNTIME=str(copy.place("runtime")))
    cell = first(r"^FAILED \S+::(\S+)", text, "")
    if status and not cell:  # it could not be compiled
        raise RuntimeError(text)
    return Said(status != 0, cell)


def missing(_subject) -> str:
    return "" if find_spec("pytest") else "there is no pytest"


LAYER = Layer("carries", MEANT, ask, missing)
