# SPDX-License-Identifier: BSD-2-Clause
"""Conditions and effects: a question fits what it is asked of, and can be answered where it is."""

from flue.model.describe import an
from flue.model.queries import (
    host_knows,
    laying,
    named_links,
    operation_at,
    places,
    quoted,
)
from flue.model.questions import questions

from . import comparisons, marks, results
from .registry import rule
from .secrets import asks_secret


@rule("wrong-type")
def wrong_type(target):
    """A value of another type would be read as something else; types and units decide what a
    question or an effect can mean.

    Finds: a value of another type than its key asks for; a question, an effect or an indication
    about a variable that it cannot be asked of.
    Mend: write a value as the [reference](reference.md) says of this key; the message says what is
    expected, and what is there.
    """
    for obj in target.objects:
        for condition in obj.conditions + target.conditions:
            yield from _condition_types(target, obj, condition)
            if not asks_secret(target, obj, condition):
                yield from comparisons.findings(target, obj, condition)
        for command in obj.commands:
            for effect in command.effects:
                yield from _effect_types(obj, effect)
    yield from _indication_types(target)


def _condition_types(target, obj, condition):
    known = {v.name: v for v in obj.variables}
    for i, name in enumerate(condition.older):
        if name in known and known[name].type.kind != "age":
            text = f'"{name}" is of type {known[name].type.name}, not an age'
            yield condition.place("older", i), text
    than = next((p for p in target.parameters if p.name == condition.than), None)
    ages = [known[n] for n in condition.older if n in known and known[n].type.kind == "age"]
    if than and not all(_comparable(than.type, age) for age in ages):
        text = f'"{than.name}" is of type {than.type.name} and cannot be compared with an age'
        yield condition.place("than"), text


def _comparable(span, age) -> bool:
    """A span of time: a plain number as wide as the age, in the same unit if both tell one."""
    plain = span.kind == "value" and not span.enum and span.count == 1
    return plain and span.bytes == age.type.bytes and span.unit in ("", age.unit or span.unit)


def _effect_types(obj, effect):
    known = {v.name: v for v in obj.variables}
    to = known.get(effect.sets)
    if to is None:
        return
    if to.klass != "delegated":
        text = f'"{to.name}" is {to.klass}: a command can only change delegated variables'
        yield effect.place("sets"), text
        return
    source = known.get(effect.to)
    if effect.to == "full":
        if to.type.none is None:
            yield effect.place("to"), f'"{to.name}" is no timer: "full" has no meaning for it'
    elif source and source.klass != "cached":
        yield effect.place("to"), f'"{source.name}" is {source.klass}, not cached'
    elif source and (source.type.bytes != to.type.bytes or _units_differ(source, to)):
        text = f'"{source.name}" ({_kind(source)}) does not fit "{to.name}" ({_kind(to)})'
        yield effect.place("to"), text
    elif isinstance(effect.to, int) and not 0 <= effect.to < 1 << 8 * to.type.bytes:
        yield effect.place("to"), f'{effect.to} does not fit "{to.name}" ({to.type.name})'


def _units_differ(a, b) -> bool:
    return bool(a.unit and b.unit and a.unit != b.unit)


def _kind(variable) -> str:
    name, unit = variable.type.name, variable.unit
    return f"{name} in {unit}" if unit not in ("", name) else name


def _indication_types(target):
    """What the host answers in place must be a cached age or value of the object it is about."""
    for indication in target.indications:
        obj = next((o for o in target.objects if o.name == indication.about), None)
        known = {v.name: v for v in obj.variables} if obj else {}
        answer = known.get(indication.host_answers)
        if answer and answer.klass != "cached":
            text = f'"{answer.name}" is {answer.klass}: the host can only answer cached variables'
            yield indication.place("host_answers"), text
        elif answer and answer.operations:
            text = f'"{answer.name}" is in {quoted(answer.operations)} only, not in an indication'
            yield indication.place("host_answers"), text


@rule("unknown-to-host", once=True)
def unknown_to_host(target):
    """An indication names an object by the host's handle: the host must have it by then.

    Finds: an indication raised where the host has no handle of the object.
    Mend: allow the indication only in states where the host has a handle: at rest with `host: has`,
    or busy with an operation on an object that is there.
    """
    for obj in target.objects:
        groups = dict(obj.groups)
        for raised in obj.raises:
            for word, where in raised.written:
                for k, name in enumerate(groups.get(word, (word,))):
                    if all(host_knows(target, state) for state in obj.called((name,))):
                        continue
                    text = f'"{raised.indication}" may be made in "{name}"'
                    at = obj.place("groups", word, k) if word in groups else where
                    yield at, f"{text}, where the host has no handle of the {obj.name}"


