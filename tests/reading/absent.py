# SPDX-License-Identifier: BSD-2-Clause
"""Variables that are not always there: the hardware is not told 0 of what the object has."""

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
            _told(m, name, v)


def _told(m: Machine, name: str, v: dict) -> None:
    """A command that never has a value of it does not carry it with its class at all."""
    sent = [(m.operation(s, e), w) for s, e, arm, _, _ in m.places() for w in started(m, arm)]
    with_value = {w for o, w in sent if not o or there_in(v, [o])}
    for operation, word in sent:
        command = m.obj["commands"][word]
        if not operation or there_in(v, [operation]) or command.get("hardware") == "has_not":
            continue
        words = {name, *flags_of(v)}
        named = words & set(command.get("carries", []))
        adds = command.get("hardware") == "has"
        told = words & taken_apart(m.spec, m.obj, command.get("carries", []))
        told = told and (named or adds or word in with_value)
        new = m.spec.operations[operation]["reaches"] == "new"
        must(new or not told, "absent", f"{word} tells a {name} of 0 in {operation}")
