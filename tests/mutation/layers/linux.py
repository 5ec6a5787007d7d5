# SPDX-License-Identifier: BSD-2-Clause
"""The driver on this machine's kernel: its tests, each a layer of its own, for a mutant takes seconds."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable

from mutation.layers import MEANT, Layer, Said
from mutation.layers.programs import checked

NOT_PERMITTED = 77
FOLDERS = {
    "linux_faults": "tests/linux",
    "linux_moves": "tests/linux",
    "contract_linux": "tests/contract",
}


def _ask(program: str) -> Callable[..., Said]:
    return lambda copy: checked(copy, [program])


def _missing(program: str) -> Callable[..., str]:
    """Why it cannot run: it was not built, or it skips itself; no test of it runs to find out."""

    def why(subject) -> str:
        path = subject.tree.build / program
        if program not in subject.tree.link or not path.exists():
            return "there is no libmnl"
        none = dict(os.environ, CK_RUN_CASE="none of them")
        done = subprocess.run([path], env=none, capture_output=True, check=False)
        return "not permitted here" if done.returncode == NOT_PERMITTED else ""

    return why


LAYERS = tuple(
    Layer(name, MEANT, _ask(f"{folder}/{name}"), _missing(f"{folder}/{name}"))
    for name, folder in FOLDERS.items()
)
