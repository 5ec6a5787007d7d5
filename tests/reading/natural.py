# SPDX-License-Identifier: BSD-2-Clause
"""Offsets and sizes that are not written down: missed under Microsoft's rules, else counted out."""

from __future__ import annotations

from functools import partial

from memory import Piece, header_of, member_size, of_class, of_members, up
from text import HOSTS, Spec, listed, must


def fill(spec: Spec) -> None:
    """Write the numbers that are left out where the rules of memory will look for them."""
    node, free = spec.node, spec.target["abi"]["structs"] == "natural"
    for struct in node.get("structs", {}).values():
        place(struct["members"].values(), partial(of_member, spec), free)
        size(struct, of_members(spec, struct["members"]), free)
    place(node["members"].values(), partial(of_member, spec), free and len(node["layout"]) == 1)
    for name, layout in node["layout"].items():
        here = {k: m for k, m in node["members"].items() if name in listed(m.get("in", name))}
        size(layout, of_members(spec, here), free)
    begin = (header_of(spec) or {"bytes": 0})["bytes"]
    for obj in spec.objects:
        for klass in HOSTS:
            variables = obj["variables"].get(klass, {})
            place(variables.values(), partial(of_variable, spec), free, begin)
            size(obj["layout"].get(klass, {}), of_class(spec, obj, klass), free)


def of_member(spec: Spec, member: dict) -> tuple[int, int, str]:
    return (*member_size(spec, member["type"]), "")


def of_variable(spec: Spec, variable: dict) -> tuple[int, int, str]:
    kind = spec.type(variable["type"])
    return kind["size"], kind["count"], variable.get("bits", "")


def place(members, measure, free: bool, begin: int = 0) -> None:
    """Offsets, each behind the one before; a bit-field joins one of its width that ends where it begins."""
    end, unit = begin, (0, 0, -1)  # of the last bit-field: where, how wide, the bit after it
    for member in members:
        width, count, bits = measure(member)
        must("at" in member or free, "names", "no offset")
        first, last = map(int, bits.split("..")) if bits else (0, 0)
        joins = bits and unit[1:] == (width, first)
        member.setdefault("at", unit[0] if joins else up(end, width))
        end = member["at"] + width * count
        unit = (member["at"], width, last + 1) if bits else (0, 0, -1)


def size(struct: dict, pieces: list[Piece], free: bool) -> None:
    must("bytes" in struct or free or not struct, "names", "no size")
    if pieces:
        whole = up(max(p.end for p in pieces), max(p.size for p in pieces))
        struct.setdefault("bytes", whole)
    struct.setdefault("bytes", 0)
