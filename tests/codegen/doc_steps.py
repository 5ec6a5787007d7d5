# SPDX-License-Identifier: BSD-2-Clause
"""A page that shows how something is done, followed to the letter in an empty folder.

    steps = Steps(page, folder)
    steps.follow()                    # writes the files, applies the changes, runs the commands
    steps.stale                       # [(line, what was printed, what the page says)]

Of a page's fenced blocks these are steps:

    <!-- file: PATH -->               the yaml block below is a new file
    <!-- more: PATH -->               the yaml block below goes to the end of a file, after
                                      an empty line if it begins a section
    ```diff                           `--- PATH`, then lines with " ", "-" or "+" before them;
                                      `@@` alone begins the next place of that file
    ```console                        `$ command`, then all that it prints
    <!-- undo -->                     the last diff is taken back; anywhere in a line

A line `...` in a console block stands for any lines. A command that needs a program which is not here is
believed.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass

_STEP = re.compile(
    r"<!-- undo -->"
    r"|(?:^<!-- (?P<how>file|more): (?P<path>\S+) -->\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
NEEDS = (("flue verify", "spin"),)
_TIME = re.compile(r"\b\d+ ms\b")  # no two runs take the same


@dataclass(frozen=True)
class Shown:
    """One command of a console block and what the page says it prints."""

    line: int
    command: str
    output: str


def commands_of(text: str, line: int) -> list[Shown]:
    """The commands of a console block that begins on `line`."""
    found: list[Shown] = []
    for i, each in enumerate(text.splitlines(keepends=True), line):
        if each.startswith("$ "):
            found.append(Shown(i, each[2:].rstrip("\n"), ""))
        else:
            last = found.pop()
            found.append(Shown(last.line, last.command, last.output + each))
    return found


def same(said: str, printed: str) -> bool:
    said, printed = _TIME.sub("0 ms", said), _TIME.sub("0 ms", printed)
    pattern = re.escape(said).replace(re.escape("...\n"), r"(?:.*\n)*?")
    return re.fullmatch(pattern, printed) is not None


def can_run(command: str) -> bool:
    return all(shutil.which(program) for word, program in NEEDS if word in command)


def patched(text: str, diff: str, path: str) -> str:
    """`text` with every place of a diff block changed; each must be there exactly once."""
    for place in re.split(r"^@@\n", diff, flags=re.MULTILINE):
        lines = [(each[:1], each[1:]) for each in place.splitlines(keepends=True)]
        old = "".join(rest for sign, rest in lines if sign in " -")
        new = "".join(rest for sign, rest in lines if sign in " +")
        assert text.count(old) == 1, f"{text.count(old)} times in {path}:\n{old}"
        text = text.replace(old, new)
    return text


class Steps:
    def __init__(self, page: str, folder: str, root: str) -> None:
        self.page = page
        self.folder = folder
        self.stale: list[tuple[int, str, str]] = []
        self.believed: list[str] = []  # commands that could not be run
        self.before: tuple[str, str] | None = None  # path and text, for undo
        flue = os.path.join(folder, "flue")
        with open(flue, "w", encoding="utf-8") as stream:
            words = [sys.executable, os.path.join(root, "flue")]
            stream.write(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n')
        os.chmod(flue, 0o755)

    def follow(self) -> str:
        """Do it all; returns the page with what the commands really printed."""
        return _STEP.sub(self._step, self.page)

    def _step(self, found: re.Match) -> str:
        kind, text = found["kind"], found["text"]
        if kind is None:
            self._write(*self.before)
        elif found["how"]:
            path = found["path"]
            self._write(path, text if found["how"] == "file" else self._more(path, text))
        elif kind == "diff":
            first, _, rest = text.partition("\n")
            path = first.removeprefix("--- ")
            self.before = path, self._read(path)
            self._write(path, patched(self.before[1], rest, path))
        elif kind == "console":
            line = self.page.count("\n", 0, found.start("text")) + 1
            return f"```console\n{self._run_all(text, line)}```"
        return found[0]

    def _more(self, path: str, text: str) -> str:
        """What a file holds now, then `text`; an empty line before a new section."""
        return self._read(path) + ("" if text.startswith(" ") else "\n") + text

    def _run_all(self, text: str, line: int) -> str:
        out = ""
        for shown in commands_of(text, line):
            printed = self._run(shown.command) if can_run(shown.command) else shown.output
            self.believed += [] if can_run(shown.command) else [shown.command]
            good = same(shown.output, printed)
            if not good:
                self.stale.append((shown.line, printed, shown.output))
            out += f"$ {shown.command}\n{shown.output if good else printed}"
        return out

    def _run(self, command: str) -> str:
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            env={**os.environ, "COLUMNS": "100", "LC_ALL": "C.UTF-8"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.stdout

    def _read(self, path: str) -> str:
        with open(os.path.join(self.folder, path), encoding="utf-8") as stream:
            return stream.read()

    def _write(self, path: str, text: str) -> None:
        with open(os.path.join(self.folder, path), "w", encoding="utf-8") as stream:
            stream.write(text)
