# SPDX-License-Identifier: BSD-2-Clause
"""Names: whatever a file refers to is declared, and declared once where one name must be one thing."""

from __future__ import annotations

import re

import events
from events import told
import compared
import links
from answers import parts
from text import (
    BEFORE,
    CHOSEN,
    CLASSES,
    HOSTS,
    NOTED,
    PASSED,
    Spec,
    arms_of,
    check_arm,
    check_units,
    device_events,
    flags_of,
    listed,
)
from text import lines, must, plans, variants_of, written

WITH_VALUES = {"brought": "in", "older": "than"}


def known(value, names, what: str) -> None:
    for name in listed(value):
        must(name in names, "names", f"unknown {what} {name}")


def of_target(spec: Spec) -> None:
    t, operations = spec.target, spec.operations
    every_variant = [v for o in spec.objects for v in variants_of(o)]
    for type_ in t.get("types", {}).values():
        check_units(spec, type_.get("unit"))
        known(list(type_.get("bytes", {})), every_variant, "variant")
        if type_["is"] == "pointer":
            must(("bytes" in type_) != ("opaque" in type_), "types", "a pointer: bytes or opaque")
            must(not {"none", "enum", "kept_as"} & set(type_), "types", "a pointer has no values")
        else:
            must(not {"bytes", "opaque"} & set(type_), "types", "that is of pointers")
            must("kept_as" not in type_ or type_["is"] == "u32", "types", "ages have 32 bits")
    for parameter in t.get("parameters", {}).values():
        spec.type(parameter["type"])
    known(t["stale_handle"], spec.statuses, "status")
    _roll_up(spec, t["roll_up"])
    for operation in operations.values():
        known(operation.get("parent_failed"), spec.statuses, "status")
        known(operation.get("others"), spec.statuses, "status")
        known(operation.get("aborted"), spec.statuses, "status")
        known(operation.get("about"), spec.target["objects"], "object")
        known(operation.get("keeps"), spec.target["objects"], "object")
        known(operation["statuses"], spec.statuses, "status")
        known(list(operation.get("results", {})), [*spec.results(), "others"], "result")
        known(list(operation.get("results", {}).values()), spec.statuses, "status")
        _roll_up(spec, operation.get("roll_up", []))
    conditions = t.get("conditions", {})
    for condition in conditions.values():
        _condition(spec, condition, {}, conditions, {"variables": {}})
    for name in conditions:
        _of_others(name, conditions)
    unusable, marks = t.get("unusable", {}), t.get("marks", {})
    known(unusable.get("marked"), marks, "mark")
    known(unusable.get("busy"), [*operations, "nobody"], "operation")
    indications = t.get("indications", {})
    for mode in t.get("modes", {}).values():
        known([mode[k] for k in ("enter", "leave") if k in mode], indications, "indication")
        known(mode.get("hold"), operations, "operation")
        known(list(mode.get("refuse", {})), operations, "operation")
        known(list(mode.get("refuse", {}).values()), spec.statuses, "status")
    for call in t.get("calls", {}).values():
        known(call["passes"], [*PASSED, *spec.node.get("structs", {})], "parameter")
    for indication in indications.values():
        _indication(spec, indication)


def _roll_up(spec: Spec, table: list) -> None:
    for line in table:
        known(line["status"], [*spec.statuses, "own"], "status")


def _indication(spec: Spec, indication: dict) -> None:
    known(indication["call"], spec.target.get("calls", {}), "call")
    known(indication["about"], [*spec.target["objects"], "target"], "object")
    if "host_answers" in indication:
        about = [o for o in spec.objects if o["object"] == indication["about"]]
        names = spec.variables(about[0]) if about else {}
        known(indication["host_answers"], names, "variable")


def _of_others(name: str, conditions: dict) -> None:
    """A condition is not part of itself."""
    found, todo = set(), parts(conditions[name])
    while todo:
        part = todo.pop()
        if part not in found:
            found.add(part)
            todo += parts(conditions[part])
    must(name not in found, "names", f"{name} is made of itself")


