# SPDX-License-Identifier: BSD-2-Clause
"""The runtime's tests but the threads; once more without the fast path, where no test looks at it."""

from __future__ import annotations

from mutation.layers import ALWAYS, Layer, Said
from mutation.layers.programs import checked

OF_BOTH_PATHS = ("_target", "_paths")
OF_THREADS = ("_threads", "_names")


def ask(copy) -> Said:
    programs = copy.tree.programs("tests/runtime/runtime_")
    names = [x for x in programs if not x.endswith(OF_THREADS)]
    once = [x for x in names if x.endswith(OF_BOTH_PATHS)]
    said = checked(copy, once)
    others = [x for x in names if x not in once]
    return said if said.found else checked(copy, others, ({}, {"FLUE_SLOW_PATH": "1"}))


LAYER = Layer("runtime", ALWAYS, ask)
