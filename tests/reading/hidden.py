# SPDX-License-Identifier: BSD-2-Clause
"""Secrets: from the node to a command, and nowhere else."""

from __future__ import annotations

from commands import taken_apart, there_in
from machines import Machine, started, verb
from memory import meet, of_class
from text import ASKED, Spec, flags_of, lines, must


def secrets(spec: Spec, obj: dict) -> dict[str, tuple[str, dict]]:
    return {n: kv for n, kv in spec.variables(obj).items() if "secret" in kv[1]}


def check(m: Machine) -> None:
    spec, obj = m.spec, m.obj
    for name, (_, v) in spec.variables(obj).items():
        must("keep" not in v or "secret" in v, "secrets", f"{name} is kept, and no secret")
    for name, (klass, v) in secrets(spec, obj).items():
        _shape(spec, obj, name, klass, v)
        must(klass != ASKED or "keep" not in v, "secrets", f"{name} is kept, and nobody's")
        if klass != ASKED:
            _told(spec, obj, name, klass, v)
    _compared(spec, obj, set(secrets(spec, obj)))
    for name, (klass, v) in secrets(spec, obj).items():
        kept = "keep" in v and _comes_with_new(spec, klass, v)
        if not kept and klass != ASKED:
            _at_hand(m, name, klass, v)


def _comes_with_new(spec: Spec, klass: str, v: dict) -> bool:
    new = {n: o for n, o in spec.operations.items() if o["reaches"] == "new"}
    return all(klass in o.get("brings", []) and there_in(v, [n]) for n, o in new.items())


def _shape(spec: Spec, obj: dict, name: str, klass: str, v: dict) -> None:
    kind = spec.type(v["type"])
    whole = "bits" not in v and not flags_of(v)
    must(klass in ("const", "cached", ASKED) and whole, "secrets", f"{name} is {klass}")
    must(kind["base"] != "pointer" and "kept_as" not in kind, "secrets", f"{name}: {v['type']}")
    pieces = of_class(spec, obj, klass)
    own = next(p for p in pieces if p.name == v["host"])
    must(not any(meet(own, p) for p in pieces if p is not own), "secrets", f"{name} is not alone")


def _told(spec: Spec, obj: dict, name: str, klass: str, v: dict) -> None:
    for operation, o in spec.operations.items():
        returns = o.get("returns", [])
        about = obj["object"] in o.get("about", [obj["object"]])
        given = about and (returns == "asked" or klass in returns) and there_in(v, [operation])
        must(not given, "secrets", f"{operation} gives {name} back")
    for indication in spec.target.get("indications", {}).values():
        if indication["about"] == obj["object"]:
            must("carries" not in indication or "in" in v, "secrets", f"{name} is told")
            must(indication.get("host_answers") != name, "secrets", f"{name} is answered")


def _compared(spec: Spec, obj: dict, hidden: set[str]) -> None:
    for rule in lines(obj):
        named = set(rule.get("changed", [])) - set(rule.get("brought", []))
        must(not named & hidden, "secrets", f"{named & hidden} compared")
    trees = {o["object"]: o for o in spec.objects}
    below = {f"{n}.{v}" for n, x in spec.links(obj).items() for v in secrets(spec, trees[x["to"]])}
    both = {**spec.target.get("conditions", {}), **obj.get("conditions", {})}
    for name, c in both.items():
        sides = [c.get("brought"), c.get("compare"), c.get("flags"), c.get("with")]
        asked = {s.removeprefix("own.") for s in sides if isinstance(s, str)}
        must(not asked & (hidden | below), "secrets", f"{name} asks for {asked}")
    for command in obj["commands"].values():
        for effect in command.get("effects", {}).values():
            must(effect["to"] not in hidden, "secrets", f"an effect of {effect['to']}")


def _at_hand(m: Machine, name: str, klass: str, v: dict) -> None:
    """What is not kept is sent only while the node that brings it is there."""
    for state, event, arm, _, _ in m.places():
        for command in started(m, arm):
            c = m.obj["commands"][command]
            if name not in taken_apart(m.spec, m.obj, c.get("carries", [])):
                continue
            operation = m.operation(state, event)
            o = m.spec.operations.get(operation or "", {})
            brought = klass in o.get("brings", []) and there_in(v, [operation])
            old = verb(arm) == "undo" and c.get("undo") == "old_values"
            bare = o.get("reaches") == "reference" and verb(arm) == "send"
            must(brought and not old and not bare, "secrets", f"{command} has no {name}")
