# SPDX-License-Identifier: BSD-2-Clause
"""Contexts that code runs in: a ladder, from where most is allowed to where least is; and what runs where.

A function that runs in a context is called there, or in one before it on the ladder, and in no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .location import Placed, Where

if TYPE_CHECKING:
    from .target import Target


@dataclass(frozen=True)
class Context(Placed):
    name: str
    index: int  # on the ladder; most is allowed in 0
    sleeps: bool
    host: str  # what the host's headers call it
    doc: str
    where: Where


def polled_in(target: Target) -> Context:
    """Where flue_poll() may run: all commands, completions and calls are made from there."""
    return context(target, target.polls_in) or target.contexts[-1]


def context(target: Target, name: str | None) -> Context | None:
    return next((c for c in target.contexts if c.name == name), None)


def called_in(target: Target, own: str | None) -> Context | None:
    """Where a function is called that flue_poll() calls; None where the target has no contexts."""
    if not target.contexts:
        return None
    return context(target, own) or polled_in(target)


def allowed(target: Target, limit: Context) -> tuple[Context, ...]:
    """All in which something may be called that runs in one."""
    return target.contexts[: limit.index + 1]
