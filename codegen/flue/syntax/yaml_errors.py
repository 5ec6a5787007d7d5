# SPDX-License-Identifier: BSD-2-Clause
"""What the YAML parser stumbled over, in the words of somebody who writes a spec: what, and what to do.

Told by the text around the place rather than by the parser's message: libyaml and PyYAML word the
same mistake differently, and both name what they looked for and not what is wrong.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flue.model import Where

from .letters import USE_A_SPACE, first_unseen, name_of

Said = tuple[tuple[int, int, int], str, str]  # (line, column, width) from 0, text, hint

_KEYS = "keys of one mapping begin in one column"


@dataclass
class Stumble:
    """Where and at what: lines and columns count from 0, as the parser's do."""

    lines: list[str]
    line: int
    column: int
    problem: str
    context: str
    began: tuple[int, int] | None  # what the parser was in the middle of
    last: Any  # event of the last scalar before it, or None

    def char(self, line: int, column: int) -> str:
        return self.lines[line][column : column + 1] if line < len(self.lines) else ""

    @property
    def here(self) -> str:
        return self.char(self.line, self.column)

    @property
    def before(self) -> str:
        return self.lines[self.line][: self.column].rstrip() if self.line < len(self.lines) else ""

    def indent(self, line: int) -> int:
        text = self.lines[line] if line < len(self.lines) else ""
        return len(text) - len(text.lstrip(" "))

    def rest(self, line: int, column: int) -> int:
        """Width from a column to the end of its line."""
        return max(1, len(self.lines[line].rstrip()) - column) if line < len(self.lines) else 1


