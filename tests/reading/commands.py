# SPDX-License-Identifier: BSD-2-Clause
"""Commands, the update section, conditions: each by itself, without the way on which it is met."""

from __future__ import annotations

from itertools import product

import chosen
import compared
import links
from answers import asked, together
import settings
from text import ASKED, CHOSEN, HANDLE, HOSTS, Spec, flags_of, lines, listed, must, plans


def taken_apart(spec: Spec, obj: dict, words) -> set[str]:
    """Classes as their variables, variables as their flags, `link` as links; the words remain."""
    out = {*words, *(n for w in words for n in links.meant(spec, obj, w))}
    for name, (klass, v) in spec.variables(obj).items():
        if klass in words or name in words:
            out |= {name, *flags_of(v)}
    return out


def there_in(v: dict, operations) -> bool:
    return "in" not in v or any(o in listed(v["in"]) for o in operations)


def told_of(spec: Spec, obj: dict, operation: str) -> bool:
    """Whether news of the object that it brings are told to the hardware: cached values and links."""
    rules = [r for r in lines(obj) if r["send"] != "nothing"]
    words = [
        w for r in rules for w in (*r.get("changed", []), *r.get("brought", []), r.get("pulse"))
    ]
    told = taken_apart(spec, obj, [w for w in words if w])
    brings = "cached" in spec.operations[operation].get("brings", [])
    for name, (klass, v) in spec.variables(obj).items():
        news = brings and klass == "cached" and there_in(v, [operation])
        if news and {name, *flags_of(v)} & told:
            return True
    return any(
        n in told and links.lays(spec, obj, x, operation) for n, x in spec.links(obj).items()
    )


def update(spec: Spec, obj: dict, used: dict[str, set[str]]) -> None:
    """`used`: the operations in which each plan is sent."""
    variables, planning = spec.variables(obj), {o for found in used.values() for o in found}
    owner = {n: n for n in variables}
    owner.update({f: n for n, (_, v) in variables.items() for f in flags_of(v)})
    pulses = {p for k, v in variables.values() for p in v.get("pulses", {})}
    for name, (klass, v) in variables.items():
        must(klass == "cached" or "pulses" not in v, "update", f"{name} is {klass}, and has pulses")
    for rule in lines(obj):
        asks = rule.get("changed") or "pulse" in rule
        must(asks, "update", "a rule without a change or a pulse")
        must(rule.get("pulse", None) in (None, *pulses), "update", "a pulse that no update brings")
        for name in rule.get("changed", []):
            still = links.meant(spec, obj, name) and not links.changing(spec, obj, [name])
            must(not still, "update", f"the {name} never changes")
            klass = variables[owner[name]][0] if name in owner else "cached"
            must(klass == "cached", "update", f"{name} is {klass}")
            must(name not in pulses, "update", f"{name} is a pulse")
        for name in [*rule.get("changed", []), *listed(rule.get("pulse"))]:
            gone = name in owner and planning and not there_in(variables[owner[name]][1], planning)
            must(not gone, "update", f"{name} is not there in an update")
        if rule["send"] != "nothing" and "effect" not in rule:
            carries = taken_apart(spec, obj, obj["commands"][rule["send"]].get("carries", []))
            names = links.changing(spec, obj, rule.get("changed", [])) | {
                *listed(rule.get("pulse"))
            }
            must(names <= carries, "update", f"{rule['send']} does not carry {names - carries}")
    for plan in plans(obj) or {"update": {}}:
        _named(spec, obj, lines(obj, plan), used.get(plan, set()), len(used) < 2)
    _alike(obj)
    _can_be_undone(obj)


def _named(spec: Spec, obj: dict, rules: list[dict], used: set[str], alone: bool) -> None:
    """A plan names all that the operations in which it is sent may bring."""
    if not used and not alone:
        return
    told: set[str] = set()  # with every update that changes it
    for rule in rules:
        if ("effect" not in rule or rule["send"] == "nothing") and "pulse" not in rule:
            told |= taken_apart(spec, obj, rule.get("changed", []))
    told |= {p for rule in rules for p in listed(rule.get("pulse"))}
    for name, (klass, v) in spec.variables(obj).items():
        kept = klass == "cached" and v["type"] != HANDLE  # of that the link is told
        if not spec.brought(klass, v) and name in settings.named(obj):
            continue  # arms alone set it
        if kept and (not used or there_in(v, used)):
            parts = set(flags_of(v)) or {name}
            must(parts <= told, "update", f"nothing tells {parts - told}")
    moved = {n for n, x in spec.links(obj).items() if links.moves(spec, obj, x)}
    if not alone:
        moved = {
            n for n in moved if any(links.says(spec, obj, spec.links(obj)[n], o) for o in used)
        }
    must(moved <= told, "update", f"nothing tells where {moved - told} lead")


