# SPDX-License-Identifier: BSD-2-Clause
"""The command: lines from a terminal, a file or stdin, until they end or one is wrong."""

from __future__ import annotations

import sys
import tempfile
from typing import TextIO

from flue.model import Target
from flue.simulate import build

from .lexicon import PlayError
from .session import Session

PARTS = (
    "runtime/src/*.c",
    "drivers/device/*.c",
    "drivers/play/*.c",
    "drivers/simulate/story.c",
    "drivers/simulate/trees.c",
    "drivers/simulate/values.c",
)


def play(target: Target, script: str | None) -> int:
    """A session; 0 if it went to its end, 1 if a line of a script cannot be."""
    lines = open(script, encoding="utf-8", errors="replace") if script else sys.stdin
    with tempfile.TemporaryDirectory(prefix="flue-play-") as folder, lines:
        with Session(build(target, folder, PARTS, "play"), target) as session:
            if script or not sys.stdin.isatty():
                return _from_script(session, lines, script or "stdin")
            return _on_terminal(session)


def _on_terminal(session: Session) -> int:
    from .shell import Shell

    Shell(session).cmdloop()
    return 0


def _from_script(session: Session, lines: TextIO, name: str) -> int:
    """A transcript: each line, and what came of it."""
    for number, line in enumerate(lines, 1):
        line = line.strip()
        if line.split("#")[0].strip() in ("quit", ".quit"):
            break
        sys.stdout.write(f"> {line}\n" if line else "\n")
        try:
            said = session.do(line)
        except PlayError as e:
            sys.stdout.flush()
            sys.stderr.write(f"{name}:{number}: error: {e}\n")
            return 1
        sys.stdout.write("".join(f"{x}\n" for x in said))
    return 0
