# SPDX-License-Identifier: BSD-2-Clause
"""Located trees -> model. All names are looked up here, and every unknown one is reported."""

from __future__ import annotations

from dataclasses import dataclass

from flue import model as m
from flue.diagnostics import Report
from flue.syntax.tree import Located

from . import events, target
from .commands import check_timeouts
from .contexts import contexts, runs_in
from .machine import conditions, defaults
from .namespace import Names, say_where_else
from .natural_layout import lay_out
from .node import resolve_node
from .object import resolve_object
from .reserved import check_reserved
from .scope import Scope
from .transition_table import Declarations
from .uniqueness import check_unique


@dataclass
class Files:
    """The trees of one spec folder."""

    target: Located
    node: Located
    objects: list[Located]
    names: tuple[str, ...]  # all files, as given


def resolve(files: Files, report: Report) -> m.Target:
    """The model. Where the report has errors it has holes: the compiler poisons what has them."""
    tree = files.target
    scope = Scope(report, tree, files.node, _in_layer_order(files, report))
    check_reserved(report, "target", tree.text("target"), tree.at("target").where)
    check_reserved(report, "node", files.node.text("node"), files.node.at("node").where)
    target.resolve_types(scope)
    events.check_names(scope)
    declared = Declarations(target.operations(scope), defaults(scope, scope.conditions))
    objects = tuple(
        resolve_object(scope, i, name, obj, declared)
        for i, (name, obj) in enumerate(scope.objects.items())
    )
    check_unique(scope)
    check_timeouts(scope)
    target_ = m.Target(
        name=tree.text("target"),
        doc=tree.text("doc"),
        structs=tree.at("abi").text("structs", "natural") if tree.get("abi") else "natural",
        word_bytes=tree.at("abi").number("word_bytes", 8) if tree.get("abi") else 8,
        states_align=tree.at("abi").number("states_align") if tree.get("abi") else 8,
        parameters=target.parameters(scope),
        types=tuple(scope.types.values()),
        statuses=target.statuses(scope),
        operations=declared.operations,
        stale_handle=scope.statuses.find(tree.get("stale_handle")) or "",
        marks=target.marks(scope),
        conditions=conditions(scope, tree.get("conditions"), None, {}, scope.conditions, {}),
        unusable=target.unusable(scope),
        defaults=declared.defaults,
        modes=target.modes(scope),
        calls=target.calls(scope),
        indications=target.indications(scope),
        objects=objects,
        contexts=contexts(scope),
        node=resolve_node(scope),
        files=files.names,
        file=tree.where.file,
        where=tree.at("target").where,
        source=tree,
    )
    by_defaults = {arm.to for d in declared.defaults for arm in d.arms if arm.to}
    say_where_else(report, by_defaults)
    return lay_out(runs_in(scope, target_), report)


def _in_layer_order(files: Files, report: Report) -> dict[str, Located]:
    """Objects by name, in the order the target lists them; each must have exactly one file."""
    known = Names(report, "object")
    by_name: dict[str, Located] = {}
    for tree in files.objects:
        name = tree.at("object")
        known.declare(name.value, name.where)
        check_reserved(report, "object", name.value, name.where)
        by_name.setdefault(name.value, tree)
    ordered: dict[str, Located] = {}
    for item in files.target.each("objects"):
        if item.value in ordered:
            report.error(item.where, "clashing-name", f'object "{item.value}" is listed twice')
        elif known.find(item) is not None:
            ordered[item.value] = by_name[item.value]
    for unlisted, tree in by_name.items():
        if unlisted not in ordered:
            if len(ordered) < len(files.target.each("objects")):  # one of those, by its old name
                report.explain({unlisted})
            text = f'object "{unlisted}" is not listed under "objects" of {files.target.where.file}'
            report.missing(
                tree.at("object").where, "unknown-name", unlisted, text, "before what links to it"
            )
            ordered = {unlisted: tree, **ordered}  # first, so that nothing is said of their order
    return ordered
