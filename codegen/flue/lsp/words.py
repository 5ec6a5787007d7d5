# SPDX-License-Identifier: BSD-2-Clause
"""What an editor shows beside a name: what it is, the row of the table that it stands in."""

from __future__ import annotations

from flue.backends.docs import table
from flue.model import Object, Target

from .language import described
from .study import Declaration, Study

WIDTH = 100
MOST_LINES = 12  # of what stands under a name


def hover(study: Study, file: str, line: int, column: int) -> str | None:
    """As Markdown; None where no name is."""
    made = next(iter(study.declarations_at(file, line, column)), None)
    if made is None:
        return _word(study, file, line, column)
    head = f"**{made.sort} `{made.name}`**" + (f": {made.doc}" if made.doc else "")
    rows = _rows(study, made, file, line, column)
    shown = "\n".join(rows) if rows else "\n".join(_text(study, made))
    return f"{head}\n\n```{'text' if rows else 'yaml'}\n{shown}\n```"


def _word(study: Study, file: str, line: int, column: int) -> str | None:
    """Of the language: what the schema says where it stands."""
    use = study.use_at(file, line, column)
    doc = described(study.trees[file], use.where) if use and use.name in use.known else ""
    return f"**`{use.name}`**: {doc}" if use and doc else None


def _rows(study: Study, made: Declaration, file: str, line: int, column: int) -> list[str]:
    """Of a state all that it decides; of an event, in a state's `when`, what that state decides."""
    target = study.work.target
    obj = _object(target, made.where.file if made.sort == "state" else file)
    if target is None or obj is None:
        return []
    if made.sort == "state":
        states = [s for s in obj.states if s.as_written == made.name]
        return [row for s in states for row in table.state_rows(target, obj, s, WIDTH)]
    if made.sort in ("event", "operation"):
        cells = _cells_at(obj, made.name, line)
        return [row for c in cells for row in table.cell_rows(c, len(c.event) + 2, WIDTH)]
    return []


def _object(target: Target | None, file: str) -> Object | None:
    objects = target.sound_objects if target else ()
    return next((o for o in objects if o.file == file), None)


def _cells_at(obj: Object, event: str, line: int):
    """The cells that a `when` of this line decides: those of the state that it stands in."""
    before = [s for s in obj.states if s.where.line <= line]
    if not before or line == before[-1].where.line:
        return []
    return [obj.cell(before[-1].name, event)]


def _text(study: Study, made: Declaration) -> list[str]:
    """What stands under a name, as it is written."""
    lines = study.lines(made.where.file)[made.where.line - 1 :]
    depth = len(lines[0]) - len(lines[0].lstrip()) if lines else 0
    shown = lines[:1]
    for line in lines[1:MOST_LINES]:
        if line.strip() and len(line) - len(line.lstrip()) <= depth:
            break
        shown.append(line)
    return [line[depth:] for line in shown if line.strip()]
