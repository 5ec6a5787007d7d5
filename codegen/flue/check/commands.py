# SPDX-License-Identifier: BSD-2-Clause
"""Commands: every one is answered in time, undone where it must be, and its results are statuses."""

from .registry import rule
from .walk import operation_at, places, quoted, sent_by, steps, undoer


@rule("undo-missing")
def undo_missing(target):
    """All or old: what a plan changed must be changed back if a later part of it fails."""
    for obj in target.objects:
        for planned in obj.plan:
            if not planned.send or planned.irreversible:
                continue
            command = obj.command(planned.send)
            if command.undo in (None, "none"):
                text = f'"{command.name}" is sent by the plan of {obj.name} and cannot be undone'
                yield command.place("undo"), text, "undo: old_values, or send it under then:"


@rule("undo-unknown-kind")
def undo_unknown_kind(target):
    """A single command is undone by the command it names; only a plan can write old values."""
    for place in places(target):
        if place.arm.verb != "undo" or place.arm.subject == place.obj.update_name:
            continue
        command = place.obj.command(place.arm.subject)
        if undoer(place.obj, command) is None:
            text = f'"{command.name}" names no command that undoes it'
            yield place.arm.place("undo"), text, f'add undo: <command> to "{command.name}"'


@rule("undo-of-nothing", once=True)
def undo_of_nothing(target):
    """Only what was under way, and failed, can be undone."""
    for obj in target.objects:
        for step in steps(target, obj):
            was = step.before
            if step.arm.verb != "undo" or was.verb in (None, "undo"):
                continue
            if (was.subject, step.event) != (step.arm.subject, "failed"):
                text = f'"{step.arm.subject}" is undone, but "{was.subject}" was under way'
                if was.subject == step.arm.subject:
                    text = f'"{was.subject}" is undone on "{step.event}", not on "failed"'
                yield step.arm.place("undo"), text


@rule("undo-twice", once=True)
def undo_twice(target):
    """An undo that failed is not tried again: host and hardware have parted."""
    for obj in target.objects:
        for step in steps(target, obj):
            if step.arm.verb == "undo" and step.before.verb in (None, "undo"):
                text = f'"{step.state.name}" has nothing left to undo'
                yield step.arm.place("undo"), text


@rule("out-of-place", once=True)
def out_of_place(target):
    """What the hardware has is not added again; what it does not have cannot be told anything."""
    for obj in target.objects:
        for step in steps(target, obj):
            arm, holds = step.arm, step.after.hardware
            if arm.verb not in ("send", "plan"):
                continue
            adds = arm.verb == "send" and obj.command(arm.subject).hardware == "has"
            if holds == ("has" if adds else "has_not"):
                has = "already has it" if adds else "does not have it"
                text = f'"{arm.subject}" is sent in "{step.state.name}", where the hardware {has}'
                yield arm.place(arm.verb), text


@rule("many-irreversible")
def many_irreversible(target):
    """If a second irreversible command failed, the first could not be taken back."""
    for obj in target.objects:
        names = [r.send for r in obj.plan if r.irreversible and r.send]
        for planned in obj.plan:
            if planned.irreversible and planned.send not in (None, *names[:1]):
                text = f'"{planned.send}" cannot be undone, and "{names[0]}" before it neither'
                yield planned.place("send"), text, "one command must do all of it"


@rule("result-without-status")
def result_without_status(target):
    """Every result a command can have must become a status of the operation it was sent for."""
    for name, operation in {o.name: o for o in target.operations}.items():
        named = dict(operation.results)
        if "others" in named:
            continue
        results = {}
        for command in _sent_for(target, name):
            for result in ("timeout", *command.answers):
                if result not in named and result not in operation.statuses:
                    results.setdefault(result, command.name)
        for result, command in results.items():
            text = f'the result "{result}" of "{command}" has no status under "{name}"'
            yield operation.place("results"), text, "add others: <status>"


def _sent_for(target, name):
    """The commands that may be under way for an operation, in spec order."""
    found = {}
    for place in places(target):
        operation = operation_at(target, place.state, place.event)
        if operation and operation.name == name:
            for command in sent_by(place.obj, place.arm):
                found[place.obj.name, command.name] = command
    return found.values()
