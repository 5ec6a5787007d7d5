# SPDX-License-Identifier: BSD-2-Clause
"""Layouts under Microsoft's rules: declarations whose members lie where the spec says."""

import pytest
from helpers import spec

from flue.model.struct_layout import Group, Item, Leaf, member_size, state_items, struct_items
from flue.model.struct_layout import struct_members, struct_size
from flue.compiler import load
from flue.model import Where
from flue.diagnostics import Report

WHERE = Where("t.yaml", 1, 1)


def item(host, at, size=4, count=1, bits=None, branch=()):
    return Item(tuple(host.split(".")), at, size, count, bits, branch, None, WHERE)


def shape(members):
    """Members as short texts: name@offset, {..} for structures, <..> for unions, :n for bits."""
    out = []
    for m in members:
        if isinstance(m, Group):
            left, right = "{}" if m.kind == "struct" else "<>"
            out.append(f"{m.name}{left}{' '.join(shape(m.members))}{right}@{m.at}")
        elif m.bits:
            out.append(f"{m.name}:{m.bits[1] - m.bits[0] + 1}@{m.at}")
        else:
            out.append(f"{m.name}@{m.at}" + (f"[{m.count}]" if m.count > 1 else ""))
    return out


def test_plain_members_in_order():
    assert shape(struct_members([item("B", 4), item("A", 0)])) == ["A@0", "B@4"]


def test_padding_only_where_alignment_does_not_give_it():
    assert shape(struct_members([item("A", 0, 1), item("B", 4)])) == ["A@0", "B@4"]
    assert shape(struct_members([item("A", 0, 1), item("B", 8)])) == [
        "A@0",
        "reserved_1@1[7]",
        "B@8",
    ]


def test_bit_fields_fill_their_unit():
    fields = [item("Lo", 0, 1, bits=(0, 2)), item("Hi", 0, 1, bits=(4, 7))]
    assert shape(struct_members(fields)) == ["Lo:3@0", ":1@0", "Hi:4@0"]
    assert shape(struct_members([item("Id", 8, bits=(0, 11))], 8)) == ["Id:12@8", ":20@8"]


def test_dotted_names_nest():
    members = struct_members([item("K.Count", 0, 1), item("K.Delta", 4), item("After", 8)])
    assert shape(members) == ["K{Count@0 Delta@4}@0", "After@8"]


def test_overlapping_members_are_a_union():
    a = item("Head", 0, 8, branch=("start",))
    b = item("Size", 0, 4, branch=("look",))
    assert shape(struct_members([a, b])) == ["<Head@0 Size@0>@0"]
    late = item("Late", 4, 4, branch=("look",))
    assert shape(struct_members([a, late])) == ["<Head@0 {reserved_0@0[4] Late@4}@0>@0"]


@pytest.mark.parametrize(
    "text, size",
    [("u8", (1, 1)), ("u64", (8, 1)), ("void*[2]", (8, 2)), ("node*", (8, 1)), ("void**", (8, 1))],
)
def test_member_size(text, size):
    node = load(spec("example"), Report()).node
    assert member_size(text, node) == size
    assert member_size("nonsense", node) is None


def leaves(members):
    for member in members:
        yield from leaves(member.members) if isinstance(member, Group) else [member]


def structures(target):
    for obj in target.objects:
        for layout in obj.layouts:
            yield layout.bytes, state_items(target, obj, layout.klass)
    for struct in target.node.layouts + target.node.structs:
        yield struct.bytes, struct_items(struct, target.node)


def compiled_offsets(members, at=0):
    """Lay the declaration out as a compiler would, and compare with what it says of itself."""
    unit = None
    for m in members:
        if isinstance(m, Leaf) and m.bits:
            new = unit is None or unit[1] != m.bytes or m.bits[0] < unit[2]
            if new:
                at = -(-at // m.bytes) * m.bytes
                unit, at = [at, m.bytes, 0], at + m.bytes
            assert (unit[0], unit[2]) == (m.at, m.bits[0])
            unit[2] = m.bits[1] + 1
            continue
        unit = None
        at = -(-at // m.align) * m.align
        assert at == m.at, (at, m)
        if isinstance(m, Group):
            for arm in [m.members] if m.kind == "struct" else [(x,) for x in m.members]:
                compiled_offsets(arm, m.at)
        at = m.end
    return at


@pytest.mark.parametrize("base", ["example", "chimney"])
def test_declarations_agree_with_the_specs(base):
    for size, items in structures(load(spec(base), Report())):
        members = struct_members(items)
        assert compiled_offsets(members) <= size == struct_size(items)
        named = [leaf.item.of.name for leaf in leaves(members) if leaf.item]
        assert sorted(named) == sorted(i.of.name for i in items)
