# SPDX-License-Identifier: BSD-2-Clause
"""Host structures to scale: where each member lies on a grid of 64 bits a row.

The members are those whose offsets and sizes generated code asserts (`model/host_memory`); a row is
eight bytes, a column one bit, bit 0 of each byte to the left.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flue.model import Member, Struct, Variable
from flue.model.host_memory import HostStructure
from flue.model.struct_layout import Group, Leaf

ROW = 64  # bits


@dataclass(frozen=True)
class Lain:
    """A member at its bits, or bits that are none's."""

    path: str  # with those of the structures around it; empty for padding
    first: int  # bit in the structure
    bits: int
    leaf: Leaf | None  # None: padding
    lane: int  # 0, or more where others lie at the same place

    @property
    def at(self) -> int:
        """Its byte; of a bit-field, that of its storage unit."""
        return self.leaf.at if self.leaf else self.first // 8

    @property
    def last(self) -> int:
        """Its last byte."""
        return self.leaf.end - 1 if self.leaf else (self.end - 1) // 8

    @property
    def end(self) -> int:
        return self.first + self.bits

    @property
    def of(self) -> Variable | Member | Struct | None:
        return self.leaf.item.of if self.leaf and self.leaf.item else None

    @property
    def type(self) -> str:
        """As the spec has it; of a structure in it, the host's name."""
        if isinstance(self.of, Variable):
            return self.of.type.name
        return self.of.type if isinstance(self.of, Member) else self.of.host if self.of else ""

    @property
    def operations(self) -> tuple[str, ...]:
        """In which alone it is there; empty: in all."""
        return self.of.operations if isinstance(self.of, Variable) else ()

    @property
    def size(self) -> str:
        """In bytes, or in bits where it is a part of some."""
        if self.leaf and self.leaf.bits:
            low, high = self.leaf.bits
            return f"1 bit, {low}" if low == high else f"{high + 1 - low} bits, {low} to {high}"
        if self.bits % 8:
            return f"{self.bits} bit" + "s" * (self.bits != 1)
        count = self.bits // 8
        return f"{count} byte" + "s" * (count != 1)


@dataclass(frozen=True)
class Box:
    """A rectangle of the drawing, in lines of the grid that count from 1."""

    of: Lain
    left: int
    right: int
    top: int
    bottom: int
    first: bool  # bears the name


def lain(struct: HostStructure) -> list[Lain]:
    """All members in the order of their bits, and between and after them what none of them has."""
    lanes: list[int] = []  # where each of them is used up to
    out, end = [], 0
    for path, leaf in sorted(_leaves(struct.members, ""), key=lambda x: _bits(x[1])):
        first, last = _bits(leaf)
        if first > end:
            out.append(_padding(end, first))
        lane = next((i for i, used in enumerate(lanes) if used <= first), len(lanes))
        lanes[lane:] = [last, *lanes[lane + 1 :]]
        end = max(end, last)
        out.append(Lain(path, first, last - first, leaf, lane))
    return out + ([_padding(end, 8 * struct.bytes)] if end < 8 * struct.bytes else [])


def _padding(first: int, end: int) -> Lain:
    return Lain("", first, end - first, None, 0)


def _bits(leaf: Leaf) -> tuple[int, int]:
    if leaf.bits:
        low, high = leaf.bits
        return 8 * leaf.at + low, 8 * leaf.at + high + 1
    return 8 * leaf.at, 8 * leaf.end


def _leaves(members: tuple[Leaf | Group, ...], path: str) -> Iterator[tuple[str, Leaf]]:
    """Those that the spec declares; declared padding is what they leave."""
    for m in members:
        if isinstance(m, Group):
            yield from _leaves(m.members, f"{path}{m.name}." if m.name else path)
        elif m.item:
            yield path + m.name, m


@dataclass(frozen=True)
class Row:
    """Eight bytes: as many lines as members lie at one place in it."""

    offset: int
    top: int  # line of the grid
    lanes: tuple[int, ...]

    def top_of(self, lane: int) -> int:
        return self.top + self.lanes.index(lane)


def rows(members: list[Lain]) -> list[Row]:
    used: dict[int, set[int]] = {}
    for m in members:
        for row in range(m.first // ROW, (m.end - 1) // ROW + 1):
            used.setdefault(row, set()).add(m.lane)
    out, top = [], 1
    for row, lanes in sorted(used.items()):
        out.append(Row(row * ROW // 8, top, tuple(sorted(lanes))))
        top += len(lanes)
    return out


def boxes(members: list[Lain]) -> list[Box]:
    """What is drawn: of each member a box in each row, and one for all rows that it fills alone."""
    drawn = rows(members)
    return [box for m in members for box in _boxes_of(m, drawn)]


def _boxes_of(member: Lain, drawn: list[Row]) -> Iterator[Box]:
    at = member.first
    while at < member.end:
        number, left = divmod(at, ROW)
        last = number
        while left == 0 and _alone(member, drawn, number, last + 1):
            last += 1
        end = min(member.end, (last + 1) * ROW)
        right = (end - 1) % ROW + 1
        top, bottom = drawn[number].top_of(member.lane), drawn[last].top_of(member.lane) + 1
        yield Box(member, 1 + left, 1 + right, top, bottom, at == member.first)
        at = end


def _alone(member: Lain, drawn: list[Row], first: int, row: int) -> bool:
    """Whether it fills this row, too, and nothing else lies in it or in the first."""
    return (row + 1) * ROW <= member.end and len(drawn[first].lanes) == len(drawn[row].lanes) == 1
