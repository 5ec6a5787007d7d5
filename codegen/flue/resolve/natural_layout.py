# SPDX-License-Identifier: BSD-2-Clause
"""`structs: natural`: offsets and sizes that the spec leaves out, as a C compiler would choose them.

Members lie in the order of the spec, each at the next multiple of its size; bit-fields that go on
where the last one ended share its storage unit; a size is that of the members, rounded up to the
widest. What the spec does say is taken as it is, and what follows lies behind it.

Of structures that a host has already, and of a node in several layouts, all offsets are to be said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from flue import model as m
from flue.diagnostics import Report
from flue.model.struct_layout import (
    Item,
    member_item,
    round_up,
    state_items,
    struct_items,
    struct_size,
    variable_item,
)


def lay_out(target: m.Target, report: Report) -> m.Target:
    """The same target with an offset and a size for everything, or a finding where one is missing."""
    node = target.node
    members = {id(x): x for s in node.layouts for x in s.members}.values()
    if len(node.layouts) > 1:
        _want(members, "at", "the node has several layouts, which agree on it", report)
    if target.structs == "microsoft":
        _want_all(target, members, report)
        return target
    node = replace(node, structs=tuple(_struct(node, s) for s in node.structs))
    node = replace(node, layouts=tuple(_struct(node, s) for s in node.layouts))
    target = replace(target, node=node)
    return replace(target, objects=tuple(_object(target, o) for o in target.objects))


def _want_all(target: m.Target, members: Iterable, report: Report) -> None:
    """A host that has its headers already: what they say is to be compared, not guessed."""
    node, why = target.node, "the host's structures are Microsoft's"
    placed = [*members, *(x for s in node.structs for x in s.members)]
    _want(
        [*placed, *(v for o in target.objects for v in o.variables if v.klass in m.HOST_CLASSES)],
        "at",
        why,
        report,
    )
    layouts = [x for o in target.objects for x in o.layouts]
    _want([*node.layouts, *node.structs, *layouts], "bytes", why, report)


def _want(parts: Iterable, key: str, why: str, report: Report) -> None:
    for part in parts:
        if not _says(part, key):
            name = part.klass if isinstance(part, m.ClassLayout) else part.name
            text = f'"{name}" lacks the key "{key}": {why}'
            report.missing(part.where, "missing-key", key, text)


def _says(part: m.Placed, key: str) -> bool:
    return part.source is None or part.key(key) is not None


def _placed(parts: tuple, item: Callable[[Any], Item], begin: int = 0) -> tuple:
    """Members in their order, those without an offset at the next that fits them."""
    out: list = []
    last: Item | None = None
    for part in parts:
        if not _says(part, "at"):
            part = replace(part, at=_next(last, item(part), begin))
        out.append(part)
        last = item(part)
    return tuple(out)


def _next(last: Item | None, item: Item, begin: int) -> int:
    if last is None:
        return round_up(begin, item.bytes)
    if last.bits and item.bits and item.bytes == last.bytes and item.bits[0] == last.bits[1] + 1:
        return last.at
    return round_up(last.end, item.bytes)


def _sized(part, items: list[Item]):
    return part if _says(part, "bytes") else replace(part, bytes=struct_size(items))


def _struct(node: m.Node, struct: m.Struct) -> m.Struct:
    placed = replace(struct, members=_placed(struct.members, lambda x: member_item(x, node)))
    return _sized(placed, struct_items(placed, node))


def _object(target: m.Target, obj: m.Object) -> m.Object:
    header = target.node.state_header
    begin = header.bytes if header else 0
    placed: list[m.Variable] = []
    for klass in m.HOST_CLASSES:
        placed += _placed(obj.of_class(klass), variable_item, begin)
    obj = replace(
        obj, variables=(*placed, *(v for v in obj.variables if v.klass in m.OBJECTS_CLASSES))
    )
    layouts = (_sized(x, state_items(target, obj, x.klass)) for x in obj.layouts)
    return replace(obj, layouts=tuple(layouts))
