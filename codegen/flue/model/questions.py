# SPDX-License-Identifier: BSD-2-Clause
"""Conditions taken apart: the questions they ask, and all answers that these can have together.

Questions look at aspects (a mark of the object, the class that a node asks for), each of which can
have some values; the answers follow from them. So it is known which of some arms can be reached, and
what has been asked on the way there, however the conditions are put together.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

from . import along
from .machine import Arm, Condition, Flags
from .object import Object
from .target import Target
from .types import Variable

MOST_WAYS = 1 << 12  # where there are more, nothing is concluded

Aspect = tuple  # a sort, and what it is of
Way = dict[Aspect, Any]
Answers = dict[str, bool]
HERE = "here"  # where a mark is; or who sees it where it is (see along.apart)
NOBODYS = None  # the value of a linked object's variable where the link leads to none that has one
RESULT: Aspect = ("result",)  # of what failed first; None: another than is asked for


def with_parts(target: Target, obj: Object, names) -> tuple[Condition, ...]:
    """These conditions and all that they are made of; what others are made of comes first."""
    found: dict[str, Condition] = {}

    def add(name: str) -> None:
        if name not in found:
            condition = target.condition(obj, name)
            for part in condition.parts:
                add(part)
            found[name] = condition

    for name in names:
        add(name)
    return tuple(found.values())


def questions(target: Target, obj: Object, names) -> tuple[Condition, ...]:
    """The questions that conditions ask: those of them, and of their parts, that are made of nothing."""
    return tuple(c for c in with_parts(target, obj, names) if not c.parts)


def answers(target: Target, obj: Object, names, result: str | None = None) -> list[Answers] | None:
    """All answers that conditions and their parts can have together, where a command has failed with a
    result if one is named; None if there are too many."""
    key = obj.name, tuple(dict.fromkeys(names)), result
    kept = target.__dict__.setdefault("_answers", {})
    if key not in kept:
        kept[key] = _together(target, obj, with_parts(target, obj, key[1]), result)
    return kept[key]


def _together(
    target: Target, obj: Object, conditions: tuple[Condition, ...], result: str | None
) -> list[Answers] | None:
    values: dict[Aspect, tuple] = {}
    for side in {c.left for c in conditions if c.flags and c.left}:
        asked = [c.flags for c in conditions if c.flags and c.left == side]
        v = target.compared(obj, side)
        bits = masks(v, asked) if v else (0, ~0)
        values["value", side.sort, side.word] = (*bits, NOBODYS) if side.of else bits
    values.update(_marks(target, obj, [c for c in conditions if c.form == "marked"]))
    for condition in conditions:
        for aspect, own in _aspects(target, obj, condition).items():
            values[aspect] = tuple(dict.fromkeys((*values.get(aspect, ()), *own)))
    if result is not None and RESULT in values:
        values[RESULT] = (result,)
    count = 1
    for each in values.values():
        count *= len(each)
    if count > MOST_WAYS:
        return None
    found = {}
    for way in product(*values.values()):
        given = _answers(conditions, dict(zip(values, way)))
        found[tuple(given.values())] = given
    return list(found.values())


def _answers(conditions: tuple[Condition, ...], way: Way) -> Answers:
    given: Answers = {}
    for c in conditions:
        parts = [given[p] for p in c.parts]
        if c.form == "not":
            given[c.name] = not parts[0]
        elif c.parts:
            given[c.name] = all(parts) if c.form == "all_of" else any(parts)
        else:
            given[c.name] = _answer(c, way)
    return given


def to_arm(
    target: Target, obj: Object, arms: list[Arm], result: str | None = None
) -> list[Answers] | None:
    """The answers that lead to the last of some arms; None if there are too many to say."""
    *earlier, own = (arm.condition for arm in arms)
    found = answers(target, obj, [a.condition for a in arms if a.condition], result)
    if found is None:
        return None
    left = [x for x in found if not any(n is None or x[n] for n in earlier)]
    return [x for x in left if own is None or x[own]]


def excluded(target: Target, obj: Object, arms: list[Arm], asks) -> bool:
    """Whether the last of some arms is reached only where a question that `asks` fits has the answer no."""
    names = [a.condition for a in arms if a.condition]
    fitting = [q for q in questions(target, obj, names) if asks(q)]
    found = to_arm(target, obj, arms) if fitting else []
    if found is None:
        return any(asks(target.condition(obj, a.condition)) for a in arms[:-1] if a.condition)
    return any(not any(x[q.name] for x in found) for q in fitting)


def always(target: Target, obj: Object, name: str) -> bool | None:
    """The answer of a condition that has but one; else None."""
    found = answers(target, obj, [name])
    given = {x[name] for x in found} if found is not None else {False, True}
    return given.pop() if len(given) == 1 else None


def asks_result(target: Target, obj: Object, names) -> bool:
    """Whether one of these conditions, or a part of one, asks with which result something failed."""
    return any(q.form == "result" for q in questions(target, obj, names))


def leading(
    target: Target, obj: Object, arms: list[Arm], results: frozenset[str]
) -> frozenset[str]:
    """Those of some results with which the last of some arms can be the one that counts."""
    if not asks_result(target, obj, [a.condition for a in arms if a.condition]):
        return results
    found = {r: to_arm(target, obj, arms, r) for r in results}
    return frozenset(r for r, ways in found.items() if ways is None or ways)


def _aspects(target: Target, obj: Object, question: Condition) -> dict[Aspect, tuple]:
    """What a question looks at, and the values this can have."""
    if question.parts or question.flags or question.form == "marked":
        return {}  # what flags and marks can be is a matter of all that is asked of them
    if question.form == "result":
        return {RESULT: (*question.results, None)}
    if question.form == "brought":
        v = obj.variable(question.variable)
        return {_value(question): samples(v, [n for _, n in v.type.enum])}
    if question.left and question.right:
        return _of_two(target, obj, question)
    return {_itself(question): (False, True)}


def _marks(target: Target, obj: Object, questions: list[Condition]) -> dict[Aspect, tuple]:
    """Of each mark all that it can be: here, or at others, seen by all of some sorts of questions."""
    found: dict[Aspect, tuple] = {}
    for mark in dict.fromkeys(m for q in questions for m in q.marks):
        asked = [((mark,), q.along) for q in questions if mark in q.marks]
        sorts = along.apart(target, obj, asked)
        some = product(*((frozenset(), sort) for sort in sorts))
        found["mark", mark] = (*dict.fromkeys(frozenset().union(*x) for x in some), HERE)
    return found


def _sees(question: Condition, place: Any, mark: str) -> bool:
    return place == HERE or ((mark,), question.along) in place


def _of_two(target: Target, obj: Object, question: Condition) -> dict[Aspect, tuple]:
    """What a comparison looks at: a value, or how two of what changes compare."""
    left, right = question.left, question.right
    assert left and right
    none = (NOBODYS,) if left.of or right.of else ()
    if right.sort == "number":
        v = target.compared(obj, left)
        return {
            _value(question): (*(samples(v, [right.number]) if v else _near(right.number)), *none)
        }
    return {_order(question)[0]: (*((0,) if left == right else (-1, 0, 1)), *none)}


def _itself(question: Condition) -> Aspect:
    """What is asked, whatever the condition is called."""
    return question.form, replace(question, name="", doc="", owner=None, where=None, source=None)


def _answer(question: Condition, way: Way) -> bool:
    if question.form == "marked":
        return any(_sees(question, way["mark", mark], mark) for mark in question.marks)
    if question.form == "brought":
        return way[_value(question)] in question.values
    if question.flags:
        value = way[_value(question)]
        return value is not NOBODYS and question.flags.hold(value, -1)
    if question.form == "result":
        return way[RESULT] in question.results
    if question.left and question.right:
        return compared(question.relation, _difference(question, way))
    return bool(way[_itself(question)])


def samples(v: Variable, numbers: list[int]) -> tuple[int, ...]:
    """Values of a variable on both sides of some numbers, those themselves, and the two ends."""
    low = -(v.ones // 2) - 1 if v.type.signed else 0
    high = low + v.ones
    near = [n for number in numbers for n in _near(number)]
    return tuple(dict.fromkeys(n for n in (*near, low, high) if low <= n <= high))


def _near(number: int) -> tuple[int, int, int]:
    return number - 1, number, number + 1


def masks(v: Variable, asked: list[Flags]) -> tuple[int, ...]:
    """A value of a variable for all answers that some questions about its bits can have together."""
    found: dict[tuple, int] = {(): 0}
    seen = 0
    for bit in (1 << i for i in range(v.ones.bit_length())):
        seen |= bit
        more = (value | new for value in found.values() for new in (0, bit))
        found = {}
        for value in more:
            found.setdefault(tuple(_so_far(f, value, seen) for f in asked), value)
        if len(found) > MOST_WAYS:
            break
    return tuple({tuple(f.hold(x, v.ones) for f in asked): x for x in found.values()}.values())


def _so_far(asked: Flags, value: int, seen: int) -> tuple[bool, bool, bool]:
    """What is known of the answer when only some bits have been looked at."""
    missing = (asked.has_all or 0) & seen & ~value
    return not missing, bool((asked.has_any or 0) & value), bool(asked.clear(seen) & value)


def compared(relation: str | None, difference: int | None) -> bool:
    """Whether a relation holds of two numbers, given the first less the second; of what is nobody's
    none does."""
    if difference is NOBODYS:
        return False
    return {
        "equal": difference == 0,
        "not_equal": difference != 0,
        "below": difference < 0,
        "at_most": difference <= 0,
        "at_least": difference >= 0,
        "above": difference > 0,
    }[relation or "equal"]


def _value(question: Condition) -> Aspect:
    """A variable's value, whatever it is held against; what is brought is the node's."""
    if question.left:
        return "value", question.left.sort, question.left.word
    return "value", "variable", question.variable


def _order(question: Condition) -> tuple[Aspect, int]:
    """How two of what changes compare, in one direction; and 1, or -1 for the other one."""
    assert question.left and question.right
    pair = [(x.sort, x.word) for x in (question.left, question.right)]
    turned = pair != sorted(pair)
    return ("order", *sorted(pair)), -1 if turned else 1


def _difference(question: Condition, way: Way) -> int | None:
    assert question.right
    if question.right.sort == "number":
        value = way[_value(question)]
        return NOBODYS if value is NOBODYS else value - question.right.number
    aspect, direction = _order(question)
    return NOBODYS if way[aspect] is NOBODYS else way[aspect] * direction
