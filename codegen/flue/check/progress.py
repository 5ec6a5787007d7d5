# SPDX-License-Identifier: BSD-2-Clause
"""Busy states wait for exactly one thing, hear its answer and come to rest."""

from flue.model import Handling
from flue.model.queries import HEARD, decided_cells, is_operation, places, quoted, target_state

from .registry import rule


@rule("stuck-state", once=True)
def stuck_state(target):
    """After an answer nothing is under way; a busy state that stays would stay for ever.

    Finds: an answer after which a busy state stays with nothing under way.
    Mend: lead to another state (at rest with a `status`), or start something: `send`, `plan` or
    `undo`.
    """
    for place in places(target):
        stays = place.to is place.state and not place.state.resting
        stays = stays and place.arm.handling is not Handling.DEFER  # which has its own rule
        if place.event in HEARD and stays and not place.arm.verb and not place.arm.status:
            text = f'{place.spot} is busy and has no way out on "{place.event}"'
            yield place.arm.where, text, "lead to another state, or start something"


@rule("busy-cycle")
def busy_cycle(target):
    """Busy states that lead to each other could owe a completion for ever.

    Finds: busy states that lead to each other in a circle.
    Mend: let one of these states come to rest. What failed twice is not tried again: claim
    `hardware: unsure`.
    """
    for obj in target.objects:
        edges: dict[str, set[str]] = {}
        for state, cell in decided_cells(target, obj):
            if state.resting or cell.event not in HEARD:
                continue
            for arm in cell.arms:
                to = target_state(obj, state, arm)
                if not to.resting and (arm.verb or to is not state):
                    edges.setdefault(state.name, set()).add(to.name)
        order = [s.name for s in obj.states]
        cyclic = [n for n in order if n in _reach(edges, n)]
        while cyclic:
            ring = [
                n for n in cyclic if n in _reach(edges, cyclic[0]) and cyclic[0] in _reach(edges, n)
            ]
            cyclic = [n for n in cyclic if n not in ring]
            names = quoted(ring + ring[:1], " -> ")
            yield obj.state(ring[0]).where, f"busy states lead round in a cycle: {names}"


def _reach(edges: dict[str, set[str]], start: str) -> set[str]:
    """Everything that follows a state, itself only if it lies on a cycle."""
    found: set[str] = set()
    todo = set(edges.get(start, ()))
    while todo:
        found |= todo
        todo = {n for name in todo for n in edges.get(name, ())} - found
    return found


@rule("nothing-to-wait-for", once=True)
def nothing_to_wait_for(target):
    """A busy state is left by an answer; entered without a command it is never left.

    Finds: a busy state entered with nothing started.
    Mend: add `send`, `plan` or `undo`; where there is nothing to do, give the status at once and
    stay at rest.
    """
    for place in places(target):
        waits = not place.state.resting and place.event not in HEARD
        if place.to.resting or place.to.waits or place.to is place.state or place.arm.verb or waits:
            continue
        text = f'"{place.event}" enters "{place.to.name}", which is busy with nothing under way'
        yield place.arm.where, text, "add send, plan or undo"


@rule("waits-for-two", once=True)
def waits_for_two(target):
    """While one command is under way a second would give one state two answers.

    Finds: a second command while one is under way.
    Mend: `defer` the operation, or refuse it; after an answer (`done`, `failed`) the next command
    may go.
    """
    for place in places(target):
        if place.state.resting or place.event in HEARD or not place.arm.verb:
            continue
        text = (
            f'"{place.event}" starts "{place.arm.subject}" while {place.spot} waits for an answer'
        )
        yield place.arm.where, text, "defer it"


@rule("send-in-reset", once=True)
def send_in_reset(target):
    """From the begin of a reset to its end the hardware takes no commands; restore comes after.

    Finds: a command on `reset`: the hardware takes none.
    Mend: send it on `restore`, when the hardware takes commands again.
    """
    for place in places(target):
        if place.event == "reset" and place.arm.verb:
            text = f'"reset" cannot {place.arm.verb} "{place.arm.subject}": the hardware takes no commands'
            yield place.arm.where, text, "do it on restore"


@rule("unhandled-answer", once=True)
def unhandled_answer(target):
    """A command's done, failed and reset must find a state that waits for them.

    Finds: a command started on the way to a resting state, or a busy state left by an operation.
    Mend: lead to a state that is busy with the operation and decides `done` and `failed`.
    """
    for place in places(target):
        if not place.to.resting:
            continue
        if place.arm.verb:
            text = f'"{place.arm.subject}" is started, but "{place.to.name}" rests and handles no answer'
            yield place.arm.where, text, "lead to a busy state"
        elif not place.state.resting and is_operation(target, place.event):
            text = f'"{place.event}" leaves {place.spot} while a command is under way'
            yield place.arm.where, f'{text}, but "{place.to.name}" rests and handles no answer'
