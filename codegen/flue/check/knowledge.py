# SPDX-License-Identifier: BSD-2-Clause
"""What a machine claims must be so: about the hardware, about the host, towards the host."""

from flue.model import Handling
from flue.model.dataflow import ending, perhaps_ending, steps
from flue.model.outcomes import left_by_undo
from flue.model.queries import carried, is_good, is_of_device, moving, operation_at, quoted, undoer
from flue.model.questions import excluded

from .commands import unsaid
from .kept import not_kept, stays
from .registry import rule

HOLDS = {"has": "has it", "has_not": "does not have it", "unsure": "may or may not have it"}


def _all_steps(target):
    return ((obj, step) for obj in target.objects for step in steps(target, obj))


def kept_for_dependents(target, step) -> bool:
    """A new object is not taken back, since another one may stand on it in the hardware."""
    name = step.arm.condition
    asked = name and target.condition(step.obj, name).form == "dependents"
    return step.event == "abort" and bool(asked) and step.to.host == "has_not"


def hardware_lie(target, step) -> bool:
    claim, known = step.to.hardware, step.after.hardware
    if claim == "unsure":  # a failure may make anything doubtful, nothing else does
        return (
            known != "unsure" and step.event != "failed" and not kept_for_dependents(target, step)
        )
    return claim != known


def host_lie(target, step) -> bool:
    return step.after.host not in ("any", step.to.host) and not stays(target, step)


@rule("false-claim", once=True)
def false_claim(target):
    """Everything built on a state believes its claim; the way there must bear it out.

    Finds: a resting state whose claim about host or hardware its way there contradicts, also after the undo
    of a plan that leaves what a command with `undo: none` has told; a first state that claims something is
    there.
    Mend: correct `rest`, or lead to a state that claims what is so there; `unsure` after a failure.
    """
    for obj in target.sound_objects:
        first = obj.states[0]
        if (first.host, first.hardware) == ("has_not", "has_not"):
            yield from _false_claims(target, steps(target, obj))
        else:
            text = f'"{first.name}" is where an unused {obj.name} rests: nobody has it there'
            yield first.where, text, "rest: {host: has_not, hardware: has_not}"
    yield from not_kept(target)


def _false_claims(target, found):
    for step in found:
        ends = ending(target, step.obj)
        to = step.to
        operation = operation_at(target, step.state, step.event)
        if to.debt and operation and operation.name in ends and is_good(target, step.arm.status):
            text = (
                f'"{operation.name}" is answered with "{step.arm.status}", and takes nothing away'
            )
            yield step.arm.place("status"), f'{text}: "{to.name}" is busy with "{to.busy}"'
        if not to.resting or _undecided_yet(step):
            continue
        way = f'after "{step.event}" in {step.spot}'
        if hardware_lie(target, step):
            if left := left_by_undo(step.obj, step.before):
                yield _left(step, left[0], way)
                continue
            text = f'"{to.name}" claims that the hardware {HOLDS[to.hardware]}'
            where, hint = _exception(target, step, hardware_lie) or (step.arm.where, "")
            if command := unsaid(step.obj, step, to.hardware):
                where, hint = command.where, f"hardware: {to.hardware}, if it does that"
            elif is_of_device(step.obj, step.event):
                hint = _of_event(step)
            elif undo := _undoes_nothing(step):
                where = undo.place("undo")
                hint = f'an undo with hardware: {to.hardware}, of "{undo.name}"'
            elif not hint:
                where, way = _origin(target, found, step) or (where, way)
            yield where, f"{text}, but {way} it {HOLDS[step.after.hardware]}", hint
        elif host_lie(target, step):
            text = f'"{to.name}" claims that the host {HOLDS[to.host]}'
            where, hint = (
                _exception(target, step, host_lie)
                or _of_status(target, step)
                or (step.arm.where, "")
            )
            yield where, f"{text}, but {way} it {HOLDS[step.after.host]}", hint


def _exception(target, step, lie):
    """The state for which a default is wrong that is right for most; and what fits there."""
    if step.arm.where.file == step.obj.file:
        return None
    alike = [s for _, s in _all_steps(target) if s.arm.where == step.arm.where and s.to.resting]
    wrong = [s for s in alike if lie(target, s)]
    if 2 * len(wrong) >= len(alike):
        return None
    hint = f'"{step.event}" in "{step.state.as_written}"'
    after, obj = step.after, step.obj
    host = (after.host, step.to.host)[after.host == "any"]
    fit = [s.name for s in obj.states if (s.host, s.hardware) == (host, after.hardware)]
    return step.state.where, f"{hint}: to: {' or '.join(fit)}" if fit else f"decide {hint}"


def _of_status(target, step):
    """A status that is good after a failure, or bad where none was: by it the host has what it has."""
    if not operation_at(target, step.state, step.event) or not step.arm.status:
        return None
    good = is_good(target, step.arm.status)
    if good != step.after.failed:
        return None
    return step.arm.place("status"), "status: from_command" if good else "a good status"


def _undoes_nothing(step):
    """The command whose undo was well done, and says nothing of the hardware."""
    if step.before.verb != "undo" or step.event != "done":
        return None
    command = next((c for c in step.obj.commands if c.name == step.before.subject), None)
    undo = command and undoer(step.obj, command)
    return command if command and undo and command.hardware and not undo.hardware else None


def _left(step, command, way):
    """The hardware has it, but perhaps with values that the state denies."""
    text = f'"{step.to.name}" claims that the hardware has the old values'
    text += f', but {way} it may have the new ones of "{command.name}", which nothing undoes'
    hint = f'to: a state with hardware: unsure; or undo: old_values of "{command.name}"'
    return step.arm.where, text, hint


def _of_event(step):
    """What the event lacks; or which states claim what is so after it."""
    obj, to, known = step.obj, step.to, step.after.hardware
    if not obj.event(step.event).hardware:
        return f'hardware: {to.hardware}, at the event "{step.event}", if it does that'
    fit = [s.name for s in obj.states if (s.host, s.hardware) == (to.host, known)]
    return f'"{step.event}" in "{step.state.as_written}": to: {" or ".join(fit)}' if fit else ""


def _origin(target, found, step):
    """Where an operation begins after which an answer makes a claim false that is true by another way; and the way."""
    alike = (s for s in found if (s.event, s.arm.where) == ("done", step.arm.where))
    if all(hardware_lie(target, s) for s in alike):
        return None
    begun = step
    while begun is not None and not begun.state.resting:
        begun = next((s for s in found if s.to is begun.state and s.after == begun.before), None)
    return begun and (
        begun.arm.where,
        f'after "{begun.event}" in {begun.spot} and "{step.event}" in {step.spot}',
    )


def _undecided_yet(step) -> bool:
    """An event of the device leaves a busy state, or waits at rest: mistakes of their own."""
    deferred = step.arm.handling is Handling.DEFER
    return is_of_device(step.obj, step.event) and (deferred or not step.state.resting)


def _good_steps(target):
    """Steps that tell the host an operation went well."""
    for obj, step in _all_steps(target):
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
    for _, step in _all_steps(target):
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
    for _, step in _all_steps(target):
        if step.arm.status == "from_command" and not step.after.failed:
            text = f'no command failed before "{step.event}" in {step.spot}'
            yield step.arm.place("status"), f'{text}: "from_command" has nothing to tell'
