# SPDX-License-Identifier: BSD-2-Clause
"""A target as the models see it: machines as written, hardware as the truth has it.

What the hardware does with a command is taken from `truth`, which is the same target unless somebody
asks whether a changed spec still fits the hardware (`flue verify DIR --truth DIR`).
"""

from __future__ import annotations

from functools import cached_property

from flue.model import (
    CLASSES,
    DEVICE,
    Arm,
    Cell,
    Command,
    Condition,
    Handling,
    Link,
    Object,
    State,
    Target,
)
from flue.model.dataflow import ending
from flue.model.outcomes import left_told, told_by
from flue.model.queries import (
    carried,
    linked_numbers,
    numbers,
    only_reads,
    undone_by,
)
from flue.model.questions import questions
from flue.model.transitions import event_number, events_by_number, number_arms

from . import links
from .results import Results
from .rows import ArmRow, CommandRow, Numbers
from .stopping import stops
from .values import Values, mask, of_values

FROM_COMMAND = 63  # no status: there are 62
VERBS = {None: 0, "send": 1, "plan": 2, "undo": 3}
DEFER = 4
CLAIMS = {"has_not": 0, "has": 1, "unsure": 2, None: 3}


class KindView(links.KindLinks):
    """One kind of object."""

    def __init__(self, view: "ModelView", obj: Object, truth: Object):
        self.view, self.obj, self.truth = view, obj, truth
        self.name, self.index = obj.name, obj.index
        self.arms = number_arms(view.target, obj)
        sent = [r for r in obj.plan if r.send]
        last = [r for r in sent if r.irreversible and not set(r.changed) & told_by(obj, r.send)]
        self.rules = [r for r in sent if r not in last]
        self.then = list(dict.fromkeys(r.send for r in last))

    def number(self, state: str) -> int:
        return self.obj.state(state).index + 1

    def states(self, wanted) -> str:
        """A Promela condition: the object is in one of the states."""
        found = [self.number(s.name) for s in self.obj.states if wanted(s)]
        return " || ".join(f"state[o] == {n}" for n in found) or "false"

    @cached_property
    def commands(self) -> list[CommandRow]:
        return [self._command(c) for c in self.obj.commands]

    def bits(self, commands) -> int:
        return mask(self.obj.command(c).index for c in commands)

    def _command(self, c: Command) -> CommandRow:
        real = next((x for x in self.truth.commands if x.name == c.name), c)
        undo = 1 << c.index if c.undo == "old_values" else 0
        if c.undo not in (None, "old_values", "none"):
            undo = 1 << self.obj.command(c.undo).index
        names = carried(self.obj, real.carries)
        writes = mask(i for i, r in enumerate(self.rules) if names & set(r.changed))
        return CommandRow(
            name=c.name,
            bit=c.index,
            unchanged=c.unchanged_on_failure,
            undo=undo,
            stays=c.undo == "none",
            left=any(c in left_told(self.obj, p) for p in self.obj.plans),
            idle=only_reads(self.obj, c),
            irreversible=any(r.send == c.name for r in self.obj.plan if r.irreversible),
            takes_away=c.hardware == "has_not",
            harmless=real.unchanged_on_failure or only_reads(self.truth, real),
            has={"has_not": 0, "has": 1}.get(real.hardware or "", 2),
            writes=writes,
            blocks=stops(self.view.truth, self.truth, real),
            returns=self._brings(c, ("delegated",)),
            links=links.told(self.view.target, self.obj, real),
            results=self.results.told_apart(c.answers),
            unsure=not self.results.alike("unsure", c.answers) or c.unchanged_on_failure,
            may_be_gone="has" not in (c.hardware, real.hardware),
            nothing_lost=c.hardware == "has_not" and not self._brings(c),
            numbers=self._numbers(c, real),
        )

    def _numbers(self, c: Command, real: Command) -> Numbers:
        def bits(words) -> int:
            named = numbers(self.obj, words)
            return mask(i for i, v in enumerate(self.obj.of_class(DEVICE)) if v.name in named)

        brings, every = bits(c.returns), bits((DEVICE,))
        adds, makes = c.hardware == "has", bits(real.returns)
        return Numbers(
            carries=bits(c.carries),
            brings=brings,
            loses=every if adds else brings,
            keeps=0 if c.hardware else every,
            makes=every if real.hardware == "has" else makes,
            below=tuple(mask(self._linked(c, x)) for x in self.obj.links),
        )

    def _linked(self, c: Command, link: Link) -> list[int]:
        found = linked_numbers(self.view.target, self.obj, c)
        return [to.of_class(DEVICE).index(v) for x, to, v in found if x is link]

    def _brings(self, c: Command, classes=CLASSES) -> bool:
        brings = carried(self.obj, c.returns)
        return any(v.name in brings and v.klass in classes for v in self.obj.variables)

    def cells(self, state: State) -> list[tuple[str, int, list[ArmRow]]]:
        out = []
        for event in events_by_number(self.view.target, self.obj):
            cell = self.obj.cell(state.name, event)
            if cell.possible:
                out.append(
                    (event, event_number(self.view.target, event, self.obj), self._rows(cell))
                )
        return out

    def _rows(self, cell: Cell) -> list[ArmRow]:
        numbered = [a for a in self.arms if a.cell is cell]
        rows: list[ArmRow] = []
        refused: list[str] = []
        for a in numbered:
            guard = self.view.guard(self, a.arm.condition) if a.arm.condition else ""
            whole = " && ".join([f"!({g})" for g in refused] + ([f"({guard})"] if guard else []))
            rows.append(self._row(a, whole if guard else ""))
            refused += [guard] if guard else []
        return rows

    def _row(self, a, guard: str) -> ArmRow:
        arm: Arm = a.arm
        commands = self.bits(c.name for c in undone_by(self.obj, arm)) if arm.verb else 0
        verb = DEFER if arm.handling is Handling.DEFER else VERBS[arm.verb]
        marks = 1 << self.view.target.mark(arm.mark).index if arm.mark else 0
        to = self.number(a.to)
        status = self.view.status(arm.status)
        clears = 1 << self.view.target.mark(arm.clear).index if arm.clear else 0
        return ArmRow(a.number, guard, to, verb, commands, marks, status, a.text, clears)

    @cached_property
    def results(self) -> Results:
        return Results(self.view.target, self.obj, self.arms)

    @cached_property
    def values(self) -> Values:
        return Values(self.view.target, self.obj, self.arms)

    @property
    def asks(self) -> dict[str, list[int]]:
        """Answers of guards that the surroundings choose, and the events that ask for them."""
        out: dict[str, set[int]] = {}
        for a in self.arms:
            asked = [a.arm.condition] if a.arm.condition else []
            for question in questions(self.view.target, self.obj, asked):
                for bit in self.view.chosen(self, question):
                    out.setdefault(bit, set()).add(a.letter)
        return {k: sorted(v) for k, v in sorted(out.items()) if k not in self._like_others}

    @cached_property
    def _like_others(self) -> set[str]:
        """Variables of links that say nothing which those of another link do not say as well."""
        asked = [a.arm.condition for a in self.arms if a.arm.condition]
        found = [q for q in questions(self.view.target, self.obj, asked) if q.form == "link"]
        first = links.apart(self.obj, found, self.link_cells)
        same = [i for i, other in enumerate(first) if i != other]
        return {f"{x}{links.suffix(i)}" for i in same for x in ("x_new_bad", "x_link_bad")}


