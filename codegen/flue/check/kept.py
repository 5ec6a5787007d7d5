# SPDX-License-Identifier: BSD-2-Clause
"""Kinds of objects that stay where an operation takes others away."""

from __future__ import annotations

from collections.abc import Iterator

from flue.model import Object, Operation, Target
from flue.model.dataflow import Step, gives_up, steps, taken_away
from flue.model.queries import is_good, operation_at

from .registry import Finding, rule


@rule("kept-taken-away", once=True)
def kept_taken_away(target):
    """Of what an operation keeps the host has the handle afterwards: it is to be there.

    Finds: an object of a kind that the operation `keeps`, which it has the hardware give up all the same.
    Mend: take the kind out of `keeps`; or send another command, and let it stay.
    """
    for step, operation in _taken_all_the_same(target):
        text = (
            f'"{operation.name}" keeps objects of the kind {step.obj.name}, and takes this one away'
        )
        yield step.arm.where, text, f'take "{step.obj.name}" out of `keeps`'


def _taken_all_the_same(target: Target) -> Iterator[tuple[Step, Operation]]:
    for obj in target.sound_objects:
        for step in steps(target, obj):
            operation = operation_at(target, step.state, step.event)
            if operation and obj.name in operation.keeps and is_good(target, step.arm.status):
                if gives_up(step):
                    yield step, operation


def stays(target: Target, step: Step) -> Operation | None:
    """The operation that ends an object, as its good status has it, though it takes none of this kind away."""
    operation = operation_at(target, step.state, step.event)
    ended = step.to.resting and step.to.host == "has" and step.after.host == "has_not"
    if operation is None or not ended or (operation.name, step.obj.name) in taken_away(target):
        return None
    return operation


def not_kept(target: Target) -> Iterator[Finding]:
    """Of each operation the first object that would end by it and stays, with all kinds that do."""
    found: dict[str, list[Step]] = {}
    for obj in target.sound_objects:
        for step in steps(target, obj):
            if operation := stays(target, step):
                found.setdefault(operation.name, []).append(step)
    wrong = {operation.name for _, operation in _taken_all_the_same(target)}
    for name, (first, *more) in found.items():
        if name in wrong:  # what it keeps is mended there
            continue
        text = f'"{first.to.name}" claims that the host has it, but after "{first.event}" in {first.spot}'
        kinds = dict.fromkeys(
            (*target.operation(name).keeps, *(s.obj.name for s in (first, *more)))
        )
        hint = f'if it is to stay: `keeps: [{", ".join(kinds)}]`, at "{name}"'
        yield first.arm.where, f"{text} it does not have it", hint


def may_stay(target: Target, obj: Object, operation: str) -> bool:
    """Whether what asks is wrong about the operation, which would not end such an object if it kept the kind."""
    kept = (stays(target, step) for step in steps(target, obj))
    return operation in {found.name for found in kept if found}
