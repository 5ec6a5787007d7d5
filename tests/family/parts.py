# SPDX-License-Identifier: BSD-2-Clause
"""The files of a spec: the target's and one for each kind; the node's is made by nodes.py."""

from __future__ import annotations

from counting import count
from dress import dressed
from handing import hand_over
from machine import Machine
from nodes import node_file
from orders import Orders
from plan import Kind, Operation, Plan
from questions import Questions
from telling import Telling
from values import DECLARED, STATUSES, lay_out

CLASSES = ("const", "cached", "delegated")


def spec(seed: int) -> dict[str, dict]:
    """The trees of a spec's files, by the files' names."""
    plan = Plan(seed)
    ask, tell = Questions(plan), Telling(plan)
    for kind in plan.kinds:
        tell.events(kind)
    for kind in plan.kinds:
        orders = Orders(plan, kind)
        machine = Machine(plan, kind, orders, ask)
        count(machine)
        _kind(plan, kind, orders, machine)
        tell.states(kind, machine)
    codes = _codes(plan)
    node, widest = node_file(plan)
    files = {"node.yaml": node}
    for kind in plan.kinds:
        structures, most = _structures(plan, kind)
        widest = max(widest, most)
        files[f"{kind.name}.yaml"] = _object(kind, codes[kind.name], structures)
    files["target.yaml"] = _target(plan, ask, tell, widest)
    hand_over(plan, files)
    return dressed(files, seed)


# ---- Kinds ------------------------


def _kind(plan: Plan, kind: Kind, orders: Orders, machine: Machine) -> None:
    body = kind.body
    links = {}
    for x in kind.links:
        links[x.name] = {"to": plan.kinds[x.to].name, "by": x.by, "doc": "What it stands on."}
        if x.by == "parent":
            links[x.name]["relinked_by"] = "modify" if x.moves else "nothing"
        if x.optional:
            links[x.name]["optional"] = True
    one = kind.links[0] if len(kind.links) == 1 else None
    if one and one.by == "parent" and not one.optional and plan.dice.random() < 0.4:
        body["links_to"] = {"object": one.name, "relinked_by": links[one.name]["relinked_by"]}
    elif links:
        body["links"] = links
    if kind.of_variant:
        body["variant_of"] = kind.of_variant
    body["commands"] = orders.commands
    if list(orders.plans) == ["update"]:
        body["update"] = orders.plans["update"]
    elif orders.plans:
        body["plans"] = orders.plans
    body["states"] = machine.states


def _codes(plan: Plan) -> dict[str, dict]:
    """Type codes of every kind; each names another state."""
    found, number = {}, 0
    both = any({"cached", "request"} <= set(o.brings) for o in plan.operations)

    def codes(kind: Kind) -> dict[str, int]:
        nonlocal number
        kept = [c for c in CLASSES if kind.has(c)]
        words = [*kept, "all"] if len(kept) > 1 else [plan.dice.choice([kept[0], "all"])]
        words += ["request"] * kind.has("request")
        words += ["cached_request"] * (both and kind.has("request") and kind.has("cached"))
        numbers = {}
        for word in words:
            number += 1
            numbers[word] = number
        return numbers

    for kind in plan.kinds:
        own = kind.variants
        found[kind.name] = {v: codes(kind) for v in ("va", "vb")} if own else codes(kind)
    return found


def _structures(plan: Plan, kind: Kind) -> tuple[dict, int]:
    found, widest = {}, 1
    for klass in (*CLASSES, "request"):
        values = kind.of(klass)
        if not values:
            continue
        bodies = [v.body for v in values]
        size, most = lay_out(bodies, plan.word, 8 if plan.header else 0, plan.written)
        widest = max(widest, most)
        found[klass] = {"struct": f"{kind.name}_{klass}".upper()}
        if plan.written:
            found[klass]["bytes"] = size
    return found, widest


