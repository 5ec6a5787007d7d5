# SPDX-License-Identifier: BSD-2-Clause
"""Every state decides every event, every arm can be tried, every state can be reached."""

from flue.model import Handling
from flue.model.dataflow import ending, perhaps_ending
from flue.model.queries import (
    decided_cells,
    is_of_device,
    is_operation,
    never_happens,
    places,
    quoted,
    target_state,
)
from flue.model.questions import always, to_arm

from . import comparisons
from .registry import rule


@rule("undecided")
def undecided(target):
    """An event nobody decided would be dropped at run time, and a completion with it.

    Finds: a state that does not decide all events.
    Mend: decide the event in the state's `when`, or for all such states in `defaults`.
    """
    for events, found in _alike(target):
        (obj, state), resting = found[0], {state.resting for _, state in found}
        where, sort = state.where, '"idle"' if state.resting else f'"busy" or "busy.{state.busy}"'
        text = f'"{state.as_written}" of {obj.name} does not decide {quoted(events)}'
        if len(found) > 1:
            kinds = dict.fromkeys(o.name for o, _ in found)
            more = f"{len(found) - 1} other states" if len(found) > 2 else "another state"
            text = f'{quoted(events)}: undecided in "{state.as_written}" and {more} of '
            text += ", ".join(kinds)
            sort = " and ".join('"idle"' if x else '"busy"' for x in sorted(resting, reverse=True))
            where = target.key("defaults", sort.strip('"')) or where
        yield where, text, f"say it in its when, or once for all: {sort} of the defaults"


SORTS = 3  # of sets of states, where one mistake is likelier than as many


def _alike(target):
    """Events that the same states leave open: ([event], [(object, state)]); all in one where no states agree."""
    lacking: dict[str, dict] = {}
    for obj in target.objects:
        decided = {(c.state, c.event) for c in obj.cells if c.arms}
        for state in obj.states:
            written = dict(
                state.written
            )  # a list of arms that ends too early has a rule of its own
            for event in target.events_of(obj):
                if (state.name, event) not in decided and event not in written:
                    named = lacking.setdefault(event, {})
                    named.setdefault((obj.name, state.as_written), (obj, state))
    sets: dict[tuple, list[str]] = {}
    for event, states in lacking.items():
        sets.setdefault(tuple(states), []).append(event)
    if len(sets) > SORTS:
        every = {key: both for states in lacking.values() for key, both in states.items()}
        return [(list(lacking), list(every.values()))]
    return [(events, list(lacking[events[0]].values())) for events in sets.values()]


@rule("never-happens")
def never_happens_rule(target):
    """Deciding what cannot happen hides a misunderstanding: the arm would never run.

    Finds: a state that decides an event which never reaches it.
    Mend: take the event out of the state's `when`; the message says why it cannot come.
    """
    for obj in target.objects:
        said = set()
        for state in obj.states:
            for event, arms in state.written:
                reason = never_happens(target, obj, state, event)
                if reason and (event, reason) not in said:
                    said.add((event, reason))
                    text = f'"{event}" never reaches "{state.name}": {reason}'
                    at = state.key("when", event) if len(arms) > 1 else None
                    yield at or state.place("when", event), text


@rule("unreachable-state", last=True)
def unreachable_state(target):
    """A state no event can reach is a mistake in the arms that should lead there.

    Finds: a state that nothing leads to; an only state, which nothing leads out of.
    Mend: lead to it with `to:` from some arm, or take it out.
    """
    for obj in target.sound_objects:
        reached = {obj.states[0].name}
        edges = [(s.name, a.to) for s, c in decided_cells(target, obj) for a in c.arms if a.to]
        _spread(reached, edges)
        left = [s for s in obj.states if s.name not in reached]
        begun = [s for s in left if not any(to == s.name and start != to for start, to in edges)]
        for state in (*begun, *left):  # what only those lead to is reached as soon as they are
            if state.name not in reached:
                yield state.where, f'no event of {obj.name} leads to "{state.name}"'
                reached.add(state.name)
                _spread(reached, edges)
        if len(obj.states) == 1:
            text = f'no event leads out of "{obj.states[0].name}": no {obj.name} is ever made'
            yield obj.states[0].where, text


