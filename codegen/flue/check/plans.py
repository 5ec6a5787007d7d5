# SPDX-License-Identifier: BSD-2-Clause
"""Plans: what several of one object have in common is said alike in each; what is planned brings something new."""

from flue.model.queries import operation_at, places, quoted

from .registry import rule


@rule("plans-differ")
def plans_differ(target):
    """An object keeps one copy of its values, whichever plan told them. What one plan tells the
    hardware and another does not would differ from it, and no later update would find the difference.

    Finds: a command that two plans send for other changes, or in another order; a variable or a link that
    one plan tells the hardware and another keeps (`send: nothing`).
    Mend: give both plans the same lines of this command, in one order, or let them send two commands.
    """
    for obj in target.objects:
        if len(obj.plans) > 1:
            yield from _other_lines(obj)
            yield from _kept_silent(obj)
            yield from _other_order(obj)


def _other_lines(obj):
    for name in dict.fromkeys(r.send for r in obj.plan if r.send):
        lines = [r for r in obj.plan if r.send == name]
        senders = [p for p in obj.plans if any(p in r.plans for r in lines)]
        for planned in lines:
            without = [p for p in senders if p not in planned.plans]
            if without:
                text = f'"{name}" is sent by the plan "{without[0]}", too, which has no such line'
                yield planned.where, text
                break


def _kept_silent(obj):
    for planned in obj.plan:
        for i, name in enumerate(planned.changed) if planned.send is None else ():
            telling = [r for r in obj.plan if r.send and not r.effect and name in r.changed]
            if telling:
                text = f'"{name}" is kept here, and the plan "{telling[0].plans[0]}" tells it'
                yield planned.place("changed", i), text, f"send: {telling[0].send}"


def _other_order(obj):
    """Commands are sent in one order, in which the lines of all plans stand."""
    for plan in obj.plans:
        mine = [x for r in obj.plan for x in r.lines if x[0] == plan and not r.irreversible]
        for (_, number, where), (_, before, _) in zip(mine[1:], mine):
            if number < before:
                others = {p for r in obj.plan if r.where != where for p in r.plans} - {plan}
                text = (
                    f"this line stands before others that {quoted(sorted(others))} have before it"
                )
                yield where, text
                break


@rule("plan-without-update")
def plan_without_update(target):
    """A `plan:` needs an operation that brings new values to compare with.

    Finds: `plan` on an event that brings nothing to compare; an operation that brings nothing to compare,
    where all that is done for it is planned.
    Mend: send a command, or let the operation bring `cached` or `link`.
    """
    for operation in planned_in_vain(target):
        place = next(p for p in places(target) if (p.event, p.arm.verb) == (operation.name, "plan"))
        text = (
            f'"{operation.name}" brings nothing that could have changed, and {place.spot} plans it'
        )
        yield operation.key("brings") or operation.where, text, "brings: [cached]"
    for place in places(target):
        if place.arm.verb != "plan":
            continue
        operation = operation_at(target, place.state, place.event)
        if not _compares(operation) and operation not in planned_in_vain(target):
            text = f'"{place.event}" brings nothing that could have changed'
            yield place.arm.place("plan"), text


def _compares(operation) -> bool:
    brings = set(operation.brings) if operation else set()
    return bool(brings & {"cached", "link"}) and operation.reaches == "reference"


def planned_in_vain(target) -> list:
    """Operations that bring nothing to compare, where all that is done for them is planned."""
    verbs: dict[str, set] = {}
    for place in places(target):
        if place.arm.verb and place.state.resting:
            verbs.setdefault(place.event, set()).add(place.arm.verb)
    planned = [o for o in target.operations if verbs.get(o.name) == {"plan"}]
    return [o for o in planned if o.reaches == "reference" and not _compares(o)]
