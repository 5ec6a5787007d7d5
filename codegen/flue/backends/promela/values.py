# SPDX-License-Identifier: BSD-2-Clause
"""Questions about values, of which models know nothing: they try all the answers that these can have
together, a bit of x_says each."""

from __future__ import annotations

from functools import cached_property

from flue.model import Condition, Object, Target
from flue.model.questions import answers, questions
from flue.model.transitions import NumberedArm


def mask(numbers) -> int:
    return sum(1 << n for n in set(numbers))


def chain(pairs, default: str) -> str:
    """(a -> x : (b -> y : default))"""
    found = list(pairs)
    head = "".join(f"({condition} -> {value} : " for condition, value in found)
    return head + default + ")" * len(found)


def of_values(question: Condition) -> bool:
    """Whether it asks for a value, or for a class that no model has: both answers can always be."""
    asked = question.form == "asked" and question.klass != "delegated"
    return asked or question.form in ("brought", "older", "compare", "flags")


class Values:
    """What one kind of object asks of values."""

    def __init__(self, target: Target, obj: Object, arms: list[NumberedArm]):
        self.target, self.obj = target, obj
        self.asked = [(a.letter, a.arm.condition) for a in arms if a.arm.condition]

    @cached_property
    def chosen(self) -> list[str]:
        """Conditions that ask only for values; the position is the bit."""
        return list(dict.fromkeys(n for _, name in self.asked for n in self._only_values(name)))

    def _only_values(self, name: str) -> list[str]:
        """The largest parts of a condition, itself perhaps, that do."""
        if all(map(of_values, questions(self.target, self.obj, [name]))):
            return [name]
        parts = self.target.condition(self.obj, name).parts
        return [n for part in parts for n in self._only_values(part)]

    @property
    def choices(self) -> list[tuple[list[int], list[int]]]:
        """Events, and the values of x_says that go with what is asked on them."""
        asked: dict[int, set[str]] = {}
        for letter, name in self.asked:
            asked.setdefault(letter, set()).update(self._only_values(name))
        alike: dict[tuple[str, ...], list[int]] = {}
        for letter, names in sorted(asked.items()):
            if names:
                alike.setdefault(tuple(sorted(names)), []).append(letter)
        return [(letters, self.masks(names)) for names, letters in alike.items()]

    def masks(self, names: tuple[str, ...]) -> list[int]:
        """All answers that these can have together; all that there are, if there are too many to say."""
        found = answers(self.target, self.obj, names)
        bits = [self.chosen.index(n) for n in names]
        if found is None:
            every = range(1 << len(bits))
            return [mask(b for i, b in enumerate(bits) if x >> i & 1) for x in every]
        return sorted({mask(b for n, b in zip(names, bits) if x[n]) for x in found})