def _alike(obj: dict) -> None:
    """What several plans tell they tell alike: the same lines of a command, in one order."""
    says = {p: [_said(r) for r in lines(obj, p)] for p in plans(obj)}
    for command in obj["commands"]:
        each = {frozenset(x for x in found if x[3] == command) for found in says.values()}
        must(len(each - {frozenset()}) < 2, "update", f"{command} is sent for other changes")
    kept = {n for r in lines(obj) if r["send"] == "nothing" for n in r.get("changed", [])}
    told = {
        n
        for r in lines(obj)
        if r["send"] != "nothing" and "effect" not in r
        for n in r.get("changed", [])
    }
    must(len(says) < 2 or not kept & told, "update", f"{kept & told} told by one plan only")
    for one, other in product(plans(obj).values(), repeat=2):
        a, b = ([_said(r) for r in p.get("plan", [])] for p in (one, other))
        both = [x for x in a if x in b]
        must(both == [x for x in b if x in a], "update", "another order")


def _said(rule: dict) -> tuple:
    names = [frozenset(rule.get(key, [])) for key in ("changed", "brought")]
    return (*names, rule.get("pulse"), rule["send"], rule.get("effect"))


def _can_be_undone(obj: dict) -> None:
    for rule in lines(obj):
        c = obj["commands"].get(rule["send"], {})
        must("hardware" not in c, "update", f"{rule['send']} adds or takes away")
    for plan in plans(obj).values():
        for rule in plan.get("plan", []):
            if rule["send"] != "nothing":
                undo = obj["commands"][rule["send"]].get("undo")
                must(undo == "old_values", "update", f"{rule['send']} has no undo by old values")
        last = {r["send"] for r in plan.get("then", [])} - {"nothing"}
        must(len(last) <= 1, "update", "two commands that cannot be undone")


def commands(spec: Spec, obj: dict) -> None:
    classes = (*HOSTS, CHOSEN)
    has = {k for k in classes if obj["variables"].get(k)}
    chosen.commands(spec, obj)
    variables = spec.variables(obj)
    for name, v in obj["variables"].get(ASKED, {}).items():
        kind = spec.type(v["type"])
        must(kind["base"] != "pointer" or "opaque" in kind, "carries", f"{name} is followed")
    for name, c in obj["commands"].items():
        words = {w for w in [*c.get("carries", []), *c.get("returns", [])] if w in classes}
        must(words <= has, "carries", f"{name}: {words - has} of an object that has none")
        asks = taken_apart(spec, obj, c.get("carries", [])) & set(obj["variables"].get(ASKED, {}))
        must(not asks or c.get("undo") != "old_values", "carries", f"{name}: old values of {asks}")
        for effect in c.get("effects", {}).values():
            _effect(spec, variables, effect)


def _effect(spec: Spec, variables: dict, effect: dict) -> None:
    klass, v = variables[effect["sets"]]
    must(klass == "delegated", "effect", f"{effect['sets']} is {klass}")
    kind, to = spec.type(v["type"]), effect["to"]
    if isinstance(to, int):
        must(0 <= to < 1 << 8 * kind["size"], "effect", f"{to} does not fit")
    elif to == "full":
        must("none" in kind, "effect", f"{effect['sets']} is no timer")
    else:
        from_class, source = variables[to]
        must(from_class == "cached", "effect", f"{to} is {from_class}")
        other = spec.type(source["type"])
        must(other["size"] == kind["size"], "effect", f"{to} is of another size")
        units = {v.get("unit", kind.get("unit")), source.get("unit", other.get("unit"))} - {None}
        must(len(units) <= 1, "effect", f"units {units}")