def _condition(spec: Spec, c: dict, variables: dict, conditions: dict, obj: dict) -> None:
    known(parts(c), conditions, "condition")
    known(c.get("of"), spec.links(obj), "link")
    known(c.get("marked"), spec.target.get("marks", {}), "mark")
    known(c.get("brought"), variables, "variable")
    known(c.get("older"), variables, "variable")
    if "compare" in c or "flags" in c:
        compared.sides(spec, compared.askable(spec, obj), c)
    if "flags" in c:
        compared.bits(spec, compared.askable(spec, obj), c)
    known(c.get("result"), spec.results(), "result")
    known(c.get("than"), spec.target.get("parameters", {}), "parameter")
    if "brought" in c:
        enum = spec.type(variables[c["brought"]][1]["type"]).get("enum", {})
        known(c["in"], enum, "value")


def of_defaults(spec: Spec) -> None:
    sorts = ["idle", "busy", "busy.nobody", *(f"busy.{o}" for o in spec.operations)]
    marks = spec.target.get("marks", {})
    names = {"if": spec.target.get("conditions", {}), "send": (), "mark": marks, "to": None}
    for sort, cells in spec.target.get("defaults", {}).items():
        known(sort, sorts, "sort of states")
        for event, arms in cells.items():
            raised = [e for o in spec.objects for e in device_events(o)]
            known(event, [*spec.operations, *spec.events, *raised], "event")
            for arm in arms_of(arms):
                check_arm(spec, arm, {**names, "plan": ()})
                must(sort != "idle" or arm.get("to") != BEFORE, "names", "before what rests")
                told(spec, arm.get("tell"))


def of_node(spec: Spec) -> None:
    node = spec.node
    structs = node.get("structs", {})
    for struct in structs.values():
        for member in struct["members"].values():
            _member_type(member["type"], structs)
    for member in node["members"].values():
        _member_type(member["type"], structs)
        known(member.get("in"), node["layout"], "layout")
        known(member.get("null_after"), spec.operations, "operation")
    known(list(node["state_used"]), spec.operations, "operation")
    known(list(spec.operations), node["state_used"], "operation of state_used")


def _member_type(text: str, structs: dict) -> None:
    pointer = re.fullmatch(r"([a-z][a-z0-9_]*)(\*+)(\[[1-9][0-9]*\])?", text)
    if pointer:
        known(pointer[1], ["node", "void", "u64", *structs], "struct")
    else:
        must(re.fullmatch(r"[ui](8|16|32|64)(\[[1-9][0-9]*\])?", text), "names", f"type {text}")


def of_object(spec: Spec, obj: dict) -> None:
    variables = spec.variables(obj)
    links.shape(spec, obj)
    variants = variants_of(obj)
    if "variant_of" in obj:
        below = [o for o in spec.objects if o["object"] == obj["variant_of"]]
        above = links.above(spec, obj).get("to")
        must(below and above == obj["variant_of"], "names", "variant_of")
        must(variants_of(below[0]), "names", "the object below has no variants")
        variants = variants_of(below[0]) or variants
    known(obj["pool"]["full"], spec.statuses, "status")
    for klass in obj["variables"]:
        must(klass in (*obj["layout"], CHOSEN, NOTED), "names", f"no layout of {klass}")
    _variables(spec, obj, variables, variants)
    flags = {f: (k, v) for k, v in variables.values() for f in flags_of(v)}
    _commands(spec, obj, variables, flags)
    own, all_ = obj.get("conditions", {}), spec.target.get("conditions", {})
    must(not set(own) & set(all_), "names", f"conditions of the target's names: {[*own]}")
    for condition in own.values():
        _condition(spec, condition, variables, {**all_, **own}, obj)
    for name in own:
        _of_others(name, {**all_, **own})
    _tells(spec, obj)
    events.names(spec, obj)
    _states(spec, obj)


def _variables(spec: Spec, obj: dict, variables: dict, variants: list) -> None:
    names = [*spec.links(obj)]
    names += [n for k in (*HOSTS, CHOSEN, NOTED) for n in obj["variables"].get(k, {})]
    for v in obj["variables"].get(CHOSEN, {}).values():
        kind = spec.type(v["type"])
        must(kind["base"] != "pointer" and "kept_as" not in kind, "types", "no number to choose")
    for _, v in variables.values():
        names += flags_of(v)
        spec.type(v["type"])
        check_units(spec, v.get("unit"))
        known(v.get("only"), variants, "variant")
        known(v.get("in"), spec.operations, "operation")
    must(len(set(names)) == len(names), "names", "a variable or flag twice")


