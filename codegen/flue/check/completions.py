# SPDX-License-Identifier: BSD-2-Clause
"""Exactly once, as a law of conservation.

A state busy for an operation owes one completion, any other owes none. For every arm:
debts before + (1 if the event is an operation) = debts after + (1 if it gives a status).
"""

from flue.model import Handling
from flue.model.queries import Place, is_of_device, is_operation, places

from .registry import rule


def _balance(target, place: Place) -> int:
    """Completions owed before minus those given or still owed after; deferring keeps all."""
    if place.arm.handling is Handling.DEFER or _leaves_work(place):
        return 0
    before = place.state.debt + is_operation(target, place.event)
    return before - place.to.debt - (place.arm.status is not None)


def _leaves_work(place: Place) -> bool:
    """An event of the device leaves a busy state, which is a mistake of its own."""
    leaves = not place.state.resting and place.to is not place.state
    return leaves and is_of_device(place.obj, place.event)


def _way(place: Place) -> str:
    if place.to is place.state:
        return f'"{place.event}" stays in {place.spot}'
    return f'"{place.event}" leads from {place.spot} to "{place.to.name}"'


@rule("completion-lost", once=True)
def completion_lost(target):
    """A request whose completion is lost hangs in the host for ever.

    Finds: an arm after which a completion is owed by nobody.
    Mend: add a `status`, or lead to a state that is busy with the operation.
    """
    for place in places(target):
        if _balance(target, place) <= 0:
            continue
        name = place.event if is_operation(target, place.event) else place.state.busy
        if place.state.debt and place.to.resting and place.arm.status:
            name = place.state.busy
        how = "with one status for two operations" if place.arm.status else "without a status"
        text = f'the completion of "{name}" is lost: {_way(place)} {how}'
        yield place.arm.where, text, f'add a status, or lead to a state that is busy with "{name}"'


@rule("completion-doubled", once=True)
def completion_doubled(target):
    """A request completed twice frees the host's memory twice.

    Finds: an arm that completes what is not owed, or owes what nobody asked for.
    Mend: leave the `status` out, or lead to a state at rest instead of a busy one. Where a default
    for `busy` gives it, states that are `busy: nobody` need one of their own (`busy.nobody`).
    """
    for place in places(target):
        if _balance(target, place) >= 0:
            continue
        status, to = place.arm.status, place.to
        if status and to.debt:
            why = f'gives "{status}", and "{to.name}" still owes the completion of "{to.busy}"'
        elif status:
            why = f'gives "{status}", but {place.spot} owes nothing'
        else:
            why = f'which owes a completion of "{to.busy}" that nobody asked for'
        default = place.arm.where.file != place.obj.where.file
        cure = (
            "say `busy.nobody` in the defaults, too"
            if place.state.busy == "nobody" and default
            else ""
        )
        if status and to.debt:
            cure = f'take "status" out: what leaves "{to.name}" gives it'
        yield place.arm.where, f"a completion is doubled: {_way(place)}, {why}", cure


@rule("wrong-operation", once=True)
def wrong_operation(target):
    """The debt is owed to one operation; a state busy with another would answer the wrong one.

    Finds: an arm that leads to a state busy with another operation than the one owed.
    Mend: lead to a state that is busy with the operation under way; two operations need two busy
    states.
    """
    for place in places(target):
        if place.to is place.state or not place.to.debt or _balance(target, place):
            continue
        arrives = is_operation(target, place.event) and not place.state.debt
        owed = place.event if arrives else place.state.busy
        if place.to.busy != owed:
            text = f'{_way(place)}, which is busy with "{place.to.busy}", but "{owed}" is owed'
            yield place.arm.where, text
