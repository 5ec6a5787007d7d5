# SPDX-License-Identifier: BSD-2-Clause
"""Contexts, and what runs in which: what says nothing runs where the target says that its kind does."""

from __future__ import annotations

from dataclasses import replace

from flue import model as m
from flue.syntax.tree import Located

from .scope import Scope


def contexts(scope: Scope) -> tuple[m.Context, ...]:
    return tuple(
        m.Context(
            name=name,
            index=i,
            sleeps=n.get("sleeps") is not None,
            host=n.text("host", name),
            doc=n.text("doc"),
            where=n.name_where,
            source=n,
        )
        for i, (name, n) in enumerate(scope.target.items("contexts"))
    )


def runs_in(scope: Scope, target: m.Target) -> m.Target:
    """What the target says of all that has no file of its own to say it in; each name is looked up here."""
    for _, n in scope.target.items("runs_in"):
        scope.contexts.find(n)
    return replace(
        target,
        answers_in=_of_all(scope, "answers"),
        events_in=_of_all(scope, "events"),
        polls_in=_of_all(scope, "poll"),
    )


def context_of(scope: Scope, node: Located, key: str, kind: str) -> str | None:
    """What a thing says under a key, or the target of all of its kind."""
    own = node.get(key)
    return _of_all(scope, kind) if own is None else scope.contexts.find(own)


def _of_all(scope: Scope, kind: str) -> str | None:
    node = scope.target.get("runs_in", kind)
    return str(node.value) if node is not None and node.value in scope.contexts else None
