# SPDX-License-Identifier: BSD-2-Clause
"""Plain data about an object's machine: its arms and states, as the tables in C show them."""

from __future__ import annotations

from dataclasses import dataclass

from flue.model import Arm, Handling, Object, State, Target
from flue.model.absence import absent
from flue.model.c_names import Names
from flue.model.queries import plan_commands, undone_by
from flue.model.transitions import NumberedArm, number_arms
from flue.model.waiting import usable_together

from .expressions import bits
from .indications import told
from .settings import number


@dataclass(frozen=True)
class TableArm(NumberedArm):
    """An arm with its entries in the table, as C."""

    verb: str
    commands: str
    status: str
    marks: str
    tell: int
    clears: str
    sets: int


def table_arms(target: Target, obj: Object, names: Names) -> list[TableArm]:
    return [_table_arm(obj, names, a) for a in number_arms(target, obj)]


def _table_arm(obj: Object, names: Names, a: NumberedArm) -> TableArm:
    verb, commands = _verb(obj, names, a.arm)
    marks = f"1u << {names.mark(a.arm.mark)}" if a.arm.mark else "0"
    status = _status(names, a.arm)
    tell = told(obj).index(a.arm.tell) + 1 if a.arm.tell else 0
    clears = f"1u << {names.mark(a.arm.clear)}" if a.arm.clear else "0"
    if a.arm.sets:
        marks = "FLUE_ARM_SETS" if marks == "0" else f"{marks} | FLUE_ARM_SETS"
    sets = number(obj, a.cell.event, a.arm.sets)
    known = (a.number, a.cell, a.arm, a.letter, a.refused)
    return TableArm(*known, verb, commands, status, marks, tell, clears, sets)


def _verb(obj: Object, names: Names, arm: Arm) -> tuple[str, str]:
    if arm.handling is Handling.DEFER:
        return "FLUE_DO_DEFER", "0"
    if arm.verb is None:
        return "FLUE_DO_NOTHING", "0"
    if arm.verb == "send":
        return "FLUE_DO_SEND", f"1u << {names.command(obj.name, obj.command(arm.subject).name)}"
    if arm.verb == "plan":
        planned = plan_commands(obj, arm.subject)
        return "FLUE_DO_PLAN", bits([f"1u << {names.command(obj.name, c.name)}" for c in planned])
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
    there = usable_together(target, obj, state)
    if state.resting:
        sort, host_has = "FLUE_RESTING", state.host == "has"
        bad = state.hardware in unusable.hardware
    else:
        sort = "FLUE_BUSY" if state.busy in operations else "FLUE_RESTORING"
        reaches = operations[state.busy].reaches if state.busy in operations else "reference"
        host_has = reaches == "reference"
        bad = state.busy in unusable.busy or (state.waits and not there)
    has = "HAS_NOT" if state.name in absent(target, obj) else "HAS"
    ends = [f"1u << {names.mark(m.name)}" for m in target.marks if _ends(m.ends, state)]
    return {
        "state": state,
        "c": names.state(obj.name, state.name),
        "sort": sort,
        "operation": names.operation(state.busy) if state.busy in operations else "FLUE_NO_BYTE",
        "host_has": str(host_has).lower(),
        "hardware": "UNSURE" if state.hardware == "unsure" else has,
        "unusable": str(bad).lower(),
        "ends_marks": bits(ends),
        "restores": str(restores(obj, state)).lower(),
        "usable_together": there,
    }


def restores(obj: Object, state: State) -> bool:
    """Whether an object that rests here may be put back after a reset."""
    restore = [c for c in obj.cells if (c.state, c.event) == (state.name, "restore")]
    return any(arm.handling is Handling.ARM for cell in restore for arm in cell.arms)


def _ends(ends: str, state: State) -> bool:
    if not state.resting:
        return False
    if ends == "when_hardware_has":
        return state.hardware == "has" or (state.host, state.hardware) == ("has_not", "has_not")
    return (state.host, state.hardware) == ("has_not", "has_not")
