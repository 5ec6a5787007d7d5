# SPDX-License-Identifier: BSD-2-Clause
"""Tables: the node and its roles, operations, statuses, roll-up, numbers, indications."""

from __future__ import annotations


import links
from memory import member_size
from text import ASKED, CLASSES, HOSTS, INTEGERS, Spec, listed, must, variants_of
from names import codes_of

ROLE_TYPES = {
    "type": {"u8", "u16", "u32"},
    "next": {"node*"},
    "dependents": {"node*"},
    "status": {"i32", "u32"},
    "context": {"u64", "u64*", "void**"},
}
FOLLOWS = {"placeholder": "never", "new": "all", "reference": "by_type"}
CASES = ("good", "mixed", "bad")  # how the dependents of a node ended


def node(spec: Spec) -> None:
    tree = spec.node
    first = next(iter(tree["layout"]))
    handed = {n: m for n, m in tree["members"].items() if "in" not in m or first in listed(m["in"])}
    roles = [m["role"] for m in handed.values()]
    for role, types in ROLE_TYPES.items():
        must(roles.count(role) == 1, "roles", f"{roles.count(role)} members of the role {role}")
        member = next(m for m in handed.values() if m["role"] == role)
        must(member["type"] in types, "roles", f"{member['type']} for {role}")
        cell = role != "context" or member["type"] != "void**" or spec.word_bytes == 8
        must(cell, "roles", "a handle of 64 bits where a pointer has 32")
    must(roles.count("host_handle") <= 1, "roles", "two host handles")
    handles = [m["type"] for m in handed.values() if m["role"] == "host_handle"]
    must(all(t == "void*" for t in handles), "roles", "a host handle that is no pointer")
    work = [member_size(spec, m["type"]) for m in handed.values() if m["role"] == "scratch"]
    must(all(size == 8 for size, _ in work), "roles", "scratch words of 64 bits")
    must(sum(count for _, count in work) == 4, "roles", "four scratch words")
    structs = tree.get("structs", {}).values()
    lengths = [m for s in structs for m in s["members"].values() if m.get("role") == "length"]
    must(len(lengths) <= 1, "roles", "two lengths")
    must(
        all(member_size(spec, m["type"]) == (4, 1) for m in lengths), "roles", "a length of 4 bytes"
    )
    written = {"code": ("i32", "u32"), "target_handle": ("void*",)}
    for m in (m for s in structs for m in s["members"].values()):
        types = written.get(m.get("role"), (m["type"],))
        must(m["type"] in types, "roles", f"{m['type']} for {m.get('role')}")
    _null_after(spec, handed)
    _node_roles(spec, handed)


def _null_after(spec: Spec, handed: dict) -> None:
    done: list[str] = []
    for name, m in spec.node["members"].items():
        for operation in listed(m.get("null_after")):
            must(m["type"].endswith("*"), "null", f"{name} is no pointer")
            must(m["role"] in ("data", "host"), "null", f"{name} is a {m['role']}")
            must(name in handed, "null", f"{name} is not in the target's layout")
            must(operation not in done, "null", f"{operation} sets two members")
            done.append(operation)


def _node_roles(spec: Spec, handed: dict) -> None:
    context = next(m for m in handed.values() if m["role"] == "context")
    points = context["type"].endswith("*")
    nodes = {("empty", None), ("set", "empty"), ("set", "set")} if points else {"empty", "set"}
    lines = spec.node["roles"]
    for line in lines:
        if points:
            # An empty pointer names nothing: neither an empty value nor one that is set.
            must(
                "value" not in line or line.get("pointer") != "empty",
                "roles",
                "an empty pointer's value",
            )
            fit = {
                (p, v)
                for p, v in nodes
                if line.get("pointer") in (None, p) and line.get("value") in (None, v or "empty")
            }
        else:
            must("pointer" not in line, "roles", "the context member is no pointer")
            fit = {v for v in nodes if line.get("value") in (None, v)}
        must(fit, "roles", f"nothing is left for a line of {line['role']}")
        must(line["state_follows"] == FOLLOWS[line["role"]], "roles", "state_follows")
        nodes -= fit
    must(not nodes, "roles", f"no line fits {nodes}")
    told = {line["role"] for line in lines}
    for name, operation in spec.operations.items():
        must(operation["reaches"] in told, "roles", f"no line tells nodes of {name}")