@rule("wrong-question", once=True)
def wrong_question(target):
    """A question about something the event does not bring always has the same answer.

    Finds: a condition asked where its answer is always the same.
    Mend: ask something that this event brings, or leave the arm out; what the state itself knows
    needs no question.
    """
    linked = {x.to for o in target.sound_objects for x in o.links}
    if len(target.sound_objects) < len(target.objects):
        linked = {o.name for o in target.objects}  # what a poisoned one links to is not known
    said: set[tuple] = set()
    asked = [(p, q, _why_not(target, p, q, linked)) for p, q in _asked(target)]
    shared = _never_right(target, asked)
    for place, question, reason in asked:
        if reason and (question.form != "marked" or (place.obj.name, reason) not in said):
            said.add((place.obj.name, reason))
            what = _what_cannot(question, place.arm.condition)
            text = f'{what} be asked on "{place.event}": {reason}'
            where = shared.get(question.name) or place.arm.place("if")
            yield where, text, _instead(place, question)
    for obj in target.objects:
        for raised in obj.raises:
            for question in questions(target, obj, [raised.condition] if raised.condition else []):
                reason = _unanswerable(target, obj, None, question, linked)
                if question.left:
                    reason = comparisons.unanswerable(target, obj, None, question, True)
                if question.form == "result":
                    reason = "it is no answer"
                if reason:
                    what = _what_cannot(question, raised.condition)
                    yield raised.place("if"), f"{what} be asked of an indication: {reason}"


def _asked(target):
    """What arms ask, one by one."""
    for place in places(target):
        if place.arm.condition:
            yield from ((place, q) for q in questions(target, place.obj, [place.arm.condition]))


def _why_not(target, place, question, linked) -> str | None:
    operation = operation_at(target, place.state, place.event)
    reason = _unanswerable(target, place.obj, operation, question, linked)
    if question.left:
        known, fresh = host_knows(target, place.state), comparisons.answered(target, place)
        reason = comparisons.unanswerable(target, place.obj, operation, question, known, fresh)
    if question.form == "result":
        reason = results.unanswerable(target, place, question)
    return reason or marks.unanswerable(target, place, question) or _of_new(place, question)


def _never_right(target, asked) -> dict:
    """Where conditions stand that several kinds of objects ask, each in vain: it is the condition that is wrong."""
    right = {question.name for _, question, reason in asked if not reason}
    kinds: dict[str, set] = {}
    for place, question, _ in asked:
        kinds.setdefault(question.name, set()).add(place.obj.name)
    wrong = [c for c in target.conditions if len(kinds.get(c.name, ())) > 1]
    return {c.name: c.where for c in wrong if c.name not in right}


def _of_new(place, question) -> str | None:
    """Why there is but one answer where the object is still to be made."""
    if place.state.name != place.obj.states[0].name:
        return None
    if question.form == "dependents":
        return f"nothing links to {an(place.obj.name)} that is new"
    if question.form == "link" and question.link == "present":
        return f"{an(place.obj.name)} that is new has no link yet"
    return None


def _instead(place, question) -> str:
    """What a new object can ask of what it is to link to."""
    new = place.state.name == place.obj.states[0].name and place.obj.links
    if new and (question.along != () or question.link == "present"):
        return "of what it is to link to ask {link: new, is: unusable}"
    return ""


def _what_cannot(question, condition) -> str:
    part = "" if question.name == condition else f', which "{condition}" is made of,'
    return f'"{question.name}"{part} cannot'


def _tells(target, obj, operation, link) -> bool:
    """Whether a request says where the link is to lead, be it that the operation may not move it."""
    above = link.by is None and "link" in operation.brings
    return above or operation.name in laying(target, obj, link)


def _unanswerable(target, obj, operation, condition, linked) -> str | None:
    """Why a question has one answer only; `operation` brought the node, None where there is none."""
    asks_node = condition.form in ("asked", "brought") or condition.link in ("new", "next")
    if not operation and asks_node:
        return "there is no node"
    who, brings = (f'"{operation.name}"', operation.brings) if operation else ("", ())
    if condition.form == "dependents" and obj.name not in linked:
        return f"nothing links to {an(obj.name)}"
    if condition.form == "link" and not obj.links:
        return f"{an(obj.name)} links to nothing"
    if condition.form == "link" and condition.link in ("new", "next"):
        asked_of = named_links(obj, (condition.of or "link",))
        if not any(_tells(target, obj, operation, x) for x in asked_of):
            return f"{who} brings no link" + (f' "{condition.of}"' if condition.of else "")
    if condition.form == "asked" and operation.returns != "asked":
        return f"{who} asks for no classes"
    if condition.form == "brought":
        asked = next((v for v in obj.variables if v.name == condition.variable), None)
        if asked is None or asked.klass not in brings:
            return f"{who} does not bring {asked.klass if asked else ''} variables"
        if not asked.exists_in(operation.name):
            return f'"{asked.name}" is not there in {who}'
    return None
