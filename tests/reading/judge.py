# SPDX-License-Identifier: BSD-2-Clause
"""A second opinion on a spec folder: None, or the first thing that is wrong with it.

    judge.py FOLDER...
"""

from __future__ import annotations

import sys
from pathlib import Path

import absent
import commands
import contexts
import dependents
import ended
import events
import hidden
import leaving
import limits
import machines
import marked
import marks
import memory
import names
import natural
import never
import returning
import settings
import steps
import tables
import transfers
import typed
import ways
import whole
import words
from text import Spec, Wrong, read


def check(trees: dict[str, dict]) -> None:
    spec = Spec(trees)
    names.check(spec)
    settings.check_names(spec)
    contexts.check(spec)
    words.check(spec)
    limits.check(spec)
    steps.check(spec)
    natural.fill(spec)
    limits.structures(spec)
    dependents.read(spec)
    tables.check(spec)
    typed.exact(spec)
    memory.check(spec)
    marked.check(spec)
    for obj in spec.objects:
        commands.commands(spec, obj)
        commands.conditions(spec, obj)
        commands.two_answers(spec, obj)
        commands.raised(spec, obj)
        transfers.names(spec, obj)
    found = [machines.Machine(spec, obj) for obj in spec.objects]
    for m in found:
        machines.totality(m)
        typed.codes(m)
        limits.questions(m)
        returning.named(m)
        machines.law(m)
        machines.waiting(m)
        events.steps(m)
        whole.states(m)
        whole.arms(m, machines.verb)
        machines.asked(m)
        hidden.check(m)
        absent.check(m)
        settings.check(m)
        commands.update(spec, m.obj, machines.planning(m))
    machines.results(found)
    tables.all_done(found)
    never.check(found)
    marks.check(spec, found)
    ends = ended.ending(found)
    for name, o in spec.operations.items():
        whole.operation(spec, name, o, name in ends)
    for m in found:
        here = ended.ended_by(m, ends)
        machines.guards(m, here)
        transfers.check(m, here)
        leaving.check(m)
        steps.given_back(m, here)
        ways.check(m, here)


def judge(trees: dict[str, dict]) -> str | None:
    try:
        check(trees)
    except Wrong as wrong:
        return str(wrong)
    return None


if __name__ == "__main__":
    for folder in sys.argv[1:]:
        print(folder, judge(read(Path(folder))))
