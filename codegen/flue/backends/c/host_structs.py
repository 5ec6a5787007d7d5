# SPDX-License-Identifier: BSD-2-Clause
"""Plain data for <target>_host.h: the host's structures as declarations, with their offsets."""

from __future__ import annotations

from dataclasses import dataclass, field

from flue.model import Member, Struct, Target, Type, Variable
from flue.model.c_names import Names
from flue.model.host_memory import HostStructure, host_structures
from flue.model.struct_layout import MEMBER_TYPE, Group, Leaf
from flue.model.types import INTEGERS, c_integer

UNIT_C = {1: "uint8_t", 2: "uint16_t", 4: "uint32_t", 8: "uint64_t"}


@dataclass
class Declaration:
    """One structure: its lines, and what must hold of it."""

    name: str  # struct chimney_node
    host: str  # the host's own name for it
    doc: str
    bytes: int
    lines: list[tuple[str, str]] = field(default_factory=list)  # C text, comment
    offsets: list[tuple[str, int]] = field(default_factory=list)


def element_c(type: Type) -> str:
    """The C type of one element of a variable, as the host's structures declare it."""
    if type.kind == "pointer":
        return "const uint8_t *"
    return "void *" if type.kind == "opaque" else type.c


def joined(c: str, name: str) -> str:
    return c + name if c.endswith("*") else f"{c} {name}"


class HostView:
    """Builds the declarations of one target, in the order C needs them."""

    def __init__(self, target: Target, names: Names) -> None:
        self.target = target
        self.names = names
        self.declarations = [self._declared(s) for s in host_structures(target)]
        self.node = next(d for d in self.declarations if d.name == names.struct("node"))

    def _declared(self, struct: HostStructure) -> Declaration:
        name = self.names.struct(struct.name)
        out = Declaration(name, struct.host, struct.doc, struct.bytes)
        self._add(out, struct.members, "", 1, name)
        return out

    def _add(self, out: Declaration, members, path: str, depth: int, owner: str) -> None:
        pad = "    " * depth
        for m in members:
            if isinstance(m, Group):
                out.lines.append((f"{pad}{m.kind} {{", ""))
                inner = f"{path}{m.name}." if m.name else path
                self._add(out, m.members, inner, depth + 1, owner)
                out.lines.append((f"{pad}}}{' ' + m.name if m.name else ''};", ""))
                continue
            out.lines.append((pad + self._member(m, owner), comment_of(m)))
            if m.item is not None and m.bits is None:
                out.offsets.append((path + m.name, m.at))

    def _member(self, m: Leaf, owner: str) -> str:
        if m.bits is not None:
            width = m.bits[1] - m.bits[0] + 1
            return f"{joined(UNIT_C[m.bytes], m.name).rstrip()} : {width};"
        if m.item is None:
            return f"uint8_t {m.name}[{m.count}];"
        wide = m.bytes > self.target.node.word_bytes and not isinstance(m.item.of, Struct)
        return (f"{self.names.up}_ALIGN_{8 * m.bytes} " if wide else "") + self._whole(m, owner)

    def _whole(self, m: Leaf, owner: str) -> str:
        assert m.item is not None
        of = m.item.of
        if isinstance(of, Struct):
            return f"{self.names.struct(of.name)} {m.name};"
        if isinstance(of, Variable):
            text, count = joined(element_c(of.type), m.name), of.type.count
            return f"{text}[{count}];" if of.type.array else f"{text};"
        return self._node_member(of, m.name, owner)

    def _node_member(self, of: Member, name: str, owner: str) -> str:
        found = MEMBER_TYPE.match(of.type)
        assert found is not None, of.type
        base, stars, count = found.groups()
        if base == "node":
            layouts = [f"node_{x.name}" for x in self.target.node.layouts[1:]]
            c = owner if owner in map(self.names.struct, layouts) else self.names.struct("node")
        elif base in INTEGERS:
            c = c_integer(base)
        else:
            c = "void" if base == "void" else self.names.struct(base)
        text = joined(f"{c} {stars}" if stars else c, name)
        return f"{text}[{count}];" if count else f"{text};"


def comment_of(m: Leaf) -> str:
    """What a member is, in a few words: its spec name where that tells more, its unit, its doc."""
    if m.item is None or isinstance(m.item.of, Struct):
        return ""
    if isinstance(m.item.of, Member):
        return m.item.of.doc.rstrip(".")
    return variable_doc(m.item.of)


def variable_doc(v: Variable) -> str:
    words = [v.doc.rstrip(".") or v.name.replace("_", " ")]
    unit = v.unit or v.type.unit
    if v.type.kind == "age":
        unit = "ticks gone by"
    elif v.type.name.startswith("ticks"):
        unit = unit or "ticks"
    if unit:
        words.append(f"in {unit}")
    if v.type.none is not None:
        words.append(f"{v.type.none:#x}: none")
    if v.type.enum:
        words.append(f"a value of enum ..._{v.type.name}_value")
    if v.secret:
        words.append("a secret")
    if v.only:
        words.append(f"{v.only} only")
    if v.operations:
        words.append("in " + ", ".join(v.operations))
    return "; ".join(words)
