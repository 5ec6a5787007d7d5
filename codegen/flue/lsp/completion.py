# SPDX-License-Identifier: BSD-2-Clause
"""Which names may stand at a place: those that are looked up there, were there one."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping

from .study import Study

_STAND_IN = "flue_stands_in"
_OPENS = {"{": "}", "[": "]"}


def complete(
    texts: Mapping[str, str], study: Study, file: str, line: int, column: int
) -> list[str]:
    """The names, in the order in which the spec has them; none where no name is to stand."""
    lines = study.lines(file)
    if line > len(lines):
        return []
    for changed, at in _with_stand_in(lines[line - 1], column):
        text = "\n".join([*lines[: line - 1], changed, *lines[line:]])
        tried = Study(os.path.dirname(file), {**texts, file: text})
        use = tried.use_at(file, line, at)
        if use:
            return [name for name in use.known if name != _STAND_IN]
    return []


def _with_stand_in(line: str, column: int) -> Iterator[tuple[str, int]]:
    """The line with a name at the cursor, and where it begins: as it is, closed, as a key."""
    before = re.sub(r"\w+$", "", line[: column - 1])
    after = re.sub(r"^\w+", "", line[column - 1 :])
    before += " " * before.endswith((":", ","))
    at = len(before) + 1
    yield f"{before}{_STAND_IN}{after}", at
    yield f"{before}{_STAND_IN}{after}{_closing(before + after)}", at
    yield f"{before}{_STAND_IN}: {{stay: true}}{after}{_closing(before + after)}", at


def _closing(text: str) -> str:
    """What closes the brackets that a line leaves open."""
    open_ = []
    for letter in text:
        if letter in _OPENS:
            open_.append(_OPENS[letter])
        elif open_ and letter == open_[-1]:
            open_.pop()
    return "".join(reversed(open_))
