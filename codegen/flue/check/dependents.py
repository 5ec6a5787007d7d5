# SPDX-License-Identifier: BSD-2-Clause
"""Operations that reach dependents: there are some, and the host is told how many."""

from flue.model.describe import an
from flue.model.dependents import COUNTS, dependents_of, sweeping

from .registry import rule

SAYS = {"reached": "how many dependents it reached", "failed": "how many of them failed"}


@rule("dependents-of-none")
def dependents_of_none(target):
    """An operation for all that stands on an object is for nobody where nothing can stand on it.

    Finds: an operation that reaches dependents, `about` a kind that no object links to; one in a
    target without links.
    Mend: take the kind out of `about`; or `reaches: reference`, with a node for each object.
    """
    for operation in sweeping(target):
        if not operation.about:
            text = f'"{operation.name}" reaches dependents, and no object links to another'
            yield operation.place("reaches"), text, "reaches: reference"
        for i, kind in enumerate(operation.about):
            if not dependents_of(target, kind):
                text = f'"{operation.name}" reaches dependents, and nothing stands on {an(kind)}'
                yield operation.place("about", i), text


@rule("dependents-alone")
def dependents_alone(target):
    """The host has no nodes for the dependents: nothing can be brought to them or returned.

    Finds: an operation that reaches dependents, and brings or returns variables or links.
    Mend: take `brings` or `returns` out; or `reaches: reference`, with a node for each object.
    """
    for operation in sweeping(target):
        for key in ("brings", "returns"):
            if operation.key(key):
                text = f'"{operation.name}" {key} something, and has no nodes for dependents'
                yield operation.key(key), text


@rule("dependents-counted")
def dependents_counted(target):
    """One completion is for all dependents: how many there were is in the node, or nowhere.

    Finds: an operation that reaches dependents, and a node without a member of the role `reached`
    or `failed`; such a member where no operation reaches dependents.
    Mend: give the roles to two members of the type u32; or take them from members that no operation
    needs.
    """
    found = [o for o in sweeping(target) if o.about]
    for role in COUNTS:
        members = target.node.with_role(role)
        if found and not members:
            text = f'no member of the node has the role "{role}", and "{found[0].name}" reaches dependents'
            yield target.node.where, text, f"it says {SAYS[role]}"
        if members and not found:
            text = f'"{members[0].name}" tells {SAYS[role]}, and no operation reaches dependents'
            yield members[0].place("role"), text
