# SPDX-License-Identifier: BSD-2-Clause
"""Results of commands: which of them models must tell apart, and which of several counts."""

from __future__ import annotations

from functools import cached_property

from flue.model import Condition, Object, Target
from flue.model.questions import questions
from flue.model.transitions import NumberedArm


class Results:
    """What one kind of object makes of the results of its commands."""

    def __init__(self, target: Target, obj: Object, arms: list[NumberedArm]):
        self.target, self.obj = target, obj
        self.conditions = [a.arm.condition for a in arms if a.arm.condition]

    @cached_property
    def asked(self) -> list[tuple[str, ...]]:
        """What its conditions ask for, each."""
        found = questions(self.target, self.obj, self.conditions)
        return [q.results for q in found if q.form == "result"]

    def _comes_to(self, result: str) -> tuple:
        """What becomes of a result: a status in every operation, an answer to every condition."""
        statuses = (o.status_of(result) for o in self.target.operations)
        return (*statuses, *(result in asked for asked in self.asked))

    def alike(self, result: str, others: tuple[str, ...]) -> bool:
        """Whether the same becomes of one of the others."""
        return self._comes_to(result) in map(self._comes_to, others)

    def told_apart(self, names: tuple[str, ...]) -> tuple[int, ...]:
        """Of those of which the same becomes one, by number."""
        found: dict[tuple, int] = {}
        for name in names:
            found.setdefault(self._comes_to(name), self.target.results.index(name))
        return tuple(found.values())

    @cached_property
    def alike_in_a_search(self) -> dict[int, int]:
        """To which number a result may be brought that is kept: for what must hold it is the same one.

        A status is only asked whether the operation may end with it and whether it is good.
        """
        found: dict[tuple, int] = {}
        numbers = enumerate(self.target.results)
        keys = {n: self._matters(name) for n, name in numbers if name not in ("ok", "gone")}
        firsts = {n: found.setdefault(key, n) for n, key in keys.items()}
        return {n: first for n, first in firsts.items() if n != first}

    def _matters(self, result: str) -> tuple:
        about = [o for o in self.target.operations if o.is_about(self.obj.name)]
        named = [(o.statuses, o.status_of(result)) for o in about]
        ends = ((name in allowed, self.target.status(name).good) for allowed, name in named)
        return (*ends, *(result in asked for asked in self.asked))

    def searched(self, numbers: tuple[int, ...], number: int) -> bool:
        """Of those that are alike for what must hold one is enough."""
        same = self.alike_in_a_search
        return number == next(n for n in numbers if same.get(n, n) == same.get(number, number))

    def guard(self, condition: Condition) -> str:
        numbers = (self.target.results.index(r) for r in condition.results)
        return " || ".join(f"result[o] == {n}" for n in numbers)


def kept(ok: int, gone: int, asked: bool) -> str:
    """answer.c, keep_result: of several it is the first in the order of issue that counts. Where nobody
    asks for it the first to be answered will do: hardware may answer in any order."""
    if not asked:
        return f"result[o] = (result[o] == {ok} || x_result == {gone} -> x_result : result[o])"
    earlier = f"(!old[o] && cc < first[o] && result[o] != {gone})"
    counts = f"ok = (result[o] == {ok} || x_result == {gone} || {earlier})"
    return f"{counts}; first[o] = (ok -> cc : first[o]); result[o] = (ok -> x_result : result[o])"


def again(view, ok: int) -> str:
    """Where something is tried again its first answer counts no more."""
    found = [(k.index, a.number) for k in view.kinds for a in k.arms if a.arm.again]
    arms = " || ".join(f"(KIND == {kind} && arm == {number})" for kind, number in found)
    return f"result[o] = ({arms} -> {ok} : result[o]); " if found else ""
