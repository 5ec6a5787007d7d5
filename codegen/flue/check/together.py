# SPDX-License-Identifier: BSD-2-Clause
"""All or nothing: what is done together can be taken back until all is done, and then cannot fail."""

from flue.model.dataflow import ending, steps
from flue.model.queries import is_good, operation_at, places

from .claims import hardware_lie, kept_for_dependents
from .registry import rule


def _together(target):
    """Places in which a status would be one of an operation that is done together."""
    for place in places(target):
        operation = operation_at(target, place.state, place.event)
        if operation and operation.together:
            yield place, operation


@rule("wrong-together")
def wrong_together(target):
    """What is done together is taken back where others fail, and each node then needs a status.

    Finds: `together` of an operation that takes objects away, which is for good; that reaches
    dependents; with an order in which parents wait for their dependents; without `aborted`.
    Mend: name a bad status under `aborted`; let what takes away be done node by node.
    """
    for operation in target.operations:
        if not operation.together:
            continue
        where = operation.key("together")
        if operation.name in ending(target):
            yield where, f'"{operation.name}" takes objects away, and nothing brings them back'
        elif operation.dependents:
            text = f'"{operation.name}" reaches dependents, which have no nodes of their own'
            yield operation.place("reaches"), text
        elif operation.order == "dependents_first":
            text = f'"{operation.name}" goes dependents_first: what it does together goes'
            yield operation.place("order"), f"{text} parents_first, or in any order"
        if operation.aborted is None:
            text = f'"{operation.name}" lacks the key "aborted"'
            yield where, text, "the status of nodes that are taken back since others failed"


@rule("wrong-wait", once=True)
def wrong_wait(target):
    """Where an object waits for the others of its request nothing of it may be under way.

    Finds: `waits` of a state that is not busy, or with an operation that is done node by node; a
    command on the way to a state that waits; a reset that leads to one.
    Mend: let `done` lead there; say `together: true` of the operation; take `waits` out.
    """
    for obj in target.sound_objects:
        for state in (s for s in obj.states if s.waits):
            named = state.busy not in (None, "nobody")
            if not named or not target.operation(state.busy).together:
                text = f'"{state.name}" waits for the others of a request, and is busy with'
                what = f'"{state.busy}", which each node does by itself' if named else "none"
                yield state.place("waits"), f"{text} {what}", "together: true of an operation"
    for place in places(target):
        if place.to.waits and place.arm.verb:
            text = f'"{place.arm.subject}" is started, but "{place.to.name}" waits for no answer'
            yield place.arm.where, text, 'lead to a busy state, and from there on "done"'
        elif place.to.waits and place.event == "reset":
            text = f'"reset" leads from {place.spot} to "{place.to.name}": that waits for others'
            yield place.arm.where, text, "come to rest, with a status"


@rule("good-too-soon", once=True)
def good_too_soon(target):
    """A good status keeps what was brought: too soon while others may still fail.

    Finds: a good status of an operation that is done together, on another event than `commit`.
    Mend: lead to a state that waits (`waits: true`), and give the status there on `commit`.
    """
    for place, operation in _together(target):
        if place.event != "commit" and is_good(target, place.arm.status):
            text = f'"{operation.name}" is answered with "{place.arm.status}" in {place.spot}'
            hint = "lead to a state that waits, and give it there on commit"
            yield place.arm.place("status"), f"{text} before all others are done", hint


@rule("commit-may-fail", once=True)
def commit_may_fail(target):
    """When the first object hears `commit` all is decided; one that could fail then would be alone.

    Finds: a `commit` that sends a command, ends with a bad status, or does not come to rest.
    Mend: `commit: {to: ..., status: ...}` with a good status. What the hardware has to do belongs
    before it, where it can be taken back.
    """
    for place in places(target):
        arm = place.arm
        if place.event != "commit":
            continue
        if arm.verb:
            text = f'"commit" in {place.spot} sends "{arm.subject}", which may fail'
            yield arm.place(arm.verb), text, "do it before, in a state that leads here"
        elif arm.status and not is_good(target, arm.status):
            yield arm.place("status"), f'"commit" in {place.spot} ends with "{arm.status}"', (
                "a good status: for others it is done"
            )
        elif not place.to.resting and place.to is not place.state:
            text = f'"commit" leads from {place.spot} to "{place.to.name}", which does not rest'
            yield arm.where, text


@rule("abort-in-part", once=True)
def abort_in_part(target):
    """All or nothing: what the hardware was told is taken back where the operation ends badly.

    Finds: a bad end of what is done together, with something told to the hardware that nobody
    tried to take back.
    Mend: `undo` it, and end on `done` of that. What cannot be undone cannot be done together.
    """
    for obj in target.objects:
        for step in steps(target, obj):
            operation = operation_at(target, step.state, step.event)
            if not operation or not operation.together or not _ends_badly(target, step):
                continue
            left = [t for t in step.after.told if not t.lost]
            if left and not kept_for_dependents(target, step):
                text = f'"{operation.name}" ends with "{step.arm.status}" in {step.spot}'
                yield step.arm.place("status"), f'{text}, and nobody took "{left[-1].name}" back', (
                    f"undo: {left[-1].name}"
                )


def _ends_badly(target, step) -> bool:
    ends = step.to.resting and step.arm.status and not is_good(target, step.arm.status)
    tried = step.to.hardware == "unsure" and step.event == "failed"
    explained = step.to.resting and hardware_lie(target, step)
    return bool(ends) and step.event != "reset" and not tried and not explained