def _commands(spec: Spec, obj: dict, variables: dict, flags: dict) -> None:
    commands, links_ = obj["commands"], spec.links(obj)
    brought = [n for k in ("delegated", CHOSEN) for n in obj["variables"].get(k, {})]
    below = [
        f"{name}.{n}"
        for name, link in links_.items()
        for o in spec.objects
        for n in (o["variables"].get(CHOSEN, {}) if o["object"] == link["to"] else ())
    ]
    changing = {*flags, *links_, *(["link"] if links_ else [])}
    changing |= variables.keys() - obj["variables"].get(NOTED, {})
    for name, c in commands.items():
        known(c.get("carries"), {*changing, *HOSTS, CHOSEN, *below}, "what is carried")
        known(c.get("returns"), {*CLASSES, CHOSEN, *brought}, "what returns")
        known(c.get("undo"), [*commands, "old_values", "none"], "command")
        must("timeout_ms" in c or "timeout_ms" in spec.target, "shape", f"no time for {name}")
        for word, effect in c.get("effects", {}).items():
            must(word not in changing, "names", f"effect {word} is called as a variable is")
            known(effect["sets"], variables, "variable")
            if not isinstance(effect["to"], int):
                known(effect["to"], [*variables, "full"], "variable")
    pulses = [p for _, v in variables.values() for p in v.get("pulses", {})]
    must("update" not in obj or "update" not in obj.get("plans", {}), "names", "two plans")
    must(not commands.keys() & plans(obj).keys(), "names", "a plan called as a command is")
    for rule in lines(obj):
        known(rule.get("changed"), changing, "what changes")
        cached = obj["variables"].get("cached", {})
        known(rule.get("brought"), cached, "cached variable")
        known(rule.get("pulse"), pulses, "pulse")
        known(rule["send"], [*commands, "nothing"], "command")
        if "effect" in rule and rule["send"] != "nothing":
            known(rule["effect"], commands[rule["send"]].get("effects", {}), "effect")


def _tells(spec: Spec, obj: dict) -> None:
    indications = spec.target.get("indications", {})
    for mark, words in obj.get("sees", {}).items():
        known(mark, spec.target.get("marks", {}), "mark")
        for word in words:
            told(spec, word)
            name = word.partition(".")[0]
            must(indications[name]["about"] == obj["object"], "names", f"{name} is about another")
    groups = obj.get("groups", {})
    for states in groups.values():
        known(written(states), obj["states"], "state")
    conditions = {**spec.target.get("conditions", {}), **obj.get("conditions", {})}
    for name, raised in obj.get("raises", {}).items():
        known(name, indications, "indication")
        known(written(raised["in"]), [*groups, *obj["states"]], "state")
        known(raised.get("if"), conditions, "condition")
        must(indications[name]["about"] == obj["object"], "names", f"{name} is about another")


def _states(spec: Spec, obj: dict) -> None:
    names = {
        "if": {**spec.target.get("conditions", {}), **obj.get("conditions", {})},
        "send": obj["commands"],
        "mark": spec.target.get("marks", {}),
        "plan": plans(obj),
    }
    for name, state in obj["states"].items():
        names["to"] = [*obj["states"], *([BEFORE] if "busy" in state else [])]
        must(("rest" in state) != ("busy" in state), "shape", f"{name} is at rest or busy")
        known(state.get("busy"), [*spec.operations, "nobody"], "operation")
        for event, arms in state.get("when", {}).items():
            known(event, [*spec.operations, *spec.events, *device_events(obj)], "event")
            for arm in arms_of(arms):
                check_arm(spec, arm, names)
                told(spec, arm.get("tell"))


def once(spec: Spec) -> None:
    """What must be one thing in C: commands of all objects, states with their object, codes."""
    commands = [c for o in spec.objects for c in o["commands"]]
    must(len(set(commands)) == len(commands), "names", "two commands of one name")
    states = [f"{o['object']}_{s}" for o in spec.objects for s in o["states"]]
    must(len(set(states)) == len(states), "names", "two states of one name in C")
    must(not set(spec.operations) & set(spec.target["objects"]), "names", "operation and object")
    codes = [c for o in spec.objects for c in codes_of(o)]
    must(len(set(codes)) == len(codes), "codes", "a type code twice")


def codes_of(obj: dict) -> list[int]:
    found = []
    for code in obj["type_codes"].values():
        found += code.values() if isinstance(code, dict) else [code]
    return found


def check(spec: Spec) -> None:
    of_target(spec)
    of_defaults(spec)
    of_node(spec)
    for obj in spec.objects:
        of_object(spec, obj)
    once(spec)
