# SPDX-License-Identifier: BSD-2-Clause
"""With which results commands can have failed, and what that says of the hardware.

`fact` is what `dataflow` knows before an answer comes.
"""

from __future__ import annotations

from .object import Command, Object
from .queries import carried, only_reads, plan_commands, undoer
from .questions import asks_result
from .target import Target

# What any command can fail with on the event `failed`, and nobody knows what it has done then.
LOST = frozenset(("timeout", "unsure", "reset"))
WITH_RESULT = ("done", "failed")


def first_bad(target: Target, obj: Object, fact, event: str) -> frozenset[str]:
    """With which results the first command that failed can have done so, when an answer comes; none
    where the machine does not ask."""
    if event not in WITH_RESULT or not _asked(target, obj):
        return frozenset()
    if event == "done" or (fact.failed and fact.verb == "undo"):
        return fact.bad
    return fact.bad | LOST.union(*(c.answers for c in _under_way(obj, fact)))


def refused(obj: Object, fact, bad: frozenset[str]) -> bool:
    """Whether these results say that the one command under way, which failed, has changed nothing."""
    sent = _under_way(obj, fact)
    if fact.failed or fact.verb == "undo" or len(sent) != 1 or not bad:
        return False
    return sent[0].unchanged_on_failure and bad <= set(sent[0].answers)


def left_told(obj: Object, plan: str) -> list[Command]:
    """Commands under `then` that tell what the object keeps and no undo of the plan tells again."""
    lines = [r for r in obj.plan if r.send and plan in r.plans]
    again = {n for r in lines for n in r.changed if n in _told_again(obj, obj.command(r.send))}
    last = [r for r in lines if r.irreversible]
    left = {r.send for r in last if set(r.changed) & told_by(obj, r.send) - again}
    return [c for c in obj.commands if c.name in left]


def told_by(obj: Object, name: str | None) -> frozenset[str]:
    """What a command that a line of an update sends carries, taken apart."""
    return carried(obj, obj.command(name).carries) if name else frozenset()


def _told_again(obj: Object, command: Command) -> frozenset[str]:
    undo = command if command.undo == "old_values" else undoer(obj, command)
    return carried(obj, undo.carries) if undo else frozenset()


def left_by_undo(obj: Object, fact, bad: frozenset[str] = frozenset()) -> list[Command]:
    """What the undo of a plan leaves, if it has acted: as the last that is sent it has not, where an answer
    of its own, which changes nothing, was the first bad one."""
    undone = fact.verb == "undo" and fact.subject in obj.plans
    left = left_told(obj, fact.subject) if undone else []
    return [c for c in left if not (bad and c.unchanged_on_failure and bad <= set(c.answers))]


def harmless(obj: Object, fact, bad: frozenset[str]) -> bool:
    """Whether what has just failed can be sent again as if it had not been: it changed nothing."""
    sent = _under_way(obj, fact)
    reads = fact.verb == "send" and not fact.failed and only_reads(obj, sent[0])
    return reads or refused(obj, fact, bad)


def _asked(target: Target, obj: Object) -> bool:
    kept = target.__dict__.setdefault("_results_asked", {})
    if obj.name not in kept:
        arms = [a for cell in obj.cells for a in cell.arms]
        kept[obj.name] = asks_result(target, obj, [a.condition for a in arms if a.condition])
    return kept[obj.name]


def _under_way(obj: Object, fact) -> list[Command]:
    """The commands that may have been sent."""
    if fact.verb == "send":
        return [obj.command(fact.subject)]
    if fact.verb == "plan" or (fact.verb == "undo" and fact.subject in obj.plans):
        return plan_commands(obj, fact.subject)
    undo = undoer(obj, obj.command(fact.subject)) if fact.verb == "undo" else None
    return [undo] if undo else []
