# SPDX-License-Identifier: BSD-2-Clause
"""The list of rules. A rule is a generator of findings; it never reports by itself.

What people read of a rule is its docstring: the reason, then what it finds and how that is mended.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flue.model import Target

Finding = tuple  # (where, text) or (where, text, hint)
RuleFunction = Callable[[Target], Iterator[Finding]]


@dataclass(frozen=True)
class RuleText:
    """Why a rule is there; `Finds:` and `Mend:` begin the other two."""

    why: str
    finds: str
    mend: str

    @staticmethod
    def of(doc: str) -> RuleText:
        why, *rest = re.split(r"^ *(Finds|Mend): ", doc, flags=re.MULTILINE)
        said = {label: " ".join(text.split()) for label, text in zip(rest[::2], rest[1::2])}
        return RuleText(" ".join(why.split()), said.get("Finds", ""), said.get("Mend", ""))


@dataclass(frozen=True)
class Rule:
    name: str
    function: RuleFunction
    warning: bool
    once: bool  # at most one finding per place: a default arm serves many states
    # Only where nothing is wrong, as warnings are: an error may be why something lacks.
    last: bool = False

    @property
    def text(self) -> RuleText:
        return RuleText.of(self.function.__doc__ or "")

    @property
    def subject(self) -> str:
        """The module it stands in."""
        return self.function.__module__.rpartition(".")[2]

    def run(self, target: Target, report) -> None:
        say = report.warning if self.warning else report.error
        found: dict = {}
        for where, said, *hint in self.function(target):
            text = _as_written(said)
            found.setdefault(where if self.once else (where, text), []).append((where, text, *hint))
        for (where, text, *hint), *more in found.values():
            others = _other_spots(target, text, [other for _, other, *_ in more])
            say(where, self.name, text, "; ".join([*filter(None, hint), *others]))


MOSTSPOTS = 5
# A state of an object, where a rule speaks of a default.
SPOT = re.compile(r'"\w+" of (\w+)')


def _other_spots(target: Target, text: str, others: list[str]) -> list[str]:
    """Where else a default is wrong: "changing" of path. Of these only some, if they are many."""
    states = {f'"{s.as_written}" of {o.name}' for o in target.sound_objects for s in o.states}
    found = dict.fromkeys(spot[0] for other in others for spot in SPOT.finditer(other))
    spots = [spot for spot in found if spot in states and spot not in text]
    more = [f"{len(spots) - MOSTSPOTS} more"] if len(spots) > MOSTSPOTS else []
    return [f"the same in {', '.join([*spots[:MOSTSPOTS], *more])}"] if spots else []


def _as_written(text: str) -> str:
    """Of several states that are made of one, the one that is written."""
    return re.sub(r" \((?:at|of|from|again) \w+\)", "", text)


RULES: dict[str, Rule] = {}


def rule(name: str, *, warning: bool = False, once: bool = False, last: bool = False):
    """Register a function that yields (where, text[, hint]) for each breach of the rule."""

    def register(function: RuleFunction) -> RuleFunction:
        assert name not in RULES, name
        RULES[name] = Rule(name, function, warning, once, last or warning)
        return function

    return register
