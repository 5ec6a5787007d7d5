# SPDX-License-Identifier: BSD-2-Clause
"""YAML files -> located trees: every key and every value knows its line and column.

Built from the parser's events rather than from loaded values: positions survive, duplicate keys are
seen, and words like `on` are not silently turned into truth values.
"""

from __future__ import annotations

import os
import re
from typing import Any

import yaml

from flue.diagnostics import Report
from flue.model import Where

from .letters import USE_A_SPACE, first_unseen, name_of
from .tree import KINDS, Located, names_in
from .yaml_errors import explain

# libyaml's parser is ten times faster, but an optional part of PyYAML.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*|0x[0-9a-fA-F]+)$")
_TRUE = {"true", "yes", "on"}
_FALSE = {"false", "no", "off"}
_EMPTY = {"", "~", "null"}


def _where(file: str, event, lines: list[str]) -> Where:
    start, end = event.start_mark, event.end_mark
    if end.line == start.line:
        width = end.column - start.column
    else:
        line = lines[start.line] if start.line < len(lines) else ""
        width = len(line.rstrip()) - start.column
    return Where(file, start.line + 1, start.column + 1, max(width, 1))


def _scalar(event, where: Where) -> Located:
    raw = event.value
    if not event.implicit[0]:  # quoted, or a block of text
        return Located("text", raw, where, raw)
    if raw.lower() in _TRUE | _FALSE:
        return Located("flag", raw.lower() in _TRUE, where, raw)
    if raw.lower() in _EMPTY:
        return Located("empty", None, where, raw)
    # Python refuses absurdly long numbers; nothing in a spec is longer than 64 bits.
    if len(raw) <= 20 and _INTEGER.match(raw):
        return Located("number", int(raw, 0), where, raw)
    return Located("text", raw, where, raw)