class ModelView(links.ViewLinks):
    """The whole target, for the templates. `trees`: links and dependents are other objects."""

    def __init__(self, target: Target, truth: Target, trees: bool = False):
        self.target, self.truth, self.trees = target, truth, trees
        self.events = {e: event_number(target, e) for e in target.events}
        named = {o.name: o for o in truth.objects}
        self.kinds = [KindView(self, o, named.get(o.name, o)) for o in target.objects]
        self.ends = ending(truth)
        self.asks_results = any(k.results.asked for k in self.kinds)

    def status(self, name: str | None) -> int:
        if name == "from_command":
            return FROM_COMMAND
        return self.target.status(name).index + 1 if name else 0

    def marks(self, names) -> int:
        return mask(self.target.mark(n).index for n in names)

    def good(self) -> str:
        good = [s.index + 1 for s in self.target.statuses if s.good]
        return " || ".join(f"give == {n}" for n in good)

    def operations(self, wanted) -> str:
        """A Promela condition on the event number in `x`: it is one of these operations."""
        found = [self.events[o.name] for o in self.target.operations if wanted(o)]
        return "(" + (" || ".join(f"x == {n}" for n in found) or "false") + ")"

    def chosen(self, kind: KindView, c: Condition) -> list[str]:
        """The variables that hold a guard's answer where the model's surroundings choose it."""
        if self.trees or of_values(c):
            return []
        if c.form == "dependents":
            return ["x_dependents"]
        if c.form == "link":
            return links.chosen(kind.obj, c)
        return kind.marked_below(c) if c.form == "marked" else []

    def guard(self, kind: KindView, name: str) -> str:
        """A condition as an expression over the object `o`."""
        if name in kind.values.chosen:
            return f"(x_says & {1 << kind.values.chosen.index(name)}) != 0"
        c = self.target.condition(kind.obj, name)
        if c.parts:
            parts = [f"({self.guard(kind, part)})" for part in c.parts]
            joined = (" || " if c.form == "any_of" else " && ").join(parts)
            return f"!{joined}" if c.form == "not" else joined
        if c.form == "marked":
            here = f"(marks[o] & {self.marks(c.marks)}) != 0"
            if self.trees and c.along != ():
                number = links.suffix(self.alongs.index(c.along))
                return f"(along{number} & {self.marks(c.marks)}) != 0"
            far = [] if self.trees else kind.marked_below(c)
            return f"({' || '.join([here, *far])})" if far else here
        if c.form == "result":
            return kind.results.guard(c)
        if c.form == "asked":
            return "nd != 0 && asks[nd - 1]"
        if self.trees and c.form == "dependents":
            return "deps[o] != 0"
        if c.form == "link":
            return links.asked_of(kind.obj, c, self.trees, kind.link_cells)
        return self.chosen(kind, c)[0]
