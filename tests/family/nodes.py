# SPDX-License-Identifier: BSD-2-Clause
"""The node's file: its members in any order, by every sort of context, and what follows it."""

from __future__ import annotations

import copy

from plan import Operation, Plan
from values import lay_out


def node_file(plan: Plan) -> tuple[dict, int]:
    """The tree, and how wide its widest member is."""
    d, word = plan.dice, plan.word
    context = plan.points or "u64"
    scratch = d.choice(["u64[4]", "void*[4]"]) if word == 8 else "u64[4]"
    members = {
        "kind": {"type": d.choice(["u8", "u16", "u32"]), "role": "type"},
        "status": {"type": d.choice(["i32", "i32", "u32"]), "role": "status"},
        "next": {"type": "node*", "role": "next"},
        "dependents": {"type": "node*", "role": "dependents"},
        "handle": {"type": context, "role": "context"},
        "work": {"type": scratch, "role": "scratch"},
    }
    if plan.host_handle:
        members["cookie"] = {"type": "void*", "role": "host_handle"}
    if plan.sort("flush") or plan.sort("purge"):
        members["reached"] = {"type": "u32", "role": "reached"}
        members["failed"] = {"type": "u32", "role": "failed"}
    if d.random() < 0.4:
        members["data"] = {
            "type": "void*",
            "role": "data",
            "null_after": d.choice(plan.operations).name,
        }
    if d.random() < 0.3:
        members["size"] = {"type": "u16", "role": "host", "value": 152}
    names = list(members)
    d.shuffle(names)
    for name in names:
        members[name] |= {"host": name.title(), "doc": "A member."}
    bodies = [members[n] for n in names]
    size, widest = lay_out(bodies, word, 0, plan.written)
    layout = {"struct": "FAMILY_ITEM", "doc": "The only one."}
    if plan.written:
        layout["bytes"] = size
    node = {"node": "item", "doc": "One element of the tree.", "layout": {"item": layout}}
    node["members"] = {n: members[n] for n in names}
    structs = _header(plan) | {n: _laid_out(plan, s) for n, s in plan.structs.items()}
    if structs:
        node["structs"] = structs
    node["roles"] = _roles(plan)
    node["state_used"] = {o.name: _used(o) for o in plan.operations}
    return node, widest


def _laid_out(plan: Plan, struct: dict) -> dict:
    struct = copy.deepcopy(struct)
    size, _ = lay_out(list(struct["members"].values()), plan.word, 0, plan.written)
    return struct | ({"bytes": size} if plan.written else {})


def _header(plan: Plan) -> dict:
    if not plan.header:
        return {}
    members = {
        "length": {"type": "u32", "host": "Length", "role": "length", "doc": "Bytes."},
        "spare": {"type": "u32", "host": "Spare", "doc": "Nothing."},
    }
    header = {
        "struct": "FAMILY_HEADER",
        "doc": "Every state structure begins with it.",
        "members": members,
    }
    size, _ = lay_out(list(members.values()), plan.word, 0, plan.written)
    if plan.written:
        header["bytes"] = size
    return {"state_header": header}


def _roles(plan: Plan) -> list[dict]:
    lines = []
    if plan.placeholders:
        empty = {"role": "placeholder", "pointer": "empty", "state_follows": "never"}
        lines.append(empty | {"doc": "It only carries dependents."})
    lines.append({"role": "new", "value": "empty", "state_follows": "all"})
    lines.append({"role": "reference", "value": "set", "state_follows": "by_type"})
    return lines


def _used(operation: Operation) -> str:
    if operation.sort == "create":
        return "all"
    classes = [c for c in operation.brings if c != "link"]
    if operation.returns == "asked":
        return "any"
    if operation.returns:
        return "delegated"
    return "_".join(classes) or "none"
