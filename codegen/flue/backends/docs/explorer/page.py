# SPDX-License-Identifier: BSD-2-Clause
"""The page of a target: one file that needs no other and asks no network.

Everything that a spec says is escaped by the templates; and a browser is told, by the hash of the one
script, that no other may run.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from flue import files
from flue.backends.templating import environment
from flue.model import Cell, Condition, Object, State, Target
from flue.model.describe import links, sort_of, status
from flue.model.handing import REASONS, fates, in_words, says
from flue.model.host_memory import host_structures
from flue.model.queries import never_happens, planning

from . import diagrams, facts
from .anchors import Anchors, anchor
from .drawing import boxes, lain, rows
from .folded import folded, whole
from .words import said

if TYPE_CHECKING:
    from jinja2 import Template

HERE = Path(__file__).parent / "templates"


def write(target: Target, out: str | Path) -> Path:
    """The target's page in a folder; it is left alone if nothing changed."""
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{target.name}.html"
    files.write_if_changed(str(path), render(target))
    return path


def render(target: Target) -> str:
    from markupsafe import Markup

    script = (HERE / "page.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    anchors = Anchors(target)
    return _template().render(
        t=target,
        a=anchors,
        anchor=anchor,
        facts=facts,
        sort_of=sort_of,
        links=links,
        planning=planning,
        status_words=status,
        fates=fates,
        in_words=in_words,
        reasons=REASONS,
        says=says,
        said=lambda obj, arm: said(anchors, obj, arm),
        rows=lambda obj, state: _rows(target, obj, state),
        zip=zip,
        condition=_condition,
        givers=facts.givers(target),
        structures=[(s, x, rows(x), boxes(x)) for s in host_structures(target) for x in [lain(s)]],
        kinds=Markup(diagrams.kinds(target)),
        machines={o.name: [Markup(x) for x in _machines(anchors, o)] for o in target.objects},
        sources=_sources(target),
        style=Markup((HERE / "page.css").read_text(encoding="utf-8")),
        script=Markup(script),
        digest=digest,
    )


def _template() -> Template:
    return environment(HERE, autoescape=True).get_template("page.html.j2")


def _machines(anchors: Anchors, obj: Object) -> list[str]:
    """A machine without its busy states, and with them."""
    return [diagrams.machine(anchors, obj, ways) for ways in (folded(obj), whole(obj))]


def _rows(target: Target, obj: Object, state: State) -> tuple[list[Cell], list[str]]:
    """What may reach a state, and by name what cannot."""
    cells = [obj.cell(state.name, event) for event in target.events_of(obj)]
    may = [c for c in cells if c.possible and not never_happens(target, obj, state, c.event)]
    return may, [c.event for c in cells if c not in may]


def _condition(condition: Condition) -> str:
    """What a condition says, and how the spec says it."""
    file, line = (condition.where.file, condition.where.line) if condition.where else ("", 0)
    written = Path(file).read_text(encoding="utf-8").split("\n")[line - 1].strip() if file else ""
    return f"{condition.doc} {written}"


def _sources(target: Target) -> list[tuple[str, list[str]]]:
    """The spec's files by name, as lines."""
    read = (Path(file).read_text(encoding="utf-8").split("\n") for file in target.files)
    return [(PurePath(f).name, text) for f, text in zip(target.files, read)]
