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
    where = {**os.environ, "CK_DEFAULT_TIMEOUT": "120", **environment}
    pipe = subprocess.PIPE
    # In a session of its own: Check may signal its whole process group.
    with subprocess.Popen(
        command, cwd=folder, env=where, stdout=pipe, stderr=pipe, start_new_session=True
    ) as program:
        try:
            out, err = program.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            return -1, _end(program)
        except BaseException:
            program.kill()
            raise
    text = (out + err).decode(errors="replace")
    return program.returncode, text.replace(f"{folder}/", "")


def _end(program: subprocess.Popen) -> str:
    """By a signal that can be caught: Check then ends its test, a process of its own, too."""
    program.terminate()
    try:
        program.communicate(timeout=10)
    except subprocess.TimeoutExpired:
        program.kill()
    return "it does not end"


def first(pattern: str, text: str, default: str) -> str:
    found = re.search(pattern, text, re.MULTILINE)
    return " ".join(found[1].split()) if found else default


def checked(copy, names: list[str], ways=({},), **environment: str) -> Said:
    """Check's programs, one after the other; the first test that fails."""
    for name in names:
        program = str(copy.program(name))
        for way in ways:
            status, text = run([program], copy.folder, **way, **environment)
            if status:
                what = first(r"^[^\s:]+:\d+:[FE]:[^:]*:([^:]+):\d+: ", text, text.strip()[:80])
                return Said(True, f"{Path(name).name}{'_slow' if way else ''}: {what}")
    return Said(False)
