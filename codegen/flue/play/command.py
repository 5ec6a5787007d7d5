# SPDX-License-Identifier: BSD-2-Clause
"""The command: lines from a terminal, a file or stdin, until they end or one is wrong."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import TextIO

from flue.model import Target
from flue.simulate import build
from flue.terminal import print_json

from .lexicon import PlayError
from .record import Record
from .session import Session

PARTS = (
    "runtime/src/*.c",
    "drivers/device/*.c",
    "drivers/play/*.c",
    "drivers/simulate/pieces.c",
    "drivers/simulate/record.c",
    "drivers/simulate/story.c",
    "drivers/simulate/trees.c",
    "drivers/simulate/values.c",
)


def play(
    target: Target,
    script: str | None,
    record: str | None = None,
    trace_file: str | None = None,
    as_json: bool = False,
) -> int:
    """A session; 0 if it went to its end, 1 if a line of a script cannot be."""
    lines = open(script, encoding="utf-8", errors="replace") if script else sys.stdin
    if trace_file:
        open(trace_file, "wb").close()  # before somebody has typed an hour
    with tempfile.TemporaryDirectory(prefix="flue-play-") as folder, lines:
        kept = Record(record)
        with Session(build(target, folder, PARTS, "play"), target, kept, trace_file) as session:
            if script or not sys.stdin.isatty():
                return _from_script(session, lines, script or "stdin", as_json)
            return _on_terminal(session)


def _on_terminal(session: Session) -> int:
    from .shell import Shell

    Shell(session).cmdloop()
    return 0


@dataclass
class Step:
    """A line, and what came of it; `error`: why it cannot be."""

    number: int
    line: str
    said: list[str] = field(default_factory=list)
    error: str | None = None


def _steps(session: Session, lines: TextIO) -> Iterator[Step]:
    """Until the end, or one that cannot be."""
    for number, text in enumerate(lines, 1):
        step = Step(number, text.strip())
        if step.line.split("#")[0].strip() in ("quit", ".quit"):
            return
        try:
            step.said = session.do(step.line)
        except PlayError as e:
            step.error = str(e)
        yield step
        if step.error:
            return


def _from_script(session: Session, lines: TextIO, name: str, as_json: bool = False) -> int:
    """A transcript."""
    steps = []
    for step in _steps(session, lines):
        steps.append(step)
        if not as_json:
            _show(step, name)
    if as_json:
        print_json([asdict(step) for step in steps])
    return 1 if steps and steps[-1].error else 0


def _show(step: Step, name: str) -> None:
    sys.stdout.write(f"> {step.line}\n" if step.line else "\n")
    sys.stdout.write("".join(f"{x}\n" for x in step.said))
    if step.error:
        sys.stdout.flush()
        sys.stderr.write(f"{name}:{step.number}: error: {step.error}\n")
