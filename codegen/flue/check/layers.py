# SPDX-License-Identifier: BSD-2-Clause
"""Layers: objects link to those before them, and each type code names one state."""

from flue.model import CLASSES, HOST_CLASSES, TypeCode
from flue.model.along import met
from flue.model.describe import an
from flue.model.queries import downward
from flue.model.struct_layout import member_size

from .node import least_word, of_word
from .registry import rule


def _leads_to(target, start, end) -> list[str] | None:
    """The objects on a way along links from one object to another, with both of them."""
    ways, seen = [[start]], {start}
    links = {o.name: [x.to for x in o.links] for o in target.objects}
    while ways:
        way = ways.pop(0)
        if way[-1] == end:
            return way
        for to in links.get(way[-1], ()):
            if to not in seen:
                seen.add(to)
                ways.append([*way, to])
    return None


@rule("layer-cycle")
def layer_cycle(target):
    """Objects that link in a ring could never be offloaded: each would wait for another.

    Finds: a link that closes a ring of objects.
    Mend: take this link out, or another one of the ring, and list `objects` so that what is linked
    to comes first.
    """
    for obj in target.objects:
        for link in _upward(target, obj):
            ring = _leads_to(target, link.to, obj.name)
            if ring:
                hint = " -> ".join([obj.name, *ring]) if len(ring) > 1 else ""
                yield link.where, f"the links of {obj.name} lead back to it", hint


def _upward(target, obj):
    below = downward(target, obj)
    return [x for x in obj.links if x not in below]


@rule("wrong-layer-link")
def wrong_layer_link(target):
    """What others stand on is programmed first and taken back last, in the order of `objects`.

    Finds: an object that the target lists before one that it links to.
    Mend: put `objects` in the order of their links: what is linked to comes first.
    """
    early: dict[str, dict[str, None]] = {}
    late: dict[str, dict[str, None]] = {}
    for obj in target.objects:
        for link in _upward(target, obj):
            if link.to and not _leads_to(target, link.to, obj.name):
                early.setdefault(obj.name, {})[link.to] = None
                late.setdefault(link.to, {})[obj.name] = None
    if len(late) < len(early):  # one that comes too late, and not some that come too early
        for name, others in late.items():
            verb = "links" if len(others) == 1 else "link"
            yield _listed(
                target, name
            ), f"{' and '.join(others)} {verb} to {name}, which is listed after"
        return
    for name, others in early.items():
        text = f"{name} links to {' and '.join(others)}, listed after it"
        yield _listed(target, name), text, "what is linked to comes first"


def _listed(target, name):
    return target.place("objects", target.object(name).index)


@rule("link-not-met")
def link_not_met(target):
    """Where a condition names links, marks are looked for along these and no others: what lies behind
    another link is never seen.

    Finds: under `where` of an object's own condition, a link that is not met: neither the object has it
    nor anything that the other links named there lead to.
    Mend: name the links on the way to it as well, or take it out.
    """
    for obj in target.objects:
        for condition in obj.conditions:
            followed = {link.name for link in met(target, obj, condition.along)}
            for i, name in enumerate(condition.along or ()):
                if name not in followed:
                    text = f'no way along these links leads from {an(obj.name)} to a link "{name}"'
                    yield condition.place("where", i), text


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


@rule("no-type-code")
def no_type_code(target):
    """A node's type says what state is behind it: what no type code names nobody can bring or get.

    Finds: an operation that creates objects of a kind without a type code for all their state; one that
    brings or returns what no type code of a kind names, where an arm of the kind tells the hardware of it.
    Mend: give that state a type code; or take the kind out of the operation (`about`).
    """
    for obj in target.sound_objects:
        lacking: dict[tuple, str] = {}
        for operation in target.operations:
            held = _held(obj, operation)
            for variant in dict.fromkeys(c.variant for c in obj.type_codes) if held else ():
                if (variant, held) not in [(c.variant, c.classes) for c in obj.type_codes]:
                    lacking.setdefault((variant, *held), operation.name)
        for (variant, *classes), name in lacking.items():
            text = f'"{name}" needs {", ".join(classes)} behind a node of {an(obj.name)}'
            where = obj.place("type_codes", *filter(None, (variant,)))
            yield where, f"{text}, and no type code names that", f"{least_word(classes)}: a number of its own"


def _held(obj, operation) -> tuple[str, ...]:
    """The classes that a node of this kind has behind it, where the operation looks for just these."""
    has = [k for k in HOST_CLASSES if k in {x.klass for x in obj.layouts}]
    if operation.dependents or not operation.may_name(obj.name):
        return ()
    if operation.reaches == "new":
        return tuple(k for k in has if k in CLASSES)
    asks = any(a.verb for c in obj.cells if c.event == operation.name for a in c.arms)
    return tuple(k for k in has if asks and k in of_word(operation.state_used))


def _code_place(obj, code):
    path = (code.variant, code.word) if code.variant else (code.word,)
    return obj.place("type_codes", *path)