def operations(spec: Spec) -> None:
    for name, o in spec.operations.items():
        new = o["reaches"] == "new"
        brings = [k for k in o.get("brings", []) if k != "link"]
        must(new or set(brings) <= {"cached", ASKED}, "brings", f"{name} brings {brings}")
        must(not new or ASKED not in brings, "brings", f"{name} brings what is kept nowhere")
        returns = o.get("returns", [])
        asked = returns == "asked"
        moved = set(brings) | (set() if asked else set(returns))
        used = spec.node["state_used"][name]
        reach = {"all": set(CLASSES), "any": set(HOSTS), "none": set()}
        reach = reach.get(used, {"cached", ASKED} if used == "cached_request" else {used})
        must(moved <= reach and not (asked and used == "none"), "state", f"{name} uses {used}")
        must(moved or asked or used == "none" or new, "state", f"{name} uses {used} for nothing")
        must(not new or used in ("all", "any"), "state", f"{name} uses {used} of new nodes")
        if o["order"] == "parents_first":
            must("parent_failed" in o, "parent", f"{name} lacks parent_failed")
        else:
            must("parent_failed" not in o or new, "parent", f"{name} tries nodes under failed ones")
        _statuses(spec, name, o)
        _roll_up(spec, name, o)
        _about(spec, name, o)


def _about(spec: Spec, name: str, o: dict) -> None:
    """Some kinds, not all; nothing is said of the operation for the others."""
    about = o.get("about", spec.target["objects"])
    must("others" not in o or "about" in o, "about", f"others of {name}")
    must("about" not in o or set(about) < set(spec.target["objects"]), "about", f"all of {name}")
    for obj in spec.objects:
        if obj["object"] in about:
            continue
        must(obj.get("links_to", {}).get("relinked_by") != name, "about", f"{name} relinks")
        for _, v in spec.variables(obj).values():
            must(name not in listed(v.get("in")), "about", f"a variable is in {name}")


def _statuses(spec: Spec, name: str, o: dict) -> None:
    for status in o["statuses"]:
        s = spec.statuses[status]
        must(s["value"] != "unknown" and "only" not in s, "status", f"{status} cannot be given")
    allowed = o["statuses"]
    for status in o.get("results", {}).values():
        must(status in allowed and not spec.good(status), "status", f"{name}: result {status}")
    other = o.get("others")
    must(other is None or (other in allowed and not spec.good(other)), "status", "others")
    parent = o.get("parent_failed")
    must(parent is None or (parent in allowed and not spec.good(parent)), "status", "parent_failed")
    stale = spec.target["stale_handle"]
    must(stale in allowed and not spec.good(stale), "status", f"stale_handle under {name}")
    for obj in spec.objects:
        full = obj["pool"]["full"]
        fine = full in allowed or o["reaches"] != "new"
        must(fine and not spec.good(full), "status", f"pool full under {name}")
    for mode in spec.target.get("modes", {}).values():
        status = mode.get("refuse", {}).get(name)
        must(status is None or (status in allowed and not spec.good(status)), "status", "a mode")


def _roll_up(spec: Spec, name: str, o: dict) -> None:
    table = o.get("roll_up", spec.target["roll_up"])
    roles = {line["role"] for line in spec.node["roles"]}
    left = {(r, own, d) for r in roles for own in ("good", "bad") for d in CASES}
    for line in table:
        fit = {c for c in left if _fits(line, *c)}
        must(fit, "roll up", f"nothing is left for a line under {name}")
        left -= fit
        _line(spec, name, o, line, {own for _, own, _ in fit})
    must(not left, "roll up", f"no line fits {left}")


def _fits(line: dict, role: str, own: str, dependents: str) -> bool:
    wanted = {"all_good": ("good",), "some_bad": ("mixed", "bad"), "all_bad": ("bad",)}
    some = wanted.get(line.get("dependents"), CASES)
    return line["role"] == role and line.get("own", own) == own and dependents in some


def _line(spec: Spec, name: str, o: dict, line: dict, owns: set) -> None:
    role, status = line["role"], line["status"]
    if status == "own":
        must(not _idle(o, line) or spec.first in (None, *o["statuses"]), "status", spec.first)
        return
    must(status in o["statuses"], "status", f"{status} is not one of {name}")
    if role == "placeholder":
        return
    must(not ("bad" in owns and spec.good(status)), "lie", f"{status} for what failed")
    worked = role == o["reaches"] and "good" in owns
    must(not worked or spec.good(status), "lie", f"{status} for what was done")


def _idle(o: dict, line: dict) -> bool:
    """A node that asks for nothing gets the status of its own part, which is the first good one."""
    idle = line["role"] == "placeholder" or (line["role"], o["reaches"]) == ("reference", "new")
    return idle and line["status"] == "own" and line.get("own") != "bad"


def all_done(machines) -> None:
    """What nodes get that ask for nothing is what arms say when all is done."""
    spec = machines[0].spec
    said: dict[str, set] = {name: set() for name in spec.operations}
    for m in machines:
        for name, event, arm, _, _ in m.places():
            if spec.good(arm.get("status")) and m.operation(name, event):
                said[m.operation(name, event)].add(arm["status"])
    for name, o in spec.operations.items():
        asks = any(_idle(o, line) for line in o.get("roll_up", spec.target["roll_up"]))
        fine = not said[name] or spec.first in said[name]
        must(fine or not asks, "status", f"{spec.first} comes first, and no arm of {name} gives it")


