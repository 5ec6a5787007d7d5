# SPDX-License-Identifier: BSD-2-Clause
"""The node: the runtime finds in it what it needs to walk trees of any breadth without memory."""

from flue.model import CLASSES, HOST_CLASSES, REQUEST, TOGETHER
from flue.model.dependents import COUNTS
from flue.model.describe import an
from flue.model.queries import quoted
from flue.model.struct_layout import member_size
from flue.model.types import built_in

from .plans import planned_in_vain
from .registry import rule

ONE_EACH = {
    "next": "where the next node is",
    "dependents": "where the dependents are",
    "status": "where the status goes",
    "context": "which object is meant",
    "type": "which state follows",
}
SCRATCH_WORDS = 4
SCRATCH_BYTES = 8  # of each word, on all hosts: two of them hold numbers of 64 bits
TYPES = {  # of the members that the runtime reads or writes
    "next": ("node*",),
    "dependents": ("node*",),
    "context": ("u64", "void**", "u64*"),
    "status": ("i32", "u32"),
    "host_handle": ("void*",),
    "type": ("u8", "u16", "u32"),
    "reached": ("u32",),
    "failed": ("u32",),
}
FOLLOWS = {"placeholder": "never", "new": "all", "reference": "by_type"}
OF_STRUCTS = {
    "code": ("u32", "i32"),
    "target_handle": ("void*",),
}  # written into what a call passes


@rule("node-roles")
def node_roles(target):
    """Each of these is one member of the node, or the runtime cannot walk a tree of them.

    Finds: a node without a member for one of the roles it needs, or with two.
    Mend: give the role to one member, as the table of
    [roles](reference.md#layouts-members-and-structs) counts.
    """
    node = target.node
    for role, use in ONE_EACH.items():
        found = node.with_role(role)
        if not found and not _twice(node):  # the second one may be what lacks
            text = f'no member of the node has the role "{role}"'
            yield node.where, text, f"it says {use}"
        for extra in found[1:]:
            yield extra.place("role"), f'"{found[0].name}" already has the role "{role}"'
    for role in ("host_handle", *COUNTS):
        for extra in node.with_role(role)[1:]:
            yield extra.place("role"), f'another member already has the role "{role}"'


def _twice(node) -> list[str]:
    """Roles that two members have, of which there is to be one."""
    return [r for r in (*ONE_EACH, "host_handle", *COUNTS) if len(node.with_role(r)) > 1]


@rule("node-scratch")
def node_scratch(target):
    """A running request keeps its state in four words of each node; there is no other memory.

    Finds: not exactly four scratch words of 64 bits.
    Mend: make room for four words of 64 bits: `"void*[4]"` or four members, `"u64[4]"` on a host of
    32 bits.
    """
    node, words = target.node, 0
    for member in node.with_role("scratch"):
        size, count = member_size(member.type, node) or (0, 0)
        words += count
        if size != SCRATCH_BYTES:
            what, width = ("a pointer", "a pointer") if node.word_bytes == 8 else ("64 bits", "u64")
            text = f'"{member.name}" ({member.type}) cannot hold {what}'
            yield member.place("type"), text, f"scratch words are as wide as {width}"
    if words != SCRATCH_WORDS:
        last = (node.with_role("scratch") or (node,))[-1]
        yield last.where, f"the node has {words} scratch words, the runtime needs {SCRATCH_WORDS}"


@rule("node-member-size")
def node_member_size(target):
    """The runtime follows pointers and writes a 32-bit status; the members must be such.

    Finds: a member whose type does not fit its role; on a host of 32 bits, a context member that is,
    or points to, less than the 64 bits of a handle.
    Mend: take the type that the role needs; the hint says it.
    """
    for role, types in _types(target).items():
        for member in target.node.with_role(role)[:1]:
            if member.type not in types and role not in _twice(target.node):
                text = f'"{member.name}" ({member.type}) cannot be the {role}'
                yield member.place("type"), text, "it must be " + " or ".join(types)
    for struct in target.node.structs:
        for member in struct.members:
            types = OF_STRUCTS.get(member.role, (member.type,))
            if member.type not in types:
                text = f'"{member.name}" ({member.type}) cannot be the {member.role}'
                yield member.place("type"), text, "it must be " + " or ".join(types)


def _types(target) -> dict[str, tuple[str, ...]]:
    """What each role may be: a cell that the size of a pointer is too small for holds no handle."""
    return TYPES if target.node.word_bytes == 8 else {**TYPES, "context": ("u64", "u64*")}


def wrong_members(target) -> bool:
    """Whether a member that the runtime needs is missing or another than it needs."""
    found = (f for check in (node_roles, node_scratch, node_member_size) for f in check(target))
    return next(found, None) is not None


def _all_members(node):
    """Of all layouts and structures, each once."""
    members = [m for struct in node.layouts + node.structs for m in struct.members]
    return list({id(m): m for m in members}.values())


@rule("member-value")
def member_value(target):
    """A value is written to one number, and to one that nothing else is written to.

    Finds: a `value` of a member that is not one number, or is written by the target itself.
    Mend: take `value` out, or put it at a member of the role `host` or `data` that is one number.
    """
    for member in _all_members(target.node):
        if member.value is None:
            continue
        type_ = built_in(member.type)
        if member.role not in ("host", "data"):
            text = f'"{member.name}" is the {member.role}: what is written to it is no value of the spec'
            yield member.place("value"), text
        elif type_ is None or not type_.number:
            yield member.place("value"), f'"{member.name}" ({member.type}) is not one number'


