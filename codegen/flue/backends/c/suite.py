# SPDX-License-Identifier: BSD-2-Clause
"""What a suite says of a spec: names and numbers from the model alone, so that a suite does not
repeat what tables.py decided for the machine that it is to test."""

from __future__ import annotations

import os
from types import SimpleNamespace

from flue.model import INTERNAL_EVENTS, Arm, Condition, Handling, Object, Operand, Target, Variable
from flue.model.c_names import Names
from flue.model.describe import action
from flue.model.queries import host_knows, link_numbers
from flue.model.questions import with_parts
from flue.model.waiting import usable_together

from . import suite_comparisons, suite_settings, suite_values
from .format import c_text

FORMS = {
    "dependents": "SUITE_DEPENDENTS",
    "marked": "SUITE_MARKED",
    "asked": "SUITE_ASKED",
    "brought": "SUITE_BROUGHT",
    "older": "SUITE_OLDER",
    "compare": "SUITE_COMPARE",
    "flags": "SUITE_FLAGS",
    "result": "SUITE_RESULT",
    "not": "SUITE_NOT",
    "all_of": "SUITE_ALL_OF",
    "any_of": "SUITE_ANY_OF",
}

LINKS = {"present": "SUITE_LINK", "new": "SUITE_NEW_LINK", "next": "SUITE_NEXT_LINK"}


def quoted(text: str) -> str:
    return f'"{c_text(text)}"'


def strings(words) -> str:
    return "{" + ", ".join([*map(quoted, words), "NULL"]) + "}"


class SuiteView:
    def __init__(self, target: Target) -> None:
        self.file = os.path.basename(target.file)
        self.events = [*INTERNAL_EVENTS, *(o.name for o in target.operations)]
        self.decides = str(bool(target.decisions)).lower()
        self.unusable_marks = strings(target.unusable.marks)
        self.along = suite_values.along(target, target.unusable.along)
        self.objects = [_object(target, obj) for obj in target.objects]
        self.of_device = any(
            "SUITE_OF_DEVICE" in value for o in self.objects for c in o.conditions for _, value in c
        ) or any(o.sets for o in self.objects)
        self.parameters = [
            str(suite_comparisons.limit(target, p.name)) for p in target.parameters
        ] or ["0"]
        self.bits = [
            _bits(Names(target), o, v) for o in target.objects for v in o.variables if v.bits
        ]


def _object(target: Target, obj: Object) -> SimpleNamespace:
    named = dict.fromkeys(a.condition for c in obj.cells for a in c.arms if a.condition)
    asked = [c.name for c in with_parts(target, obj, named)]
    index = {o.name: o.index for o in target.objects}
    asked_about = [above.link(x.of).to for above in target.objects for x in _sides(above) if x.of]
    return SimpleNamespace(
        name=obj.name,
        file=os.path.basename(obj.file),
        pointers=[suite_values.variable(v) for v in obj.variables if v.type.kind == "pointer"],
        links_to=[index[x.to] for x in obj.links],
        states=[
            (s.name, *_unusable(target, obj, s), obj.name in asked_about and host_knows(target, s))
            for s in obj.states
        ],
        conditions=[_condition(target, obj, target.condition(obj, n), asked) for n in asked],
        events=[e.name for e in obj.events],
        arms=[row for cell in obj.cells for row in _rows(obj, cell, asked)],
        sets=suite_settings.lists(target, obj),
        sets_of=suite_settings.of_arms(obj),
    )


def _sides(obj: Object) -> list[Operand]:
    return [x for c in obj.conditions for x in (c.left, c.right) if x]


def _bits(names: Names, obj: Object, v: Variable) -> SimpleNamespace:
    """Where a bit-field lies, as the spec says it."""
    assert v.bits is not None
    low, high = v.bits
    return SimpleNamespace(
        name=quoted(f"{v.name} of {obj.name}"),
        type=names.state_struct(obj.name, v.klass),
        member=v.host,
        at=v.at,
        value=hex((1 << high - low + 1) - 1),
        mask=hex((1 << high + 1) - (1 << low)),
    )


