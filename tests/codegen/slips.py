# SPDX-License-Identifier: BSD-2-Clause
"""Slips of the hand in the text of a spec: what is left out, doubled, swapped, misnamed, mistyped or moved.

    for slip in slips(text): ...        each one change, of a kind, at a line
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import yaml
from mistyped import SLIPS

Path = tuple[str | int, ...]
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # as the compiler has it


@dataclass(frozen=True)
class Slip:
    """What became of a text; `line` is the first that differs, `inside` the lines of the entry it is in."""

    kind: str
    of: str  # where it is, without names: states.*.when.done
    text: str
    inside: tuple[int, int] = ()
    line: int = 0


@dataclass(frozen=True)
class Part:
    """An entry of a map or an item of a list, with those beside it."""

    path: Path
    key: Any  # None of an item
    value: Any
    beside: tuple[Part, ...] | tuple
    index: int
    flow: bool
    holder: tuple[int, int]

    @property
    def first(self):
        return self.key or self.value


def slips(text: str) -> Iterator[Slip]:
    """All of them, without their lines."""
    for one in _all(text):
        if one.text != text:
            yield one


def at_its_line(slip: Slip, text: str) -> Slip:
    line = _differs(text, slip.text)
    return replace(slip, line=line, inside=slip.inside or (line, line))


def _all(text: str) -> Iterator[Slip]:
    parts = list(_parts(yaml.compose(text, Loader=LOADER), (), (1, text.count("\n") + 1)))
    for maker in (_left_out, _twice, _swapped, _names_swapped, _moved, _another, _added):
        yield from maker(text, parts)
    for kind, slip in SLIPS.items():
        for bad in slip(text):
            yield Slip(kind, kind, bad)


def _differs(text: str, other: str) -> int:
    lines, others = text.split("\n"), other.split("\n")
    return next((i for i, (a, b) in enumerate(zip(lines, others), 1) if a != b), len(others))


def _parts(node, path: Path, holder: tuple[int, int]) -> Iterator[Part]:
    """Every entry and item; the lines of what holds it go with it."""
    found: list[tuple] = []
    if isinstance(node, yaml.MappingNode):
        found = [(key.value, key, value) for key, value in node.value]
    elif isinstance(node, yaml.SequenceNode):
        found = [(i, None, value) for i, value in enumerate(node.value)]
    made: list[Part] = []
    for i, (name, key, value) in enumerate(found):
        made.append(Part((*path, name), key, value, (), i, bool(node.flow_style), holder))
    for part in made:
        yield replace(part, beside=tuple(made))
        begin = (part.key or part.value).start_mark.line + 1
        yield from _parts(part.value, part.path, (begin, _last(part.value).line + 1))


def _last(node):
    """Where its text ends, without the comments behind it."""
    inner = node.value if isinstance(node, yaml.CollectionNode) and not node.flow_style else ()
    if not inner:
        return node.end_mark
    return _last(inner[-1][1] if isinstance(inner[-1], tuple) else inner[-1])


NAMED = ("states", "commands", "operations", "statuses", "conditions", "links", "variables")
NAMED += ("members", "events", "marks", "indications", "calls", "modes", "parameters", "types")


def of(path: Path) -> str:
    """A path without names and numbers."""
    words = [str(x) if isinstance(x, str) else "[]" for x in path]
    if len(words) > 1 and words[0] in NAMED:
        words[1] = "*" if words[0] != "variables" else words[1]
        words[2:3] = ["*"] if words[0] == "variables" and len(words) > 2 else words[2:3]
    return ".".join(words).replace(".[]", "[]")


def sort_of(part: Part) -> str:
    """What it is, in the language's words."""
    path, arms = part.path, 4 if part.path[0] == "states" else 3
    if path[0] == "states" and path[2:3] == ("when",) or path[0] == "defaults":
        if len(path) >= arms:
            listed = len(path) > arms and isinstance(path[arms], int)
            if len(path) == arms + listed:
                last = part.index == len(part.beside) - 1
                return ("a last arm" if last else "a guard") if listed else "an arm"
            return "a key of an arm"
    if isinstance(path[-1], int):
        return "an item of a list"
    deep = len(path) - (path[0] == "variables" and len(path) > 2)
    return {1: "a section", 2: f"an entry of {path[0]}"}.get(deep, "a key")


def _cut(text: str, part: Part) -> str:
    """The text without it."""
    begin, end = part.first.start_mark.index, _last(part.value).index
    if not part.flow:
        begin = text.rfind("\n", 0, begin) + 1
        end = text.find("\n", end) + 1 or len(text)
    elif part.index + 1 < len(part.beside):
        end = part.beside[part.index + 1].first.start_mark.index
    elif part.index:
        begin = _last(part.beside[part.index - 1].value).index
    return text[:begin] + text[end:]


