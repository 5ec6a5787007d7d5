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

    Finds: an arm that leads to a state busy with another operation than the one owed; a state that
    all arms lead to which owe another one than it is busy with.
    Mend: lead to a state that is busy with the operation under way; two operations need two busy
    states.
    """
    entered: dict[str, list[Place]] = {}
    for place in places(target):
        if place.to is not place.state and place.to.debt and not _balance(target, place):
            entered.setdefault(place.obj.name, []).append(place)
    for arms in entered.values():
        meant = _meant(target, arms)
        for state, busy in ((p.to, meant[p.to.name]) for p in arms):
            if busy != state.busy:
                way = next(_way(p) for p in arms if p.to is state)
                text = f'{way}, which is busy with "{state.busy}", but "{busy}" is owed'
                yield state.place("busy"), text, f"busy: {busy}"
        for place in arms:
            owed, busy = _owed(target, place, meant), meant[place.to.name]
            if busy != owed:
                text = f'{_way(place)}, which is busy with "{busy}", but "{owed}" is owed'
                yield place.arm.where, text


def _owed(target, place: Place, meant: dict) -> str:
    """The operation that an arm leaves to be completed."""
    arrives = is_operation(target, place.event) and not place.state.debt
    return place.event if arrives else meant[place.state.name]


def _meant(target, arms: list[Place]) -> dict[str, str]:
    """What states are busy with; where all that lead there owe another operation, that one."""
    meant = {s.name: str(s.busy) for p in arms for s in (p.state, p.to)}
    for begins in (True, False):  # first what operations enter: what follows goes by that
        for to in dict.fromkeys(p.to for p in arms if (not p.state.debt) == begins):
            owed = {_owed(target, p, meant) for p in arms if p.to is to}
            if len(owed) == 1:
                meant[to.name] = owed.pop()
    return meant