@rule("node-header")
def node_header(target):
    """A state structure tells its length in one place, or its reader cannot find the next.

    Finds: two members that tell the length of a state structure, or one of another size than 4
    bytes.
    Mend: give the role `length` to one member of 4 bytes, in one structure.
    """
    found = [m for s in target.node.structs for m in s.members if m.role == "length"]
    for extra in found[1:]:
        yield extra.place("role"), f'"{found[0].name}" already tells the length'
    for member in found[:1]:
        size = member_size(member.type, target.node)
        if size and size != (4, 1):
            text = f'"{member.name}" ({member.type}) cannot be the length: it needs 4 bytes'
            yield member.place("type"), text


@rule("node-role-rules")
def node_role_rules(target):
    """Every node has a role: the last line must fit what the ones before it do not.

    Finds: a node that no line of `roles` fits, a line that nothing is left for, an operation whose
    nodes cannot be told; a line that asks what a node does not say, or that says of its state what
    is not so.
    Mend: add or correct lines of `roles`, so that each sort of node fits one; the first that fits
    counts.
    """
    unfit, roles = False, [r.role for r in target.node.roles]
    for reached in dict.fromkeys(o.reaches for o in target.operations if o.reaches not in roles):
        names = [o.name for o in target.operations if o.reaches == reached]
        text = f"{quoted(names)} reach{'es' * (len(names) == 1)} {reached} nodes, but no line tells which"
        yield target.node.place("roles"), text
        unfit = True
    if not unfit:
        yield from _read_otherwise(target.node)
    free = {(p, v) for p, v in (("empty", "empty"), ("set", "empty"), ("set", "set"))}
    for line in target.node.roles:
        fits = {(p, v) for p, v in free if line.pointer in (None, p) and line.value in (None, v)}
        if not fits:
            unfit = True
            yield line.where, f'no node is left for this line of "{line.role}"'
        free -= fits
    for pointer, value in sorted(free) if not unfit else ():
        text = f"no role fits a node whose context pointer is {pointer}, its value {value}"
        yield target.node.place("roles"), text


def _read_otherwise(node):
    """Lines that ask what a node cannot answer, or say of its state what the runtime does not do."""
    points = node.context_points
    for line in node.roles:
        if line.pointer and not points:
            text = "the context member is the value itself: there is no pointer to ask for"
            yield line.place("pointer"), text, f"value: {line.pointer}"
        elif line.pointer == "empty" and line.value == "empty":
            yield line.place("value"), "an empty pointer names no value"
        if line.state_follows != FOLLOWS[line.role]:
            text = f"what follows {an(line.role)} node is read as {FOLLOWS[line.role]}"
            yield line.place("state_follows"), text, f"state_follows: {FOLLOWS[line.role]}"


@rule("state-used")
def state_used(target):
    """What an operation brings and returns lies behind its nodes, and nothing else is looked at.

    Finds: an operation that brings or returns what `state_used` does not use, or uses what it does
    neither bring nor return.
    Mend: use what the operation brings and returns, no more and no less; all for new objects,
    `none` where that is nothing.
    """
    for operation in target.operations:
        if operation.dependents and (operation.key("brings") or operation.key("returns")):
            continue  # has a rule of its own
        if operation in planned_in_vain(target):
            continue  # it was to bring something, which is said
        used = operation.state_used
        where = target.node.place("state_used", operation.name)
        brings = [k for k in operation.brings if k != "link"]
        if operation.reaches == "new":
            brings = [k for k in brings if k != REQUEST]
        if operation.reaches == "reference":
            brings = [
                k for k in brings if k in ("cached", REQUEST)
            ]  # others have a rule of their own
        returns = [] if operation.returns == "asked" else list(operation.returns)
        seen = HOST_CLASSES if used == "any" else of_word(used)
        missing = [k for k in dict.fromkeys(brings + returns) if k not in seen]
        exact = least_word(brings + returns)
        if operation.reaches == "new" and used not in ("all", "any"):
            text = f'"{operation.name}" reaches new nodes, and all their state is used'
            yield where, text, f"{operation.name}: all"
        elif missing or (operation.returns == "asked" and used == "none"):
            text = (
                f'"{operation.name}" brings or returns {" and ".join(missing) or "what is asked"}'
            )
            asked = "any" if operation.returns == "asked" else exact
            text += f", but uses {used} of what follows a node"
            yield where, text, f"{operation.name}: {asked}"
        elif operation.reaches == "new":
            continue
        elif used != "none" and not (brings + returns) and operation.returns != "asked":
            yield where, f'"{operation.name}" neither brings nor returns what follows a node', (
                f"{operation.name}: none"
            )
        elif (
            used in SEVERAL
            and set(of_word(exact)) < set(seen)
            and set(operation.brings) <= {*brings, "link"}
        ):
            text = f'"{operation.name}" brings and returns only {" and ".join(brings + returns)}'
            yield where, f"{text}, but uses {used} of what follows a node", f"{operation.name}: {exact}"


SEVERAL = ("all", *TOGETHER)


def of_word(word: str) -> tuple[str, ...]:
    """The classes that an operation with this word looks for behind a node; none where the node says it."""
    return {"none": (), "any": (), "all": CLASSES, **TOGETHER}.get(word, (word,))


def least_word(classes) -> str:
    """The least word for what follows a node."""
    needed = set(classes)
    words = [*((k, (k,)) for k in CLASSES), *TOGETHER.items(), ("all", CLASSES)]
    return next((word for word, has in words if needed <= set(has)), "any")