def _spread(reached: set, edges) -> None:
    while new := {to for start, to in edges if start in reached} - reached:
        reached |= new


@rule("arm-never-tried", once=True)
def arm_never_tried(target):
    """Arms are tried in order: one after an unconditional arm, or asking again, is dead.

    Finds: an arm after one that always fits, or with a condition asked before; an arm that no
    answers to the questions of this list lead to.
    Mend: move the arm before the one that always fits, give that one an `if`, or take it out.
    """
    for place in places(target):
        reason = _never_tried(target, place)
        if reason:
            yield place.arm.where, f'this arm of "{place.event}" is never tried: {reason}'


def _never_tried(target, place):
    """Why; None if it may be."""
    for earlier in place.earlier:
        if earlier.condition is None:
            return "the one before it always fits"
        if earlier.condition == place.arm.condition:
            return f'"{earlier.condition}" was asked before'
    ways = to_arm(target, place.obj, [*place.earlier, place.arm])
    if ways is None or ways or _one_answer(target, place):
        return None
    asked = [a.condition for a in (*place.earlier, place.arm) if a.condition]
    return f"no answers to {quoted(asked)} lead to it"


def _one_answer(target, place):
    """A condition of the list has the same answer always, which is a mistake of its own."""
    names = [a.condition for a in (*place.earlier, place.arm) if a.condition]
    return any(always(target, place.obj, name) is not None for name in names)


@rule("same-answer", once=True)
def same_answer(target):
    """A condition that always holds, or never, is no question.

    Finds: a condition that has the same answer whatever is asked of.
    Mend: look at what it is made of: something and its opposite, most often.
    """
    for obj in target.sound_objects:
        for condition in obj.conditions + target.conditions:
            answer = always(target, obj, condition.name)
            parts = [always(target, obj, part) for part in condition.parts]
            wrong = any(comparisons.findings(target, obj, condition))
            if answer is not None and parts.count(None) == len(parts) and not wrong:
                yield condition.where, f'"{condition.name}" {"always" if answer else "never"} holds'


@rule("no-last-arm", once=True)
def no_last_arm(target):
    """If no condition holds something must still happen, or the event is dropped.

    Finds: a list whose last arm has an `if`.
    Mend: end the list with an arm that has no `if`: what happens else.
    """
    for obj in target.objects:
        for state, cell in decided_cells(target, obj):
            last = cell.arms[-1]
            if last.condition is not None:
                text = f'"{cell.event}" in "{state.name}" is undecided where "{last.condition}" is false'
                yield last.where, text, "an arm without if must end the list"


@rule("defer-at-rest", once=True)
def defer_at_rest(target):
    """Deferred is what waits for the object to come to rest; at rest nobody would take it up.

    Finds: `defer` in a resting state: nothing would take it up again.
    Mend: decide it now: start it, give a status, or refuse it.
    """
    for place in places(target):
        if place.arm.handling is Handling.DEFER and place.state.resting:
            text = f'"{place.event}" is deferred in {place.spot}, which rests already'
            yield place.arm.where, text


@rule("defer-internal", once=True)
def defer_internal(target):
    """Who brings an operation or an event of the device can wait; an answer or a reset has happened
    and will not come again.

    Finds: `defer` of an event that is no operation and none of the device.
    Mend: decide it in this state; only operations and events of the device can wait.
    """
    for place in places(target):
        waits = is_operation(target, place.event) or is_of_device(place.obj, place.event)
        if place.arm.handling is Handling.DEFER and not waits:
            yield place.arm.where, f'"{place.event}" is not an operation and cannot be deferred'


@rule("never-ended")
def never_ended(target):
    """Every object the host has can be given back, however badly it fares.

    Finds: a state where the host has the object and no operation can take it away.
    Mend: let an operation that takes objects away lead out of the state.
    """
    for obj in target.objects:
        ends = ending(target, obj) + perhaps_ending(target, obj)
        for state in obj.states:
            if state.host != "has" or not ends:
                continue
            cells = [c for s, c in decided_cells(target, obj) if s is state and c.event in ends]
            if not any(target_state(obj, state, a) is not state for c in cells for a in c.arms):
                text = f'in "{state.name}" the host has the {obj.name} and can never give it back'
                yield state.where, text, f"let {quoted(ends, ' or ')} lead out of it"
