# SPDX-License-Identifier: BSD-2-Clause
"""What is done together, in the models: who waits for the others of a request, and what becomes of it.

Without an operation that is done together a model has none of this. In model A the surroundings decide
on commit or abort; in model B the nodes of a tree do.
"""

from __future__ import annotations

from flue.model.waiting import usable_together

from .lowering import KindView, ModelView


class Decisions:
    """What templates ask; who has it has a view."""

    view: ModelView

    @property
    def together(self) -> bool:
        return bool(self.view.target.decisions)

    @property
    def commit(self) -> int:
        return self.view.events["commit"]

    @property
    def abort(self) -> int:
        return self.view.events["abort"]

    done_together = staticmethod(lambda o: o.together)
    awaits = staticmethod(lambda s: s.waits)

    def awaits_first(self, kind: KindView) -> str:
        """The object of model A waits for others."""
        return kind.states(self.awaits).replace("[o]", "[0]")

    def may_ask_any(self, kind: KindView, n: int) -> str:
        """Where what is done together is under way, the host can ask for what is done node by node."""
        plain = [
            o
            for o in self.view.target.operations
            if o.is_about(kind.name) and o.reaches != "new" and not o.together
        ]
        return f"(MAY_BEGIN({n}) || {'seen[0] != 0' if plain else 'false'})"

    # Model B.

    def unusable_waiting(self, state) -> bool:
        return state.waits and id(state) not in self._usable

    def usable_waiting(self, state) -> bool:
        """Others of the same request may be linked to it."""
        return id(state) in self._usable

    @property
    def _usable(self) -> set[int]:  # by identity: states of two kinds may look alike
        target = self.view.target
        return {id(s) for o in target.objects for s in o.states if usable_together(target, o, s)}

    def aborted(self) -> str:
        """The status of nodes that have no part in that it is not done."""
        found = [o for o in self.view.target.operations if o.together]
        pairs = [(f"ev == {self.view.events[o.name]}", self.view.status(o.aborted)) for o in found]
        return "(" + "".join(f"{a} -> {b} : (" for a, b in pairs) + "0" + ")" * len(pairs) + ")"