def numbers(spec: Spec) -> None:
    values = [s["value"] % (1 << 32) for s in spec.statuses.values() if s["value"] != "unknown"]
    must(len(set(values)) == len(values), "numbers", "two statuses of one value")
    must(spec.first, "numbers", "no status is good")
    for name, t in spec.target.get("types", {}).items():
        enum = list(t.get("enum", {}).values())
        must(len(set(enum)) == len(enum), "numbers", f"{name}: a value twice")
        if t["is"] != "pointer":
            must(all(holds(t["is"], v) for v in enum), "numbers", f"{name} cannot be that")
            must("none" not in t or holds(t["is"], t["none"]), "numbers", f"{name}: none")
    member = next(m for m in spec.node["members"].values() if m["role"] == "type")
    limit = 1 << 8 * member_size(spec, member["type"])[0]
    for obj in spec.objects:
        must(all(0 <= c < limit for c in codes_of(obj)), "codes", "a type code that does not fit")
        _codes(obj)
    structs = [s["members"] for s in spec.node.get("structs", {}).values()]
    for members in [spec.node["members"], *structs]:
        for name, m in members.items():
            if "value" in m:
                must(m["type"] in INTEGERS, "numbers", f"a value in {name}, which is no number")
                own = m.get("role", "host") in ("host", "data")
                must(own, "numbers", f"a value in {name}, which the target writes")
                must(holds(m["type"], m["value"]), "numbers", f"the value of {name}")


def holds(integer: str, value: int) -> bool:
    bits = int(integer[1:])
    return (
        -(1 << bits - 1) <= value < 1 << bits - 1 if integer[0] == "i" else 0 <= value < 1 << bits
    )


def _codes(obj: dict) -> None:
    """No two codes of a variant for the same classes."""
    has = [k for k in CLASSES if k in obj["layout"]]
    tables = [v for v in obj["type_codes"].values() if isinstance(v, dict)] or [obj["type_codes"]]
    for table in tables:
        held = [tuple(has) if k == "all" else (k,) for k in table]
        must(len(set(held)) == len(held), "codes", "two codes for one state")


def indications(spec: Spec) -> None:
    calls = spec.target.get("calls", {})
    structs = spec.node.get("structs", {})
    told: set = set()
    for name, i in spec.target.get("indications", {}).items():
        passes = calls[i["call"]]["passes"]
        for key, word in (("reasons", "detail"), ("argument", "detail"), ("carries", "node")):
            must(key not in i or word in passes, "indication", f"{name}: {key} is not passed")
        must(not ("reasons" in i and "argument" in i), "indication", f"{name}: two details")
        must("host_answers" not in i or "carries" in i, "indication", f"{name}: answers in no node")
        reasons = list(i.get("reasons", {}).values())
        must(len(set(reasons)) == len(reasons), "numbers", f"{name}: a reason's number twice")
        must(all(0 <= r < 1 << 32 for r in reasons), "numbers", f"{name}: a reason's number")
        if "code" in passes or set(passes) & set(structs):
            must((i["call"], i["code"]) not in told, "numbers", f"{name}: another's code")
        told.add((i["call"], i["code"]))
        must(i["about"] != "target" or "carries" not in i, "indication", f"{name}: no object")
        if "host_answers" in i:
            obj = next(o for o in spec.objects if o["object"] == i["about"])
            klass, v = spec.variables(obj)[i["host_answers"]]
            must(klass == "cached" and "in" not in v, "indication", "the host cannot answer that")
            number = spec.type(v["type"])["base"] in INTEGERS
            must(number, "indication", "the host answers by a pointer or a handle")


def modes(spec: Spec) -> None:
    found = list(spec.target.get("modes", {}).values())
    told = spec.target.get("indications", {})
    for mode in found:
        for key in [k for k in ("enter", "leave") if k in mode and "hold" in mode]:
            must(told[mode[key]]["about"] == "target", "modes", f"{mode[key]} is about an object")
        for key, needs in (("refuse", "resets"), ("enter", "hold"), ("leave", "hold")):
            must(key not in mode or needs in mode, "modes", f"{key} without {needs}")
    for key in ("hold", "resets"):
        must(sum(key in m for m in found) <= 1, "modes", f"two modes with {key}")
    unusable = spec.target.get("unusable", {})
    along = unusable.get("where", "here") != "here"
    must(not along or "marked" in unusable, "modes", "where without marked")


def layers(spec: Spec) -> None:
    links.check(spec)
    for obj in spec.objects:
        must(
            not variants_of(obj) or all(isinstance(v, dict) for v in obj["type_codes"].values()),
            "codes",
            "mixed",
        )


def check(spec: Spec) -> None:
    for part in (node, layers, operations, numbers, indications, modes):
        part(spec)
