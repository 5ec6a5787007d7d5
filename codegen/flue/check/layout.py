# SPDX-License-Identifier: BSD-2-Clause
"""Layouts: what the specs say of the host's memory can be true under Microsoft's x64 rules."""

from flue.model.describe import an
from itertools import combinations

from flue.model import Variable
from flue.model.struct_layout import (
    Group,
    Item,
    Leaf,
    meet,
    overlap,
    round_up,
    state_items,
    struct_items,
)
from flue.model.struct_layout import struct_members, struct_size

from .node import wrong_members
from .registry import rule


def _structures(target):
    """Every structure that is laid out: (place, its name, declared bytes, its members)."""
    for obj in target.objects:
        for layout in obj.layouts:
            items = state_items(target, obj, layout.klass)
            yield layout.place("bytes"), layout.struct, layout.bytes, items
    for struct in target.node.layouts + target.node.structs:
        yield struct.place("bytes"), struct.host, struct.bytes, struct_items(struct, target.node)


def _aligned(target):
    """The structures in which every member lies where it can; one wrong offset is one finding."""
    return (s for s in _structures(target) if not any(map(_misplaced, s[-1])))


def _misplaced(item: Item) -> bool:
    return item.at % item.bytes != 0


def _span(item: Item) -> str:
    bits = f" bits {item.bits[0]}..{item.bits[1]}" if item.bits else ""
    return f"{item.at}..{item.end - 1}{bits}"


@rule("word-bytes")
def word_bytes(target):
    """Hosts of 32 bits differ in where they put 64 bits: structures are laid out so that all agree.

    Finds: `word_bytes: 4` where the structures are Microsoft's for x64, or beside `pointer_bytes: 8`;
    bits of a `u64`, for which C can ask no alignment.
    Mend: `structs: natural` without `pointer_bytes`; give the bits a `u32`, or take `word_bytes` out.
    """
    if target.word_bytes == 8:
        return
    where = target.place("abi", "word_bytes")
    if target.structs == "microsoft":
        yield where, "Microsoft's structures are those of x64, whose pointers have 8 bytes"
    elif target.key("abi", "pointer_bytes"):
        yield where, "a pointer has 4 bytes here, and 8 by pointer_bytes", "leave that out"
    for variable in (v for obj in target.objects for v in obj.variables):
        if variable.bits and variable.type.bytes > target.word_bytes:
            text = f'"{variable.name}" has bits of {an(variable.type.name)}, wider than a word'
            yield variable.place("bits"), text, "compilers for 32 bits put them elsewhere"


@rule("layout-overlap")
def layout_overlap(target):
    """Two members in one place would be read as each other.

    Finds: two members at the same bytes or bits; two that are there at different times, but both
    brought.
    Mend: correct `at` or `bits` as the host's header has them. For what is there at different times
    say `in`.
    """
    for _, struct, _, items in _aligned(target):
        for a, b in combinations(sorted(items, key=lambda i: (i.at, i.bits or ())), 2):
            if overlap(a, b):
                text = f'"{b.of.name}" (bytes {_span(b)}) overlaps "{a.of.name}" ({_span(a)})'
                yield b.of.place("at"), f"{text} in {struct}"
            elif meet(a, b) and _brought(target, a) and _brought(target, b):
                text = f'"{b.of.name}" and "{a.of.name}" lie at one place of {struct}'
                yield b.of.place("at"), f"{text}, and both are brought: an object keeps both"


def _brought(target, item: Item) -> bool:
    """Whether it is a variable that some operation brings where it is there."""
    assert isinstance(item.of, Variable)
    return any(
        item.of.klass in operation.brings and item.of.exists_in(operation.name)
        for operation in target.operations
        if item.branch
    )


@rule("host-member")
def host_member(target):
    """Two members of one name, or a group of which another member lies in the middle, are no C.

    Finds: two members with one `host` name, or a group of them with another member between.
    Mend: correct the host's name; members of a nested structure stand beside each other.
    """
    for _, struct, _, items in _structures(target):
        seen: list[Item] = []
        for item in sorted(items, key=lambda i: i.at):
            name = ".".join(item.path)
            for other in seen:
                if _same_name(item.path, other.path):
                    text = f'"{name}" is a name of "{other.of.name}" already in {struct}'
                    yield item.of.place("host"), text
                    break
            else:
                if group := _left(item, seen):
                    text = f'"{name}" is not beside the other members of {group} in {struct}'
                    yield item.of.place("host"), text
            seen.append(item)


