# SPDX-License-Identifier: BSD-2-Clause
"""The numbers of events and arms, which every back end uses and a trace of the runtime shows."""

from __future__ import annotations

from dataclasses import dataclass

from .describe import action
from .machine import DECISIONS, INTERNAL_EVENTS, Arm, Cell
from .object import Object
from .target import Target

FIRST_OPERATION = len(INTERNAL_EVENTS) + 1
MAX_OPERATIONS = 16  # FLUE_MAX_OPERATIONS
FIRST_DECISION = FIRST_OPERATION + MAX_OPERATIONS
FIRST_OF_DEVICE = FIRST_DECISION + len(DECISIONS)
EVENT_NUMBER = {name: i + 1 for i, name in enumerate(INTERNAL_EVENTS)}
EVENT_NUMBER |= {name: FIRST_DECISION + i for i, name in enumerate(DECISIONS)}


def event_number(target: Target, event: str, obj: Object | None = None) -> int:
    """The number of an event, which is also its letter in Ragel's alphabet."""
    if event in EVENT_NUMBER:
        return EVENT_NUMBER[event]
    raised = obj.event(event) if obj else None
    if raised:
        return FIRST_OF_DEVICE + raised.index
    return FIRST_OPERATION + target.operation(event).index


def events_by_number(target: Target, obj: Object | None = None) -> list[str]:
    """All of one object's machine; without it those that all have."""
    found = target.events_of(obj) if obj else target.events
    return sorted(found, key=lambda e: event_number(target, e, obj))


@dataclass(frozen=True)
class NumberedArm:
    number: int
    cell: Cell
    arm: Arm
    letter: int
    refused: tuple[str, ...]  # conditions of the arms before it, which did not hold

    @property
    def text(self) -> str:
        """For people."""
        asked = f"if {self.arm.condition}: " if self.arm.condition else ""
        return asked + action(self.arm)

    @property
    def place(self) -> str:
        """Its number, the pair it is for, and the spec line that decided: a default's in the target."""
        where = self.arm.where
        pair = f"{self.cell.state}, {self.cell.event}"
        return f"{self.number}: {pair} ({where.file.split('/')[-1]}:{where.line})"

    @property
    def by_default(self) -> bool:
        return self.cell.origin.startswith("default")

    @property
    def to(self) -> str:
        """The state the machine is in afterwards."""
        return self.arm.to or self.cell.state


def number_arms(target: Target, obj: Object) -> list[NumberedArm]:
    """Every arm of every possible (state, event) pair, states first; arm 0 is the impossible one."""
    out: list[NumberedArm] = []
    for state in obj.states:
        for event in events_by_number(target, obj):
            cell = obj.cell(state.name, event)
            if cell.possible:
                out += _cell_arms(target, obj, cell, len(out) + 1)
    return out


def _cell_arms(target: Target, obj: Object, cell: Cell, first: int) -> list[NumberedArm]:
    out = []
    refused: tuple[str, ...] = ()
    letter = event_number(target, cell.event, obj)
    for i, arm in enumerate(cell.arms):
        out.append(NumberedArm(first + i, cell, arm, letter, refused))
        refused += (arm.condition,) if arm.condition else ()
    return out
