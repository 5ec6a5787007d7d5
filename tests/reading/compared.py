# SPDX-License-Identifier: BSD-2-Clause
"""Comparisons in the second checker: what stands on both sides, and whether that can be asked."""

from __future__ import annotations

from functools import reduce
from operator import or_

import links
from text import ASKED, CHOSEN, NOTED, Spec, flags_of, listed, must

HOLDS = {
    "equal": lambda d: d == 0,
    "not_equal": lambda d: d != 0,
    "below": lambda d: d < 0,
    "at_most": lambda d: d <= 0,
    "at_least": lambda d: d >= 0,
    "above": lambda d: d > 0,
}


BITS = ("has_all", "has_any", "has_none", "has_only")


def askable(spec: Spec, obj: dict) -> dict:
    """Its variables, and those of what its links lead to, as conditions name them."""
    trees = {o["object"]: o for o in spec.objects}
    below = {
        f"{link}.{name}": v
        for link, x in spec.links(obj).items()
        for name, v in (spec.variables(trees[x["to"]]) if x["to"] in trees else {}).items()
    }
    return {**spec.variables(obj), **below}


def sides(spec: Spec, variables: dict, c: dict) -> list[tuple]:
    """(sort, name or number) of both: number, parameter, own, linked or variable; one where flags are asked for."""
    if "flags" in c:
        return [_side(spec, variables, c["flags"])]
    return [_side(spec, variables, c["compare"]), _right(spec, variables, c)]


def _side(spec: Spec, variables: dict, word: str) -> tuple:
    prefix, _, name = word.rpartition(".")
    if prefix not in ("", "own") and word in variables:
        return "linked", word
    must(prefix in ("", "own"), "names", f"a copy called {prefix}")
    must(name in variables, "names", f"unknown variable {name}")
    return ("own" if prefix else "variable"), name


def _right(spec: Spec, variables: dict, c: dict) -> tuple:
    word = c["with"]
    if isinstance(word, int):
        return "number", word
    _, left = _side(spec, variables, c["compare"])
    values = spec.type(variables[left][1]["type"]).get("enum", {})
    parameters = spec.target.get("parameters", {})
    must(sum(word in x for x in (values, parameters, variables)) < 2, "names", f"two {word}")
    if word in values:
        return "number", values[word]
    return ("parameter", word) if word in parameters else _side(spec, variables, word)


def ends(spec: Spec, v: dict) -> tuple[int, int]:
    """The lowest and the highest value of a variable."""
    kind = spec.type(v["type"])
    first, last = map(int, v["bits"].split("..")) if "bits" in v else (0, 8 * kind["size"] - 1)
    count = 1 << last - first + 1
    low = -count // 2 if kind["base"][0] == "i" else 0
    return low, low + count - 1


def bits(spec: Spec, variables: dict, c: dict) -> tuple[tuple, dict[str, int]]:
    """The variable whose flags are asked for, and each mask."""
    side = _side(spec, variables, c["flags"])
    known = {n: flags_of({"flags": {n: f}})[n] for n, f in _flags(variables, side).items()}
    asked = {key: [known.get(n) for n in listed(c[key])] for key in BITS if key in c}
    must(asked, "shape", "no flags are asked for")
    if not known:
        return side, {}
    must(all(None not in x for x in asked.values()), "names", "unknown flags")
    return side, {k: reduce(or_, x) for k, x in asked.items()}


def _flags(variables: dict, side: tuple) -> dict:
    return variables[side[1]][1].get("flags", {})


def so(masks: dict[str, int], value: int) -> bool:
    """What is said of the bits is so of this value."""
    return (
        masks.get("has_all", 0) & ~value == 0
        and ("has_any" not in masks or masks["has_any"] & value != 0)
        and masks.get("has_none", 0) & value == 0
        and ("has_only" not in masks or value & ~masks["has_only"] == 0)
    )


