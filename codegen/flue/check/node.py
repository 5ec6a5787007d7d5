# SPDX-License-Identifier: BSD-2-Clause
"""The node: the runtime finds in it what it needs to walk trees of any breadth without memory."""

from ..layout import POINTER_BYTES, member_size
from .registry import rule

ONE_EACH = {
    "next": "where the next node is",
    "dependents": "where the dependents are",
    "status": "where the status goes",
    "context": "which object is meant",
    "type": "which state follows",
}
SCRATCH_WORDS = 4
WIDTHS = {"next": 8, "dependents": 8, "context": 8, "status": 4}


@rule("node-roles")
def node_roles(target):
    """Each of these is one member of the node, or the runtime cannot walk a tree of them."""
    node = target.node
    for role, use in ONE_EACH.items():
        found = node.with_role(role)
        if not found:
            text = f'no member of the node has the role "{role}"'
            yield node.where, text, f"it says {use}"
        for extra in found[1:]:
            yield extra.place("role"), f'"{found[0].name}" already has the role "{role}"'
    for extra in node.with_role("host_handle")[1:]:
        yield extra.place("role"), 'another member already has the role "host_handle"'


@rule("node-scratch")
def node_scratch(target):
    """A running request keeps its state in four words of each node; there is no other memory."""
    node, words = target.node, 0
    for member in node.with_role("scratch"):
        size, count = member_size(member.type, node.structs) or (0, 0)
        words += count
        if size != POINTER_BYTES:
            text = f'"{member.name}" ({member.type}) cannot hold a pointer'
            yield member.place("type"), text, "scratch words are as wide as a pointer"
    if words != SCRATCH_WORDS:
        last = (node.with_role("scratch") or (node,))[-1]
        yield last.where, f"the node has {words} scratch words, the runtime needs {SCRATCH_WORDS}"


@rule("node-member-size")
def node_member_size(target):
    """The runtime follows pointers and writes a 32-bit status; the members must be that wide."""
    for role, width in WIDTHS.items():
        for member in target.node.with_role(role):
            found = member_size(member.type, target.node.structs)
            if found and found != (width, 1):
                text = (
                    f'"{member.name}" ({member.type}) cannot be the {role}: it needs {width} bytes'
                )
                yield member.place("type"), text


@rule("node-header")
def node_header(target):
    """A state structure tells its length in one place, or its reader cannot find the next."""
    found = [m for s in target.node.structs for m in s.members if m.role == "length"]
    for extra in found[1:]:
        yield extra.place("role"), f'"{found[0].name}" already tells the length'
    for member in found[:1]:
        size = member_size(member.type, target.node.structs)
        if size and size != (4, 1):
            text = f'"{member.name}" ({member.type}) cannot be the length: it needs 4 bytes'
            yield member.place("type"), text


@rule("node-role-rules")
def node_role_rules(target):
    """Every node has a role: the last line must fit what the ones before it do not."""
    roles = [r.role for r in target.node.roles]
    for operation in target.operations:
        if operation.reaches not in roles:
            text = f'"{operation.name}" reaches {operation.reaches} nodes, but no line tells which'
            yield target.node.place("roles"), text
    free = {(p, v) for p, v in (("empty", "empty"), ("set", "empty"), ("set", "set"))}
    for line in target.node.roles:
        fits = {(p, v) for p, v in free if line.pointer in (None, p) and line.value in (None, v)}
        if not fits:
            yield line.where, f'no node is left for this line of "{line.role}"'
        free -= fits
    for pointer, value in sorted(free):
        text = f"no role fits a node whose context pointer is {pointer}, its value {value}"
        yield target.node.place("roles"), text
