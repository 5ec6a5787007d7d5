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

Sections = Mapping[str, tuple[tuple[str, ...], ...]]
# What a name of each sort is a key of: first in its own file, then in the target's, then in all.
# `*` stands for any key.
SECTIONS: Sections = {
    "call": (("calls",),),
    "class": (("variables",),),
    "command": (("commands",),),
    "condition": (("conditions",),),
    "context": (("contexts",),),
    "data": (("events", "*", "data"),),
    "effect": (("commands", "*", "effects"),),
    "event": (("operations",), ("events",)),
    "flag": (("variables", "*", "*", "flags"),),
    "group": (("groups",),),
    "indication": (("indications",),),
    "layout": (("layout",),),
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
    "struct": (("structs",),),
    "transfer": (("transfers",),),
    "type": (("types",),),
    "unit": (("units",),),
    "value": (("types", "*", "enum"),),
    "variable": (("variables", "*"),),
    "variant": (("type_codes",),),
}
# Where else a name that is used is looked for, by the words that findings have for it.
LOOKED_FOR: Sections = {
    **SECTIONS,
    "cached variable": (("variables", "cached"),),
    "command": (("commands",), ("plans",), ()),  # what may be undone is either
    "delegated": (("variables", "delegated"),),
    "device variable": (("variables", "device"),),
    "result": (("statuses",),),  # that it becomes; of others the answers
    "sort of states": (("operations",),),
}
# Names that every file may use, whichever has them.
EVERYWHERE = ("object", "result", "variant")
BEFORE_A_DOT = ("own", "event", "busy")  # words of the language


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

    def declarations_of(self, use: Use) -> list[Declaration]:
        """What a use means: one, or in the target's defaults a state, or an event, of each object."""
        told = self._by_place.get(use.names.known.get(use.name))
        if told:
            return [told]
        file, name = self._through_link(use.where.file, use.name.partition(" ")[0])
        for sort in re.split(r", | or | and ", use.names.kind):
            shared = file in self._shared  # what its defaults lead to is in every object
            places = self.trees if shared or sort in EVERYWHERE else (file, *self._shared)
            made = (d for place in places for d in self._all(self.trees.get(place), sort))
            found = [self._by_place.get(d.where, d) for d in made if d.name == name]
            if found:
                return found if shared and sort not in EVERYWHERE else found[:1]
        return []

    def declarations_at(self, file: str, line: int, column: int) -> list[Declaration]:
        """What makes the name that is used or made at a place."""
        use = self.use_at(file, line, column)
        if use:
            return self.declarations_of(use)
        return [d for d in self.declarations(file) if covers(d.where, line, column)][:1]

    def uses_of(self, made: Declaration) -> list[Use]:
        """Each place once, in their order."""
        found = {u.where: u for u, places in self._meant if made.where in places}
        return [found[where] for where in sorted(found)]

    @cached_property
    def _meant(self) -> list[tuple[Use, set[Where]]]:
        return [(u, {d.where for d in self.declarations_of(u)}) for u in self.uses]

    @cached_property
    def _by_place(self) -> dict[Where | None, Declaration]:
        return {d.where: d for file in self.trees for d in self.declarations(file)}

    def declarations(self, file: str) -> list[Declaration]:
        """All names that a file makes, each once, in the order of the file."""
        tree = self.trees.get(file)
        made = (d for sort in (*SECTIONS, "object") for d in self._all(tree, sort, SECTIONS))
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
            return file, last if dot and first in BEFORE_A_DOT else first
        homes = (f for f, t in self.trees.items() if t.text("object") == to.value)
        return next(homes, file), last

    def _all(
        self, tree: Located | None, sort: str, sections: Sections = LOOKED_FOR
    ) -> Iterator[Declaration]:
        """The names of a sort that a file makes."""
        if tree is None:
            return
        yield from _values(tree, sort)
        for section in sections.get(sort, ()):
            for part in _parts(tree, section):
                for name, value in part.items():
                    if (section or name == "update") and (sort != "variant" or value.kind == "map"):
                        yield Declaration(sort, name, part.keys[name], value)


def _values(tree: Located, sort: str) -> Iterator[Declaration]:
    """The names of a sort that are no keys."""
    at = {"object": ("object",), "link": ("links_to", "object")}.get(sort)
    nodes = [tree.get(*at)] if at else []
    if sort == "result":
        nodes = [x for _, command in tree.items("commands") for x in command.each("answers")]
    for node in nodes:
        if node is not None:
            under = tree if sort == "object" else node
            yield Declaration(sort, str(node.value), node.where, under)


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