def alike(spec: Spec, v: dict, masks: list[dict[str, int]]) -> list[int]:
    """Values for all that can be said at once: of bits that the same masks have none, one or all is set."""
    low, high = ends(spec, v)
    width = (high - low).bit_length()
    groups: dict[tuple, list[int]] = {}
    for i in range(width):
        having = tuple(m >> i & 1 for x in masks for _, m in sorted(x.items()))
        groups.setdefault(having, []).append(1 << i)
    values = [0]
    for group in groups.values():
        some = {0, group[0], sum(group)}
        values = [v | bits for v in values for bits in sorted(some)]
    return list({tuple(so(x, v) for x in masks): v for v in values}.values())


def kinds(spec: Spec, variables: dict, c: dict) -> None:
    """Two numbers of one kind, or one that is made of flags."""
    found = [s for s in sides(spec, variables, c) if s[0] == "linked"]
    for klass, v in (variables[name] for _, name in found):
        must(klass not in (ASKED, CHOSEN, "delegated"), "compare", f"{found} is {klass}")
        must("kept_as" not in spec.type(v["type"]), "compare", f"an age of {found}")
        must(klass == NOTED or _made_with(spec, klass, v), "compare", f"{found} has no value")
    if "flags" in c:
        v = variables[_side(spec, variables, c["flags"])[1]][1]
        must(v.get("flags") and "only" not in v, "compare", f"{c['flags']} has no flags")
        bits(spec, variables, c)
        return
    (_, name), (sort, other) = sides(spec, variables, c)
    left = variables[name][1]
    found = [(left, _number(spec, left, name))]
    if sort == "number":
        low, high = ends(spec, left)
        must(low <= other <= high, "compare", f"{other} does not fit {name}")
        return
    right = spec.target["parameters"][other] if sort == "parameter" else variables[other][1]
    found.append((right, _number(spec, right, other)))
    must(sort != "parameter" or found[1][1]["size"] <= 4, "compare", f"{other} is too wide")
    must(len({k["base"][0] for _, k in found}) == 1, "compare", "a sign")
    enums = any("enum" in k for _, k in found)
    must(not enums or len({v["type"] for v, _ in found}) == 1, "compare", "two enums")
    units = {v.get("unit", k.get("unit")) for v, k in found} - {None}
    must(len(units) < 2, "compare", f"units {units}")


def _made_with(spec: Spec, klass: str, v: dict) -> bool:
    made = [o for o, x in spec.operations.items() if x["reaches"] == "new"]
    return set(made) <= set(spec.brought(klass, v))


def _number(spec: Spec, v: dict, name: str) -> dict:
    kind = spec.type(v["type"])
    must(kind["base"] != "pointer" and not kind["array"], "compare", f"{name} is no number")
    must(not flags_of(v) and "only" not in v, "compare", f"{name} is not compared")
    return kind


def asked(
    spec: Spec, obj: dict, c: dict, operation: str | None, there: bool, fresh: set[str]
) -> None:
    """`there`: the host has the object, so it has what it was made with; `fresh`: an answer has
    just brought it."""
    variables = askable(spec, obj)
    read = []
    for sort, name in sides(spec, variables, c):
        if sort == "linked":
            link = spec.links(obj)[name.partition(".")[0]]
            told = operation and links.lays(spec, obj, link, operation)
            must(there or told, "question", f"{name}: it stands on none yet")
        if sort not in ("own", "variable"):
            continue
        klass, v = variables[name]
        brings = [
            o
            for o, x in spec.operations.items()
            if klass in x.get("brings", []) and ("in" not in v or o in listed(v["in"]))
        ]
        made = klass == NOTED or all(
            o in brings for o, x in spec.operations.items() if x["reaches"] == "new"
        )
        node = sort == "variable" and operation in brings
        kept = there and made and klass != CHOSEN
        must(node or name in fresh or kept, "question", f"{name} is nowhere yet")
        read.append((sort, name, node))
    if len(read) == 2 and read[0] != read[1] and read[0][1] == read[1][1]:
        must(read[0][2] != read[1][2], "question", f"{read[0][1]} with itself")
