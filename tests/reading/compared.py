# SPDX-License-Identifier: BSD-2-Clause
"""Comparisons in the second checker: what stands on both sides, and whether that can be asked."""

from __future__ import annotations

from text import Spec, flags_of, listed, must

HOLDS = {
    "equal": lambda d: d == 0,
    "not_equal": lambda d: d != 0,
    "below": lambda d: d < 0,
    "at_most": lambda d: d <= 0,
    "at_least": lambda d: d >= 0,
    "above": lambda d: d > 0,
}


def sides(spec: Spec, variables: dict, c: dict) -> list[tuple]:
    """(sort, name or number) of both: number, parameter, own or variable."""
    return [_side(spec, variables, c["compare"]), _right(spec, variables, c)]


def _side(spec: Spec, variables: dict, word: str) -> tuple:
    prefix, _, name = word.rpartition(".")
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


def kinds(spec: Spec, variables: dict, c: dict) -> None:
    """Two numbers of one kind."""
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


def _number(spec: Spec, v: dict, name: str) -> dict:
    kind = spec.type(v["type"])
    must(kind["base"] != "pointer" and not kind["array"], "compare", f"{name} is no number")
    must(not flags_of(v) and "only" not in v, "compare", f"{name} is not compared")
    return kind


def asked(spec: Spec, obj: dict, c: dict, operation: str | None, there: bool) -> None:
    """`there`: the host has the object, so it has what it was made with."""
    variables = spec.variables(obj)
    read = []
    for sort, name in sides(spec, variables, c):
        if sort not in ("own", "variable"):
            continue
        klass, v = variables[name]
        brings = [
            o
            for o, x in spec.operations.items()
            if klass in x.get("brings", []) and ("in" not in v or o in listed(v["in"]))
        ]
        made = all(o in brings for o, x in spec.operations.items() if x["reaches"] == "new")
        node = sort == "variable" and operation in brings
        must(node or (there and made), "question", f"{name} is nowhere yet")
        read.append((sort, name, node))
    if len(read) == 2 and read[0] != read[1] and read[0][1] == read[1][1]:
        must(read[0][2] != read[1][2], "question", f"{read[0][1]} with itself")
