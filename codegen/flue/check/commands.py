# SPDX-License-Identifier: BSD-2-Clause
"""Commands: every one is answered in time, undone where it must be, and its results are statuses."""

from flue.model import Object
from flue.model.dataflow import Step, Told, steps
from flue.model.queries import places, sent_for, undoer

from .registry import rule


@rule("undo-missing")
def undo_missing(target):
    """All or old: what a plan changed must be changed back if a later part of it fails.

    Finds: a command of a plan that cannot be undone by writing old values.
    Mend: `undo: old_values` for a command that writes values, a command that takes it back, or its
    line under `then`.
    """
    for obj in target.objects:
        for planned in obj.plan:
            if not planned.send or planned.irreversible:
                continue
            command = obj.command(planned.send)
            if command.hardware or command.undo == "old_values":
                continue  # the former has a rule of its own
            text = f'"{command.name}" is sent by the plan of {obj.name} and cannot be undone'
            if command.undo not in (None, "none"):
                text = f'"{command.name}" is sent by the plan of {obj.name}, and "{command.undo}"'
                text += " does not bring the old values back"
            yield command.place("undo"), text, "undo: old_values, or send it under then:"


@rule("undo-unknown-kind")
def undo_unknown_kind(target):
    """A single command is undone by the command it names; only a plan can write old values.

    Finds: `undo` of a command that names no command for it.
    Mend: add `undo: <command>` to the command. `old_values` is for what an update's plan sends.
    """
    said = set()
    for place in places(target):
        if place.arm.verb != "undo" or place.arm.subject in place.obj.plans:
            continue
        command = place.obj.command(place.arm.subject)
        if undoer(place.obj, command) is None and command not in said:
            said.add(command)
            text = f'"{command.name}" names no command that undoes it'
            plans = [p for r in place.obj.plan if r.send == command.name for p in r.plans]
            hint = f'add undo: <command> to "{command.name}"'
            if plans:
                hint = f"undo: {plans[0]}, which sent it"
            yield place.arm.place("undo"), text, hint


def _undos(target):
    """Steps that take something back. On a reset nothing can be sent, which is an error of its own."""
    for obj in target.objects:
        for step in steps(target, obj):
            if step.arm.verb == "undo" and step.event != "reset":
                yield obj, step, {t.name: t for t in step.after.told}


@rule("undo-of-nothing", once=True)
def undo_of_nothing(target):
    """Only what was told to the hardware can be taken back, and only after something failed.

    Finds: `undo` of something that was not told to the hardware, or where nothing failed.
    Mend: undo what was under way, on `failed`: `undo: update` after `plan: update`, `undo:
    <command>` after `send: <command>`.
    """
    for _, step, told in _undos(target):
        was, subject = step.before, step.arm.subject
        text, hint = None, ""
        if subject not in told and was.verb in ("send", "plan"):
            text = f'"{subject}" is undone, but "{was.subject}" was under way'
            hint = f"undo: {was.subject}"
            if subject == was.subject:
                text = f'"{subject}" is undone, but with this result it has changed nothing'
                hint = ""
        elif subject in told and not step.after.failed:
            text = f'"{subject}" is undone on "{step.event}", not on "failed"'
        if text:
            yield step.arm.place("undo"), text, hint


@rule("undo-twice", once=True)
def undo_twice(target):
    """An undo that failed is not tried again: host and hardware have parted.

    Finds: `undo` of an undo.
    Mend: lead to a state that claims `hardware: unsure`.
    """
    for _, step, told in _undos(target):
        left = told.get(step.arm.subject)
        if (left is None or left.lost) and step.before.verb in (None, "undo"):
            text = f'"{step.state.name}" has nothing left to undo'
            yield step.arm.place("undo"), text


def _in_the_way(obj: Object, step: Step) -> Told | None:
    """What was told after the command that an arm takes back, and would stay in the hardware.

    What takes the whole object away takes with it all that it was told since it was added.
    """
    names = [t.name for t in step.after.told]
    rest = step.after.told[names.index(step.arm.subject) + 1 :]
    command = next((c for c in obj.commands if c.name == step.arm.subject), None)
    undo = undoer(obj, command) if command else None
    if command and undo and (command.hardware, undo.hardware) == ("has", "has_not"):
        return None
    return rest[-1] if rest else None


