# SPDX-License-Identifier: BSD-2-Clause
"""What the device does by itself to an object: its `events:`."""

from __future__ import annotations

from flue import model as m
from flue.syntax.tree import Located

from .contexts import context_of
from .reserved import check_reserved
from .scope import Scope


def check_names(scope: Scope) -> None:
    """Before anything asks for an event: one that cannot be called so may be missed by another name."""
    for tree in scope.objects.values():
        for name, n in tree.items("events"):
            check_reserved(scope.report, "event", name, n.name_where)
            if name in scope.events:
                whose = "an operation" if name in scope.operations else "an event of all machines"
                text = f'event "{name}" is {whose} already: say another name'
                scope.report.error(n.name_where, "clashing-name", text)
                scope.report.rename("event")


def device_events(scope: Scope, tree: Located) -> tuple[m.DeviceEvent, ...]:
    found = []
    for i, (name, n) in enumerate(tree.items("events")):
        found.append(
            m.DeviceEvent(
                name=name,
                index=i,
                data=_data(scope, n.get("data")),
                hardware=n.text("hardware") or None,
                runs_in=context_of(scope, n, "runs_in", "events"),
                doc=n.text("doc"),
                where=n.name_where,
                source=n,
            )
        )
    return tuple(found)


def _data(scope: Scope, section: Located | None) -> tuple[tuple[str, m.Type], ...]:
    if section is None:
        return ()
    for name, where in section.keys.items():
        check_reserved(scope.report, "data", name, where)
    found = tuple((name, scope.type(n)) for name, n in section.items())
    for name, type_ in found:
        if not type_.number:
            text = f'"{name}" goes along with an event: a number, not {type_.name}'
            scope.report.error(section.at(name).where, "wrong-type", text)
    return found