def _slip(kind: str, part: Part, text: str, old: str) -> Slip:
    first, last = part.holder
    return Slip(kind, of(part.path), text, (first, last + text.count("\n") - old.count("\n")))


def _left_out(text: str, parts: list[Part]) -> Iterator[Slip]:
    for part in parts:
        if part.path[-1] != "doc":
            yield _slip(f"left out: {sort_of(part)}", part, _cut(text, part), text)


def _between(text: str, part: Part) -> str:
    return text[part.first.start_mark.index : _last(part.value).index]


def _with(text: str, *places: tuple[int, int, str]) -> str:
    for begin, end, new in sorted(places, reverse=True):
        text = text[:begin] + new + text[end:]
    return text


def _span(part: Part) -> tuple[int, int]:
    return part.first.start_mark.index, _last(part.value).index


def _twice(text: str, parts: list[Part]) -> Iterator[Slip]:
    for part in parts:
        if part.key is None and part.flow:
            end = _last(part.value).index
            yield _slip(
                "an item twice", part, _with(text, (end, end, f", {_between(text, part)}")), text
            )


def _swapped(text: str, parts: list[Part]) -> Iterator[Slip]:
    """Items of a list with those behind them."""
    for part in parts:
        if part.key is None and part.index + 1 < len(part.beside):
            other = part.beside[part.index + 1]
            new = _with(
                text, (*_span(part), _between(text, other)), (*_span(other), _between(text, part))
            )
            kind = (
                "two arms swapped"
                if "arm" in sort_of(part) + sort_of(other)
                else "two items swapped"
            )
            yield _slip(kind, part, new, text)


def _names_swapped(text: str, parts: list[Part]) -> Iterator[Slip]:
    """The names of two entries of a section."""
    for part in parts:
        if part.key is not None and len(part.path) == 2 and part.path[0] in NAMED:
            for other in part.beside[part.index + 1 :][:1]:
                spans = [(p.key.start_mark.index, p.key.end_mark.index) for p in (part, other)]
                new = _with(text, (*spans[0], other.key.value), (*spans[1], part.key.value))
                yield _slip(f"two names of {part.path[0]} swapped", part, new, text)


def _moved(text: str, parts: list[Part]) -> Iterator[Slip]:
    """An arm to the next state that has none for this."""
    arms = [p for p in parts if p.path[0] == "states" and len(p.path) == 4 and not p.flow]
    for part in arms:
        others = [p for p in arms if p.first.start_mark.index > part.first.start_mark.index]
        other = next((p for p in others if p.path[1] != part.path[1]), None)
        if other and part.path[3] not in [p.path[3] for p in other.beside]:
            at = text.rfind("\n", 0, other.first.start_mark.index) + 1
            line = " " * part.first.start_mark.column + _between(text, part) + "\n"
            moved = replace(part, beside=(part,), index=0)
            yield _slip("an arm moved", part, _cut(text[:at] + line + text[at:], moved), text)


def _values(parts: list[Part]) -> list[tuple[Part, str]]:
    """What is a word, with the key it stands behind."""
    found = []
    for part in parts:
        key = next((x for x in reversed(part.path) if isinstance(x, str)), "")
        if isinstance(part.value, yaml.ScalarNode) and key not in ("doc", "host", "struct"):
            found.append((part, key))
    return found


def _another(text: str, parts: list[Part]) -> Iterator[Slip]:
    """A value by one that stands behind the same key elsewhere; a key by one of the same sort of map."""
    words = _values(parts)
    for part, key in words:
        others = {p.value.value for p, k in words if k == key} - {part.value.value}
        for other in sorted(others):
            begin, end = part.value.start_mark.index, part.value.end_mark.index
            yield _slip(f"another value: {key}", part, _with(text, (begin, end, other)), text)
    keys: dict[str, set] = {}
    for part in parts:
        if part.key is not None:
            keys.setdefault(of(part.path[:-1]), set()).add(part.path[-1])
    for part in parts:
        if part.key is not None and len(part.path) > 2:
            for other in sorted(keys[of(part.path[:-1])] - {p.path[-1] for p in part.beside}):
                begin, end = part.key.start_mark.index, part.key.end_mark.index
                yield _slip(
                    f"another key: {sort_of(part)}", part, _with(text, (begin, end, other)), text
                )


def _added(text: str, parts: list[Part]) -> Iterator[Slip]:
    """One more in a list of words."""
    words = _values(parts)
    for part, key in words:
        if part.key is None and part.index + 1 == len(part.beside):
            here = {p.value.value for p in part.beside}
            for other in sorted({p.value.value for p, k in words if k == key} - here):
                end = _last(part.value).index
                yield _slip(f"one more: {key}", part, _with(text, (end, end, f", {other}")), text)
