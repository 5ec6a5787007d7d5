# SPDX-License-Identifier: BSD-2-Clause
"""What the host hands over for an object that stays as it is, and gets back in order."""

from __future__ import annotations

from dataclasses import dataclass

from .location import Placed, Where


@dataclass(frozen=True)
class Transfer(Placed):
    """One kind of what is handed over; each element of its chains completes once."""

    name: str
    index: int  # within its object
    completion: str  # the host's function; empty: none, since they are the driver's own
    states: tuple[str, ...]  # in which the hardware takes elements
    after: str | None  # a transfer above it that it has one order with
    passes: str | None  # a number that goes along
    accepted: str | None  # what the entry function returns; None = true
    statuses: tuple[str, ...]  # bad ones that the hardware may give
    refused: str
    ending: str
    returned: str
    reset: str
    lent: bool  # elements are the driver's own, which come back to it
    doc: str
    where: Where


CHAIN_WORDS = ("link", "handle", "mark")  # a pointer, and two of 8 bytes


@dataclass(frozen=True)
class Chain(Placed):
    """The host's structure that transfers are chains of; offsets in it."""

    host: str
    next: int
    status: int
    words: tuple[int, ...]  # the target's, in the order of CHAIN_WORDS
    doc: str
    where: Where


def queues(transfers: tuple[Transfer, ...]) -> dict[str, int]:
    """By name: the number of the queue that keeps its order, of those of one object."""
    found: dict[str, int] = {}
    own = [t.name for t in transfers if not t.lent and t.after is None]
    for t in transfers:
        if not t.lent:
            first = t.name if t.after is None else t.after
            found[t.name] = own.index(first) if first in own else 0
    return found
