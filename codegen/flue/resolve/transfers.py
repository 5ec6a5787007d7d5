# SPDX-License-Identifier: BSD-2-Clause
"""`transfers:` of an object, and `chain:` of the node's file."""

from __future__ import annotations

from flue import model as m
from flue.syntax.tree import Located

from .namespace import Names
from .reserved import check_host, check_reserved
from .scope import Scope


def transfers(
    scope: Scope, tree: Located, groups: dict[str, tuple[str, ...]], states: Names, made
) -> tuple[m.Transfer, ...]:
    known = Names(scope.report, "state or group", [*groups, *states.known, *made.names()])
    found: list[m.Transfer] = []
    for i, (name, n) in enumerate(tree.items("transfers")):
        check_reserved(scope.report, "transfer", name, n.name_where)
        words = known.find_all(n.each("in"))
        held = dict.fromkeys(s for x in words for s in groups.get(x, (x,)))
        above = Names(scope.report, "transfer", [t.name for t in found], note=" above it")
        status = _statuses(scope, n)
        found.append(
            m.Transfer(
                name=name,
                index=i,
                completion=n.text("completion"),
                states=made.all_of(tuple(held)),
                after=above.find(n.get("after")),
                passes=_passes(scope, n),
                accepted=scope.statuses.find(n.get("accepted")),
                statuses=scope.statuses.find_all(n.each("statuses")),
                lent=n.get("lent") is not None,
                doc=n.text("doc"),
                where=n.name_where,
                source=n,
                **status,
            )
        )
    return tuple(found)


def _statuses(scope: Scope, n: Located) -> dict[str, str]:
    """Each that is not said is the one before it."""
    found, before = {}, ""
    for key in ("refused", "ending", "returned", "reset"):
        before = found[key] = scope.statuses.find(n.get(key)) or before
    return found


def _passes(scope: Scope, n: Located) -> str | None:
    if n.get("passes") is None:
        return None
    check_reserved(scope.report, "number", n.text("passes"), n.at("passes").where)
    return n.text("passes")


def chain(scope: Scope) -> m.Chain | None:
    n = scope.node.get("chain")
    if n is None:
        return None
    if n.get("struct") is not None:
        check_host(scope.report, n.text("struct"), n.at("struct").where)
    return m.Chain(
        host=n.text("struct"),
        next=n.number("next"),
        status=n.number("status"),
        words=tuple(n.number(key) for key in m.CHAIN_WORDS),
        doc=n.text("doc"),
        where=n.name_where,
        source=n,
    )
