# SPDX-License-Identifier: BSD-2-Clause
"""What arms set, in the second checker: which variables, to what, and when."""

from __future__ import annotations

from compared import ends
from text import CHOSEN, NOTED, Spec, arms_of, flags_of, must

SETTABLE = (NOTED, "cached")


def _arms(obj: dict):
    for state in obj["states"].values():
        for event, arms in state.get("when", {}).items():
            for arm in arms_of(arms):
                yield event, arm


def named(obj: dict) -> set[str]:
    return {name for _, arm in _arms(obj) for name in arm.get("set", {})}


def check_names(spec: Spec) -> None:
    for obj in spec.objects:
        _known(spec, obj)


def _known(spec: Spec, obj: dict) -> None:
    """Names of variables, and of what they are set to."""
    variables = spec.variables(obj)
    for event, arm in _arms(obj):
        for name, to in arm.get("set", {}).items():
            must(name in variables, "names", f"unknown variable {name}")
            _operand(spec, obj, event, name, to)


def _operand(spec: Spec, obj: dict, event: str, name: str, to) -> tuple:
    """(sort, name or number)."""
    if isinstance(to, dict):
        return "more", to["add"]
    if isinstance(to, int):
        return "number", to
    variables, parameters = spec.variables(obj), spec.target.get("parameters", {})
    prefix, _, word = to.rpartition(".")
    if prefix == "event":
        data = obj.get("events", {}).get(event, {}).get("data", {})
        must(word in data, "names", f"no {word} comes with {event}")
        return "event", data[word]
    must(prefix in ("", "own"), "names", f"a copy called {prefix}")
    values = spec.type(variables[name][1]["type"]).get("enum", {})
    if not prefix:
        must(sum(to in x for x in (values, parameters, variables)) < 2, "names", f"two {to}")
    if not prefix and to in values:
        return "number", values[to]
    if not prefix and to in parameters:
        return "parameter", to
    must(word in variables, "names", f"unknown variable {word}")
    return ("own" if prefix else "variable"), word


def check(m) -> None:
    spec, obj = m.spec, m.obj
    variables = spec.variables(obj)
    carried = {w for c in obj["commands"].values() for w in c.get("carries", [])}
    for name, event, arm, _, _ in m.places():
        for word, to in arm.get("set", {}).items():
            klass, v = variables[word]
            kind = spec.type(v["type"])
            plain = kind["base"] not in ("pointer", "handle") and not kind["array"]
            plain = plain and not {"kept_as", "only", "secret"} & {*kind, *v} and not flags_of(v)
            must(klass in SETTABLE and plain, "set", f"{word} cannot be set")
            must(not {word, klass} & carried, "set", f"the hardware is told {word}")
            _fits(m, name, event, v, _operand(spec, obj, event, word, to))
            _hosts(m, name, event, arm, word)
    for word, (klass, v) in variables.items():
        must(klass != NOTED or word in named(obj), "set", f"nothing sets {word}")


def _range(spec: Spec, v: dict) -> tuple[int, int]:
    return ends(spec, v)


def _fits(m, name: str, event: str, v: dict, to: tuple) -> None:
    sort, what = to
    low, high = _range(m.spec, v)
    if sort == "more":
        must(what <= high - min(low, 0), "set", f"{what} more")
    elif sort == "number":
        must(low <= what <= high, "set", f"{what} does not fit")
    elif sort == "event":
        least, most = _range(m.spec, {"type": what})
        must(low <= least and most <= high, "set", f"{what} of an event does not fit")
    else:
        _same(m, name, event, v, sort, what)


def _same(m, name: str, event: str, v: dict, sort: str, what: str) -> None:
    """Another variable, or a parameter: of one kind, no wider, and with a value by then."""
    spec, variables = m.spec, m.spec.variables(m.obj)
    other = spec.target["parameters"][what] if sort == "parameter" else variables[what][1]
    kind, own = spec.type(other["type"]), spec.type(v["type"])
    must(kind["base"] not in ("pointer", "handle") and not kind["array"], "set", f"{what}")
    must(not flags_of(other) and not {"only", "secret"} & set(other), "set", f"{what}")
    must(sort != "parameter" or kind["size"] <= 4, "set", f"{what} is too wide")
    (low, high), (least, most) = _range(spec, v), _range(spec, other)
    must(kind["base"][0] == own["base"][0] and low <= least and most <= high, "set", f"{what}")
    must("enum" not in {*kind, *own} or v["type"] == other["type"], "set", "other values")
    units = {x.get("unit", k.get("unit")) for x, k in ((v, own), (other, kind))} - {None}
    must(len(units) < 2, "set", f"units {units}")
    if sort != "parameter":
        _there(m, name, event, sort, what)


def _there(m, name: str, event: str, sort: str, what: str) -> None:
    from commands import host_has
    from machines import just_read

    klass, v = m.spec.variables(m.obj)[what]
    brings = m.spec.brought(klass, v)
    new = [n for n, o in m.spec.operations.items() if o["reaches"] == "new"]
    node = sort == "variable" and m.operation(name, event) in brings
    fresh = event == "done" and what in just_read(m, name)
    made = klass == NOTED or set(new) <= set(brings)
    kept = klass != CHOSEN and host_has(m.spec, m.states[name]) and made
    must(node or fresh or kept, "set", f"{what} has no value in {name}")


def _hosts(m, name: str, event: str, arm: dict, word: str) -> None:
    """What the host brings is as it was after a bad status, and as it was brought after a good one."""
    operation, status = m.operation(name, event), arm.get("status")
    brings = m.spec.brought(*m.spec.variables(m.obj)[word])
    if operation and status:
        must(m.spec.good(status) or not brings, "set", f"{word} is the host's")
        must(operation not in brings, "set", f"{operation} brings {word}")


def step(m, name, event, arm, before, w, to) -> None:
    """Nothing is set that may have to be taken back; what is new begins with all that is set."""
    late = m.rests(to) or w.bad or event in m.raised
    must(late or "set" not in arm, "set", f"before {to}, which may fail")
    operation = m.operation(name, event)
    new = m.spec.operations.get(operation or "", {}).get("reaches") == "new"
    if not new or not m.spec.good(arm.get("status")):
        return
    for word, (klass, v) in m.spec.variables(m.obj).items():
        ops = [n for n, o in m.spec.operations.items() if o["reaches"] == "new"]
        unset = word in named(m.obj) and not set(ops) <= set(m.spec.brought(klass, v))
        if klass == NOTED or unset:
            value = arm.get("set", {}).get(word)
            must(value is not None and not isinstance(value, dict), "set", f"{word} is not begun")
