# SPDX-License-Identifier: BSD-2-Clause
"""Where the members of a host structure lie, under Microsoft's x64 rules.

The specs give each member an offset; the C emitter needs a declaration that makes a compiler agree
with it, and the checks need to know whether any declaration can. Both start from `Item`s:

    items = state_items(target, obj, "cached")      # or struct_items(struct, node)
    for member in struct_members(items): ...        # Leaf or Group, in order
    struct_size(items)                              # what they need, rounded up to the alignment

The rules: a member is aligned to its own size; neighbouring bit-fields share a storage unit only
if their types have the same size; a structure is as aligned as its widest member.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby

from flue.model import Member, Node, Object, Struct, Target, Variable, Where
from flue.model.types import INTEGERS

MEMBER_TYPE = re.compile(r"^(\w+)\s*(\**)\s*(?:\[(\d+)\])?$")


@dataclass(frozen=True)
class Item:
    """One member as a spec declares it."""

    path: tuple[str, ...]  # the host's name, split at the dots
    at: int
    bytes: int  # of one element; the storage unit of a bit-field
    count: int
    bits: tuple[int, int] | None
    branch: tuple[str, ...]  # operations that use it; empty = all
    of: Variable | Member | Struct
    where: Where

    @property
    def end(self) -> int:
        return self.at + self.bytes * self.count


@dataclass(frozen=True)
class Leaf:
    """One declared member, or padding where `item` is None (bits: within a storage unit)."""

    name: str
    at: int
    bytes: int
    count: int
    bits: tuple[int, int] | None
    item: Item | None

    @property
    def end(self) -> int:
        return self.at + self.bytes * self.count

    @property
    def align(self) -> int:
        return self.bytes


@dataclass(frozen=True)
class Group:
    """A structure or union inside a structure; an empty name means anonymous."""

    name: str
    kind: str  # struct | union
    at: int
    members: tuple[Leaf | Group, ...]

    @property
    def align(self) -> int:
        return max(m.align for m in self.members)

    @property
    def end(self) -> int:
        last = max(m.end for m in self.members)
        return self.at + round_up(last - self.at, self.align)


def round_up(value: int, to: int) -> int:
    return (value + to - 1) // to * to


def member_size(text: str, node: Node) -> tuple[int, int] | None:
    """Bytes of one element and their number for the type of a member; None if unknown."""
    found = MEMBER_TYPE.match(text)
    if not found:
        return None
    base, stars, count = found.groups()
    named = {s.name: s.bytes for s in node.structs}
    size = node.word_bytes if stars else INTEGERS.get(base) or named.get(base)
    return (size, int(count or 1)) if size else None


def known_size(text: str, node: Node) -> tuple[int, int]:
    """The same of a member that the rules have seen."""
    size = member_size(text, node)
    assert size is not None, text
    return size


def state_items(target: Target, obj: Object, klass: str) -> list[Item]:
    """The members of one class of an object's state, the common header first."""
    items = [variable_item(v) for v in obj.of_class(klass)]
    header = target.node.state_header
    if header:
        unit = max(i.bytes for i in struct_items(header, target.node))
        items.insert(
            0, Item(("Header",), 0, unit, header.bytes // unit, None, (), header, header.where)
        )
    return items


def variable_item(v: Variable) -> Item:
    path = tuple(v.host.split("."))
    return Item(path, v.at, v.type.bytes, v.type.count, v.bits, v.operations, v, v.where)


def struct_items(struct: Struct, node: Node) -> list[Item]:
    """The members of the node, or of a structure beside it."""
    return [member_item(m, node) for m in struct.members]


def member_item(m: Member, node: Node) -> Item:
    size, count = member_size(m.type, node) or (1, 1)
    return Item(tuple(m.host.split(".")), m.at, size, count, None, (), m, m.where)


def overlap(a: Item, b: Item) -> bool:
    """Whether two members need the same bits of memory at the same time."""
    at_once = not a.branch or not b.branch or set(a.branch) & set(b.branch)
    return bool(at_once) and meet(a, b)


def meet(a: Item, b: Item) -> bool:
    """Whether two members lie at the same bits of memory, be it at different times."""
    if a.end <= b.at or b.end <= a.at:
        return False
    if a.bits and b.bits and (a.at, a.bytes) == (b.at, b.bytes):
        return a.bits[0] <= b.bits[1] and b.bits[0] <= a.bits[1]
    return True


def struct_size(items: list[Item]) -> int:
    """What the members need, rounded up as the host's compiler does."""
    if not items:
        return 0
    return round_up(max(i.end for i in items), max(i.bytes for i in items))


def struct_members(items: list[Item], start: int = 0) -> tuple[Leaf | Group, ...]:
    """The declaration: leaves, nested structures, unions of what overlaps, and padding."""
    taken = {i.path[0] for i in items}
    units = sorted(_units(items), key=lambda unit: unit[0].at)
    out: list[Leaf | Group] = []
    cursor = start
    for cluster in _clusters(units):
        members = cluster[0] if len(cluster) == 1 else [_union(cluster, taken)]
        at = members[0].at
        if at > (cursor if _packs(members[0]) else round_up(cursor, _align(members))):
            out.append(_padding(cursor, at - cursor, taken))
        out += members
        cursor = max(m.end for m in members)
    return tuple(out)


def _padding(at: int, count: int, taken: set[str]) -> Leaf:
    """Bytes between members, by a name that none of the structure has."""
    name = f"reserved_{at}"
    while name in taken:
        name += "_"
    taken.add(name)
    return Leaf(name, at, 1, count, None, None)


def _align(members) -> int:
    return max(m.align for m in members)


def _packs(member: Leaf | Group) -> bool:
    """A bit-field, which other compilers than Microsoft's put into free bytes before its unit."""
    return isinstance(member, Leaf) and member.bits is not None


def _units(items: list[Item]) -> list[list[Leaf | Group]]:
    """What cannot be taken apart: a leaf, a nested structure, or the bit-fields of one unit."""
    units: list[list[Leaf | Group]] = []
    nested = {i.path[0] for i in items if len(i.path) > 1}
    for name in sorted(nested):
        units.append([_nested(name, [i for i in items if i.path[0] == name and len(i.path) > 1])])
    flat = [i for i in items if len(i.path) == 1]
    units += [[_leaf(i)] for i in flat if not i.bits]
    fields = sorted((i for i in flat if i.bits), key=_storage)
    for _, run in groupby(fields, key=_storage):
        units.append(_bit_run(sorted(run, key=_bits)))
    return units


def _bits(item: Item) -> tuple[int, int]:
    """The first and the last bit of a bit-field."""
    assert item.bits is not None
    return item.bits


def _storage(item: Item) -> tuple[int, int, tuple[str, ...]]:
    return item.at, item.bytes, item.branch


def _leaf(item: Item) -> Leaf:
    return Leaf(item.path[0], item.at, item.bytes, item.count, item.bits, item)


def _nested(name: str, items: list[Item]) -> Group:
    inner = [
        Item(i.path[1:], i.at, i.bytes, i.count, i.bits, i.branch, i.of, i.where) for i in items
    ]
    at = _beginning(min(i.at for i in items), struct_members(inner, min(i.at for i in items)))
    return Group(name, "struct", at, struct_members(inner, at))


def _beginning(at: int, members) -> int:
    """Where a structure or union of these begins: it is as aligned as its widest member."""
    return at // _align(members) * _align(members)


def _bit_run(fields: list[Item]) -> list[Leaf | Group]:
    """Bit-fields of one storage unit, with the unused bits between and after them."""
    at, size = fields[0].at, fields[0].bytes
    out: list[Leaf | Group] = []
    next_bit = 0
    for field in fields:
        first, last = _bits(field)
        if first > next_bit:
            out.append(Leaf("", at, size, 1, (next_bit, first - 1), None))
        out.append(_leaf(field))
        next_bit = last + 1
    if next_bit < 8 * size:
        out.append(Leaf("", at, size, 1, (next_bit, 8 * size - 1), None))
    return out


def _clusters(units: list[list[Leaf | Group]]) -> list[list[list[Leaf | Group]]]:
    """Units that overlap, directly or through a third one, together; also where the union of some
    has to begin before the first of them, in what is before it."""
    clusters: list[list[list[Leaf | Group]]] = []
    for unit in units:
        clusters.append([unit])
        while len(clusters) > 1 and _start(clusters[-1]) < _end(clusters[-2]):
            last = clusters.pop()
            clusters[-1] += last
    return clusters


def _start(cluster: list[list[Leaf | Group]]) -> int:
    at = min(unit[0].at for unit in cluster)
    return at if len(cluster) == 1 else _beginning(at, [m for unit in cluster for m in unit])


def _end(cluster: list[list[Leaf | Group]]) -> int:
    """Of a union, the end with the padding behind it."""
    end, start = max(unit[0].end for unit in cluster), _start(cluster)
    align = _align([m for unit in cluster for m in unit])
    return end if len(cluster) == 1 else start + round_up(end - start, align)


def _union(cluster: list[list[Leaf | Group]], taken: set[str]) -> Group:
    """An anonymous union; an arm that is more than one member at its start is a structure."""
    at = _start(cluster)
    arms: list[Leaf | Group] = []
    for unit in cluster:
        if len(unit) == 1 and unit[0].at == at:
            arms.append(unit[0])
            continue
        gap = unit[0].at - at
        pad = [_padding(at, gap, taken)] if gap else []
        arms.append(Group("", "struct", at, tuple(pad + unit)))
    return Group("", "union", at, tuple(arms))
