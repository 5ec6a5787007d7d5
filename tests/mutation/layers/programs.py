# SPDX-License-Identifier: BSD-2-Clause
"""How layers run programs, and read what these say."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from mutation.layers import Said

PATIENCE = 240  # seconds of one program


def run(command: list[str], folder: Path, patience=PATIENCE, **environment: str) -> tuple[int, str]:
    """Exit status, and what was printed; a program that does not end is ended."""
    where = dict(os.environ, CK_DEFAULT_TIMEOUT="120", **environment)
    try:
        done = subprocess.run(
            command, cwd=folder, env=where, timeout=patience, capture_output=True, check=False
        )
    except subprocess.TimeoutExpired:
        return -1, "it does not end"
    text = (done.stdout + done.stderr).decode(errors="replace")
    return done.returncode, text.replace(f"{folder}/", "")


def first(pattern: str, text: str, default: str) -> str:
    found = re.search(pattern, text, re.MULTILINE)
    return " ".join(found[1].split()) if found else default


def checked(copy, names: list[str], ways=({},)) -> Said:
    """Check's programs, one after the other; the first test that fails."""
    for name in names:
        program = str(copy.program(name))
        for way in ways:
            status, text = run([program], copy.folder, **way)
            if status:
                what = first(r"^[^\s:]+:\d+:[FE]:[^:]*:([^:]+):\d+: ", text, text.strip()[:80])
                return Said(True, f"{Path(name).name}{'_slow' if way else ''}: {what}")
    return Said(False)
