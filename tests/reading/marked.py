# SPDX-License-Identifier: BSD-2-Clause
"""Marks that conditions look for, here and along links: by which of them what can be seen together."""

from __future__ import annotations

from itertools import combinations

from text import Spec, listed, must

HERE = "here"


def follows(c: dict, link: str) -> bool:
    where = c.get("where", HERE)
    return where == "along_links" or (isinstance(where, list) and link in where)


def ways(spec: Spec, obj: dict) -> list[list[str]]:
    """All ways from an object to others, as names of links."""
    trees = {o["object"]: o for o in spec.objects}
    found = []
    for name, link in spec.links(obj).items():
        found += [[name], *([name, *rest] for rest in ways(spec, trees[link["to"]]))]
    return found


def seen(spec: Spec, obj: dict, questions: dict[str, dict]) -> dict[tuple, list]:
    """Of each mark the sets of questions that can see it, where it is not on the object itself."""
    found: dict[tuple, list] = {}
    for mark in {m for c in questions.values() for m in listed(c.get("marked"))}:
        asks = {view(c): c for c in questions.values() if mark in listed(c.get("marked"))}
        sights = {
            frozenset(n for n, c in asks.items() if all(follows(c, x) for x in way))
            for way in ways(spec, obj)
        } - {frozenset()}
        some = (x for k in range(len(sights) + 1) for x in combinations(sights, k))
        found["mark", mark] = [*{frozenset().union(*x) for x in some}, HERE]
    return found


def check(spec: Spec) -> None:
    """Links that are named are there; those of an object's own condition are on a way along them."""
    links = {name for o in spec.objects for name in spec.links(o)}
    for c in [spec.target.get("unusable", {}), *spec.target.get("conditions", {}).values()]:
        where = c.get("where", HERE)
        must(isinstance(where, str) or set(where) <= links, "names", f"unknown link in {where}")
    for obj in spec.objects:
        for name, c in obj.get("conditions", {}).items():
            where = c.get("where", HERE)
            met = {way[-1] for way in ways(spec, obj) if all(follows(c, x) for x in way)}
            must(isinstance(where, str) or set(where) <= met, "links", f"{name}: {where}")


def view(c: dict) -> tuple:
    """Where it looks: what two questions about a mark differ in."""
    where = c.get("where", HERE)
    return tuple(sorted(where)) if isinstance(where, list) else (where, 0)


def answer(c: dict, world: dict) -> bool:
    places = (world["mark", mark] for mark in listed(c["marked"]))
    return any(p == HERE or view(c) in p for p in places)
