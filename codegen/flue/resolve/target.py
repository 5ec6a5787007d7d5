# SPDX-License-Identifier: BSD-2-Clause
"""The target file -> types, statuses, operations, marks, modes, indications."""

from __future__ import annotations

from flue import model as m
from flue.model.types import c_integer
from flue.syntax.tree import Located

from .contexts import context_of
from .dependents import reached, with_dependents
from .links import along
from .namespace import Names
from .reserved import check_reserved
from .scope import Scope, declare


def resolve_types(scope: Scope) -> None:
    """Fill scope.types; done first, because nearly everything has a type."""
    for name, node in scope.target.items("types"):
        base = node.text("is", "u32")
        variant_bytes = tuple((v, n.value) for v, n in node.items("bytes"))
        for variant, _ in node.items("bytes"):
            scope.variants.knows(node.at("bytes").keys[variant], variant)
        kind = "age" if node.get("kept_as") else "value"
        if base == "pointer":
            kind = "opaque" if node.get("opaque") else "pointer"
            _check_pointer(scope, node, bool(variant_bytes))
        scope.types[name] = type_ = m.Type(
            name=name,
            c="void *" if base == "pointer" else c_integer(base),
            bytes=scope.word_bytes if base == "pointer" else int(base[1:]) // 8,
            kind=kind,
            variant_bytes=variant_bytes,
            enum=tuple((n, v.value) for n, v in node.items("enum")),
            none=node.at("none").value if node.get("none") else None,
            unit=scope.unit(node.get("unit")),
            byte_order=node.text("byte_order"),
            doc=node.text("doc"),
            where=node.name_where,
            source=node,
        )
        _check_values(scope, node, type_, base)


def _check_values(scope: Scope, node: Located, type_: m.Type, base: str) -> None:
    """A pointer has no values to name; an age is counted in 32 bits."""
    for key in ("none", "enum"):
        if base == "pointer" and node.get(key) is not None:
            where = node.at(key).name_where
            scope.report.error(where, "wrong-type", f'a pointer has no "{key}"')
    if type_.kind == "age" and base != "u32":
        text = f'"kept_as" needs u32, the width of moments, not {base}'
        scope.report.error(node.at("kept_as").where, "wrong-type", text)
    for key in ("kept_as", "opaque", "bytes"):
        if node.get(key) is not None and (key == "kept_as") == (base == "pointer"):
            text = f'"{key}" says nothing of {"a pointer" if base == "pointer" else base}'
            scope.report.error(node.at(key).where, "wrong-type", text)


def _check_pointer(scope: Scope, node: Located, followed: bool) -> None:
    if followed == bool(node.get("opaque")):
        text = "a pointer is either opaque or says how many bytes it names (bytes)"
        scope.report.error(node.name_where, "wrong-type", text)


def parameters(scope: Scope) -> tuple[m.Parameter, ...]:
    return tuple(
        m.Parameter(name, scope.type(n.get("type")), n.text("doc"), n.name_where, source=n)
        for name, n in scope.target.items("parameters")
    )


def statuses(scope: Scope) -> tuple[m.Status, ...]:
    found = tuple(
        m.Status(
            name=name,
            index=i,
            value=n.number("value") if n.get("value") and n.at("value").kind == "number" else None,
            host=n.text("host"),
            good=bool(n.get("good") and n.at("good").value),
            driver_only=n.text("only") == "driver",
            doc=n.text("doc"),
            where=n.name_where,
            source=n,
        )
        for i, (name, n) in enumerate(scope.target.items("statuses"))
    )
    if found and not any(s.good and s.value is not None and not s.driver_only for s in found):
        text = "no status is good: no operation could ever succeed"
        where = scope.target.keys["statuses"]
        hint = "good: true on the one that says so"
        scope.report.missing(where, "no-good-status", "good", text, hint)
    return found


def _roll_up(scope: Scope, table: Located | None) -> tuple[m.RollUp, ...]:
    if table is None:
        return ()
    return tuple(
        m.RollUp(
            role=line.text("role"),
            own=line.text("own") or None,
            dependents=line.text("dependents") or None,
            status=scope.statuses.find(line.get("status"), ("own",)) or "own",
            where=line.where,
            source=line,
        )
        for line in table.each()
    )


def _results(scope: Scope, node: Located) -> tuple[tuple[str, str], ...]:
    found = []
    for result, status in node.items("results"):
        scope.results.knows(node.at("results").keys[result], result, ("others",))
        found.append((result, scope.statuses.find(status) or ""))
    return tuple(found)


