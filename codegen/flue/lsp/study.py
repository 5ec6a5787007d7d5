# SPDX-License-Identifier: BSD-2-Clause
"""A folder of specs as it is being edited, and what its names are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from flue.compiler import Work, study
from flue.model import Where
from flue.resolve.namespace import Use
from flue.syntax.tree import Located

from .places import covers

# What a name of each sort is a key of: first in its own file, then in the target's, then in all.
# `*` stands for any key.
SECTIONS: dict[str, tuple[tuple[str, ...], ...]] = {
    "call": (("calls",),),
    "command": (("commands",),),
    "condition": (("conditions",),),
    "effect": (("commands", "*", "effects"),),
    "event": (("operations",), ("events",)),
    "flag": (("variables", "*", "*", "flags"),),
    "group": (("groups",),),
    "indication": (("indications",),),
    "layout": (("layouts",),),
    "link": (("links",),),
    "mark": (("marks",),),
    "mode": (("modes",),),
    "operation": (("operations",),),
    "parameter": (("parameters",),),
    "plan": (("plans",), ()),
    "pulse": (("variables", "*", "*", "flags"), ("variables", "*", "*", "pulses")),
    "reason": (("indications", "*", "reasons"),),
    "section": (("plans",), ()),
    "state": (("states",), ("groups",)),
    "status": (("statuses",),),
    "structure": (("structs",),),
    "type": (("types",),),
    "unit": (("units",),),
    "value": (("types", "*", "enum"),),
    "variable": (("variables", "*"),),
}


@dataclass(frozen=True)
class Declaration:
    """A key that makes a name, and what stands under it."""

    sort: str
    name: str
    where: Where
    tree: Located

    @property
    def doc(self) -> str:
        return self.tree.text("doc") if self.tree.kind == "map" else str(self.tree.value or "")


class Study:
    """One look at a folder; nothing in it changes any more."""

    def __init__(self, directory: str, texts: Mapping[str, str]) -> None:
        self.texts = texts
        self.work: Work = study(directory, texts)

    def lines(self, file: str) -> list[str]:
        """Of a file of the folder; of any other none."""
        return self.work.report.lines(file)

    @cached_property
    def trees(self) -> dict[str, Located]:
        """By file, the target's first."""
        found = sorted(self.work.trees, key=lambda tree: "target" not in tree.keys)
        return {tree.where.file: tree for tree in found}

    @property
    def first(self) -> str:
        """The file that is shown what is wrong with the folder as a whole."""
        return next(iter([*self.trees, *self.texts]))

    @property
    def uses(self) -> list[Use]:
        return self.work.report.uses

    def use_at(self, file: str, line: int, column: int) -> Use | None:
        """What is looked up at a place: the shortest, where several are."""
        found = [u for u in self.uses if u.where.file == file and covers(u.where, line, column)]
        return min(found, key=lambda u: u.where.width) if found else None

    def declaration_of(self, use: Use) -> Declaration | None:
        """What a use means."""
        own = use.where.file
        file, name = self._through_link(own, use.name.partition(" ")[0])
        for sort in re.split(r", | or | and ", use.names.kind):
            for place in self.trees if sort == "object" else (file, *self._shared):
                found = (d for d in self._all(self.trees.get(place), sort) if d.name == name)
                declaration = next(found, None)
                if declaration:
                    return declaration
        return None

    def declaration_at(self, file: str, line: int, column: int) -> Declaration | None:
        """The name that is used or made at a place."""
        use = self.use_at(file, line, column)
        if use:
            return self.declaration_of(use)
        made = (d for d in self.declarations(file) if covers(d.where, line, column))
        return next(made, None)

    def uses_of(self, made: Declaration) -> list[Use]:
        found = {u.where: u for u in self.uses if made.name in re.split("[. ]", u.name)}
        means = lambda u: (d := self.declaration_of(u)) is not None and d.where == made.where
        return [found[where] for where in sorted(found) if means(found[where])]

    def declarations(self, file: str) -> list[Declaration]:
        """All names that a file makes, each once, in the order of the file."""
        made = (d for sort in (*SECTIONS, "object") for d in self._all(self.trees.get(file), sort))
        found: dict[Where, Declaration] = {}
        for declaration in made:
            found.setdefault(declaration.where, declaration)
        return [found[where] for where in sorted(found)]

    @cached_property
    def _shared(self) -> tuple[str, ...]:
        """The files whose names all others may use: the target's and the node's."""
        return tuple(f for f, tree in self.trees.items() if "object" not in tree.keys)

    def _through_link(self, file: str, name: str) -> tuple[str, str]:
        """out_sa.hw_id is a variable of what the link out_sa leads to."""
        first, dot, last = name.partition(".")
        tree = self.trees.get(file)
        to = tree.get("links", first, "to") if tree else None
        if not dot or to is None:
            return file, last if dot and first in ("own", "event") else first
        homes = (f for f, t in self.trees.items() if t.text("object") == to.value)
        return next(homes, file), last

    def _all(self, tree: Located | None, sort: str) -> Iterator[Declaration]:
        """The names of a sort that a file makes."""
        if tree is None:
            return
        if sort == "object":
            named = tree.get("object")
            if named is not None:
                yield Declaration(sort, str(named.value), named.where, tree)
            return
        for section in SECTIONS.get(sort, ()):
            for part in _parts(tree, section):
                for name, value in part.items():
                    if section or name == "update":
                        yield Declaration(sort, name, part.keys[name], value)


def _parts(tree: Located, section: tuple[str, ...]) -> list[Located]:
    """The mappings at a path in which `*` is any key."""
    found = [tree]
    for step in section:
        if step == "*":
            found = [value for part in found for _, value in part.items()]
        else:
            found = [
                part.value[step] for part in found if part.kind == "map" and step in part.value
            ]
    return [part for part in found if part.kind == "map"]