def _same_name(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """The same member, or one is a group that the other would be in."""
    shorter = min(len(a), len(b))
    return a[:shorter] == b[:shorter]


def _left(item: Item, seen: list[Item]) -> str | None:
    """The group that was begun, left, and is now gone on with."""
    for depth in range(1, len(item.path)):
        inside = [other.path[:depth] == item.path[:depth] for other in seen if not other.branch]
        if any(inside) and not inside[-1]:
            return ".".join(item.path[:depth])
    return None


@rule("layout-size")
def layout_size(target):
    """The size is written down so that a forgotten or misplaced member shows.

    Finds: a size that does not agree with the members; a structure without any.
    Mend: correct `bytes`, or add the member that is missing. The size has the padding that a
    compiler adds.
    """
    for where, struct, declared, items in _aligned(target):
        outside = [i for i in items if i.end > declared]
        for item in outside:
            text = f'"{item.of.name}" ends at {item.end}, past the {declared} bytes of {struct}'
            yield item.of.place("at"), text
        needed = struct_size(items)
        if not items:
            yield where, f"{struct} has no members, and C no structure without", "leave it out"
        elif not outside and needed != declared:
            text = f"{struct} has {declared} bytes, but its members need {needed}"
            yield where, text, "with the padding a compiler adds"


@rule("layout-flags")
def layout_flags(target):
    """A flag lies within its variable, and no two share a bit.

    Finds: flags that share bits, or lie outside of their variable.
    Mend: correct the mask; bit 0 is 1, bit 1 is 2.
    """
    for obj in target.objects:
        for variable in obj.variables:
            taken: dict = {}
            for flag in variable.flags:
                if flag.mask <= 0 or flag.mask > variable.ones:
                    text = f'flag "{flag.name}" ({flag.mask:#x}) is not within {variable.type.name}'
                    yield flag.where, text
                for name, mask in taken.items():
                    if mask & flag.mask:
                        yield flag.where, f'flag "{flag.name}" shares bits with "{name}"'
                taken[flag.name] = flag.mask


@rule("misaligned")
def misaligned(target):
    """The host's compiler aligns each member to its size; another offset cannot be the host's.

    Finds: an offset at which the host's compiler would not put the member: no multiple of its size,
    or behind bytes that no padding explains; a state structure with members wider than
    `states_align`.
    Mend: correct `at`: the host's compiler puts a member at the next multiple of its size behind
    the one before it.
    """
    for _, struct, _, items in _structures(target):
        for item in filter(_misplaced, items):
            text = f'"{item.of.name}" is {item.bytes} bytes wide and cannot lie at {item.at}'
            yield item.of.place("at"), f"{text} in {struct}", f"a multiple of {item.bytes}"
    for obj in target.objects:
        for layout in obj.layouts:
            widest = max((i.bytes for i in state_items(target, obj, layout.klass)), default=1)
            if widest > target.states_align:
                text = f"{layout.struct} has members that are {widest} bytes wide"
                hint = f"states_align is {target.states_align}: one that follows a node could lie amiss"
                yield layout.where, text, hint
    yield from _unexplained(target)


def _unexplained(target):
    """Gaps where nothing else is said already; those of the header all state structures would have."""
    of_the_node = [s.host for s in target.node.layouts]
    found = []
    for _, struct, declared, items in _aligned(target):
        clean = not any(overlap(a, b) for a, b in combinations(items, 2))
        clean = clean and not (struct in of_the_node and wrong_members(target))
        if clean and struct_size(items) == declared:
            found += _gaps(struct_members(items), struct, 0)
    of_structs = [f for f in found if f[0].file == target.node.file]
    yield from of_structs or found


def _gaps(members, struct, start):
    """Bytes that no padding explains: a member is missing, or the next one lies too far behind."""
    at = start
    for i, member in enumerate(members):
        if isinstance(member, Leaf) and member.item is None and member.bits is None:
            continue  # the gap itself
        expected = round_up(at, member.align)
        if member.at > expected:
            item = _first(members[i:])
            text = f'"{item.of.name}" lies at {item.at} in {struct}, but what is before it ends at {at}'
            yield item.of.place("at"), text, f"a compiler would put it at {expected}"
        elif isinstance(member, Group) and member.kind == "struct":
            yield from _gaps(member.members, struct, member.at)
        at = member.end


def _first(members) -> Item:
    """The first member that a spec declares of some, which may begin with padding: of bits, too."""
    declared = next(m for m in members if isinstance(m, Group) or m.item)
    return _first(declared.members) if isinstance(declared, Group) else declared.item