@rule("undo-order", once=True)
def undo_order(target):
    """What came last is taken back first, or the hardware would keep what was told in between.

    Finds: `undo` of a command before one that was sent after it.
    Mend: undo the last command first, and the one before it on `done` of that.
    """
    for obj, step, told in _undos(target):
        if step.arm.subject not in told or not step.after.failed:
            continue
        later = not told[step.arm.subject].lost and _in_the_way(obj, step)
        if later:
            text = f'"{step.arm.subject}" is undone before "{later.name}", which came after it'
            yield step.arm.place("undo"), text, f'undo: {later.name}, and then this on "done"'


@rule("out-of-place", once=True)
def out_of_place(target):
    """What the hardware has is not added again; what it does not have cannot be told anything.

    Finds: an object added that the hardware has, or told something that it does not have; an update
    that adds it or takes it away.
    Mend: do without the command where the hardware has no such object, or claim in `rest` what it
    really has.
    """
    yield from _planned_out_of_place(target)
    for obj in target.objects:
        for step in steps(target, obj):
            arm, holds = step.arm, step.after.hardware
            if arm.verb not in ("send", "plan"):
                continue
            adds = arm.verb == "send" and obj.command(arm.subject).hardware == "has"
            if holds == ("has" if adds else "has_not"):
                has = "already has it" if adds else "does not have it"
                text = f'"{arm.subject}" is sent in "{step.state.name}", where the hardware {has}'
                command = unsaid(obj, step, "has") if holds == "has_not" else None
                if command:
                    yield command.where, text, "hardware: has, if it adds it"
                else:
                    yield arm.place(arm.verb), text


def unsaid(obj, step, hardware):
    """The command that is sent, or done, if none of the object's says what the hardware has then."""
    sent = step.arm.verb == "send"
    if any(c.hardware == hardware for c in obj.commands) or not (sent or step.event == "done"):
        return None
    name, verb = (step.arm if sent else step.before).subject, "send" if sent else step.before.verb
    command = next((c for c in obj.commands if c.name == name), None)
    command = undoer(obj, command) if command and verb == "undo" else command
    return command if command and not command.hardware and hardware != "unsure" else None


def _planned_out_of_place(target):
    """An update changes what the hardware has of an object, never whether it has it."""
    for obj in target.objects:
        for planned in obj.plan:
            hardware = planned.send and obj.command(planned.send).hardware
            if hardware:
                does = "adds the object" if hardware == "has" else "takes the object away"
                text = f'"{planned.send}" is sent by the update of {obj.name}, but it {does}'
                yield planned.place("send"), text


@rule("retry-unsafe", once=True)
def retry_unsafe(target):
    """What may have acted would act twice, and nobody could tell what the first answer was about.

    Finds: `retry` of a command that may have changed something, or after something else had failed.
    Mend: ask with `result` for an answer of a command with `on_failure: unchanged`; what only reads
    may be sent again whatever became of it.
    """
    for obj in target.objects:
        for step in steps(target, obj):
            if step.unsafe:
                text = f'"{step.before.subject}" is sent again, but it may have acted'
                yield step.arm.place(
                    "retry"
                ), text, "if: a condition {result: ...} of what it refused"


@rule("many-irreversible")
def many_irreversible(target):
    """If a second irreversible command failed, the first could not be taken back.

    Finds: two commands that cannot be undone in one update.
    Mend: make one command of them, with several `effects`.
    """
    for obj in target.objects:
        for plan in obj.plans:
            last = [r for r in obj.plan if r.irreversible and r.send and plan in r.plans]
            for planned in last:
                if planned.send != last[0].send:
                    text = (
                        f'"{planned.send}" cannot be undone, and "{last[0].send}" before it neither'
                    )
                    yield planned.place("send"), text, "one command must do all of it"


@rule("result-without-status")
def result_without_status(target):
    """Every result a command can have must become a status of the operation it was sent for.

    Finds: a result that has no status under an operation: one of its commands' `answers`,
    `timeout`, or `reset`.
    Mend: add `results: {others: <status>}` to the operation, or allow a status of the result's
    name.
    """
    for name, operation in {o.name: o for o in target.operations}.items():
        named = dict(operation.results)
        if "others" in named:
            continue
        results: dict = {}
        for _, command in sent_for(target, name):
            for result in ("timeout", "reset", *command.answers):
                if result not in named and result not in operation.statuses:
                    results.setdefault(result, command.name)
        if results:
            words = ", ".join(f'"{r}" of "{command}"' for r, command in results.items())
            many = ("result", "has") if len(results) == 1 else ("results", "have")
            text = f'the {many[0]} {words} {many[1]} no status under "{name}"'
            yield operation.place("results"), text, "results: {others: <status>} takes the rest"