class _Builder:
    """Turns parser events into one Located tree, without recursion."""

    def __init__(self, file: str, text: str, report: Report) -> None:
        self.file = file
        self.lines = text.split("\n")
        self.report = report
        self.stack: list[tuple[Located, Any]] = []  # open collections, start events
        self.pending: list[Located | None] = []  # one key per open mapping, until its value comes
        self.root: Located | None = None
        self.last: yaml.ScalarEvent | None = None
        self.doubled: set[int] = set()  # mappings of which a key that is given twice is told
        self.broken = False  # by something YAML allows and the language does not

    def feed(self, event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self.last = event
            self._refuse_extras(event)
            self._place(_scalar(event, _where(self.file, event, self.lines)))
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._refuse_extras(event)
            mapping = isinstance(event, yaml.MappingStartEvent)
            where = _where(self.file, event, self.lines)
            new = Located("map", {}, where) if mapping else Located("list", [], where)
            new.block = mapping and not event.flow_style
            self.stack.append((new, event))
            self.pending.append(None)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._close(event)
        elif isinstance(event, yaml.AliasEvent):
            where = _where(self.file, event, self.lines)
            self._syntax(where, "aliases are not part of the language: write the value out")
            self._place(Located("empty", None, where))
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            where = _where(self.file, event, self.lines)
            self._syntax(where, "a second document: a spec file holds one")

    def _close(self, event) -> None:
        new, start = self.stack.pop()
        self.pending.pop()
        if start.flow_style and start.start_mark.line == event.end_mark.line:
            w = new.where
            width = event.end_mark.column - start.start_mark.column
            new.where = Where(w.file, w.line, w.column, width)
        self._place(new)

    def _place(self, new: Located) -> None:
        if not self.stack:
            self.root = self.root or new
            return
        parent = self.stack[-1][0]
        if parent.kind == "list":
            parent.value.append(new)
        elif self.pending[-1] is None:
            self.pending[-1] = new
        else:
            key, self.pending[-1] = self.pending[-1], None
            self._member(parent, key, new)

    def _member(self, parent: Located, key: Located, new: Located) -> None:
        new.key = key.where
        odd = first_unseen(key.raw)
        if odd is not None and key.where.width == len(key.raw):
            w = key.where
            self._syntax(
                Where(w.file, w.line, w.column + odd, 1), f"a {name_of(key.raw[odd])}", USE_A_SPACE
            )
        elif key.kind != "text":
            hint = ""
            if key.kind == "flag":
                hint = (
                    f'YAML reads {key.raw} as {str(key.value).lower()}: write "{key.raw}" in quotes'
                )
            text = f"a key must be text, not {KINDS[key.kind]}"
            self.report.error(key.where, "key-not-a-string", text, hint)
        elif key.value in parent.value:
            self._duplicate(parent, key, new)
        else:
            parent.value[key.value] = new
            parent.keys[key.value] = key.where

    def _duplicate(self, parent: Located, key: Located, new: Located) -> None:
        told = parent.hollow is not None or id(parent) in self.doubled
        self.doubled.add(id(parent))
        if told:
            # One that is empty, which the shape's check says, or a line above is gone: these follow.
            self.report.explain(names_in(new, key.value))
            return
        line = parent.keys[key.value].line
        outer = self.pending[-2] if len(self.pending) > 1 else None
        if outer is not None and outer.value == "when":
            text = f'event "{key.value}" is already decided on line {line}'
            self.report.error(key.where, "duplicate-transition", text)
        else:
            text = f'key "{key.value}" is already given on line {line}'
            self.report.error(key.where, "duplicate-key", text)
            self.report.rename("")

    def _refuse_extras(self, event) -> None:
        where = _where(self.file, event, self.lines)
        if event.anchor is not None:
            self._syntax(where, "anchors are not part of the language: write the value out")
        if event.tag is not None and event.tag != "!":
            self._syntax(where, "tags are not part of the language")

    def _syntax(self, where: Where, text: str, hint: str = "") -> None:
        self.broken = True
        self.report.error(where, "yaml-syntax", text, hint)


def parse(file: str, text: str, report: Report) -> Located | None:
    """The located tree of one file's text; None (and an error) if it is not YAML."""
    report.know(file, text)
    builder = _Builder(file, text, report)
    try:
        for event in yaml.parse(text, Loader=_Loader):
            builder.feed(event)
    except yaml.YAMLError as e:
        if not builder.broken:
            where, what, hint = explain(file, text, e, builder.last)
            report.error(where, "yaml-syntax", what, hint)
        return None
    return None if builder.broken else builder.root


def read(file: str, report: Report, text: str | None = None) -> Located | None:
    """The located tree of one file, or of what it is to hold; None if it cannot be read or is no mapping."""
    top = Where(file, 0, 0)
    try:
        if text is None:
            if os.path.exists(file) and not (os.path.isfile(file) or os.path.isdir(file)):
                raise OSError(0, "no regular file")  # nobody may ever write into a FIFO
            with open(file, encoding="utf-8") as stream:
                text = stream.read()
        tree = parse(file, text, report)
    except OSError as e:
        report.error(top, "spec-files", f"cannot be read: {e.strerror}")
        return None
    except UnicodeDecodeError as e:
        report.error(
            top, "yaml-syntax", f"not UTF-8 text: byte {e.start} is {e.object[e.start]:#x}"
        )
        return None
    if tree is None:
        if not any(d.file == file for d in report.diagnostics):
            report.error(top, "spec-files", "the file is empty")
    elif tree.kind != "map":
        report.error(tree.where, "wrong-type", f"a spec is a mapping, not {KINDS[tree.kind]}")
        return None
    return tree


def files_of(directory: str) -> list[str]:
    """The spec files of a folder, by name, as paths the way the user gave the folder."""
    names = sorted(n for n in os.listdir(directory) if n.endswith((".yaml", ".yml")))
    return [os.path.join(directory, n) for n in names if not n.startswith(".")]
