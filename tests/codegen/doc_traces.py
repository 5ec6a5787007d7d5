# SPDX-License-Identifier: BSD-2-Clause
"""Traces shown in a page, held against the machines: each step names the line that decides it.

    page, wrong = corrected(text, target)

`page` has the lines as they are now; `wrong` tells the steps that no line decides any more.
"""

from __future__ import annotations

import os
import re

from flue.model import Arm, Target

STEP = re.compile(
    r"(?P<kind>[a-z]+) \d+ (?P<event>\w+): (?P<old>\w+)(?: -> (?P<new>\w+))?"
    r" \((?P<file>[a-z]+\.yaml):(?P<line>\d+)\)"
)
_PROSE = re.compile(r"([Ll]ine )(\d+)( of `)([a-z]+\.yaml)(`)")


def arms_of(target: Target, step: re.Match) -> list[Arm]:
    """The arms that may be meant: of this state and event, and leading to the state shown."""
    obj = next(o for o in target.objects if o.name == step["kind"])
    arms = obj.cell(step["old"], step["event"]).arms
    return [a for a in arms if (a.to or step["old"]) == (step["new"] or step["old"])]


def corrected(text: str, target: Target) -> tuple[str, list[str]]:
    wrong: list[str] = []
    moved: dict[tuple[str, int], int] = {}

    def step(found: re.Match) -> str:
        arms = arms_of(target, found)
        if not arms:
            wrong.append(found[0])
            return found[0]
        line = int(found["line"])
        arm = next((a for a in arms if a.where.line == line), arms[0])
        file = os.path.basename(arm.where.file)
        moved[file, line] = arm.where.line
        said = f"({found['file']}:{line})"
        return found[0].replace(said, f"({file}:{arm.where.line})")

    def prose(found: re.Match) -> str:
        key = found[4], int(found[2])
        if key not in moved:
            wrong.append(found[0])
        return f"{found[1]}{moved.get(key, found[2])}{found[3]}{found[4]}{found[5]}"

    return _PROSE.sub(prose, STEP.sub(step, text)), wrong
