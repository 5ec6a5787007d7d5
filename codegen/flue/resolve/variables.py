# SPDX-License-Identifier: BSD-2-Clause
"""Layouts, variables and flags of an object."""

from __future__ import annotations

from flue.model.describe import an
from flue import model as m
from flue.syntax.tree import Located

from .links import link_names, linked_objects
from .namespace import Names
from .reserved import check_host, check_reserved
from .scope import Scope

LINK = "link"


def layouts(tree: Located) -> tuple[m.ClassLayout, ...]:
    def of(k: str, n: Located) -> m.ClassLayout:
        struct = n.text("struct") or f"{tree.text('object')}_{k}".upper()
        return m.ClassLayout(k, struct, n.number("bytes"), n.name_where, n.text("doc"), source=n)

    return tuple(of(k, n) for k, n in tree.items("layout"))


def variables(scope: Scope, tree: Located, variants: tuple[str, ...]) -> tuple[m.Variable, ...]:
    """All variables, const ones first; their names and their flags' are one namespace."""
    names = Names(scope.report, "variable")
    # Commands carry linked objects under the names of the links.
    names.known.update(link_names(tree))
    found = []
    for klass in m.VARIABLE_CLASSES:
        section = tree.get("variables", klass)
        for name, n in section.items() if section is not None else ():
            assert section is not None
            names.declare(name, section.keys[name])
            check_reserved(scope.report, "variable", name, section.keys[name])
            found.append(_variable(scope, name, klass, n, variants, names))
        has_layout = section is not None and klass in m.HOST_CLASSES
        if has_layout and tree.get("layout") and klass not in tree.at("layout").keys:
            text = f'"layout" lacks the key "{klass}", and there are variables of that class'
            scope.report.missing(tree.at("layout").name_where, "missing-key", klass, text)
    return tuple(found)


def _variable(
    scope: Scope, name: str, klass: str, n: Located, variants: tuple[str, ...], names: Names
) -> m.Variable:
    type_ = scope.type(n.get("type"))
    if klass == m.DEVICE and type_.kind != "value":
        text = f"{an(type_.name)} is no number that hardware could choose"
        scope.report.error(n.at("type").where, "wrong-type", text)
    if klass == m.MACHINE and not type_.number:
        text = f"{an(type_.name)} is no number that an arm could set"
        scope.report.error(n.at("type").where, "wrong-type", text)
    _check_shape(scope, n, type_, variants)
    if n.get("host") is not None:
        check_host(scope.report, n.text("host"), n.at("host").where)
    known = Names(scope.report, "variant", variants, note="" if variants else ": it has none")
    return m.Variable(
        name=name,
        klass=klass,
        type=type_,
        host=name if klass in m.OBJECTS_CLASSES else n.text("host"),
        at=n.number("at"),
        bits=_bits(scope, n, type_),
        flags=_flags(scope, n, names),
        only=known.find(n.get("only")),
        operations=scope.operations.find_all(n.each("in")),
        unit=scope.unit(n.get("unit")) or type_.unit,
        doc=n.text("doc"),
        where=n.name_where,
        secret=n.get("secret") is not None,
        keep=n.get("keep") is not None,
        source=n,
    )


def _bits(scope: Scope, n: Located, type_: m.Type) -> tuple[int, int] | None:
    node = n.get("bits")
    if node is None:
        return None
    first, last = (int(x) for x in node.value.split(".."))
    width = type_.bytes * 8
    if not type_.number or type_.signed:
        scope.report.error(node.where, "wrong-type", f"{an(type_.name)} has no bits of its own")
    elif first > last or last >= width:
        text = f'"bits" must be first..last within 0..{width - 1} of {an(type_.name)}'
        scope.report.error(node.where, "wrong-type", text)
    else:
        for name, value in type_.enum:
            if value >> last - first + 1:
                text = f'"{name}" of {type_.name} ({value}) does not fit these bits'
                scope.report.error(node.where, "wrong-type", text)
    return first, last


def _check_shape(scope: Scope, n: Located, type_: m.Type, variants: tuple[str, ...]) -> None:
    """Flags are bits of one number; a followed pointer tells its length for each variant."""
    for section in ("flags", "pulses"):
        if n.get(section) is not None and not type_.number:
            where = n.at(section).name_where
            scope.report.error(where, "wrong-type", f"{an(type_.name)} has no {section}")
    told = [name for name, _ in type_.variant_bytes]
    absent = [v for v in variants if v not in told]
    if type_.kind == "pointer" and (absent or not variants):
        lacking = f"how many for {absent[0]}" if absent else "and the object has no variants"
        text = f'{type_.name} names bytes by variant, {"but not " if absent else ""}{lacking}'
        scope.report.error(n.at("type").where, "wrong-type", text)


def _flags(scope: Scope, n: Located, names: Names) -> tuple[m.Flag, ...]:
    found = []
    for section, pulse in (("flags", False), ("pulses", True)):
        for name, flag in n.items(section):
            where = n.at(section).keys[name]
            names.declare(name, where)
            check_reserved(scope.report, "variable", name, where)
            mask = flag.value if flag.kind == "number" else flag.number("mask")
            found.append(m.Flag(name, mask, pulse, where, flag.text("doc"), source=flag))
    return tuple(found)


def carried_names(
    scope: Scope, tree: Located, variables_: tuple[m.Variable, ...], classes: bool = True
) -> Names:
    """What a command may carry, or (without classes) what may change."""
    known = [*m.HOST_CLASSES, m.DEVICE, *_linked_names(scope, tree)] if classes else []
    links = link_names(tree)
    known += [LINK, *links] if links else []
    for klass, section in tree.items("variables"):
        if klass != m.MACHINE:  # the hardware knows nothing of those
            known += section.keys  # also those whose declaration is wrong
    for v in variables_:
        known += [f.name for f in v.flags]
    kinds = ["variable", "flag", *(["link"] if links else []), *(["class"] if classes else [])]
    kind = " or ".join([", ".join(kinds[:-1]), kinds[-1]])
    dotted = "of what a link leads to a command carries numbers of the device only"
    if not classes:
        dotted = "an update compares what is the object's own"
    return Names(scope.report, kind, known, dotted=dotted, others=_others(tree, known))


def _linked_names(scope: Scope, tree: Located) -> list[str]:
    """The device's variables of what it links to, as a command carries them: out_sa.hw_id."""
    found = []
    for link, to in linked_objects(tree).items():
        below = scope.objects.get(to)
        found += (
            [f"{link}.{name}" for name in below.names("variables", m.DEVICE)]
            if below is not None
            else []
        )
    return found


def returned_names(scope: Scope, tree: Located) -> Names:
    """What the answer to a command may bring; also where the declaration is wrong."""
    names = [*tree.names("variables", "delegated"), *tree.names("variables", m.DEVICE)]
    kind = "class, delegated or device variable"
    return Names(scope.report, kind, [*m.CLASSES, m.DEVICE, *names], others=_others(tree, names))


def _others(tree: Located, known: list[str]) -> dict[str, str]:
    """Variables that are not what is looked for, and why not."""
    sections = tree.items("variables")
    return {v: f"it is of the class {k}" for k, s in sections for v in s.keys if v not in known}