def _unusable(target: Target, obj: Object, state) -> tuple[str, str]:
    """For all, and but for those of the same request."""
    there = usable_together(target, obj, state)
    bad = state.hardware in target.unusable.hardware or state.busy in target.unusable.busy
    return str(bad or (state.waits and not there)).lower(), str(there).lower()


def _rows(obj: Object, cell, conditions: list[str]) -> list[str]:
    """A line for each arm of a pair: what must come of it."""
    pair = f"{quoted(cell.state)}, {quoted(cell.event)}"
    if not cell.possible:
        return [f"{{SUITE_IMPOSSIBLE({pair})}}"]
    out = []
    for arm in cell.arms:
        number = conditions.index(arm.condition) if arm.condition else "SUITE_ALWAYS"
        verb, commands = _done(obj, arm)
        mark = (arm.mark or "") + (f" no {arm.clear}" if arm.clear else "")
        words = (arm.to or cell.state, verb, ",".join(commands), mark, arm.status or "")
        tells = [a.tell for c in obj.cells for a in c.arms if a.tell]
        tell = list(dict.fromkeys(tells)).index(arm.tell) + 1 if arm.tell else 0
        default = str(cell.origin.startswith("default")).lower()
        said = (f"if {arm.condition}: " if arm.condition else "") + action(arm)
        parts = [pair, str(number), ", ".join(map(quoted, words))]
        parts += [str(arm.where.line), default, quoted(said), str(tell)]
        out.append("{" + ", ".join(parts) + "}")
    return out


def _done(obj: Object, arm: Arm) -> tuple[str, list[str]]:
    """What the runtime is asked to do with the hardware, and by which commands."""
    if arm.handling is Handling.DEFER:
        return "defer", []
    if arm.subject in obj.plans:
        sent = {r.send for r in obj.plan if r.send and arm.subject in r.plans}
        return arm.verb or "", sorted(sent)
    return (
        arm.verb or "nothing",
        [arm.subject] if arm.subject and arm.verb in ("send", "undo") else [],
    )


def _condition(
    target: Target, obj: Object, c: Condition, asked: list[str]
) -> list[tuple[str, str]]:
    """The members of its line in the suite."""
    form = FORMS.get(c.form) or LINKS[c.link or ""]
    out = [("name", quoted(c.name)), ("form", form)]
    if c.parts:
        parts = ", ".join(str(asked.index(part)) for part in c.parts)
        out.append(("parts", f"(const unsigned char[]){{{parts}}}"))
        out.append(("part_count", str(len(c.parts))))
    elif c.form == "marked":
        out += [("marks", strings(c.marks)), ("along", suite_values.along(target, c.along))]
    elif c.form == "result":
        out.append(("results", f"(const char *const[]){strings(c.results)}"))
    elif c.form == "link":
        asked_of = link_numbers(obj, (c.of or "link",))
        out.append(("links", hex(sum(1 << i for i in asked_of))))
    elif c.form == "asked" and c.klass:
        out.append(("of_class", suite_values.class_(c.klass)))
    elif c.form == "brought":
        v = obj.variable(c.variable)
        out += [("brought", suite_values.variable(v)), *suite_values.values("value", c.values)]
        out += suite_values.values("other", _others(v, c.values))
    elif c.form == "older":
        ages = ", ".join(suite_values.variable(obj.variable(name)) for name in c.older)
        parameter = [p.name for p in target.parameters].index(c.than or "")
        out.append(("ages", f"(const struct suite_variable[]){{{ages}}}"))
        out.append(("age_count", str(len(c.older))))
        out.append(("parameter", str(parameter)))
    elif c.left:
        out += suite_comparisons.members(target, obj, c, asked)
    return out


def _others(v: Variable, values: tuple[int, ...]) -> list[int]:
    """What it is not asked for: the rest of its enum, and a number that is not of it."""
    known = [number for _, number in v.type.enum]
    free = [n for n in range(len(known) + 1) if n not in known and n <= v.ones]
    return [n for n in (*known, *free[-1:]) if n not in values]