def _object(kind: Kind, codes: dict, structures: dict) -> dict:
    body = dict(kind.body)
    tree = {"object": kind.name, "doc": "One kind of objects."}
    for key in ("links_to", "links", "variant_of"):
        if key in body:
            tree[key] = body.pop(key)
    tree |= {"pool": {"full": "full"}, "type_codes": codes, "layout": structures}
    variables: dict = {}
    for v in kind.values:
        variables.setdefault(v.klass, {})[v.name] = v.body
    classes = (*CLASSES, "request", "device", "machine")
    tree["variables"] = {c: variables[c] for c in classes if c in variables}
    if "events" in body:
        body["events"] = {
            n: {k: v for k, v in e.items() if k != "tells"} for n, e in body["events"].items()
        }
    states = body.pop("states")
    return {**tree, **body, "states": states}


# ---- The target ------------------------


def _target(plan: Plan, ask: Questions, tell: Telling, widest: int) -> dict:
    d = plan.dice
    abi: dict = {"structs": "natural" if plan.natural else "microsoft"}
    if plan.word == 4 or d.random() < 0.3:
        abi["word_bytes"] = plan.word
    elif d.random() < 0.5:
        abi["pointer_bytes"] = 8
    abi["states_align"] = d.choice([a for a in (4, 8, 16) if a >= widest])
    tree: dict = {"target": "family", "doc": f"Made of the seed {plan.seed}."}
    tree |= {"objects": [k.name for k in plan.kinds], "abi": abi, "timeout_ms": d.choice([20, 50])}
    asked = str([k.body.get("conditions") for k in plan.kinds])
    for name in [n for n in ask.parameters if f"'{n}'" not in asked]:
        del ask.parameters[name]
    types = _types(plan, ask, tell)
    measured = any("unit" in v.body for k in plan.kinds for v in k.values)
    if measured or any("unit" in DECLARED[t] for t in types):
        tree["units"] = {"ticks": "Ticks of the clock."}
    if ask.parameters:
        tree["parameters"] = ask.parameters
    if types:
        tree["types"] = {t: dict(DECLARED[t]) for t in types}
    operations = {o.name: _operation(plan, o) for o in plan.operations}
    defaults = _defaults(plan, ask, tell)
    allowed = {s for o in plan.operations for s in o.statuses} | {"absent"}
    tree["statuses"] = {n: dict(b) for n, b in STATUSES.items() if n in allowed}
    if d.random() < 0.2:
        tree["statuses"]["hidden"] = {"value": "unknown", "host": "HIDDEN", "doc": "Not public."}
        waits = {"value": 259, "host": "PENDING", "only": "driver", "doc": "It comes later."}
        tree["statuses"]["pending"] = waits
    tree["operations"] = operations
    lines = [{"role": "placeholder", "status": "success"}] if plan.placeholders else []
    tree["roll_up"] = [
        *lines,
        {"role": "reference", "status": "own"},
        {"role": "new", "status": "own"},
    ]
    tree["stale_handle"] = "absent"
    if plan.mark:
        tree["marks"] = {"stopped": {"doc": "The host stopped it.", "ends": plan.mark}}
    if ask.common:
        tree["conditions"] = ask.common
    if plan.linked:
        tree["unusable"] = _unusable(plan)
    tree["defaults"] = defaults
    return tree | tell.parts()


def _types(plan: Plan, ask: Questions, tell: Telling) -> list[str]:
    used = {v.type for k in plan.kinds for v in k.values} | tell.types
    used |= {p["type"] for p in ask.parameters.values()}
    return [t for t in DECLARED if t in used]