def explain(file: str, text: str, error, last) -> tuple[Where, str, str]:
    """The place, text and hint for a yaml.YAMLError; `last` is the last scalar's event, or None."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        return _unreadable(file, text, error)
    began = getattr(error, "context_mark", None)
    s = Stumble(
        text.split("\n"),
        mark.line,
        mark.column,
        error.problem or "",
        error.context or "",
        (began.line, began.column) if began else None,
        last,
    )
    for each in (_tab, _unseen, _quote, _bracket, _colon, _key, _first_letter, _block):
        said = each(s)
        if said:
            break
    else:
        said = (s.line, s.column, 1), f"not YAML: {s.problem}", s.context
    (line, column, width), what, hint = said
    return Where(file, line + 1, column + 1, width), what, hint


def _unreadable(file: str, text: str, error) -> tuple[Where, str, str]:
    before = text[: getattr(error, "position", 0)]
    where = Where(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
    return where, "a control character", "take it out"


def _tab(s: Stumble) -> Said | None:
    found = re.match(r" *\t", s.lines[s.line]) if s.line < len(s.lines) else None
    if found or s.here == "\t":
        column = found.end() - 1 if found else s.column
        return (s.line, column, 1), "a tab", "indent by spaces"
    return None


def _unseen(s: Stumble) -> Said | None:
    """A space that is none to YAML, before or after a key: here, or in the last line with text."""
    for line in range(min(s.line, len(s.lines) - 1), -1, -1):
        text = s.lines[line]
        key = re.match(r"[^:#'\"]*(:.?)?", text)
        odd = first_unseen(key[0]) if key else None
        if odd is not None:
            return (line, odd, 1), f"a {name_of(text[odd])}", USE_A_SPACE
        if line < s.line and text.strip():
            break
    return None


def _quote(s: Stumble) -> Said | None:
    """A quote that is never closed, closed lines later by the next one, or closed too early."""
    if "end of stream" in s.problem and "quoted" in s.context and s.began:
        return (*s.began, 1), "this quote is never closed", ""
    if "escape" in s.problem:
        hint = r"a backslash is written \\, or the text is put in single quotes"
        return (s.line, s.column, 1), "an escape that is none", hint
    if s.last is None or s.last.style not in ("'", '"'):
        return None
    start, end = s.last.start_mark, s.last.end_mark
    between = s.lines[s.line][end.column : s.column] if s.line < len(s.lines) else "?"
    if end.line != s.line or between.strip():
        return None
    if start.line != end.line:
        text = f"this quote is closed on line {end.line + 1} only"
        return (start.line, start.column, 1), text, "close it where its text ends"
    if not s.here or s.here in ",}]:#":
        return None
    twice = "''" if s.last.style == "'" else r"\""
    hint = f"put all of it in quotes; a quote in the text is written {twice}"
    return (s.line, s.column, s.rest(s.line, s.column)), "text after the closing quote", hint


def _bracket(s: Stumble) -> Said | None:
    if s.here and s.here in "}]" and "block" in s.context:
        return (s.line, s.column, 1), f'this "{s.here}" closes nothing', ""
    if "block" in s.context and s.before.endswith(("}", "]")):
        rest = (s.line, s.column, s.rest(s.line, s.column))
        return rest, f'text after the closing "{s.before[-1]}"', ""
    if "flow" not in s.context or s.began is None:
        return None
    here = (s.line, s.column, 1)
    opening = s.char(*s.began)
    ended = s.line >= len(s.lines) or not "".join(s.lines[s.line :]).strip()
    if "flow node" in s.context and s.here == ",":
        return here, "a comma with nothing before it", ""
    if s.here and s.here in "}]":
        line = "" if s.began[0] == s.line else f" of line {s.began[0] + 1}"
        return here, f'this "{s.here}" comes before the "{opening}"{line} is closed', ""
    if ended or (s.line > s.began[0] and s.indent(s.line) <= s.indent(s.began[0])):
        return (*s.began, 1), f'this "{opening}" is never closed', ""
    if s.here == ":":
        hint = "a comma is missing before it, or the text needs quotes"
        return here, f'a colon too many within "{opening}"', hint
    if s.here and s.here in "[{" and not s.before[-1:] in ("", ",", ":", "[", "{"):
        word = re.search(r"[^\s,:{}\[\]]*$", s.before)
        end = s.lines[s.line][s.column :].partition("}" if s.here == "{" else "]")
        hint = f'put all of it in quotes: "{word[0] if word else ""}{end[0]}{end[1]}"'
        return here, f'a "{s.here}" within a text', hint
    return here, "a comma is missing here, or a bracket before", ""


def _colon(s: Stumble) -> Said | None:
    """A colon where none can be: in a text, or in a line the parser took for more of a text."""
    if not s.problem.startswith("mapping values"):
        return None
    start = s.last.start_mark if s.last is not None else None
    if start is None or start.line == s.line:
        hint = "put the text in quotes"
        return (s.line, s.column, 1), "a colon and a space within a text", hint
    if start.column == s.indent(start.line):
        return _colonless(s, start.line)
    column = s.indent(s.line)
    text = f"by its indentation this line continues the text of line {start.line + 1}"
    return (s.line, column, s.rest(s.line, column)), text, _KEYS


def _colonless(s: Stumble, line: int) -> Said:
    column = s.indent(line)
    text = "no space after the colon"
    if not re.match(r"\w+:\S", s.lines[line][column:]):
        text = "a key without a colon"
    return (line, column, s.rest(line, column)), text, "it is written key: value"


def _key(s: Stumble) -> Said | None:
    return _colonless(s, s.began[0]) if "simple key" in s.context and s.began else None


def _first_letter(s: Stumble) -> Said | None:
    if "cannot start" in s.problem:
        return (s.line, s.column, 1), f'a text cannot begin with "{s.here}"', "put it in quotes"
    if ("alias" in s.context or "anchor" in s.context) and s.began:
        letter = s.char(*s.began)
        return (*s.began, 1), f'a text cannot begin with "{letter}"', "put it in quotes"
    if "block scalar" in s.context and s.began:
        hint = "the text begins on the next line, or put it in quotes"
        return (s.line, s.column, 1), f'text after "{s.char(*s.began)}"', hint
    return None


def _block(s: Stumble) -> Said | None:
    """Indentation that fits nothing above, or lines of two kinds in one column."""
    if "document start" in s.problem:
        text = "this line does not go on with what is above it"
        return (s.line, s.column, s.rest(s.line, s.column)), text, "a file is one mapping"
    if s.problem.startswith("block sequence"):
        return (s.line, s.column, 1), "a list begins on a line of its own", ""
    if "block" not in s.context or s.line >= len(s.lines) or s.column != s.indent(s.line):
        return None
    place = (s.line, s.column, s.rest(s.line, s.column))
    if s.here == ":":
        return (s.line, s.column, 1), "a colon without a key", ""
    columns = _open_columns(s)
    if s.column in columns:
        text = (
            "a key among the items of a list" if s.here != "-" else "an item of a list among keys"
        )
        return place, text, "one column holds one or the other"
    near = [c for c in columns if c > s.column][-1:] + [c for c in columns if c < s.column][:1]
    hint = " or ".join(f"line {columns[c] + 1}" for c in sorted(near, reverse=True))
    return place, "the indentation fits no line above", f"begin it as {hint} begins"


def _open_columns(s: Stumble) -> dict[int, int]:
    """The columns that lines above begin in, and the nearest such line; outer ones come last."""
    columns: dict[int, int] = {}
    for line in range(s.line - 1, -1, -1):
        indent = s.indent(line)
        text = s.lines[line].strip()
        if text and not text.startswith("#") and indent < min(columns, default=indent + 1):
            columns[indent] = line
    return columns
