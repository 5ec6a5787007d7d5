# SPDX-License-Identifier: BSD-2-Clause
"""Layers: each object links to the one before it, and each type code names one state."""

from flue.model import TypeCode
from flue.model.struct_layout import member_size

from .registry import rule


def _in_cycle(target, obj) -> bool:
    """Whether following the links from an object leads back to it."""
    links = {o.name: o.links_to for o in target.objects}
    at = links[obj.name]
    for _ in target.objects:
        if at == obj.name:
            return True
        at = links.get(at)
    return False


@rule("layer-cycle")
def layer_cycle(target):
    """Objects that link in a ring could never be offloaded: each would wait for the one below.

    Finds: objects that link in a ring.
    Mend: let one of the objects link to nothing, and list `objects` from there upwards.
    """
    for obj in target.objects:
        if _in_cycle(target, obj):
            yield obj.place("links_to", "object"), f"the links of {obj.name} lead back to it"


@rule("wrong-layer-link")
def wrong_layer_link(target):
    """A node's dependents are one layer up: the tree has no place for any other link.

    Finds: a link to another layer than the one below.
    Mend: put `objects` in the order of their links, lowest first; each links to the one before it.
    """
    for obj in target.objects:
        if _in_cycle(target, obj):
            continue
        below = target.objects[obj.index - 1].name if obj.index else None
        if obj.links_to == below:
            continue
        if below is None:
            text = f"{obj.name} is the lowest layer and cannot link to {obj.links_to}"
        elif obj.links_to is None:
            text = f"{obj.name} is above {below} and must link to it"
        else:
            text = f"{obj.name} links to {obj.links_to}, but the layer below it is {below}"
        where = obj.place("links_to", "object") if obj.links_to else obj.place("object")
        yield where, text, "objects: names the layers, lowest first"


@rule("type-code-size")
def type_code_size(target):
    """A type code that the node's type member cannot hold would never be seen.

    Finds: a type code that does not fit the node's type member, or is negative.
    Mend: take a smaller number, or the type that the host's node really has for this member.
    """
    for member in target.node.with_role("type"):
        size = (member_size(member.type, target.node) or (8, 1))[0]
        for obj in target.objects:
            for code in obj.type_codes:
                if not 0 <= code.code < 1 << 8 * size:
                    text = f'type code {code.code} does not fit "{member.name}" ({member.type})'
                    yield _code_place(obj, code), text


@rule("same-type-code")
def same_type_code(target):
    """A node's type says what state is behind it; two codes for the same are one too many.

    Finds: two type codes of an object that name the same state: `all` beside its only class.
    Mend: leave `all` out, or the only class.
    """
    for obj in target.objects:
        seen: dict[object, TypeCode] = {}
        for code in obj.type_codes:
            other = seen.setdefault((code.variant, code.classes), code)
            if other is not code:
                text = f"type codes {other.code} and {code.code} of {obj.name} mean the same"
                yield _code_place(obj, code), text, f"its only class is {code.classes[0]}"


def _code_place(obj, code):
    path = (code.variant, code.word) if code.variant else (code.word,)
    return obj.place("type_codes", *path)
