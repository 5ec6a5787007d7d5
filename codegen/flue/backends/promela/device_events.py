# SPDX-License-Identifier: BSD-2-Clause
"""What the device does by itself, as models A and B have it: each event pending once, at any moment.

What changes nothing in the hardware is seen when it is raised: before that it is nothing to anybody.
What changes something is a bit of `raised` until the owner sees it, which is before the answers that
come later. Those that a busy state defers are in line, in places `w0`, `w1` and so on. In model B
there are a few in all, and none of which nothing comes in any state.
"""

from __future__ import annotations

from dataclasses import dataclass

from flue.model.transitions import FIRST_DECISION, FIRST_OF_DEVICE, FIRST_OPERATION

from .lowering import KindView


@dataclass(frozen=True)
class Raised:
    kind: int
    number: int  # of the event
    bit: int
    hardware: str | None  # what the hardware has of the object afterwards


def device_events(kind: KindView) -> list[Raised]:
    """The truth says what the device does; of what it does not know nothing is raised."""
    known = {e.name: e.hardware for e in kind.truth.events}
    return [
        Raised(kind.index, FIRST_OF_DEVICE + e.index, 1 << e.index, known.get(e.name))
        for e in kind.obj.events
    ]


def is_operation(event: int) -> bool:
    return FIRST_OPERATION <= event < FIRST_DECISION


class RaisedText:
    """What templates ask of events; who has it has `raised`, and says whether there are trees."""

    raised: list[Raised]
    of_trees: bool

    @property
    def hardware_ends(self) -> list[Raised]:
        """Those that say something of what the hardware has."""
        return [r for r in self.raised if r.hardware]

    def of_kind(self, kind: int) -> list[Raised]:
        return [r for r in self.raised if r.kind == kind]

    def says_of_hardware(self, event: str) -> str:
        """The event in this variable is one of those."""
        return " || ".join(self._is(r, event) for r in self.hardware_ends) or "false"

    def _is(self, r: Raised, event: str) -> str:
        same = f"{event} == {r.number}"
        return f"(KIND == {r.kind} && {same})" if self.of_trees else same
