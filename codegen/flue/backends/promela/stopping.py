# SPDX-License-Identifier: BSD-2-Clause
"""Which commands stop an object, so that only a mark remembers it."""

from __future__ import annotations

from flue.model import Command, Object, Target
from flue.model.queries import operation_at, places, sent_for, tells


def stops(target: Target, obj: Object, command: Command) -> bool:
    """It brings and tells nothing, and is sent by an operation that marks objects, this kind or others.

    A flush tells nothing either, and leaves nothing behind. What undoes another stops nothing.
    """
    quiet = not (tells(obj, command) or command.effects or command.hardware or command.returns)
    undoes = any(x.undo == command.name for x in obj.commands)
    if not quiet or undoes or command.undo is not None:
        return False
    return any((obj, command) in sent_for(target, name) for name in _marking(target))


def _marking(target: Target) -> set[str]:
    marked = [p for p in places(target) if p.arm.mark and p.event not in ("failed", "reset")]
    found = [operation_at(target, p.state, p.event) for p in marked]
    return {o.name for o in found if o}
