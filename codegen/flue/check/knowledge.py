# SPDX-License-Identifier: BSD-2-Clause
"""What a machine says to the host must be so: a status, and what comes with it."""

from flue.model.dataflow import ending, perhaps_ending
from flue.model.queries import carried, is_good, moving, operation_at, quoted
from flue.model.questions import excluded

from .claims import all_steps, hardware_lie
from .registry import rule


def _good_steps(target):
    """Steps that tell the host an operation went well."""
    for obj, step in all_steps(target):
        operation = operation_at(target, step.state, step.event)
        if operation and is_good(target, step.arm.status):
            yield obj, step, operation


def _gives(obj, operation) -> bool:
    """Whether a good status of the operation promises something of this object."""
    returned = () if operation.returns == "asked" else operation.returns
    return bool(operation.brings) or "delegated" in returned and bool(obj.of_class("delegated"))


@rule("false-success", once=True)
def false_success(target):
    """Good says that the operation took effect: not after a failure.

    Finds: a good status after a failure.
    Mend: give `from_command`, or a bad status.
    """
    for obj, step, operation in _good_steps(target):
        ends, open_ends = ending(target, obj), perhaps_ending(target, obj)
        if operation.name in open_ends or (operation.name in ends and step.to.debt):
            continue  # of a poisoned object, or a false claim
        after = step.after
        gone = operation.name in ends and after.hardware == "has_not"
        marked = operation.name not in ends and after.marked  # the mark is what it asked for
        if after.failed and (_gives(obj, operation) or not (gone or marked)):
            text = f'"{operation.name}" is answered with "{step.arm.status}" though it failed'
            yield step.arm.place("status"), text


@rule("false-failure", once=True)
def false_failure(target):
    """A bad status says that nothing took effect: it drops what the host brought, and gives
    nothing.

    Finds: a bad status although the hardware took what was brought, or nothing failed.
    Mend: give a good status. A bad one belongs where a command failed, or where nothing was tried
    (`refuse`).
    """
    for _, step in all_steps(target):
        operation, status = operation_at(target, step.state, step.event), step.arm.status
        after = step.after
        if not operation or not status or is_good(target, status):
            continue
        text = f'"{operation.name}" is answered with "{status}"'
        if step.to.resting and hardware_lie(target, step):
            continue  # which is the same mistake
        alone = not operation.together  # else that it is not taken back is a mistake of its own
        if operation.brings and after.taken_over and after.hardware == "has" and alone:
            yield step.arm.place("status"), f"{text}, but the hardware took what was brought"
        elif step.event == "done" and not after.failed and status != "from_command":
            yield step.arm.place("status"), f"{text}, but nothing failed"


def _told_of(target, obj, operation) -> bool:
    """Whether news of the object that it brings are told to the hardware: cached values and links."""
    rules = [r for r in obj.plan if r.send]
    told = carried(obj, tuple(n for r in rules for n in (*r.changed, r.pulse) if n))
    cached = [v for v in obj.variables if v.klass == "cached" and v.exists_in(operation.name)]
    values = cached if "cached" in operation.brings else []
    moved = [x for x in obj.links if operation.name in moving(target, obj, x)]
    return bool(
        told.intersection(n for v in values for n in (v.name, *(f.name for f in v.flags)))
    ) or (any({x.name, x.by} & told for x in moved))


@rule("not-told", once=True)
def not_told(target):
    """New values are kept with a good status; where the hardware has the object it must know.

    Finds: a good status for new values that the hardware was not told.
    Mend: `plan: update`, or refuse the operation.
    """
    for obj, step, operation in _good_steps(target):
        if operation.reaches != "reference" or not _told_of(target, obj, operation):
            continue
        after = step.after
        if after.hardware == "has" and not after.taken_over and not after.failed:
            text = f'"{operation.name}" is answered with "{step.arm.status}"'
            yield step.arm.place("status"), f"{text}, but the hardware was not told what changed", (
                f"plan: {obj.plans[0]}"
            )


@rule("not-returned", once=True)
def not_returned(target):
    """Delegated variables live in the hardware: a good status needs a command that read them.

    Finds: a good status for an operation that returns delegated variables no command read.
    Mend: send a command with `returns: [delegated]` first, or give a bad status.
    """
    for obj, step, operation in _good_steps(target):
        there = [v.name for v in obj.of_class("delegated") if v.exists_in(operation.name)]
        unread = [name for name in there if name not in step.after.read]
        if not unread:
            continue
        if operation.returns == "asked":
            missing = not _asked_before(target, obj, step)
        else:
            missing = "delegated" in operation.returns
        if missing:
            text = f'"{operation.name}" is answered with "{step.arm.status}"'
            what = "the delegated variables" if unread == there else quoted(unread)
            yield step.arm.place("status"), f"{text}, but no command read {what}"


def _asked_before(target, obj, step) -> bool:
    """Whether no request comes to this arm that asks for them."""
    cell = obj.cell(step.state.name, step.event)
    arms = cell.arms[: cell.arms.index(step.arm) + 1]
    return excluded(target, obj, list(arms), lambda c: (c.form, c.klass) == ("asked", "delegated"))


@rule("no-bad-result", once=True)
def no_bad_result(target):
    """`from_command` is the first bad result of a command; where none failed there is none.

    Finds: `from_command` where no command has failed.
    Mend: name a status; `from_command` is for arms of `failed`, `reset`, and of what follows after
    an undo.
    """
    for _, step in all_steps(target):
        if step.arm.status == "from_command" and not step.after.failed:
            text = f'no command failed before "{step.event}" in {step.spot}'
            yield step.arm.place("status"), f'{text}: "from_command" has nothing to tell'
