# SPDX-License-Identifier: BSD-2-Clause
"""Where the marks of others count (`where:`): here only, along all links, or along links of some names.

A name counts wherever it is met: at the object, and at all that such links lead to.
"""

from __future__ import annotations

from collections.abc import Iterable

from .object import Link, Object
from .target import Target

Along = tuple[str, ...] | None  # names of links; (): here only; None: along all of them
Asked = tuple[tuple[str, ...], Along]  # which marks, and where


def counts(along: Along, link: Link) -> bool:
    return along is None or link.name in along


def bits(target: Target, along: Along, each: int) -> int:
    """The links that count, as bits; each kind has so many."""
    links = ((o.index * each + i, x) for o in target.objects for i, x in enumerate(o.links))
    return sum(1 << bit for bit, link in links if counts(along, link))


def met(target: Target, obj: Object, along: Along) -> list[Link]:
    """The links that are followed from an object on."""
    named = {o.name: o for o in target.objects}
    found: list[Link] = []
    todo = [obj]
    while todo:
        for link in todo.pop().links:
            if counts(along, link) and link not in found:
                found.append(link)
                todo += [named[link.to]] if link.to in named else []
    return found


def apart(target: Target, obj: Object, asked: Iterable[Asked]) -> list[frozenset[Asked]]:
    """What others are marked with, as far as those who ask can tell it apart: of each sort, who sees it."""
    named = {o.name: o for o in target.objects}
    todo = [(obj.name, frozenset(asked))]
    for name, who in todo:  # which grows
        for link in named[name].links if name in named else ():
            step = link.to, frozenset(a for a in who if counts(a[1], link))
            todo += [step] if step[1] and step not in todo else []
    seen = {
        frozenset(a for a in who if m in a[0]) for _, who in todo[1:] for a in who for m in a[0]
    }
    return sorted(seen, key=lambda who: sorted(map(repr, who)))
