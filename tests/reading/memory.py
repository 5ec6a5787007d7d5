# SPDX-License-Identifier: BSD-2-Clause
"""The host's memory: what the files say of its structures can be true of Microsoft's compiler."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from text import HOSTS, INTEGERS, Spec, flags_of, listed, must


@dataclass
class Piece:
    """A member, or a nested structure with members of its own."""

    name: str
    at: int
    size: int  # of one element, to which it is aligned
    count: int = 1
    bits: tuple[int, int] | None = None
    when: frozenset = frozenset()  # operations it is there in; none: all
    inside: list[Piece] = field(default_factory=list)

    @property
    def end(self) -> int:
        if not self.inside:
            return self.at + self.size * self.count
        return up(max(p.end for p in self.inside), self.align)

    @property
    def align(self) -> int:
        return max((p.align for p in self.inside), default=self.size)


def up(value: int, to: int) -> int:
    return -(-value // to) * to


def member_size(spec: Spec, text: str) -> tuple[int, int]:
    base, stars, count = re.fullmatch(r"(\w+?)(\**)(?:\[(\d+)\])?", text).groups()
    return (spec.word_bytes if stars else INTEGERS[base]), int(count or 1)


def of_members(spec: Spec, members: dict) -> list[Piece]:
    sizes = {n: member_size(spec, m["type"]) for n, m in members.items()}
    return [Piece(m["host"], m["at"], *sizes[n]) for n, m in members.items()]


def of_class(spec: Spec, obj: dict, klass: str) -> list[Piece]:
    found = []
    for v in obj["variables"].get(klass, {}).values():
        kind = spec.type(v["type"])
        bits = tuple(map(int, v["bits"].split(".."))) if "bits" in v else None
        when = frozenset(listed(v.get("in")))
        found.append(Piece(v["host"], v["at"], kind["size"], kind["count"], bits, when))
    header = header_of(spec)
    if header:
        found.insert(0, Piece("Header", 0, 4, header["bytes"] // 4))
    return found


def header_of(spec: Spec) -> dict | None:
    for struct in spec.node.get("structs", {}).values():
        if any(m.get("role") == "length" for m in struct["members"].values()):
            return struct
    return None


def structures(spec: Spec):
    """(name, bytes, pieces) of all there are."""
    node = spec.node
    for name, layout in node["layout"].items():
        here = {
            k: m for k, m in node["members"].items() if name in listed(m.get("in")) or "in" not in m
        }
        yield layout.get("struct", name), layout["bytes"], of_members(spec, here)
    for name, struct in node.get("structs", {}).items():
        yield struct.get("struct", name), struct["bytes"], of_members(spec, struct["members"])
    for obj in spec.objects:
        for klass in HOSTS:
            if klass in obj["layout"]:
                layout = obj["layout"][klass]
                yield layout.get("struct", klass), layout["bytes"], of_class(spec, obj, klass)


def meet(a: Piece, b: Piece) -> bool:
    if a.end <= b.at or b.end <= a.at:
        return False
    same_unit = a.bits and b.bits and (a.at, a.size) == (b.at, b.size)
    return not same_unit or (a.bits[0] <= b.bits[1] and b.bits[0] <= a.bits[1])


def at_once(a: Piece, b: Piece) -> bool:
    return not a.when or not b.when or bool(a.when & b.when)


def check_structure(name: str, declared: int, pieces: list[Piece]) -> None:
    for p in pieces:
        must(p.at % p.size == 0, "memory", f"{p.name} of {name} is misaligned")
        must(p.end <= declared, "memory", f"{p.name} ends outside of {name}")
    for i, a in enumerate(pieces):
        for b in pieces[i + 1 :]:
            must(not (at_once(a, b) and meet(a, b)), "memory", f"{a.name} and {b.name} overlap")
    must(pieces, "memory", f"{name} has no members")
    whole = up(max(p.end for p in pieces), max(p.size for p in pieces))
    must(whole == declared, "memory", f"{name} has {declared} bytes, its members need {whole}")
    check_host_names(name, pieces)
    check_gaps(name, nested(pieces), 0)


def check_host_names(struct: str, pieces: list[Piece]) -> None:
    """No name twice, none that is a group of another; a group is in one piece."""
    seen: list[tuple[Piece, list[str]]] = []
    for p in sorted(pieces, key=lambda p: p.at):
        path = p.name.split(".")
        for _, other in seen:
            n = min(len(path), len(other))
            must(path[:n] != other[:n], "memory", f"{p.name} twice in {struct}")
        for depth in range(1, len(path)):
            inside = [o[:depth] == path[:depth] for q, o in seen if not q.when]
            must(not any(inside) or inside[-1], "memory", f"{p.name} is apart from its group")
        seen.append((p, path))


def nested(pieces: list[Piece]) -> list[Piece]:
    """Members of one group put into it."""
    out: list[Piece] = []
    groups: dict[str, list[Piece]] = {}
    for p in sorted(pieces, key=lambda p: p.at):
        first, _, rest = p.name.partition(".")
        if not rest:
            out.append(p)
            continue
        inner = Piece(rest, p.at, p.size, p.count, p.bits, p.when)
        if first not in groups:
            groups[first] = []
            out.append(Piece(first, p.at, 1, inside=groups[first]))
        groups[first].append(inner)
    for group in (p for p in out if p.inside):
        group.inside[:] = nested(group.inside)
    return out


def check_gaps(struct: str, pieces: list[Piece], start: int) -> None:
    """A member lies where the compiler would put it: next to what is before it, but for padding."""
    end = start
    todo = sorted(pieces, key=lambda p: p.at)
    while todo:
        together = [todo.pop(0)]  # and all that lies at the same bytes, in other operations or bits
        last = together[0].end
        while todo and todo[0].at < last:
            together.append(todo.pop(0))
            last = max(last, together[-1].end)
        align = max(p.align for p in together)
        must(
            together[0].at <= up(end, align),
            "memory",
            f"a gap before {together[0].name} in {struct}",
        )
        for p in together:
            if p.inside:
                check_gaps(struct, p.inside, p.at)
        end = last


def check_brought(spec: Spec, obj: dict) -> None:
    """Variables that lie at one place, each in its own operations, are not both kept."""
    for klass in HOSTS:
        found = obj["variables"].get(klass, {})
        brings = {n for n, o in spec.operations.items() if klass in o.get("brings", [])}
        pieces = [p for p in of_class(spec, obj, klass) if p.when & brings]
        for i, a in enumerate(pieces):
            for b in pieces[i + 1 :]:
                must(
                    not meet(a, b), "memory", f"{a.name} and {b.name} of {len(found)} are both kept"
                )


def plain(spec: Spec, v: dict) -> bool:
    """One number whose bits can be told apart: not several, no pointer, no handle, no age."""
    kind = spec.type(v["type"])
    return not kind["array"] and kind["base"] in INTEGERS and "kept_as" not in kind


def check_bits(spec: Spec, v: dict) -> int:
    """How many bits a variable has: all of its type's, or those it names of an unsigned one."""
    kind = spec.type(v["type"])
    if "bits" not in v:
        return 8 * kind["size"]
    first, last = map(int, v["bits"].split(".."))
    must(plain(spec, v) and kind["base"][0] == "u", "memory", f"bits of a {v['type']}")
    must(first <= last < 8 * kind["size"], "memory", f"bits {v['bits']} of a {v['type']}")
    width = last - first + 1
    for name, value in kind.get("enum", {}).items():
        must(0 <= value < 1 << width, "memory", f"{name} in bits {v['bits']}")
    return width


