# SPDX-License-Identifier: BSD-2-Clause
"""Diagnostics: collected while compiling, sorted, printed like a compiler's.

    spec/example/meter.yaml:31:40: error: unknown state "ofering" [unknown-name]
       31 |         - {send: add_meter, to: ofering}
          |                                 ^^^^^^^ did you mean "offering"?
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Iterable, TextIO

from flue.model import Where

ERROR = "error"
WARNING = "warning"

_COLORS = {ERROR: "\033[1;31m", WARNING: "\033[1;35m"}
_BOLD, _GREEN, _PLAIN = "\033[1m", "\033[1;32m", "\033[0m"


@dataclass(frozen=True)
class Diagnostic:
    """One finding. `hint` follows the caret; line 0 means the file or folder as a whole."""

    file: str
    line: int
    column: int
    end_column: int
    severity: str
    rule: str
    text: str
    hint: str = ""

    @property
    def order(self) -> tuple:
        return (self.file, self.line, self.column, self.severity, self.rule, self.text)

    def is_at(self, where: Where) -> bool:
        """Whether it is about what stands exactly there."""
        return (self.file, self.line, self.column) == (where.file, where.line, where.column)

    def is_in(self, where: Where) -> bool:
        """Whether it is about what stands there, or a part of it in the same line."""
        begin, end = where.column, where.column + where.width
        return (self.file, self.line) == (where.file, where.line) and begin <= self.column < end

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


class Report:
    """All findings of one run, and the lines of the files they point into."""

    def __init__(self) -> None:
        self._found: dict[tuple, Diagnostic] = {}
        self._missing: list[tuple[str, Diagnostic]] = []  # a name, and what is said if it lacks
        self._explained: set[str] = set()  # names that a finding accounts for already
        self.holes: set[str] = set()  # files that miss such names
        self._renamed: list[str] = []  # kinds of names that are to be others
        self._lines: dict[str, list[str]] = {}
        self.uses: list[
            Any
        ] = []  # of names, as resolve has them, in the order in which they were looked up

    def use(self, use: Any) -> None:
        """Remember that a name was looked up, for who asks what stands where: an editor."""
        self.uses.append(use)

    def know(self, file: str, text: str) -> None:
        """Keep a file's text, to show lines of it."""
        self._lines[file] = text.split("\n")

    def lines(self, file: str) -> list[str]:
        """Of a file that was read; of any other none."""
        return self._lines.get(file, [])

    def error(self, where: Where, rule: str, text: str, hint: str = "") -> None:
        self._add(where, ERROR, rule, text, hint)

    def warning(self, where: Where, rule: str, text: str, hint: str = "") -> None:
        self._add(where, WARNING, rule, text, hint)

    def missing(self, where: Where, rule: str, name: str, text: str, hint: str = "") -> None:
        """An error about a name that is not there, unless another finding accounts for it."""
        self._missing.append((name, _at(where, ERROR, rule, text, hint)))

    def explain(self, names: Iterable[str]) -> None:
        """What became of these names is said: who misses one is not to say so again."""
        self._explained.update(names)

    def explained(self, where: Where, *names: str) -> bool:
        """Is one of these names, which is missed here, accounted for?"""
        found = not self._explained.isdisjoint(names)
        if found:
            self.holes.add(where.file)
        return found

    def rename(self, kind: str) -> None:
        """A name of this kind ("": of any) cannot be what it is: it may be another one's new name."""
        self._renamed.append(kind)

    def renamed(self, where: Where, kinds: str) -> bool:
        """Whether a name that is missed here may be the old one of such; each has one."""
        found = next((kind for kind in self._renamed if kind in kinds), None)
        if found is not None:
            self._renamed.remove(found)
            self.holes.add(where.file)
        return found is not None

    def _add(self, where: Where, severity: str, rule: str, text: str, hint: str) -> None:
        self.take([_at(where, severity, rule, text, hint)])

    def take(self, found: Iterable[Diagnostic]) -> None:
        """Add findings; one that is known already is not said twice."""
        for item in found:
            self._found.setdefault(item.order, item)

    def hint(self, found: Diagnostic, hint: str) -> None:
        """Say this behind the caret of a finding."""
        self._found[found.order] = replace(found, hint=hint)

    def keep_first(self, places: Iterable[Where], rules: tuple[str, ...]) -> None:
        """Of the errors in one of these places only that by the first of some rules, if there is one."""
        for where in places:
            inside = [d for d in self._found.values() if d.severity == ERROR and d.is_in(where)]
            told = {d.rule for d in inside}
            first = next((rule for rule in rules if rule in told), None)
            for d in inside if first else ():
                if d.rule != first:
                    del self._found[d.order]

    def drop(self, found: Iterable[Diagnostic]) -> None:
        """Take findings out that follow from others."""
        for item in found:
            self._found.pop(item.order, None)

    @property
    def diagnostics(self) -> list[Diagnostic]:
        missing = {d.order: d for name, d in self._missing if name not in self._explained}
        found = {**missing, **self._found}
        return [found[key] for key in sorted(found)]

    @property
    def errors(self) -> int:
        return sum(d.severity == ERROR for d in self.diagnostics)

    @property
    def warnings(self) -> int:
        return sum(d.severity == WARNING for d in self.diagnostics)

    @property
    def failed(self) -> bool:
        return self.errors > 0

    def text(self, color: bool = False) -> str:
        """Everything found, for people; empty if there is nothing to say."""
        return "".join(self._show(d, color) for d in self.diagnostics)

    def json(self) -> str:
        """Everything found, for tools: a list of objects with Diagnostic's members."""
        import json
        from dataclasses import asdict

        return json.dumps([asdict(d) for d in self.diagnostics], indent=2) + "\n"

    def print(self, stream: TextIO, color: bool = False) -> None:
        stream.write(self.text(color))

    def _show(self, d: Diagnostic, color: bool) -> str:
        paint = (lambda code, s: f"{code}{s}{_PLAIN}") if color else (lambda code, s: s)
        severity = paint(_COLORS[d.severity], f"{d.severity}:")
        out = f"{paint(_BOLD, d.place + ':')} {severity} {d.text} [{d.rule}]\n"
        source = self._line(d)
        if source is None:
            return out + (f"    {d.hint}\n" if d.hint else "")
        # A tab stays a tab under the caret, so that the two lines agree on any terminal.
        pad = "".join(c if c == "\t" else " " for c in source[: d.column - 1])
        width = max(1, min(d.end_column, len(source) + 1) - d.column)
        mark = pad + paint(_GREEN, "^" * width + (f" {d.hint}" if d.hint else ""))
        return f"{out}{d.line:5} | {source}\n      | {mark}\n"

    def _line(self, d: Diagnostic) -> str | None:
        lines = self.lines(d.file)
        return lines[d.line - 1] if 0 < d.line <= len(lines) else None


def nearest(name: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """The known word that `name` is most like, if it is that much like any."""
    import difflib

    near = difflib.get_close_matches(name, list(known), n=1, cutoff=likeness)
    return near[0] if near else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint naming the known word nearest to `name`, or nothing."""
    near = nearest(name, known)
    return f'did you mean "{near}"?' if near else ""


def _at(where: Where, severity: str, rule: str, text: str, hint: str) -> Diagnostic:
    end = where.column + max(where.width, 1)
    return Diagnostic(where.file, where.line, where.column, end, severity, rule, text, hint)
