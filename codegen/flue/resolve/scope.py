# SPDX-License-Identifier: BSD-2-Clause
"""What every part of the resolver shares: the names a target declares, and its types."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace

from flue.diagnostics import Report
from flue.model import (
    DECISIONS,
    HOST_CLASSES,
    TOGETHER,
    INTERNAL_EVENTS,
    OWN_RESULTS,
    Type,
    Variable,
    Where,
)
from flue.model.types import HANDLE, INTEGERS, built_in
from flue.syntax.tree import Located

from .namespace import Names
from .reserved import check_reserved


@dataclass
class Scope:
    """Names of the target; made once, before anything that refers to them."""

    report: Report
    target: Located
    node: Located
    objects: dict[str, Located]  # by name, in layer order
    types: dict[str, Type] = field(default_factory=dict)
    variables: dict[str, dict[str, Variable]] = field(default_factory=dict)  # of objects

    def __post_init__(self) -> None:
        self.units = self._names("units", "unit")
        self.parameters = self._names("parameters", "parameter")
        self.type_names = self._names("types", "type")
        self.statuses = self._names("statuses", "status")
        self.operations = self._names("operations", "operation")
        self.marks = self._names("marks", "mark")
        self.conditions = self._names("conditions", "condition")
        self.indications = self._names("indications", "indication")
        self.contexts = self._names("contexts", "context")
        self._names("modes", "mode")
        for name in (*INTEGERS, HANDLE.name):
            self.type_names.known.setdefault(name, None)
        self.object_names = Names(self.report, "object", self.objects)
        events = [*self.operations.known, *INTERNAL_EVENTS]
        if any(n.get("together") for _, n in self.target.items("operations")):
            events += DECISIONS
        self.events = Names(self.report, "event", events)
        states = (s for tree in self.objects.values() for s in tree.names("states"))
        self.states = Names(self.report, "state", states)  # of any object: defaults lead there
        self.results = self._results()
        known = [*self.statuses.known, *self.results.known]
        self.answers = Names(self.report, "status or result", known)
        self.variants = Names(self.report, "variant", self._variants())

    def _names(self, section: str, kind: str) -> Names:
        names = declare(self.report, kind, self.target.get(section))
        names.home = f'under "{section}" of {os.path.basename(self.target.where.file)}'
        return names

    def _results(self) -> Names:
        """Bad results: flue's own and all that commands may answer."""
        names = Names(self.report, "result", OWN_RESULTS[1:])
        for tree in self.objects.values():
            for _, command in tree.items("commands"):
                if command.get("answers") is None:
                    names.known["failure"] = None
                for answer in command.each("answers"):
                    names.known.setdefault(str(answer.value), None)
                    check_reserved(self.report, "result", str(answer.value), answer.where)
        return names

    def _variants(self) -> list[str]:
        found = [v for tree in self.objects.values() for v in variants_of(tree)]
        return list(dict.fromkeys(found))

    @property
    def word_bytes(self) -> int:
        """Of a pointer on the host: of 4 bytes only where nothing says otherwise."""
        abi = self.target.get("abi")
        if abi is None or abi.text("structs") != "natural" or abi.get("pointer_bytes"):
            return 8
        return abi.number("word_bytes", 8)

    def unit(self, node: Located | None) -> str:
        if node is None:
            return ""
        name = str(node.value)
        unit = name.split("/")[0]
        self.units.mention(node.where, unit)
        if unit not in self.units:
            self.units.unknown(node.where, name)
        return name

    def type(self, node: Located | None) -> Type:
        """The type a node names; a stand-in where it is unknown (and reported)."""
        stand_in = Type(name="u32", c="uint32_t", bytes=4)
        if node is None:
            return replace(stand_in, name="")
        name = str(node.value)
        found = self.types.get(name) or built_in(name)
        self.type_names.knows(node.where, name, (name,) if found else ())
        return found or replace(stand_in, name=name)

    def values(self, type_: Type) -> dict[str, Where | None]:
        """What values of a type are called, and where they are declared."""
        enum = self.target.get("types", type_.name, "enum")
        return {name: enum.keys.get(name) if enum else None for name, _ in type_.enum}

    def knows_type(self, type_: Type) -> bool:
        """Whether it is one, and no stand-in."""
        return type_.name in self.type_names or built_in(type_.name) is not None


def declare(report: Report, kind: str, section: Located | None) -> Names:
    """The names that are keys of a section, each checked against the reserved words."""
    names = Names(report, kind)
    if section is not None:
        for name, where in section.keys.items():
            # Keys with a wrong value were taken out of the tree, but they were declared.
            names.known[name] = where
            if section.get(name) is not None:  # a `when` that is not indented is no name of a state
                check_reserved(report, kind, name, where)
    return names


def variants_of(tree: Located) -> list[str]:
    """Variants an object's type codes are given for; none if they are given by class."""
    codes = list(tree.items("type_codes"))
    return [
        name
        for name, value in codes
        if name not in (*HOST_CLASSES, *TOGETHER, "all") and value.kind == "map"
    ]
