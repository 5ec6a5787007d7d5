# SPDX-License-Identifier: BSD-2-Clause
"""Where on the page each thing stands: the id of its element, which links lead to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Protocol

from flue.model import Object, Target, Where


class Named(Protocol):
    @property
    def name(self) -> str:
        ...


def anchor(*parts: str) -> str:
    """meter, command, add_meter -> meter.command.add_meter; a name may have spaces."""
    return ".".join(p.replace(" ", "~") for p in parts)


class Anchors:
    """Those of one target. Spec files go by their number, since a name may have anything in it."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.numbers = {file: i for i, file in enumerate(target.files)}
        self.known = set(self._all())

    def line(self, where: Where) -> str:
        return f"spec.{self.numbers[where.file]}.{where.line}"

    def place(self, where: Where) -> str:
        """As people read it: all files of a target lie in one folder."""
        return f"{PurePath(where.file).name}:{where.line}"

    def within(self, obj: Object, sort: str, name: str) -> str | None:
        """Of something of an object's, or else of the target's; None if the page has neither."""
        for found in (anchor("object", obj.name, sort, name), anchor(sort, name)):
            if found in self.known:
                return found
        return None

    def _all(self) -> Iterator[str]:
        target = self.target
        shared: Mapping[str, Sequence[Named]] = {
            "status": target.statuses,
            "operation": target.operations,
            "mark": target.marks,
            "condition": target.conditions,
            "indication": target.indications,
            "parameter": target.parameters,
        }
        for sort, things in shared.items():
            yield from (anchor(sort, x.name) for x in things)
        for obj in target.objects:
            own: Mapping[str, Sequence[Named]] = {
                "state": obj.states,
                "command": obj.commands,
                "event": obj.events,
                "condition": obj.conditions,
                "variable": obj.variables,
                "link": obj.links,
                "transfer": obj.transfers,
            }
            for sort, things in own.items():
                yield from (anchor("object", obj.name, sort, x.name) for x in things)
            yield from (anchor("object", obj.name, "plan", x) for x in obj.plans)
