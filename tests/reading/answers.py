# SPDX-License-Identifier: BSD-2-Clause
"""What conditions that are made of others come down to, and which answers they can have together."""

from __future__ import annotations

import json
from itertools import product

import marked
from compared import HOLDS, alike, askable, bits, ends, sides, so
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


def _facts(spec: Spec, obj: dict, c: dict) -> dict:
    """What the answer depends on, and what that can be."""
    if "marked" in c:
        return {}  # it is a matter of all that look for marks together
    if "result" in c:
        return {"result": [*listed(c["result"]), "another"]}
    if "brought" in c:
        v = spec.variables(obj)[c["brought"]][1]
        return {("value", "variable", c["brought"]): near(spec, v, [*_enum(spec, v).values()])}
    if "flags" in c:
        return {}  # what these can be is a matter of all that are asked together
    if "compare" in c:
        variables = askable(spec, obj)
        left, right = sides(spec, variables, c)
        none = [None] if "linked" in (left[0], right[0]) else []
        if right[0] == "number":
            return {("value", *left): near(spec, variables[left[1]][1], [right[1]]) + none}
        return {("order", *sorted([left, right])): ([0] if left == right else [-1, 0, 1]) + none}
    return {_key(c): [0, 1]}


def _flags(spec: Spec, obj: dict, names) -> dict:
    found: dict = {}
    for c in asked(spec, obj, names).values():
        if "flags" in c:
            side, masks = bits(spec, askable(spec, obj), c)
            found.setdefault(side, []).append(masks)
    variables = askable(spec, obj)
    return {
        ("value", *s): alike(spec, variables[s[1]][1], m) + ([None] if s[0] == "linked" else [])
        for s, m in found.items()
    }


def _enum(spec: Spec, v: dict) -> dict:
    return spec.type(v["type"]).get("enum", {})


def near(spec: Spec, v: dict, numbers: list[int]) -> list[int]:
    """Around some numbers, and as far as the variable goes."""
    low, high = ends(spec, v)
    found = {low, high, *(n + d for n in numbers for d in (-1, 0, 1))}
    return sorted(n for n in found if low <= n <= high)


def _value(spec: Spec, obj: dict, c: dict, world: dict) -> bool:
    if "brought" in c:
        enum = _enum(spec, spec.variables(obj)[c["brought"]][1])
        return world["value", "variable", c["brought"]] in [enum[n] for n in listed(c["in"])]
    if "flags" in c:
        side, masks = bits(spec, askable(spec, obj), c)
        value = world[("value", *side)]
        return value is not None and so(masks, value)
    left, right = sides(spec, askable(spec, obj), c)
    if right[0] == "number":
        value = world[("value", *left)]
        return value is not None and HOLDS[c["is"]](
            value - right[1]
        )  # no value compares with nothing
    order = world[("order", *sorted([left, right]))]
    return order is not None and HOLDS[c["is"]](order if left <= right else -order)


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
        answer = marked.answer(c, world)
    elif "result" in c:
        answer = world["result"] in listed(c["result"])
    elif {"brought", "compare", "flags"} & c.keys():
        answer = _value(spec, obj, c, world)
    else:
        answer = world[_key(c)] == 1
    known[name] = answer
    return answer


def together(
    spec: Spec, obj: dict, names, result: str | None = None
) -> list[dict[str, bool]] | None:
    """All the answers of conditions and of what they are made of; None where that is too much to say."""
    facts: dict = _flags(spec, obj, names) | marked.seen(spec, obj, asked(spec, obj, names))
    for c in asked(spec, obj, names).values():
        for fact, ways in _facts(spec, obj, c).items():
            facts[fact] = [*dict.fromkeys([*facts.get(fact, []), *ways])]
    if result and "result" in facts:
        facts["result"] = [result]  # what failed ended with this
    count = 1
    for each in facts.values():
        count *= len(each)
    if count > MOST:
        return None
    found = []
    for way in product(*facts.values()):
        known: dict[str, bool] = {}
        for name in names:
            _holds(spec, obj, name, dict(zip(facts, way)), known)
        if known not in found:
            found.append(known)
    return found


def reaching(
    spec: Spec, obj: dict, arms: list[dict], result: str | None = None
) -> list[dict[str, bool]] | None:
    """Those with which the last of some arms is the one that counts."""
    worlds = together(spec, obj, [a["if"] for a in arms if "if" in a], result)
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