def _operation(plan: Plan, o: Operation) -> dict:
    d = plan.dice
    reaches = {"create": "new", "flush": "dependents", "purge": "dependents"}.get(
        o.sort, "reference"
    )
    body: dict = {
        "doc": "What the host asks for.",
        "completion": f"{o.name}_done",
        "reaches": reaches,
    }
    everyone = len(o.about) == len(plan.kinds)
    if reaches == "dependents" and o.about != [k.index for k in plan.kinds if k.dependents]:
        body["about"] = [plan.kinds[i].name for i in o.about]
    elif reaches == "reference" and not everyone:
        body["about"] = [plan.kinds[i].name for i in o.about]
        if d.random() < 0.6:
            body["others"] = o.allow("misled")
    if o.keeps:
        body["keeps"] = [plan.kinds[i].name for i in o.keeps]
    body["order"] = o.order
    if o.sort == "create" and o.order == "parents_first":
        body["parent_failed"] = o.allow("canceled")
    elif reaches == "reference" and o.order == "parents_first":
        body["parent_failed"] = o.allow("canceled")
    if o.sort == "exchange":
        body |= {"together": True, "aborted": o.allow("canceled")}
    if o.brings:
        body["brings"] = list(o.brings)
    if o.returns:
        body["returns"] = o.returns
    body["results"] = {"others": o.allow("broken")}
    if d.random() < 0.4:
        body["results"]["timeout"] = o.allow("late")
    for status in ("success", "absent"):
        o.allow(status)
    if o.sort == "create":
        o.allow("full")
    body["statuses"] = o.statuses
    if o.sort in ("create", "flush") and (plan.trees or o.sort == "flush"):
        body["roll_up"] = _roll_up(plan, o)
    return body


def _roll_up(plan: Plan, o: Operation) -> list[dict]:
    o.allow("partly")
    lines = [{"role": "placeholder", "status": "success"}] if plan.placeholders else []
    for role in ("new", "reference"):
        if role == "reference" or o.sort == "create":
            lines.append(
                {"role": role, "own": "good", "dependents": "some_bad", "status": "partly"}
            )
        lines.append({"role": role, "status": "own"})
    return lines


def _unusable(plan: Plan) -> dict:
    ends = [o.name for o in plan.operations if o.sort in ("create", "destroy", "purge", "repair")]
    nobody = ["nobody"] if plan.restores or plan.busy_with_nobody else []
    body: dict = {
        "hardware": ["has_not", "unsure"],
        "busy": [*ends, *nobody],
        "doc": "Not to be stood on.",
    }
    if plan.mark:
        d, links = plan.dice, list(dict.fromkeys(x.name for k in plan.kinds for x in k.links))
        named = [d.sample(links, d.randint(1, len(links)))] if links else []
        where = d.choice(["here", "along_links", *named])
        body = {"marked": "stopped", "where": where} | body
    return body


def _defaults(plan: Plan, ask: Questions, tell: Telling) -> dict:
    lone = plan.mark and not plan.linked and "is_stopped" not in ask.common
    if lone and not any("sees" in k.body for k in plan.kinds):
        ask.use("is_stopped")
    elif lone:
        lone = False
    idle: dict = {}
    busy: dict = {}
    found = {"idle": idle, "busy": busy}
    for o in plan.operations:
        if o.sort == "create":
            found[f"busy.{o.name}"] = {"reset": {"to": "free", "status": o.allow("broken")}}
            continue
        busy[o.name] = {"defer": True}
        if o.sort == "stop" and plan.dice.random() < 0.5:
            busy[o.name] = {"mark": "stopped", "defer": True}
        if o.sort != "destroy":
            idle[o.name] = {"refuse": o.allow("absent")}
            if plan.mark and "is_stopped" in ask.common and (lone or plan.dice.random() < 0.2):
                first = {"if": "is_stopped", "refuse": o.allow("refused")}
                idle[o.name] = [first, idle[o.name]]
        if o.sort in ("destroy", "purge"):
            found[f"busy.{o.name}"] = {"reset": {"to": "free", "status": o.allow("broken")}}
    idle |= {"reset": {"to": "lost"}, "restore": {"stay": True}}
    busy["reset"] = {"to": "lost", "status": "broken"}
    for kind in plan.kinds:
        for name, event in kind.body.get("events", {}).items():
            idle[name] = {"stay": True}
            busy[name] = (
                {"defer": True}
                if event.get("hardware") or plan.dice.random() < 0.6
                else {"stay": True}
            )
    if plan.busy_with_nobody:
        found["busy.nobody"] = {"reset": {"to": "lost"}}
    return found
