# SPDX-License-Identifier: BSD-2-Clause
"""Variables that are not always there: an object that is added again must not begin with a 0 for one."""

from __future__ import annotations

from commands import taken_apart, there_in
from machines import Machine, started
from text import flags_of, must


def check(m: Machine) -> None:
    for name, (klass, v) in m.spec.variables(m.obj).items():
        news = [n for n, o in m.spec.operations.items() if o["reaches"] == "new"]
        brings = [
            klass in m.spec.operations[n].get("brings", []) and there_in(v, [n]) for n in news
        ]
        if klass in ("const", "cached") and "in" in v and all(brings):
            _added(m, name, v)


def _added(m: Machine, name: str, v: dict) -> None:
    for state, event, arm, _, _ in m.places():
        operation = m.operation(state, event)
        there = operation is None or there_in(v, [operation])
        if there or m.spec.operations[operation]["reaches"] == "new":
            continue
        for word in started(m, arm):
            command = m.obj["commands"][word]
            carries = taken_apart(m.spec, m.obj, command.get("carries", []))
            told = command.get("hardware") == "has" and {name, *flags_of(v)} & carries
            must(not told, "absent", f"{word} tells a {name} of 0 in {operation}")
