# SPDX-License-Identifier: BSD-2-Clause
"""What a state claims must be so: the way there bears it out; if not, where on that way the slip is."""

from flue.model import Handling
from flue.model.dataflow import ending, steps
from flue.model.outcomes import left_by_undo
from flue.model.queries import is_good, is_of_device, operation_at, undoer

from .commands import unsaid
from .kept import not_kept, stays
from .registry import rule

HOLDS = {"has": "has it", "has_not": "does not have it", "unsure": "may or may not have it"}


def all_steps(target):
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
    """Where a default is right for most: the one state for which it is wrong, or that it leads to; what fits."""
    if step.arm.where.file == step.obj.file:
        return None
    alike = [s for _, s in all_steps(target) if s.arm.where == step.arm.where and s.to.resting]
    own = [s for s in alike if s.obj is step.obj]
    if _most(target, lie, alike):
        return None
    host = (step.after.host, step.to.host)[step.after.host == "any"]
    if _most(target, lie, own):
        return step.to.where, f"rest: {{host: {host}, hardware: {step.after.hardware}}}"
    if len({s.state.as_written for s in own if lie(target, s)}) > 1:
        return None
    return step.state.where, _fitting(step, host) or f"decide {_cell(step)}"


def _most(target, lie, found) -> bool:
    return 2 * sum(lie(target, step) for step in found) >= len(found)


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
    obj, to = step.obj, step.to
    if not obj.event(step.event).hardware:
        return f'hardware: {to.hardware}, at the event "{step.event}", if it does that'
    return _fitting(step, to.host)


def _fitting(step, host) -> str:
    """The states that claim what is so of the hardware then, and this of the host; empty: none does."""
    so = (host, step.after.hardware)
    fit = [s.name for s in step.obj.states if (s.host, s.hardware) == so]
    return f"{_cell(step)}: to: {' or '.join(fit)}" if fit else ""


def _cell(step) -> str:
    return f'"{step.event}" in "{step.state.as_written}"'


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
