# SPDX-License-Identifier: BSD-2-Clause
"""What the host hands over for the object of model A: which transfers are searched, and in which states.

There are two elements at a time, of any transfers. So of orders that are alike two are enough, and of
transfers in one order that are alike one is.
"""

from __future__ import annotations

from dataclasses import dataclass

from flue.model import Transfer
from flue.model.transfer import queues

from .lowering import KindView
from .values import chain

ELEMENTS = 2
SAID = {"good": 1, "a status that it may not give": 2}  # by the device, of an element
REASONS = ("done", "refused", "ending", "returned", "reset")  # with which an element comes back


@dataclass(frozen=True)
class Handed:
    """A transfer as the model has it."""

    number: int  # from 1
    name: str
    order: int
    states: tuple[int, ...]  # in which the hardware takes elements
    behind: bool  # what comes while the object ends goes behind what is there: the status is the same


class Transfers:
    """What templates ask of the transfers of one kind."""

    elements = range(ELEMENTS)
    said = tuple(SAID.values())

    def __init__(self, kind: KindView):
        self.kind = kind
        self.searched: list[Handed] = []
        orders: list[list[Transfer]] = []
        for order in _orders(kind.obj.transfers):
            alike = [x for x in orders if _forms(x) == _forms(order)]
            if len(alike) < ELEMENTS:
                orders.append(order)
        for number, order in enumerate(orders):
            for form in _forms(order):
                first = next(t for t in order if _form(t) == form)
                self.searched.append(self._handed(number, first))
        self.orders = range(len(orders))
        self.alike = len(orders) == 2 and _forms(orders[0]) == _forms(orders[1])
        self.each = len(_forms(orders[0]))

    def _handed(self, order: int, t: Transfer) -> Handed:
        states = tuple(self.kind.number(s) for s in t.states)
        return Handed(len(self.searched) + 1, t.name, order, states, t.ending == t.returned)

    def order_of(self, what: str) -> str:
        return chain(
            ((f"{what} == {t.number}", str(t.order)) for t in self.searched if t.order), "0"
        )

    def open(self, what: str) -> str:
        """The hardware takes it in the state that the object is in."""
        return _any(f"({what} == {t.number} && ({_states(t.states)}))" for t in self.searched)

    def behind(self, what: str) -> str:
        return _any(f"{what} == {t.number}" for t in self.searched if t.behind)

    def gone(self) -> str:
        """In this state the hardware does not have it: of what it had nothing is left there."""
        return _gone(self.kind)

    def one_order(self) -> list[Handed]:
        """Where there is one element, orders are nothing to it."""
        first = {t.states: t for t in reversed(self.searched)}
        return sorted(first.values(), key=lambda t: t.number)


class TreeTransfers:
    """What templates ask where there is one element at a time, for any object of model B."""

    def __init__(self, world):
        kinds, self.objects = world.kinds, world.objects
        of = {k.index: Transfers(k).one_order() for k in kinds if handed_over(k)}
        self.handed = [(x, t) for x in self.objects for t in of.get(x.kind, ())]
        self.searched = [t for found in of.values() for t in found]
        self.gone = _any(f"(o == {x.number} && ({_gone(kinds[x.kind])}))" for x in self.objects)

    def place(self, t: Handed) -> int:
        """Its number among those of all kinds."""
        return next(i for i, x in enumerate(self.searched, 1) if x is t)

    @property
    def open(self) -> str:
        return _any(
            f"(about == {x.number + 1} && what == {self.place(t)} && ({_states(t.states, x.number)}))"
            for x, t in self.handed
        )


def _gone(kind: KindView) -> str:
    return kind.states(lambda s: s.hardware == "has_not")


def handed_over(kind: KindView) -> bool:
    return any(not t.lent for t in kind.obj.transfers)


def _orders(transfers: tuple[Transfer, ...]) -> list[list[Transfer]]:
    found: dict[int, list[Transfer]] = {}
    numbers = queues(transfers)
    for t in transfers:
        if not t.lent:
            found.setdefault(numbers[t.name], []).append(t)
    return list(found.values())


def _form(t: Transfer) -> tuple:
    return frozenset(t.states), t.ending == t.returned


def _forms(order: list[Transfer]) -> list[tuple]:
    return list(dict.fromkeys(map(_form, order)))


def _states(numbers: tuple[int, ...], o: int = 0) -> str:
    return _any(f"state[{o}] == {n}" for n in numbers)


def _any(parts) -> str:
    return " || ".join(parts) or "false"
