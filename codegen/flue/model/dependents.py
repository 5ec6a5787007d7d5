# SPDX-License-Identifier: BSD-2-Clause
"""Operations that reach dependents: what stands on what."""

from __future__ import annotations

from .object import Object
from .target import Operation, Target

COUNTS = ("reached", "failed")  # roles of members: how many dependents there were, and were bad


def sweeping(target: Target) -> tuple[Operation, ...]:
    """The operations that reach dependents."""
    return tuple(o for o in target.operations if o.dependents)


def stood_on(target: Target, obj: Object) -> tuple[str, ...]:
    """The kinds that an object's links lead to, directly or by way of others."""
    found = {x.to for x in obj.links}
    for each in reversed(target.objects):
        if each.name in found:
            found |= {x.to for x in each.links}
    return tuple(o.name for o in target.objects if o.name in found)


def dependents_of(target: Target, kind: str) -> tuple[Object, ...]:
    """The kinds of objects that may stand on one of a kind."""
    return tuple(o for o in target.objects if kind in stood_on(target, o))