def conditions(spec: Spec, obj: dict) -> None:
    """Ages are compared with a span as wide, in the same unit, if both say one."""
    variables = spec.variables(obj)
    for c in {**spec.target.get("conditions", {}), **obj.get("conditions", {})}.values():
        if "compare" in c or "flags" in c:
            compared.kinds(spec, compared.askable(spec, obj), c)
        if "older" not in c:
            continue
        span = spec.type(spec.target["parameters"][c["than"]]["type"])
        must("kept_as" not in span and "enum" not in span, "age", f"{c['than']} is no span")
        must(span["base"] != "pointer" and span["count"] == 1, "age", f"{c['than']} is no span")
        for name in listed(c["older"]):
            kind = spec.type(variables[name][1]["type"])
            must("kept_as" in kind, "age", f"{name} is no age")
            must(kind["size"] == span["size"], "age", "of another width")
            unit = variables[name][1].get("unit", kind.get("unit"))
            must(not unit or not span.get("unit") or unit == span["unit"], "age", "units")


def two_answers(spec: Spec, obj: dict) -> None:
    for name in {**spec.target.get("conditions", {}), **obj.get("conditions", {})}:
        worlds = together(spec, obj, [name])
        must(worlds is None or len({w[name] for w in worlds}) == 2, "question", f"{name} is none")


def question(
    spec: Spec,
    obj: dict,
    name: str,
    operation: str | None,
    node: bool,
    there: bool = True,
    fresh: set[str] = frozenset(),
) -> None:
    """Whether a condition can have two answers here; `operation` brought the node there is, an answer
    what is `fresh`."""
    for c in asked(spec, obj, [name]).values():
        _question(spec, obj, c, operation, node)
        if "compare" in c or "flags" in c:
            compared.asked(spec, obj, c, operation if node else None, there, fresh)


def _question(spec: Spec, obj: dict, c: dict, operation: str | None, node: bool) -> None:
    o = spec.operations.get(operation, {}) if node else {}
    brings = o.get("brings", [])
    if "dependents" in c:
        must(links.lead_to(spec, obj), "question", "nothing links to it")
    if "link" in c:
        found = [x for n, x in spec.links(obj).items() if c.get("of", n) == n]
        must(found, "question", "it links to nothing")
        told = o and any(links.says(spec, obj, x, operation) for x in found)
        must(c["link"] == "present" or told, "question", "no link is brought")
    if "asked" in c:
        must(o.get("returns") == "asked", "question", "nothing is asked for")
    if "brought" in c:
        klass, v = spec.variables(obj)[c["brought"]]
        must(klass in brings, "question", f"no {klass} is brought")
        must(there_in(v, [operation]), "question", f"{c['brought']} is not there")


def raised(spec: Spec, obj: dict) -> None:
    groups = obj.get("groups", {})
    for name, r in obj.get("raises", {}).items():
        for word in listed(r["in"]):
            for state in groups.get(word, [word]):
                at = obj["states"][state.partition(" ")[0]]
                must(host_has(spec, at), "unknown", f"{name} in {state}")
        if "if" in r:
            question(spec, obj, r["if"], None, False)
            found = asked(spec, obj, [r["if"]]).values()
            must(not any("result" in c for c in found), "question", "a result of nothing")


def host_has(spec: Spec, state: dict) -> bool:
    if "rest" in state:
        return state["rest"]["host"] == "has"
    return state["busy"] == "nobody" or spec.operations[state["busy"]]["reaches"] == "reference"


def lasting(spec: Spec, obj: dict, plan: str, first: frozenset) -> bool:
    """Whether the update can have told the hardware something that taking it back leaves there."""
    new, old = set(), set()
    for line in (r for r in lines(obj, plan) if r["send"] != "nothing"):
        c = obj["commands"][line["send"]]
        back = obj["commands"].get(c.get("undo"), c if c.get("undo") == "old_values" else {})
        tells, restores = (
            links.changing(spec, obj, line.get("changed", []))
            & taken_apart(spec, obj, x.get("carries", []))
            for x in (c, back)
        )
        old |= restores
        answers = set(c.get("answers", [])) if c.get("on_failure") == "unchanged" else set()
        late = any(line in p.get("then", []) for p in plans(obj).values())
        if late and (not first or not first <= answers):
            new |= tells
    return bool(new - old)
