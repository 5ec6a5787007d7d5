# SPDX-License-Identifier: BSD-2-Clause
"""Several plans of one object: what they have in common is said alike in each."""

from flue.model.queries import quoted

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
