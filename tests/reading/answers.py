# SPDX-License-Identifier: BSD-2-Clause
"""What conditions that are made of others come down to, and which answers they can have together."""

from __future__ import annotations

import json
from itertools import product

from text import Spec, listed

JOINED = ("not", "all_of", "any_of")
MOST = (
    4096  # of the ways in which all that is asked can be; beyond, the reference concludes nothing
)


def parts(c: dict) -> list[str]:
    return [name for key in JOINED for name in listed(c.get(key))]


def asked(spec: Spec, obj: dict, names) -> dict[str, dict]:
    """The questions at the bottom of conditions, by the names of those that ask them."""
    found, todo, seen = {}, list(names), set()
    while todo:
        name = todo.pop()
        c = spec.condition(obj, name)
        if name not in seen:
            seen.add(name)
            todo += parts(c)
            if not parts(c):
                found[name] = c
    return found


def _facts(c: dict) -> dict:
    """What the answer depends on, and how many ways there are for it to be."""
    if "marked" in c:
        return {("mark", mark): 3 for mark in listed(c["marked"])}  # no, further down, here
    return {_key(c): 2}


def _key(c: dict) -> tuple:
    return "asked", json.dumps({k: v for k, v in c.items() if k != "doc"}, sort_keys=True)


def _holds(spec: Spec, obj: dict, name: str, world: dict, known: dict) -> bool:
    if name in known:
        return known[name]
    c = spec.condition(obj, name)
    below = [_holds(spec, obj, part, world, known) for part in parts(c)]
    if below:
        answer = not below[0] if "not" in c else all(below) if "all_of" in c else any(below)
    elif "marked" in c:
        far = c.get("where") == "along_links"
        answer = any(world["mark", mark] + far >= 2 for mark in listed(c["marked"]))
    else:
        answer = world[_key(c)] == 1
    known[name] = answer
    return answer


def together(spec: Spec, obj: dict, names) -> list[dict[str, bool]] | None:
    """All the answers of conditions and of what they are made of; None where that is too much to say."""
    facts: dict = {}
    for c in asked(spec, obj, names).values():
        facts |= _facts(c)
    count = 1
    for n in facts.values():
        count *= n
    if count > MOST:
        return None
    found = []
    for way in product(*map(range, facts.values())):
        known: dict[str, bool] = {}
        for name in names:
            _holds(spec, obj, name, dict(zip(facts, way)), known)
        if known not in found:
            found.append(known)
    return found


def reaching(spec: Spec, obj: dict, arms: list[dict]) -> list[dict[str, bool]] | None:
    """Those with which the last of some arms is the one that counts."""
    worlds = together(spec, obj, [a["if"] for a in arms if "if" in a])
    if worlds is None:
        return None
    *before, last = arms
    out = []
    for w in worlds:
        taken = any("if" not in a or w[a["if"]] for a in before)
        if not taken and ("if" not in last or w[last["if"]]):
            out.append(w)
    return out


def denied(spec: Spec, obj: dict, arms: list[dict], fits) -> bool:
    """The last arm counts only where the answer to some question that fits is no."""
    names = [a["if"] for a in arms if "if" in a]
    questions = [n for n, c in asked(spec, obj, names).items() if fits(c)]
    worlds = reaching(spec, obj, arms) if questions else []
    if worlds is None:
        return any(fits(spec.condition(obj, a["if"])) for a in arms[:-1] if "if" in a)
    return any(not any(w[n] for w in worlds) for n in questions)
