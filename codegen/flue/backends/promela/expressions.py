# SPDX-License-Identifier: BSD-2-Clause
"""Promela expressions that templates put in their places; what they mean is in `lowering`."""

from __future__ import annotations

from flue.model import Target
from flue.model.transitions import FIRST_OF_DEVICE, FIRST_OPERATION

from . import links, results
from .device_events import Raised, RaisedText, is_operation
from .folding import Folding
from .packing import Packing
from .lowering import DEFER, FROM_COMMAND, KindView, ModelView, mask
from .properties import why
from .tree_expressions import TreeText
from .values import chain


class Text(TreeText, RaisedText):
    """What templates ask of a view."""

    defer, from_command, first_operation = DEFER, FROM_COMMAND, FIRST_OPERATION
    first_of_device = FIRST_OF_DEVICE
    why = staticmethod(why)

    def __init__(self, view: ModelView, bounds, kind: KindView | None = None, sweeps: bool = False):
        self.view, self.bounds, self.packing = view, bounds, Packing(view)
        self.folding = Folding(kind) if kind else None
        self.of_trees, self.sweeps = kind is None, sweeps
        self.raised = self.folding.raised if self.folding else self._of_all_kinds()
        self.places = [f"w{n}" for n in range(self._most_in_line())]
        target, truth = view.target, view.truth
        self.requests = range(bounds.requests)
        self.queue = [f"q{n}" for n in self.requests]
        self.in_line = list(zip(self.queue, self.queue[1:]))
        self.stale = view.status(target.stale_handle)
        self._marks(target, truth)
        ends = view.ends
        self.sorts = {
            "NEW": lambda o: o.reaches == "new",
            "BRINGS": lambda o: "cached" in o.brings,
            "LINKS": lambda o: links.lays_any(target, o),
            "LINKS_ABOVE": lambda o: "link" in o.brings,
            "ENDS": lambda o: o.name in ends,
            "RETURNS": lambda o: o.returns != "asked" and "delegated" in o.returns,
            "RETURNS_ASKED": lambda o: o.returns == "asked",
            **({"TOGETHER": self.done_together} if self.together else {}),
            **({"REACHES": self.reaching} if self.sweeps else {}),
        }

    def takes(self, operation: str = "OP") -> str:
        """The operation takes objects away, and those of this kind as well."""
        view = self.view
        known = [
            (k.index, o) for k in view.kinds for o in view.target.operations if k.name in o.keeps
        ]
        return " && ".join(
            [
                f"ENDS({operation})",
                *(f"!(KIND == {k} && {operation} == {view.events[o.name]})" for k, o in known),
            ]
        )

    def _of_all_kinds(self) -> list[Raised]:
        kinds = self.view.kinds if self.bounds.tree_events else ()
        return [r for k in kinds for r in Folding(k).moving]

    def _most_in_line(self) -> int:
        alone = max((len(self.of_kind(k.index)) for k in self.view.kinds), default=0)
        return min(alone, self.bounds.faults) if self.of_trees else alone

    def _marks(self, target: Target, truth: Target) -> None:
        known = {m.name for m in target.marks}
        late = [m.name for m in target.marks if m.ends != "when_hardware_has"]
        unusable = [n for n in truth.unusable.marks if n in known]
        self.lasting_all = self.view.marks(late)
        self.unusable = self.view.marks(unusable)
        self.lasting = self.view.marks(n for n in unusable if n in late)
        seen = {s.mark for o in truth.objects for s in o.sees}
        self.sees = self.view.marks(seen & known)

    def result(self, name: str) -> int:
        return self.view.target.results.index(name)

    def kept_result(self) -> str:
        ok, gone = self.result("ok"), self.result("gone")
        return results.kept(ok, gone, self.view.asks_results)

    def first_failed(self) -> str:
        """Where results are asked for: command cc counts, if none has failed before it."""
        text = f"first[o] = (result[o] == {self.result('ok')} -> cc : first[o]); "
        return text if self.view.asks_results else ""

    def again(self) -> str:
        return results.again(self.view, self.result("ok"))

    def choice(self, arms) -> str:
        """The arm of a cell, packed into one number."""
        packed = [(a.guard, self.packing.pack(a)) for a in arms]
        return chain([(f"({g})", str(n)) for g, n in packed[:-1]], str(packed[-1][1]))

    def by_arm(self, view: ModelView) -> str:
        pairs = []
        for k in view.kinds:
            rows = [a for s in k.obj.states for _, _, arms in k.cells(s) for a in arms]
            pairs += [
                (f"KIND == {k.index} && arm == {a.number}", str(a.commands))
                for a in rows
                if a.commands
            ]
        return chain(pairs, "0")

    @staticmethod
    def plan(kind: KindView) -> str:
        parts = [
            f"((ch[o] & {1 << i}) != 0 -> {kind.bits([r.send])} : 0)"
            for i, r in enumerate(kind.rules)
        ]
        parts += [
            f"((x_then & {1 << i}) != 0 -> {kind.bits([c])} : 0)" for i, c in enumerate(kind.then)
        ]
        return "cmds & (" + (" | ".join(parts) or "0") + ")"

    @staticmethod
    def of_plan(view: ModelView) -> str:
        """The cells that the plan of the arm names, where an object has several plans."""
        several = [k for k in view.kinds if len(k.obj.plans) > 1]
        cells = [
            (
                f"KIND == {k.index}",
                " | ".join(
                    f"((cmds & {k.bits([r.send])}) != 0 -> {1 << i} : 0)"
                    for i, r in enumerate(k.rules)
                )
                or "0",
            )
            for k in several
        ]
        return f" & {chain(cells, '255')}" if cells else ""

    @staticmethod
    def undo(kind: KindView) -> str:
        parts = [f"((aux & {1 << c.bit}) != 0 -> {c.undo} : 0)" for c in kind.commands if c.undo]
        return "(" + (" | ".join(parts) or "0") + ")"

    @staticmethod
    def states(view: ModelView, wanted) -> str:
        parts = [f"(KIND == {k.index} && ({k.states(wanted)}))" for k in view.kinds]
        return "(" + " || ".join(parts) + ")"

    @staticmethod
    def owes(view: ModelView) -> str:
        pairs = [
            (f"KIND == {k.index} && state[o] == {s.index + 1}", str(view.events[s.busy or ""]))
            for k in view.kinds
            for s in k.obj.states
            if s.debt
        ]
        return chain(pairs, "0")

    @staticmethod
    def commands(view: ModelView, wanted) -> str:
        pairs = [
            (f"KIND == {k.index}", str(mask(c.bit for c in k.commands if wanted(c))))
            for k in view.kinds
        ]
        return chain(pairs, "0")

    @staticmethod
    def writes(view: ModelView) -> str:
        pairs = [
            (f"KIND == {k.index} && cc == {c.bit}", str(c.writes))
            for k in view.kinds
            for c in k.commands
            if c.writes
        ]
        return chain(pairs, "0")

    @staticmethod
    def held(view: ModelView) -> str:
        """The cells that changed, without those of a pulse alone: nobody keeps it."""
        pairs = [
            (f"KIND == {k.index}", str(mask(i for i, r in enumerate(k.rules) if r.changed)))
            for k in view.kinds
            if not all(r.changed for r in k.rules)
        ]
        return f"(ch[o] & {chain(pairs, '255')})" if pairs else "ch[o]"

    @property
    def numbers(self) -> bool:
        """Whether hardware chooses numbers at all: if not, the models are as if there were none."""
        return any(o.of_class("device") for o in self.view.target.objects)

    @staticmethod
    def of_command(view: ModelView, what: str, link: int | None = None) -> str:
        def value(c) -> int:
            found = getattr(c.numbers, what)
            return found if link is None else dict(enumerate(found)).get(link, 0)

        pairs = [
            (f"KIND == {k.index} && cc == {c.bit}", str(value(c)))
            for k in view.kinds
            for c in k.commands
            if value(c)
        ]
        return chain(pairs, "0")

    adds = staticmethod(lambda c: c.has == 1)
    removes = staticmethod(lambda c: c.has == 0)
    blocks = staticmethod(lambda c: c.blocks)
    takes_away = staticmethod(lambda c: c.takes_away)
    nothing_lost = staticmethod(lambda c: c.nothing_lost)
    unchanged = staticmethod(lambda c: c.unchanged)
    reads = staticmethod(lambda c: c.returns)
    links = staticmethod(lambda number: lambda c: number in c.links)
    then = staticmethod(lambda c: c.irreversible)
    left = staticmethod(lambda c: c.left)
    owed = staticmethod(lambda c: not c.stays and not c.idle)
    resting = staticmethod(lambda s: s.resting)
    restoring = staticmethod(lambda s: s.busy == "nobody")

    def host_has(self, state) -> bool:
        if state.resting:
            return state.host == "has"
        return state.busy == "nobody" or self.view.target.operation(state.busy).reaches != "new"

    @staticmethod
    def claims(what: str):
        return lambda state: state.resting and state.hardware == what

    @staticmethod
    def having_delegated(view: ModelView) -> str:
        found = [f"KIND == {k.index}" for k in view.kinds if k.obj.of_class("delegated")]
        return " || ".join(found) or "false"

    def status_map(self) -> str:
        target, view = self.view.target, self.view
        pairs = []
        for o in target.operations:
            for number, name in enumerate(target.results):
                if name != "ok" or o.aborted:
                    condition = f"OP == {view.events[o.name]} && result[o] == {number}"
                    status = o.aborted if name == "ok" else o.status_of(name)
                    pairs.append((condition, str(view.status(status))))
        return chain(pairs, str(FROM_COMMAND))

    def allowed(self) -> str:
        parts = []
        for o in self.view.target.operations:
            any_of = " || ".join(f"give == {self.view.status(s)}" for s in o.statuses)
            parts.append(f"(OP == {self.view.events[o.name]} && ({any_of}))")
        return " || ".join(parts)

    def wanted(self, events: list[int]) -> str:
        """One of these events comes now, or a node that waits brings it."""
        asked = [f"e == {x}" for x in events]
        asked += [f"WAITS({n}, {x})" for n in self.requests for x in events if is_operation(x)]
        raised = [r.number for r in self.raised if r.number in events]
        asked += [f"{place}[0] == {x}" for place in self.places for x in raised]
        return " || ".join(asked)

    def planning(self, kind: KindView) -> list[int]:
        return sorted({a.letter for a in kind.arms if a.arm.verb == "plan"})

    def changes(self, kind: KindView) -> list[int]:
        """Sets of cells that an update changes; small plans have them all."""
        most = max(self.bounds.changed, 2) if len(kind.rules) <= 2 else self.bounds.changed
        return [x for x in range(1 << len(kind.rules)) if bin(x).count("1") <= most]

    def not_refused(self, operation) -> str:
        refused = any(operation.name in dict(m.refuse) for m in self.view.target.modes)
        return "phase != REMOVED" if refused else "true"

    def may_create(self) -> str:
        kinds = [k.name for k in self.view.kinds]
        about = [o for o in self.view.target.operations if any(map(o.is_about, kinds))]
        new = [o for o in about if o.reaches == "new"]
        return " || ".join(f"({self.not_refused(o)})" for o in new) or "false"