def check_flags(spec: Spec, obj: dict) -> None:
    for _, v in spec.variables(obj).values():
        taken, width = 0, check_bits(spec, v)
        must(plain(spec, v) or not flags_of(v), "memory", f"flags of a {v['type']}")
        for name, mask in flags_of(v).items():
            must(0 < mask < 1 << width and not mask & taken, "memory", f"flag {name}")
            taken |= mask


def check_words(spec: Spec) -> None:
    """A host of 32 bits is none of Microsoft's, and C aligns no bits of what is wider than a word."""
    abi = spec.target["abi"]
    if abi.get("word_bytes", 8) == 8:
        return
    must(abi["structs"] == "natural", "words", "4 bytes under Microsoft's rules")
    must("pointer_bytes" not in abi, "words", "pointers of 4 bytes and of 8")
    for obj in spec.objects:
        for name, (_, v) in spec.variables(obj).items():
            must("bits" not in v or spec.type(v["type"])["size"] < 8, "words", f"bits of {name}")


def check(spec: Spec) -> None:
    check_words(spec)
    for found in structures(spec):
        check_structure(*found)
    align = spec.target["abi"]["states_align"]
    for obj in spec.objects:
        for klass in obj["layout"]:
            widest = max(p.size for p in of_class(spec, obj, klass))
            must(widest <= align, "memory", f"{klass} of {obj['object']} needs {widest}")
        check_flags(spec, obj)
        check_brought(spec, obj)
