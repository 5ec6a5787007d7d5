# SPDX-License-Identifier: BSD-2-Clause
"""Plain data about an object's machine: its letters, arms and states, as the tables show them."""

from __future__ import annotations

from dataclasses import dataclass

from flue.emit_names import Names, bits
from flue.model import INTERNAL_EVENTS, Arm, Cell, Handling, Object, State, Target
from flue.view_fields import undone_by
from flue.words import action

FIRST_OPERATION = len(INTERNAL_EVENTS) + 1
EVENT_NUMBER = {name: i + 1 for i, name in enumerate(INTERNAL_EVENTS)}


def event_number(target: Target, event: str) -> int:
    """The number of an event, which is also its letter in Ragel's alphabet."""
    if event in EVENT_NUMBER:
        return EVENT_NUMBER[event]
    return FIRST_OPERATION + target.operation(event).index


def events_by_number(target: Target) -> list[str]:
    return sorted(target.events, key=lambda e: event_number(target, e))


@dataclass(frozen=True)
class NumberedArm:
    number: int
    cell: Cell
    arm: Arm
    letter: int
    refused: tuple[str, ...]  # conditions of the arms before it, which did not hold
    verb: str
    status: str
    marks: str
    commands: str
    text: str  # for people

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


def number_arms(target: Target, obj: Object, names: Names) -> list[NumberedArm]:
    """Every arm of every possible (state, event) pair, states first; arm 0 is the impossible one."""
    out: list[NumberedArm] = []
    for state in obj.states:
        for event in events_by_number(target):
            cell = obj.cell(state.name, event)
            if cell.possible:
                out += _cell_arms(target, obj, names, cell, len(out) + 1)
    return out


def _cell_arms(target, obj, names, cell: Cell, first: int) -> list[NumberedArm]:
    out = []
    refused: tuple[str, ...] = ()
    for i, arm in enumerate(cell.arms):
        verb, commands = _verb(obj, names, arm)
        marks = f"1u << {names.mark(arm.mark)}" if arm.mark else "0"
        letter = event_number(target, cell.event)
        status = _status(names, arm)
        text = (f"if {arm.condition}: " if arm.condition else "") + action(arm)
        out.append(
            NumberedArm(first + i, cell, arm, letter, refused, verb, status, marks, commands, text)
        )
        refused += (arm.condition,) if arm.condition else ()
    return out


def _verb(obj: Object, names: Names, arm: Arm) -> tuple[str, str]:
    if arm.handling is Handling.DEFER:
        return "FLUE_DO_DEFER", "0"
    if arm.verb is None:
        return "FLUE_DO_NOTHING", "0"
    if arm.verb == "send":
        return "FLUE_DO_SEND", f"1u << {names.command(obj.name, arm.subject)}"
    if arm.verb == "plan":
        return "FLUE_DO_PLAN", "0"
    undone = [f"1u << {names.command(obj.name, c.name)}" for c in undone_by(obj, arm)]
    return "FLUE_DO_UNDO", bits(undone)


def _status(names: Names, arm: Arm) -> str:
    if arm.status is None:
        return "FLUE_STATUS_NONE"
    if arm.status == "from_command":
        return "FLUE_STATUS_FROM_COMMAND"
    return names.status_index(arm.status)


def state_row(target: Target, obj: Object, names: Names, state: State) -> dict:
    """One line of the state table."""
    operations = {o.name: o for o in target.operations}
    unusable = target.unusable
    if state.resting:
        sort, host_has = "FLUE_RESTING", state.host == "has"
        bad = state.hardware in unusable.hardware
    else:
        sort = "FLUE_BUSY" if state.busy in operations else "FLUE_RESTORING"
        reaches = operations[state.busy].reaches if state.busy in operations else "reference"
        host_has = reaches == "reference"
        bad = state.busy in unusable.busy
    ends = [f"1u << {names.mark(m.name)}" for m in target.marks if _ends(m.ends, state)]
    return {
        "state": state,
        "c": names.state(obj.name, state.name),
        "sort": sort,
        "operation": names.operation(state.busy) if state.busy in operations else "FLUE_NO_BYTE",
        "host_has": str(host_has).lower(),
        "unsure": str(state.hardware == "unsure").lower(),
        "unusable": str(bad).lower(),
        "ends_marks": bits(ends),
        "restores": str(_restores(obj, state)).lower(),
    }


def _restores(obj: Object, state: State) -> bool:
    """Whether an object that rests here may be put back after a reset."""
    restore = [c for c in obj.cells if (c.state, c.event) == (state.name, "restore")]
    return any(arm.handling is Handling.ARM for cell in restore for arm in cell.arms)


def _ends(ends: str, state: State) -> bool:
    if not state.resting:
        return False
    if ends == "when_hardware_has":
        return state.hardware == "has" or (state.host, state.hardware) == ("has_not", "has_not")
    return (state.host, state.hardware) == ("has_not", "has_not")
