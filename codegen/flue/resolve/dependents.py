# SPDX-License-Identifier: BSD-2-Clause
"""Which kinds an operation may name that reaches dependents, and which it then reaches."""

from __future__ import annotations

from .links import linked_objects
from .scope import Scope


def stood_on(scope: Scope) -> dict[str, set[str]]:
    """By kind: those that its links lead to, directly or by way of others."""
    direct = {name: set(linked_objects(tree).values()) for name, tree in scope.objects.items()}
    found = {name: to & set(scope.objects) for name, to in direct.items()}
    for _ in found:
        for to in found.values():
            to |= set().union(*(found[kind] for kind in to))
    return found


def with_dependents(scope: Scope) -> tuple[str, ...]:
    """The kinds that others stand on: an operation about no kinds in particular may name these."""
    below = set().union(*stood_on(scope).values())
    return tuple(name for name in scope.objects if name in below)


def reached(scope: Scope, named: tuple[str, ...]) -> tuple[str, ...]:
    """The kinds whose objects may stand on one of those that are named."""
    return tuple(name for name, to in stood_on(scope).items() if to & set(named))
