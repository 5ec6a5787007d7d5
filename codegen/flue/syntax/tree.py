# SPDX-License-Identifier: BSD-2-Clause
"""The located tree that a spec file is read into."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Iterator

from flue.model import Where

# What a value is, as messages say it.
KINDS = {
    "map": "a mapping",
    "list": "a list",
    "text": "text",
    "number": "a number",
    "flag": "true or false",
    "empty": "empty",
}


@dataclass(eq=False)
class Located:
    """A value with its place. `value` holds a dict of Located, a list of them, or a scalar."""

    kind: str
    value: Any
    where: Where
    raw: str = ""  # a scalar as written
    key: Where | None = None  # of the key that names it
    keys: dict[str, Where] = field(default_factory=dict)  # a mapping's keys
    block: bool = False  # a mapping that is told by indentation

    @property
    def hollow(self) -> str | None:
        """The first key of a mapping that nothing stands behind: often its content is misplaced."""
        members = self.value.items() if self.block else ()
        return next(
            (key for key, child in members if child.kind == "empty" and not child.raw), None
        )

    @property
    def name_where(self) -> Where:
        """Where to point when something about the whole value is wrong: at its key."""
        return self.key or self.where

    def part(self, index: int) -> Where:
        """Where one part of a name with dots stands; a quote before it is none of it."""
        parts = self.raw.split(".")
        begin = sum(len(part) + 1 for part in parts[:index])
        begin += (self.where.width - len(self.raw)) // 2
        return replace(self.where, column=self.where.column + begin, width=len(parts[index]))

    def names(self, *path: str | int) -> list[str]:
        """The keys of the mapping that is found by following a path, if it is there."""
        found = self.get(*path)
        return list(found.keys) if found is not None else []

    def get(self, *path: str | int) -> Located | None:
        """The value found by following keys and list positions, if it is there."""
        here: Located | None = self
        for step in path:
            if here is None:
                return None
            if here.kind == "map":
                here = here.value.get(step)
            elif here.kind == "list" and isinstance(step, int) and step < len(here.value):
                here = here.value[step]
            else:
                return None
        return here

    def at(self, *path: str | int) -> Located:
        """The same where it is there: the schema asks for it, or the caller has looked."""
        found = self.get(*path)
        assert found is not None, path
        return found

    def place(self, *path: str | int) -> Where | None:
        """Where the value found by following a path stands."""
        found = self.get(*path)
        return None if found is None else found.where

    def key_place(self, *path: str | int) -> Where | None:
        """Where the last key of a path stands."""
        found = self.get(*path[:-1])
        return None if found is None else found.keys.get(str(path[-1]))

    def text(self, key: str, default: str = "") -> str:
        found = self.get(key)
        return default if found is None else str(found.value)

    def number(self, key: str, default: int = 0) -> int:
        found = self.get(key)
        return found.value if found is not None and found.kind == "number" else default

    def items(self, key: str | None = None) -> Iterator[tuple[str, Located]]:
        """(name, value) pairs of this mapping, or of the one under `key`; nothing if absent."""
        found = self if key is None else self.get(key)
        if found is not None and found.kind == "map":
            yield from found.value.items()

    def each(self, key: str | None = None) -> list[Located]:
        """The items of a list; a single value counts as a list of one, an absent one of none."""
        found = self if key is None else self.get(key)
        if found is None:
            return []
        return list(found.value) if found.kind == "list" else [found]


def names_in(tree: Located, *keys: str) -> set[str]:
    """All keys in a part of a tree, and `keys`."""
    names, todo = set(keys), [tree]
    while todo:
        one = todo.pop()
        names.update(key for key, _ in one.items())
        todo += (
            one.value.values() if one.kind == "map" else one.each() if one.kind == "list" else []
        )
    return names
