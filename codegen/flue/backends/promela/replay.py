# SPDX-License-Identifier: BSD-2-Clause
"""A counterexample as a script that a program plays against the C (tests/tie/replay.h has the form)."""

from __future__ import annotations

import os
import re

from flue.files import write_if_changed
from flue.model.queries import laying
from flue.model.transitions import FIRST_OF_DEVICE

from .lowering import KindView, ModelView
from .properties import REASONS
from .surroundings import Surroundings

_MARK = re.compile(r"^\s*@(\w+)((?: -?\d+)*)", re.MULTILINE)
_GUARDS = (
    "values",
    "dependents",
    "a bad new link",
    "a bad link",
    "a mark below",
)
PHASES = ("running", "resetting", "removed")
_ROLES = ("placeholder", "new", "reference")


class Script:
    """Lines of a script; `objects` are the kinds and names of the model's objects."""

    def __init__(self, view: ModelView, objects: list[tuple[int, str]], world=None):
        self.view, self.objects, self.world = view, objects, world
        self.events = {number: name for name, number in view.events.items()}
        self.results = view.target.results
        self.nodes: dict[int, int] = {}  # of the model, to those of the script
        self.last = 0
        self.marks: list[tuple[str, list[int]]] = []

    def lines(self, printed: str) -> list[str]:
        self.marks = [(n, [int(x) for x in rest.split()]) for n, rest in _MARK.findall(printed)]
        out = [f"object {i} {self._kind(i - 1).name}" for i in range(1, len(self.objects) + 1)]
        self.nodes, self.last, self.shift, self.dependent = {}, 0, 0, False
        self.around = Surroundings(self.view.kinds, self._kind(0))
        out += [] if self.world else self.around.lines
        for place, (name, numbers) in enumerate(self.marks):
            told = getattr(self, f"_{name}", None)
            out += told(place, *numbers) if told else []
        return out

    def _kind(self, o: int) -> KindView:
        return self.view.kinds[self.objects[o][0]]

    def _state(self, o: int, number: int) -> str:
        return self._kind(o).obj.states[number - 1].name

    def _event(self, o: int, event: int) -> str:
        """An event of all machines, or one that the device raises for this object."""
        own = self._kind(o).obj.events
        return self.events[event] if event < FIRST_OF_DEVICE else own[event - FIRST_OF_DEVICE].name

    def _command(self, o: int, c: int) -> str:
        return self._kind(o).obj.commands[c].name

    def _given_to(self, place: int, nd: int, event: int) -> list[int]:
        """What the model chose for a request: told when the object first acts on it."""
        for i, (name, numbers) in enumerate(self.marks[place + 1 :], place + 1):
            if name == "rename" and nd == 2:
                nd = 1
            follows = self.marks[i + 1][1] if i + 1 < len(self.marks) else []
            if name == "given" and numbers[1] == nd and len(follows) > 4 and follows[2] == event:
                return numbers
            if name == "status" and numbers[0] == nd:
                break
        return [0] * 6

    def _submit(self, place: int, nd: int, event: int, o: int) -> list[str]:
        kind, name = self._kind(o), self.events[event]
        operation = self.view.target.operation(name)
        _, _, asked, lines, then, guards = self._given_to(place, nd, event)
        new = operation.reaches == "new"
        ends = {i: self._end(kind, i, new, lines) for i in self._laid(kind, name)}
        stands = ends.pop(0, 0) if kind.obj.link_above else 0
        out = self._dependent(o) if guards & 2 else []
        out.append(f"tree {nd} {name}")
        if stands:
            self.last += 1
            out.append(f"  node {self.last} reference {stands} 0")
        self.last += 1
        above = self.last - 1 if stands else 0
        role = "new" if new else "reference"
        out.append(f"  node {self.last} {role} {o + 1} {above}")
        out += [f"  handle {self.last} {i} {end}" for i, end in ends.items() if end]
        self.nodes[nd] = self.last
        if "cached" in operation.brings and role == "reference":
            plain = [i for i in range(len(kind.rules)) if lines & ~kind.link_cell & 1 << i]
            out += [f"  change {self.last} line {i}" for i in plain]
            out += [f"  change {self.last} then {i}" for i in range(8) if then & 1 << i]
        out += [f"  asked {self.last}"] if asked else []
        chosen = [w for i, w in enumerate(_GUARDS) if guards & ~2 & 1 << i]
        out += [f"  # the model chose: {', '.join(chosen)}"] if chosen else []
        return out + ["go"]

    def _laid(self, kind: KindView, operation: str) -> list[int]:
        """The links that an operation lays or moves."""
        links = kind.obj.links
        return [
            i for i, x in enumerate(links) if operation in laying(self.view.target, kind.obj, x)
        ]

    def _end(self, kind: KindView, link: int, new: bool, lines: int) -> int:
        """Where a request for the object of model A asks a link to lead; 0: where it is."""
        if lines & kind.link_cells[link]:
            return self.around.others[link]
        return self.around.stands[link] if new else 0

    def _dependent(self, o: int) -> list[str]:
        """Something that links to the object, if it is asked whether there is; once is enough."""
        again, self.dependent = self.dependent, True
        return [] if again else self.around.dependent(self._kind(o), o + 1)

    def _rename(self, _) -> list[str]:
        self.nodes[1] = self.nodes.pop(2, 0)
        return []

    def _step(self, _, o: int, was: int, event: int, to: int, arm: int, nd: int) -> list[str]:
        del nd
        states = f"{self._state(o, was)} {self._state(o, to)}"
        return [f"step {o + 1} {self._event(o, event)} {states} {arm}"]

    def _send(self, _, o: int, c: int, old: int) -> list[str]:
        return [f"send {o + 1} {self._command(o, c)} {'old' if old else 'new'}"]

    def _stall(self, _, o: int) -> list[str]:
        return [f"stall {o + 1}"]

    def _raise(self, _, o: int, event: int) -> list[str]:
        return [f"raise {o + 1} {self._event(o, event)}"]

    def _fell(self, _, o: int) -> list[str]:
        return [f"fell {o + 1}"]

    def _room(self, _, o: int) -> list[str]:
        return [f"room {o + 1}"]

    def _unsent(self, _, o: int) -> list[str]:
        return [f"unsent {o + 1}"]

    def _late(self, _, o: int) -> list[str]:
        return [f"late {o + 1}"]

    def _answer(self, _, o: int, c: int, result: int, effect: int) -> list[str]:
        done = "done" if effect else "undone"
        return [f"answer {o + 1} {self._command(o, c)} {self.results[result]} {done}"]

    def _status(self, _, nd: int, status: int, o: int) -> list[str]:
        del o
        return [f"status {self.nodes[nd]} {self.view.target.statuses[status - 1].name}"]

    def _phase(self, _, phase: int) -> list[str]:
        return [f"phase {PHASES[phase]}"]

    def _broken(self, _, why: int, o: int, nd: int) -> list[str]:
        del nd
        name = list(REASONS)[why - 1]
        return [f"wrong {o + 1} {name.replace(' ', '-')} # {REASONS[name]}"]

    # Of trees.

    def _world(self, _, number: int) -> list[str]:
        there = self.world.starts[number - 1].there
        out = [f"link {x.number + 1} {i} {to}" for x in there for i, to in enumerate(x.links) if to]
        return out + [f"there {x.number + 1}" for x in there]

    def _shift(self, _, shift: int) -> list[str]:
        self.shift = shift
        return []

    def _tree(self, _, request: int, number: int, event: int) -> list[str]:
        at = (request - 1) * self.world.nodes
        out = [f"tree {request} {self.events[event]}"]
        for i, n in enumerate(self.world.trees[number - 1].nodes, at + 1):
            self.nodes[i] = i
            above = at + n.above if n.above else 0
            out.append(f"  node {i} {_ROLES[n.role]} {n.object + 1} {above}")
            out += self._handles(i, n, self.events[event])
        return [*out, "go"]

    def _handles(self, number: int, node, operation: str) -> list[str]:
        kind, thing = self._kind(node.object), self.world.objects[node.object]
        shift = self.shift if _ROLES[node.role] == "reference" else 0
        told = [i for i in self._laid(kind, operation) if kind.obj.links[i].by]
        ends = {i: (thing.others if shift == 1 else thing.links)[i] for i in told}
        ends |= {i: 0 for i in told if shift == 2 and kind.obj.links[i].optional}
        return [f"  handle {number} {i} {end}" for i, end in ends.items()]

    _own = _status

    def _final(self, _, nd: int, status: int, o: int) -> list[str]:
        del o
        return [f"final {nd} {self.view.target.statuses[status - 1].name}"]


def write_scripts(runs, out_dir: str) -> None:
    """A script for each counterexample; `tests/tie/replay.py --spec DIR` plays those of a spec."""
    os.makedirs(out_dir, exist_ok=True)
    for run in runs:
        if run.script:
            path = os.path.join(out_dir, f"{run.model.name}.replay")
            write_if_changed(path, "\n".join(run.script) + "\n")