def operations(scope: Scope) -> tuple[m.Operation, ...]:
    common = scope.target.get("roll_up")
    found = []
    for i, (name, n) in enumerate(scope.target.items("operations")):
        about = scope.object_names.find_all(n.each("about"))
        dependents = n.text("reaches") == "dependents"
        returns = () if dependents else tuple(c.value for c in n.each("returns"))
        if dependents and not about:
            about = with_dependents(scope)
        found.append(
            m.Operation(
                name=name,
                index=i,
                completion=n.text("completion"),
                reaches="reference" if dependents else n.text("reaches", "reference"),
                order=n.text("order", "any"),
                parent_failed=scope.statuses.find(n.get("parent_failed")),
                brings=() if dependents else tuple(c.value for c in n.each("brings")),
                returns="asked" if returns == ("asked",) else returns,
                statuses=scope.statuses.find_all(n.each("statuses")),
                results=_results(scope, n),
                roll_up=_roll_up(scope, n.get("roll_up") or common),
                state_used=_used(scope, name) if scope.node.get("state_used") else "any",
                null_after=_null_after(scope, name),
                doc=n.text("doc"),
                where=n.name_where,
                about=about,
                others=scope.statuses.find(n.get("others")),
                dependents=dependents,
                reached=reached(scope, about) if dependents else (),
                together=n.get("together") is not None,
                aborted=scope.statuses.find(n.get("aborted")),
                keeps=scope.object_names.find_all(n.each("keeps")),
                runs_in=context_of(scope, n, "runs_in", "operations"),
                completed_in=context_of(scope, n, "completed_in", "completions"),
                source=n,
            )
        )
    return tuple(found)


def _used(scope: Scope, operation: str) -> str:
    found = scope.node.get("state_used", operation)
    if found is None:
        section = scope.node.at("state_used")
        if operation not in section.keys:
            text = f'"state_used" lacks the operation "{operation}"'
            hint = f"{operation}: what it brings or returns, or none"
            scope.report.missing(section.name_where, "missing-key", operation, text, hint)
    return "any" if found is None else found.value


def _null_after(scope: Scope, operation: str) -> tuple[str, ...]:
    members = scope.node.items("members")
    return tuple(k for k, n in members if operation in [x.value for x in n.each("null_after")])


def marks(scope: Scope) -> tuple[m.Mark, ...]:
    return tuple(
        m.Mark(name, i, n.text("ends", "with_object"), n.text("doc"), n.name_where, source=n)
        for i, (name, n) in enumerate(scope.target.items("marks"))
    )


def unusable(scope: Scope) -> m.Unusable:
    n = scope.target.get("unusable")
    if n is None:
        return m.Unusable((), (), (), ())
    return m.Unusable(
        marks=scope.marks.find_all(n.each("marked")),
        along=along(scope, n.get("where")),
        hardware=tuple(h.value for h in n.each("hardware")),
        busy=scope.operations.find_all(n.each("busy"), ("nobody",)),
        where=n.name_where,
        source=n,
    )


def modes(scope: Scope) -> tuple[m.Mode, ...]:
    found = []
    for name, n in scope.target.items("modes"):
        refuse = []
        for operation, status in n.items("refuse"):
            scope.operations.knows(n.at("refuse").keys[operation], operation)
            refuse.append((operation, scope.statuses.find(status) or ""))
        found.append(
            m.Mode(
                name=name,
                enter=scope.indications.find(n.get("enter")),
                leave=scope.indications.find(n.get("leave")),
                refuse=tuple(refuse),
                hold=scope.operations.find_all(n.each("hold")),
                resets_all=n.get("resets") is not None,
                where=n.name_where,
                doc=n.text("doc"),
                source=n,
            )
        )
    return tuple(found)


PASSED = ("object_handle", "target_handle", "code", "detail", "data", "node")


def calls(scope: Scope) -> tuple[m.Call, ...]:
    declare(scope.report, "call", scope.target.get("calls"))
    structs = scope.node.get("structs")
    known = Names(scope.report, "parameter", PASSED)
    known.known.update(structs.keys if structs else {})
    return tuple(
        m.Call(
            name,
            known.find_all(n.each("passes")),
            n.text("doc"),
            n.name_where,
            context_of(scope, n, "runs_in", "calls"),
            source=n,
        )
        for name, n in scope.target.items("calls")
    )


def _call(scope: Scope, node: Located) -> str:
    """The call an indication is made by; it must be declared, so that its shape is known."""
    section = scope.target.get("calls")
    known = Names(scope.report, "call", section.keys if section else ())
    return known.find(node.get("call")) or ""


def indications(scope: Scope) -> tuple[m.Indication, ...]:
    return tuple(
        m.Indication(
            name=name,
            index=i,
            call=_call(scope, n),
            about=scope.object_names.find(n.get("about"), ("target",)) or "target",
            code=n.number("code"),
            reasons=tuple((r, v.value) for r, v in n.items("reasons")),
            carries=n.text("carries") or None,
            host_answers=_host_answers(scope, n),
            argument=_argument(scope, n),
            doc=n.text("doc"),
            where=n.name_where,
            source=n,
        )
        for i, (name, n) in enumerate(scope.target.items("indications"))
    )


def _argument(scope: Scope, node: Located) -> str | None:
    name = node.get("argument")
    if name is None:
        return None
    check_reserved(scope.report, "argument", str(name.value), name.where)
    return str(name.value)


def _host_answers(scope: Scope, node: Located) -> str | None:
    about = scope.objects.get(node.text("about"))
    if node.get("host_answers") is None:
        return None
    names = Names(scope.report, "variable", note=f' of object "{node.text("about")}"')
    if about is not None:
        for _, variables in about.items("variables"):
            names.known.update(variables.keys)
    return names.find(node.get("host_answers"))
