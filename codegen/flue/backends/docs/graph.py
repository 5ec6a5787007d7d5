# SPDX-License-Identifier: BSD-2-Clause
"""`flue graph`: one diagram per object, as SVG (through graphviz), dot or mermaid.

Drawn is what moves an object or answers for it. Refusals, deferrals and events that change nothing
are left out, and the picture says so: `flue table` has them all.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from flue.model import Arm, Cell, Handling, Object, State, Target
from flue.model.c_names import word
from flue.model.describe import links, sort_of
from flue.model.handing import in_state, in_words

SUFFIX = {"svg": "svg", "dot": "dot", "mermaid": "mmd"}
LEGEND = (
    "box: at rest (green: in hardware, red: perhaps); ellipse: busy; dashed ellipse: restoring",
    "gray arrows: by default",
)
LEFT_OUT = "left out: refusals, deferrals and events that change nothing (see flue table)"


class GraphError(Exception):
    """A diagram cannot be made; the text says why and what to do."""


@dataclass(frozen=True)
class Edge:
    """One drawn arm; `default` ones are drawn in gray."""

    start: str
    to: str
    label: str
    default: bool
    cell: Cell = field(compare=False)
    arm: Arm = field(compare=False)


def texts(target: Target, format: str) -> dict[str, str]:
    """A diagram per object, by the object's name: dot (for SVG, too) or mermaid."""
    if format not in SUFFIX:
        raise GraphError(f'no such format: "{format}" (svg, dot or mermaid)')
    draw = mermaid if format == "mermaid" else dot
    return {obj.name: draw(target, obj) for obj in target.objects}


def render(target: Target, format: str, out_dir: str | Path) -> list[Path]:
    """Write a diagram per object and return their paths."""
    drawn = texts(target, format)
    if format == "svg":
        drawn = {name: svg(text) for name, text in drawn.items()}
    folder = Path(out_dir)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, text in drawn.items():
        paths.append(folder / f"{target.name}_{name}.{SUFFIX[format]}")
        paths[-1].write_text(text, encoding="utf-8")
    return paths


def edges(obj: Object) -> list[Edge]:
    """The arms that are drawn, in the order of the spec."""
    found: dict[Edge, None] = {}
    for cell in obj.cells:
        default = cell.origin.startswith("default")
        for arm in cell.arms:
            moves = arm.to not in (None, cell.state) or not default
            if arm.handling is Handling.ARM and moves:
                to, label = arm.to or cell.state, _label(cell.event, arm)
                found.setdefault(Edge(cell.state, to, label, default, cell, arm))
    return list(found)


def _label(event: str, arm: Arm) -> str:
    """event [condition] / send add_path, success"""
    done = [f"mark {arm.mark}"] if arm.mark else []
    done += [f"clear {arm.clear}"] if arm.clear else []
    done += [f"{arm.verb} {arm.subject}"] if arm.verb else []
    done += [arm.status] if arm.status else []
    done += ["tell " + ".".join(w for w in arm.tell if w)] if arm.tell else []
    return asked(event, arm) + (f" / {', '.join(done)}" if done else "")


def asked(event: str, arm: Arm) -> str:
    """event [condition]"""
    return event + (f" [{arm.condition}]" if arm.condition else "")


def dot(target: Target, obj: Object) -> str:
    """One object as a graphviz digraph; edges between the same two states share an arrow."""
    head = (f"{target.name}: {obj.name}", *_head(target, obj), *LEGEND, LEFT_OUT)
    title = "".join(f"{line}\\l" for line in head)
    lines = [
        f'digraph "{target.name}_{obj.name}" {{',
        f'    graph [label="{title}", labeljust=l, fontname="sans-serif", fontsize=11, ranksep=0.6];',
        '    node [fontname="sans-serif", fontsize=12];',
        '    edge [fontname="sans-serif", fontsize=10];',
        '    "" [shape=point, width=0.12, tooltip=start];',
        *(_dot_state(target, obj, state) for state in obj.states),
        f'    "" -> "{obj.states[0].name}";',
        *_dot_edges(obj),
        "}",
    ]
    return "\n".join(lines) + "\n"


def _head(target: Target, obj: Object) -> list[str]:
    handed = [f"transfer {t.name}: {in_words(t)}" for t in obj.transfers]
    return [f"link {link}" for link in links(target, obj)] + handed


def _dot_state(target: Target, obj: Object, state: State) -> str:
    handed = in_state(target, obj, state)
    tip = f"{sort_of(state)}. {state.doc}" + f" Handed over: {', '.join(handed)}." * bool(handed)
    tip = tip.replace("\\", "\\\\").replace('"', '\\"')
    return f'    "{state.name}" [{_look(state)}, tooltip="{" ".join(tip.split())}"];'


def _look(state: State) -> str:
    if state.busy == "nobody":
        return 'shape=ellipse, style="dashed,filled", fillcolor="#fff7e0"'
    if state.busy:
        return 'shape=ellipse, style=filled, fillcolor="#fff0c2"'
    fill = {"has": "#d8f0d8", "has_not": "#ececec", "unsure": "#f8d8d8"}[state.hardware or ""]
    return f'shape=box, style="rounded,filled", fillcolor="{fill}"'


def _dot_edges(obj: Object) -> Iterator[str]:
    shared: dict[tuple[str, str, bool], list[str]] = {}
    for edge in edges(obj):
        shared.setdefault((edge.start, edge.to, edge.default), []).append(edge.label)
    for (start, to, default), labels in shared.items():
        gray = ', color="#999999", fontcolor="#777777", style=dashed' if default else ""
        text = "".join(f" {label}\\l" for label in labels)
        yield f'    "{start}" -> "{to}" [label="{text}"{gray}];'


def mermaid(target: Target, obj: Object) -> str:
    """One object as a mermaid state diagram."""
    lines = ["stateDiagram-v2", f"    %% {target.name}: {obj.name}", f"    %% {LEFT_OUT}"]
    lines += [f"    %% {line}" for line in _head(target, obj)]
    made = [s.name for s in obj.states if word(s.name) != s.name]
    lines += [f'    state "{name}" as {word(name)}' for name in made]
    lines.append(f"    [*] --> {obj.states[0].name}")
    lines += [f"    {word(e.start)} --> {word(e.to)} : {e.label}" for e in edges(obj)]
    looks = {
        "busy": "fill:#fff0c2",
        "restoring": "fill:#fff7e0,stroke-dasharray:4 3",
        "unsure": "fill:#f8d8d8",
    }
    for look, style in looks.items():
        members = [word(s.name) for s in obj.states if _mermaid_look(s) == look]
        if members:
            lines += [f"    classDef {look} {style}", f"    class {','.join(members)} {look}"]
    return "\n".join(lines) + "\n"


def _mermaid_look(state: State) -> str | None:
    if state.busy:
        return "restoring" if state.busy == "nobody" else "busy"
    return "unsure" if state.hardware == "unsure" else None


def svg(text: str) -> str:
    """What graphviz draws of a graph."""
    program = shutil.which("dot")
    if program is None:
        raise GraphError("graphviz is not installed: install it, or use --format dot or mermaid")
    done = subprocess.run([program, "-Tsvg"], input=text, capture_output=True, text=True)
    if done.returncode:
        raise GraphError(f"graphviz failed: {done.stderr.strip()}")
    return done.stdout
