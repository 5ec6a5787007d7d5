# SPDX-License-Identifier: BSD-2-Clause
"""The command: flags or questions in, a folder out, and what to do with it."""

from __future__ import annotations

import os
import shlex
import sys

from flue.terminal import print_json

from . import project, questions
from .shape import Kind, NewError, kind


def new(name: str, words: list[str] | None, directory: str, as_json: bool) -> int:
    """Write the folder; the exit status. Raises NewError, and has written nothing then."""
    try:
        kinds = [kind(word) for word in words] if words else _asked()
        files = project.create(name, kinds, directory)
    except NewError as e:
        raise NewError(f"{e}\n      nothing was written") from None
    paths = [os.path.join(directory, file) for file in files]
    if as_json:
        print_json({"files": paths})
        return 0
    sys.stdout.write("".join(f"{path}\n" for path in paths))
    sys.stdout.write(
        f"\ncd {shlex.quote(directory)} && cmake -S . -B build && cmake --build build && ctest --test-dir build\n"
        f"{os.path.join(directory, 'README.md')} says what to change first.\n"
    )
    if not project.has_sources():
        sys.stdout.write(
            "This flue came by pip, without C to build with: add -DFLUE=DIR, a checkout, to the first cmake,\n"
            "or -DCMAKE_PREFIX_PATH=PREFIX of a flue that CMake installed.\n"
        )
    return 0


def _asked() -> list[Kind]:
    if not sys.stdin.isatty():
        raise NewError("which objects? --object NAME, or a terminal to ask on")
    try:
        kinds = questions.ask(input, sys.stdout.write)
    except EOFError:
        raise NewError("the questions have no answer") from None
    sys.stdout.write(
        f"\nthe same without questions: {questions.as_flags(kinds)}\n\n" if kinds else ""
    )
    return kinds
