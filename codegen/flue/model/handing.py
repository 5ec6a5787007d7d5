# SPDX-License-Identifier: BSD-2-Clause
"""What becomes of what the host hands over, by the state in which its object is."""

from __future__ import annotations

from .dataflow import ending
from .machine import State
from .object import Object
from .target import Target
from .transfer import Transfer

TAKEN, WAITS = "taken", "waits"
REASONS = ("refused", "ending", "returned", "reset")  # why an element goes back undone


def fate(target: Target, obj: Object, t: Transfer, state: State) -> str:
    """Of an element that comes then: TAKEN, WAITS, or the reason for which it goes back."""
    if t.lent or state.name in t.states:
        return TAKEN
    if state.busy:
        return "ending" if state.busy in ending(target, obj) else WAITS
    return "reset" if state.hardware == "has_not" else "refused"


def says(t: Transfer) -> set[str]:
    """All bad statuses that an element may have."""
    return {s for s in (*t.statuses, *(getattr(t, reason) for reason in REASONS)) if s}


def fates(target: Target, obj: Object, t: Transfer) -> dict[str, list[State]]:
    """The states of each, but for those in which the host has no handle to hand it over with."""
    found: dict[str, list[State]] = {}
    for state in obj.states:
        if not t.lent and _has_handle(target, state):
            found.setdefault(fate(target, obj, t, state), []).append(state)
    return found


def _has_handle(target: Target, state: State) -> bool:
    if state.busy in (None, "nobody"):
        return state.host != "has_not"
    return target.operation(state.busy).reaches != "new"


def in_words(t: Transfer) -> str:
    """write: an order of its own; may be answered failed; back undone with invalid, ..."""
    if t.lent:
        return "the driver's own, which comes back from the host; taken at once"
    order = f"in the order of {t.after}" if t.after else "an order of its own"
    said = f"; the hardware may say {' or '.join(t.statuses)}" if t.statuses else ""
    back = ", ".join(f"{reason} {getattr(t, reason)}" for reason in REASONS)
    return f"{order}{said}; undone: {back}"


def fates_in(target: Target, obj: Object, state: State) -> list[tuple[Transfer, str, str | None]]:
    """Of each transfer its fate there, and the status with which it goes back undone."""
    if not _has_handle(target, state):
        return []
    there = [(t, fate(target, obj, t, state)) for t in obj.transfers if not t.lent]
    return [(t, found, getattr(t, found) if found in REASONS else None) for t, found in there]


def in_state(target: Target, obj: Object, state: State) -> list[str]:
    """Of each transfer what becomes of it there: write is taken, barrier waits, read gets lost."""
    words = {TAKEN: "is taken", WAITS: "waits"}
    return [
        f"{t.name} {words.get(found) or f'gets {status}'}"
        for t, found, status in fates_in(target, obj, state)
    ]
