# SPDX-License-Identifier: BSD-2-Clause
"""The node file -> Node: layouts of what the host passes, and how to tell a node's role."""

from __future__ import annotations

import re

from flue import model as m
from flue.model.types import built_in
from flue.syntax.tree import Located

from .namespace import Names
from .reserved import check_host, check_reserved
from .scope import Scope, declare
from .transfers import chain

_POINTED = ("node", "void", "u64")
_POINTER = re.compile(r"([a-z][a-z0-9_]*?)(\*+)(?:\[[1-9][0-9]*\])?\Z")


def resolve_node(scope: Scope) -> m.Node:
    tree = scope.node
    structs = declare(scope.report, "struct", tree.get("structs"))
    layouts = declare(scope.report, "layout", tree.get("layout"))
    members = [_member(scope, k, n, structs, layouts) for k, n in tree.items("members")]
    for name, where in tree.at("members").keys.items() if tree.get("members") else ():
        check_reserved(scope.report, "member", name, where)
    _check_operations(scope, tree)
    return m.Node(
        name=tree.text("node"),
        layouts=tuple(
            m.Struct(
                name=name,
                host=n.text("struct") or name.upper(),
                bytes=n.number("bytes"),
                members=tuple(x for x in members if not x.layouts or name in x.layouts),
                where=n.name_where,
                doc=n.text("doc"),
                source=n,
            )
            for name, n in tree.items("layout")
        ),
        structs=tuple(_struct(scope, k, n, structs) for k, n in tree.items("structs")),
        roles=tuple(_role(n) for n in tree.each("roles")),
        doc=tree.text("doc"),
        file=tree.where.file,
        word_bytes=scope.word_bytes,
        chain=chain(scope),
        where=tree.at("node").where,
        source=tree,
    )


def _member(scope: Scope, name: str, n: Located, structs: Names, layouts: Names) -> m.Member:
    if n.get("host") is not None:
        check_host(scope.report, n.text("host"), n.at("host").where)
    return m.Member(
        name=name,
        type=_type(scope, n, structs),
        host=n.text("host"),
        at=n.number("at"),
        role=n.text("role", "host"),
        layouts=layouts.find_all(n.each("in")),
        null_after=scope.operations.find_all(n.each("null_after")),
        where=n.name_where,
        doc=n.text("doc"),
        value=n.number("value") if n.get("value") else None,
        source=n,
    )


def _type(scope: Scope, n: Located, structs: Names) -> str:
    node = n.get("type")
    if node is None:
        return "u32"
    name = str(node.value)
    pointer = _POINTER.match(name)
    if pointer:
        structs.mention(node.where, pointer[1], _POINTED)
        if pointer[1] not in _POINTED and pointer[1] not in structs:
            structs.unknown(node.where, pointer[1], _POINTED[:2])
    elif built_in(name) is None:
        scope.type_names.unknown(node.where, name)
    return name


def _struct(scope: Scope, name: str, n: Located, structs: Names) -> m.Struct:
    empty = Names(scope.report, "layout")
    return m.Struct(
        name=name,
        host=n.text("struct") or name.upper(),
        bytes=n.number("bytes"),
        members=tuple(_member(scope, k, x, structs, empty) for k, x in n.items("members")),
        where=n.name_where,
        doc=n.text("doc"),
        source=n,
    )


def _role(n: Located) -> m.RoleRule:
    return m.RoleRule(
        role=n.text("role"),
        pointer=n.text("pointer") or None,
        value=n.text("value") or None,
        state_follows=n.text("state_follows"),
        where=n.where,
        doc=n.text("doc"),
        source=n,
    )


def _check_operations(scope: Scope, tree: Located) -> None:
    for name, _ in tree.items("state_used"):
        scope.operations.knows(tree.at("state_used").keys[name], name)
