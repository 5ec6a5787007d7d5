# SPDX-License-Identifier: BSD-2-Clause
"""What the device does by itself, as model A has it: each event pending once, at any moment.

What changes nothing in the hardware is seen when it is raised: before that it is nothing to anybody.
What changes something is a bit of `raised` until the owner sees it, which is before the answers that
come later. Those that a busy state defers are in line, in places `w0`, `w1` and so on.
"""

from __future__ import annotations

from dataclasses import dataclass

from flue.model.transitions import FIRST_DECISION, FIRST_OF_DEVICE, FIRST_OPERATION

from .lowering import KindView


@dataclass(frozen=True)
class Raised:
    number: int  # of the event
    bit: int
    hardware: str | None  # what the hardware has of the object afterwards


def device_events(kind: KindView) -> list[Raised]:
    """The truth says what the device does; of what it does not know nothing is raised."""
    known = {e.name: e.hardware for e in kind.truth.events}
    return [
        Raised(FIRST_OF_DEVICE + e.index, 1 << e.index, known.get(e.name)) for e in kind.obj.events
    ]


def is_operation(event: int) -> bool:
    return FIRST_OPERATION <= event < FIRST_DECISION
