# SPDX-License-Identifier: BSD-2-Clause
"""All structures of the host's memory, in the order in which C needs them."""

from __future__ import annotations

from flue.model.describe import an
from collections.abc import Iterator
from dataclasses import dataclass

from .node import Struct
from .struct_layout import Group, Leaf, state_items, struct_items, struct_members
from .target import Target


@dataclass(frozen=True)
class HostStructure:
    name: str  # node, or tcp_cached: what generated identifiers are made of
    host: str  # the host's own name for it
    doc: str
    bytes: int
    members: tuple[Leaf | Group, ...]
    klass: str = ""  # of the variables in it, if it is an object's state


def host_structures(target: Target) -> Iterator[HostStructure]:
    """Those that nodes point to, the node in each of its layouts, the state of each object."""
    node = target.node
    for struct in node.structs:
        yield _struct(target, struct, struct.name, struct.doc)
    yield _struct(target, node.layouts[0], "node", node.doc)
    for other in node.layouts[1:]:
        yield _struct(target, other, f"node_{other.name}", other.doc)
    for obj in target.objects:
        for layout in obj.layouts:
            doc = f"The {layout.klass} state of {an(obj.name)}."
            members = struct_members(state_items(target, obj, layout.klass))
            name = f"{obj.name}_{layout.klass}"
            yield HostStructure(name, layout.struct, doc, layout.bytes, members, layout.klass)


def _struct(target: Target, struct: Struct, name: str, doc: str) -> HostStructure:
    members = struct_members(struct_items(struct, target.node))
    return HostStructure(name, struct.host, doc, struct.bytes, members)
