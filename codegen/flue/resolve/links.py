# SPDX-License-Identifier: BSD-2-Clause
"""Links of an object: `links`, or `links_to`, which is short for one by the node above."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flue import model as m
from flue.diagnostics import Report
from flue.model import Where
from flue.syntax.tree import Located

from .namespace import Names
from .reserved import check_reserved
from .scope import Scope

PARENT = "parent"


def link_names(tree: Located) -> dict[str, Where]:
    """The names of an object's links, and where they are told; also those that are wrong."""
    short = tree.get("links_to", "object")
    found = {str(short.value): short.where} if short is not None else {}
    section = tree.get("links")
    return {**found, **(section.keys if section is not None else {})}


def linked_objects(tree: Located) -> dict[str, str]:
    """What each link leads to, as it is written."""
    short = tree.get("links_to", "object")
    found = {str(short.value): str(short.value)} if short is not None else {}
    return {**found, **{name: n.text("to") for name, n in tree.items("links")}}


def mention_linked(
    report: Report, node: Located, links_: Iterable[str], of: Mapping[str, Where | None]
) -> None:
    """out_sa.hw_id is two names: that of a link, and that of a variable of what it leads to."""
    link, _, name = str(node.value).rpartition(".")
    variables = Names(report, "variable")
    variables.known.update(of)
    Names(report, "link", links_).mention(node.part(0), link)
    variables.mention(node.part(1), name)


def along(scope: Scope, where: Located | None) -> tuple[str, ...] | None:
    """The links along which marks count: none, all (None), or those of some names, of whatever kinds."""
    if where is None or where.value == "here":
        return ()
    if where.value == "along_links":
        return None
    known = (name for tree in scope.objects.values() for name in link_names(tree))
    return Names(scope.report, "link", known).find_all(where.each())


def links(scope: Scope, tree: Located, variables: dict[str, m.Variable]) -> tuple[m.Link, ...]:
    """Its links, that by the node above first: it is the one the runtime looks at most."""
    found = [*_short(scope, tree)]
    section = tree.get("links")
    if section is not None and tree.get("links_to") is not None:
        text = '"links_to" beside "links": it is short for one of them'
        scope.report.error(tree.keys["links_to"], "conflicting-keys", text)
    for name, n in section.items() if section is not None else ():
        check_reserved(scope.report, "link", name, n.name_where)
        found.append(_link(scope, name, n, variables))
    return tuple(sorted(found, key=lambda link: link.by is not None))


def _short(scope: Scope, tree: Located) -> tuple[m.Link, ...]:
    n = tree.get("links_to")
    to = scope.object_names.find(tree.get("links_to", "object"))
    if n is None or to is None:
        return ()
    return (m.Link(to, to, None, _relinked_by(scope, n), False, n.at("object").where, source=n),)


def _link(scope: Scope, name: str, n: Located, variables: dict[str, m.Variable]) -> m.Link:
    by = Names(scope.report, "variable", variables).find(n.get("by"), (PARENT,))
    _check_relinked_by(scope, name, n, by)
    return m.Link(
        name=name,
        to=scope.object_names.find(n.get("to")) or "",
        by=None if by == PARENT else by,
        relinked_by=_relinked_by(scope, n) if by == PARENT else None,
        optional=n.get("optional") is not None,
        where=n.name_where,
        doc=n.text("doc"),
        source=n,
    )


def _check_relinked_by(scope: Scope, name: str, n: Located, by: str | None) -> None:
    """Of one by the node above it is to be said; where `by` is not known it may be either."""
    if by == PARENT and "relinked_by" not in n.keys:
        text = f'"{name}" lacks the key "relinked_by"'
        scope.report.missing(n.name_where, "missing-key", "relinked_by", text)
    elif by not in (None, PARENT) and "relinked_by" in n.keys:
        text = f'"relinked_by" beside a handle: "{name}" moves wherever "{by}" is brought'
        scope.report.error(n.keys["relinked_by"], "conflicting-keys", text)


def _relinked_by(scope: Scope, n: Located) -> str | None:
    found = scope.operations.find(n.get("relinked_by"), ("nothing",))
    return None if found == "nothing" else found
