# SPDX-License-Identifier: BSD-2-Clause
"""A model as a flat list of facts, each at a path: object sa, command add_sa, carries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from flue.model import (
    Cell,
    Chain,
    ClassLayout,
    DEVICE,
    MACHINE,
    PlanRule,
    Target,
    Type,
    Variable,
    Where,
)
from flue.model.describe import action

from .audiences import BEHAVIOUR, DRIVER, NOBODYS, ROWS, Row, rows

Path = tuple[str, ...]


@dataclass(frozen=True)
class Fact:
    path: Path
    text: str  # empty: that it is there is all there is to say
    rows: tuple[Row, ...]  # for each whom it concerns
    where: Where


def facts(target: Target) -> dict[Path, Fact]:
    return {fact.path: fact for fact in _members((), target, target.where)}


def _members(path: Path, thing: Any, where: Where) -> Iterator[Fact]:
    for member in (f.name for f in fields(thing)):
        asked = rows(type(thing), member)
        if not asked:
            continue
        if isinstance(thing, Variable):
            asked = _of_variable(thing, asked)
        value = getattr(thing, member)
        at = thing.place(member) or where
        if not asked[0].each:
            yield Fact((*path, member), text(value), asked, at)
            continue
        for part in value if isinstance(value, tuple) else (value,):
            if part is not None:
                yield from _part(path, part, asked, at)


def _part(path: Path, part: Any, asked: tuple[Row, ...], where: Where) -> Iterator[Fact]:
    """One of several: that it is there, and what there is to say of it."""
    if isinstance(part, Cell) and not part.possible:
        return
    if isinstance(part, Variable):
        asked = _of_variable(part, asked)
    here = (*path, f"{asked[0].each} {_key(part)}".rstrip())
    where = getattr(part, "where", None) or where
    if type(part) in ROWS:
        yield Fact(here, "", asked, where)
        yield from _members(here, part, where)
    else:
        said = part[1] if isinstance(part, tuple) else part
        yield Fact(here, "" if isinstance(part, str) else text(said), asked, where)


def _of_variable(variable: Variable, asked: tuple[Row, ...]) -> tuple[Row, ...]:
    """What is in none of the host's structures is no matter of the host's."""
    if variable.klass == DEVICE:
        return tuple(replace(x, party=DRIVER) for x in asked)
    if variable.klass == MACHINE:
        return tuple(replace(x, party=BEHAVIOUR, added=False, removed=False) for x in asked)
    return asked


def _key(part: Any) -> str:
    if isinstance(part, Cell):
        return f"{part.event} in {part.state}"
    if isinstance(part, ClassLayout):
        return part.klass
    if isinstance(part, Chain):
        return ""  # there is one
    return part[0] if isinstance(part, tuple) else getattr(part, "name", part)


def text(value: Any) -> str:
    """A value in words, without places: only what it says counts."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value in (None, (), ""):
        return "none"
    if isinstance(value, Type):
        return value.name
    if isinstance(value, Cell):
        return "; ".join(_arm(arm) for arm in value.arms)
    if isinstance(value, tuple):
        return ", ".join(_one(v) for v in value)
    return _said(value) if is_dataclass(value) else str(value)


def _one(part: Any) -> str:
    """Of several; one that has a name and a value is a pair."""
    return " ".join(text(v) for v in part) if isinstance(part, tuple) else text(part)


def _arm(arm) -> str:
    again = f", {arm.retry} times at most" if arm.retry else ""
    return (f"if {arm.condition}: " if arm.condition else "") + action(arm) + again


def _said(thing: Any) -> str:
    """Each member of a small part that says something."""
    skipped = NOBODYS | {"owner", "lines", "written"}
    named = getattr(thing, "plans", ()) if isinstance(thing, PlanRule) else ()
    parts = [f"of {name}" for name in named]
    for f in fields(thing):
        value = getattr(thing, f.name)
        if f.name not in skipped and value not in (None, (), False, f.default):
            parts.append(f"{f.name} {text(value)}")
    return " ".join(parts)
