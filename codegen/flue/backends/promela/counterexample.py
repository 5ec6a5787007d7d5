# SPDX-License-Identifier: BSD-2-Clause
"""A counterexample as a story: the marks a model prints on its way, in the words of the spec."""

from __future__ import annotations

import re

from flue.model.transitions import FIRST_OF_DEVICE

from .lowering import ModelView
from .properties import PROTOCOL, PROTOCOL_REASONS, sentence
from .transfers import REASONS, SAID

_PHASES = (
    "the hardware is back",
    "the hardware is reset and forgets everything",
    "the hardware is removed",
)


_MARK = re.compile(r"^\s*@(\w+)((?: -?\d+)*)", re.MULTILINE)


def protocol(printed: str) -> list[str]:
    """The story of a model that knows no spec."""
    out = []
    for name, rest in _MARK.findall(printed):
        numbers = [int(n) for n in rest.split()]
        if name in PROTOCOL_REASONS:
            out.append(f"WRONG: {PROTOCOL_REASONS[name][numbers[0] - 1]}")
        elif name in PROTOCOL:
            out.append(PROTOCOL[name].format(*numbers))
    return out


class Story:
    """Lines for people; `objects` are the kinds and names of the model's objects."""

    def __init__(self, view: ModelView, objects: list[tuple[int, str]], world=None, transfers=None):
        self.view, self.objects, self.world = view, objects, world
        self.transfers, self.elements = transfers, 0
        self.out: list[str] = []  # what is out, the oldest first
        self.events = {number: name for name, number in view.events.items()}
        self.results = view.target.results

    def lines(self, printed: str) -> list[str]:
        out = []
        for name, numbers in _MARK.findall(printed):
            if name != "given":  # that is for scripts
                out.append(getattr(self, f"_{name}")(*map(int, numbers.split())))
        return out

    def _kind(self, o: int):
        return self.view.kinds[self.objects[o][0]]

    def _name(self, o: int) -> str:
        return self.objects[o][1]

    def _event(self, o: int, event: int) -> str:
        """An event of all machines, or one that the device raises for this object."""
        own = self._kind(o).obj.events
        return self.events[event] if event < FIRST_OF_DEVICE else own[event - FIRST_OF_DEVICE].name

    def _command(self, o: int, c: int) -> str:
        return self._kind(o).obj.commands[c].name

    def _submit(self, nd: int, event: int, o: int) -> str:
        return f"the host asks: {self.events[event]} {self._name(o)} (request {nd})"

    def _step(self, o: int, was: int, event: int, to: int, arm: int, nd: int) -> str:
        kind = self._kind(o)
        found = next(a for a in kind.arms if a.number == arm)
        states = kind.obj.states
        where = f"{found.arm.where.file.split('/')[-1]}:{found.arm.where.line}"
        move = states[was - 1].name
        move += f" -> {states[to - 1].name}" if to != was else ""
        return f"  {self._name(o)}: {self._event(o, event)} in {move}: {found.text} ({where})"

    def _send(self, o: int, c: int, old: int) -> str:
        values = ", to take something back" if old else ""
        return f"  {self._command(o, c)} goes to the hardware{values}"

    def _stall(self, o: int) -> str:
        return f"  the ring is full; {self._name(o)} waits"

    def _answer(self, o: int, c: int, result: int, effect: int) -> str:
        name, said = self._command(o, c), self.results[result]
        if said == "ok":
            return f"{name} of {self._name(o)} is carried out and answered: ok"
        if said == "gone":
            return f"{name} of {self._name(o)} is answered: gone; the hardware does not have it"
        done = "carried out all the same" if effect else "not carried out"
        if said == "timeout":
            return f"{name} of {self._name(o)} is not answered in time; it was {done}"
        return f"{name} of {self._name(o)} is answered: {said}; it was {done}"

    def _raise(self, o: int, event: int) -> str:
        return f"the device raises {self._event(o, event)} of {self._name(o)}"

    def _fell(self, o: int) -> str:
        return f"the hardware ends {self._name(o)} by itself"

    def _room(self, o: int) -> str:
        return f"there is room again for {self._name(o)}"

    def _unsent(self, o: int) -> str:
        return (
            f"there is no room for {self._name(o)} for too long; what it waits to send is given up"
        )

    def _late(self, o: int) -> str:
        return f"a late answer for {self._name(o)} comes, and counts for nothing"

    def _status(self, nd: int, status: int, o: int) -> str:
        return f"  request {nd} is answered: {self.view.target.statuses[status - 1].name}"

    def _phase(self, phase: int) -> str:
        return _PHASES[phase]

    def _rename(self) -> str:
        return "  (from here on, request 2 is called request 1)"

    def _broken(self, why: int, o: int, nd: int) -> str:
        return f"WRONG, {self._name(o)}: {sentence(why)}"

    def _hand(self, what: int, dead: int, o: int = 0) -> str:
        self.elements += 1
        name = self.transfers.searched[what - 1].name
        self.out.append(f"{name} {self.elements}")
        to = "an object that is not there" if dead else self._name(o)
        return f"the host hands over {self.out[-1]}, for {to}"

    def _offer(self, e: int) -> str:
        return f"  {self.out[e]} is offered to the device"

    def _finish(self, e: int, said: int) -> str:
        return f"the device has done {self.out[e]}, and says: {list(SAID)[said - 1]}"

    def _back(self, e: int, why: int) -> str:
        return f"  {self.out.pop(e)} is back: {REASONS[why - 1]}"

    def _stopped(self) -> str:
        return "the device touches no memory any more"

    def _world(self, number: int) -> str:
        return f"at first, {self.world.starts[number - 1].words}"

    def _shift(self, shift: int) -> str:
        where = ("where they lead", "elsewhere", "nowhere, if they may")[shift]
        return f"the handles of the next tree lead {where}"

    def _tree(self, request: int, number: int, event: int) -> str:
        return f"the host asks: {self.events[event]} {self.world.trees[number - 1].words} (tree {request})"

    def _node(self, nd: int) -> str:
        return f"node {(nd - 1) % self.world.nodes + 1} of tree {(nd - 1) // self.world.nodes + 1}"

    def _start(self, nd: int, event: int, o: int) -> str:
        return f"the turn of {self._node(nd)}: {self.events[event]} {self._name(o)}"

    def _ready(self, nd: int) -> str:
        return f"  {self._node(nd)} waits for the others of its tree"

    def _decided(self, request: int) -> str:
        return f"all is done for the nodes of tree {request}"

    def _own(self, nd: int, status: int, o: int) -> str:
        return f"  {self._node(nd)}, {self._name(o)}: {self._status_name(status)}"

    def _final(self, nd: int, status: int, o: int) -> str:
        return f"{self._node(nd)} is finished: {self._status_name(status)}"

    def _status_name(self, status: int) -> str:
        return self.view.target.statuses[status - 1].name
