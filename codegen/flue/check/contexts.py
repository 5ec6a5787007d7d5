# SPDX-License-Identifier: BSD-2-Clause
"""Contexts: what polls call can be called where they run."""

from flue.model.contexts import context, polled_in
from flue.model.queries import decided_cells, sent_by, target_state

from .registry import rule


@rule("context-order")
def context_order(target):
    """What runs in a context is called in all before it, too; so where code may sleep stands first.

    Finds: a context that `sleeps` behind one that does not.
    Mend: write contexts from where most is allowed to where least is.
    """
    for above, below in zip(target.contexts, target.contexts[1:]):
        if below.sleeps and not above.sleeps:
            text = (
                f'code sleeps in "{below.name}", but not in "{above.name}", which stands before it'
            )
            yield below.place("sleeps"), text, "where most is allowed comes first"


@rule("command-context", once=True)
def command_context(target):
    """All commands are sent from flue_poll(), whatever asked for them: an operation, an answer, an
    event, a reset that is over. A function that waits there stops whatever the poll came from.

    Finds: a command that is to run in a context where more is allowed than where `poll` runs, and how it
    comes to be sent. Where nothing is said of `poll`, that is the last context.
    Mend: poll in that context (a work, a thread) and say so: `poll:` in the target's `runs_in`; or let the
    command not wait.
    """
    for obj in target.objects:
        for command in obj.commands:
            wrong, way = _misplaced(target, command.runs_in), _way(target, obj, command)
            if wrong:
                text = f'"{command.name}" of {obj.name} {wrong}' + (f": by {way}" if way else "")
                yield _said(target, command, "runs_in", "commands"), text, _mend(command.runs_in)


@rule("callback-context", once=True)
def callback_context(target):
    """The host's functions are called from flue_poll(), too.

    Finds: a completion or a call that is to run in a context where more is allowed than where `poll` runs.
    Mend: poll in that context and say so: `poll:` in the target's `runs_in`; or let the function not wait.
    """
    for operation in target.operations:
        wrong = _misplaced(target, operation.completed_in)
        if wrong:
            place = _said(target, operation, "completed_in", "completions")
            text = f'"{operation.completion}" of "{operation.name}" {wrong}'
            yield place, text, _mend(operation.completed_in)
    for call in target.calls:
        wrong = _misplaced(target, call.runs_in)
        if wrong:
            place = _said(target, call, "runs_in", "calls")
            yield place, f'"{call.name}" {wrong}', _mend(call.runs_in)


@rule("unused-contexts", warning=True)
def unused_contexts(target):
    """A ladder that nothing stands on looks like a promise that somebody checks.

    Finds: `contexts` where nothing says in which of them it runs.
    Mend: say so under `runs_in`, or take them out.
    """
    runs = [target.key("runs_in"), *(x.runs_in for x in (*target.operations, *target.calls))]
    runs += [o.completed_in for o in target.operations]
    runs += [x.runs_in for o in target.objects for x in (*o.commands, *o.events)]
    if target.contexts and not any(runs):
        yield target.key("contexts"), "nothing says what runs in these contexts", "runs_in: {...}"


def _misplaced(target, name):
    """Why what is to run in a context cannot be called by polls; None if it can."""
    needed = context(target, name)
    if needed is None or polled_in(target).index <= needed.index:
        return None
    polled = polled_in(target)
    sleeps = " and may sleep" if needed.sleeps and not polled.sleeps else ""
    where = (
        "where polls run" if target.polls_in else "where polls may run, since nothing says where"
    )
    return f'is to run in "{needed.name}"{sleeps}, but is called in "{polled.name}", {where}'


def _mend(name):
    return f"poll: {name}, in the target's runs_in, where that is so"


def _said(target, thing, key, kind):
    return thing.place(key) if thing.key(key) else target.place("runs_in", kind)


def _way(target, obj, command):
    """The shortest way on which an object at rest comes to send a command; None if nothing sends it."""
    arms: dict[str, list] = {}
    for state, cell in decided_cells(target, obj):
        arms.setdefault(state.name, []).extend((state, cell.event, arm) for arm in cell.arms)
    ways: list[tuple[str, tuple[str, ...]]] = [(s.name, ()) for s in obj.states if s.resting]
    seen = {name for name, _ in ways}
    for at, steps in ways:
        for state, event, arm in arms.get(at, ()):
            way = (*steps, f'"{event}" in "{at}"')
            if command in sent_by(obj, arm):
                return " -> ".join(way)
            to = target_state(obj, state, arm)
            if to.name not in seen:
                seen.add(to.name)
                ways.append((to.name, way))
    return None
