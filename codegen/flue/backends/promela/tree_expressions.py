# SPDX-License-Identifier: BSD-2-Clause
"""Promela expressions of model B: marks and states that make unusable, statuses that roll up."""

from __future__ import annotations

from .decisions import Decisions
from .lowering import ModelView
from .values import chain


class TreeText(Decisions):
    """What templates of trees ask; who has it has a view."""

    stale: int  # the status of a node whose handle names nothing

    @property
    def success(self) -> int:
        first = self.view.target.first_good
        assert first
        return first.index + 1

    reaching = staticmethod(lambda o: o.dependents)
    parents_first = staticmethod(lambda o: o.order == "parents_first")
    dependents_first = staticmethod(lambda o: o.order == "dependents_first")

    @property
    def unusable_marks(self) -> int:
        return self.view.marks(self.view.target.unusable.marks)

    def unusable_state(self, state) -> bool:
        rule = self.view.target.unusable
        if state.resting:
            return state.hardware in rule.hardware
        return state.busy in rule.busy or self.unusable_waiting(state)

    def parent_failed(self) -> str:
        pairs = [
            (f"ev == {self.view.events[o.name]}", str(self.view.status(o.parent_failed)))
            for o in self.view.target.operations
            if o.parent_failed
        ]
        return chain(pairs, str(self.stale))

    @staticmethod
    def full(view: ModelView) -> str:
        pairs = [(f"KIND == {k.index}", str(view.status(k.obj.full_status))) for k in view.kinds]
        return chain(pairs, "0")

    def rolled(self) -> str:
        """status.c: the first line of the operation's table that fits node n."""
        whole = []
        for o in self.view.target.operations:
            lines = [
                (self._fits(r), "own[n]" if r.status == "own" else str(self.view.status(r.status)))
                for r in o.roll_up
            ]
            whole.append((f"op[n] == {self.view.events[o.name]}", chain(lines, "own[n]")))
        return chain(whole, "own[n]")

    @staticmethod
    def _fits(line) -> str:
        roles = {"placeholder": "PLACEHOLDER", "new": "NEW_ROLE", "reference": "REFERENCE"}
        dependents = {
            None: "true",
            "some_bad": "some_bad",
            "all_good": "!some_bad",
            "all_bad": "some_bad && !some_good",
        }
        own = {None: "true", "good": "own_good", "bad": "!own_good"}
        return f"role[n] == {roles[line.role]} && {own[line.own]} && {dependents[line.dependents]}"
