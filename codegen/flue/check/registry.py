# SPDX-License-Identifier: BSD-2-Clause
"""The list of rules. A rule is a generator of findings; it never reports by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flue.model import Target

Finding = tuple  # (where, text) or (where, text, hint)
RuleFunction = Callable[[Target], Iterator[Finding]]


@dataclass(frozen=True)
class Rule:
    name: str
    function: RuleFunction
    warning: bool
    once: bool  # at most one finding per place: a default arm serves many states

    @property
    def reason(self) -> str:
        return (self.function.__doc__ or "").strip()

    def run(self, target: Target, report) -> None:
        say = report.warning if self.warning else report.error
        seen = set()
        for where, text, *hint in self.function(target):
            key = where if self.once else (where, text)
            if key not in seen:
                seen.add(key)
                say(where, self.name, text, *hint)


RULES: dict[str, Rule] = {}


def rule(name: str, *, warning: bool = False, once: bool = False):
    """Register a function that yields (where, text[, hint]) for each breach of the rule."""

    def register(function: RuleFunction) -> RuleFunction:
        assert name not in RULES, name
        RULES[name] = Rule(name, function, warning, once)
        return function

    return register
