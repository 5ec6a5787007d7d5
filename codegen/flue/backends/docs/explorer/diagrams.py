# SPDX-License-Identifier: BSD-2-Clause
"""Pictures that can be clicked: graphviz draws them, their colors are the page's.

Each node and each line of an arrow's text leads somewhere on the page. What people wrote goes into
tooltips only, as text that neither graphviz nor a browser takes for more.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from flue.model import Object, State, Target
from flue.model.describe import links, sort_of

from .. import graph
from .anchors import Anchors, anchor
from .folded import Way
from .svg import embedded

_FONT = 'fontname="Helvetica,Arial,sans-serif", fontsize=11'
_ASIDE = '<td width="4"></td>'  # from the line that is drawn along a text


def machine(anchors: Anchors, obj: Object, ways: list[Way]) -> str:
    """The states that ways touch, and those ways; arrows between the same two states are one."""
    touched = {obj.states[0].name} | {name for w in ways for name in (w.start, w.to)}
    lines = [f'"" [shape=point, width=0.12]; "" -> "{obj.states[0].name}";']
    lines += [_state(obj, s) for s in obj.states if s.name in touched]
    return _svg(f"{obj.name}_{len(touched)}_", [*lines, *_arrows(anchors, ways)])


def _state(obj: Object, state: State) -> str:
    sort = "restoring" if state.busy == "nobody" else "busy" if state.busy else "rest"
    shape = "box" if state.resting else "ellipse"
    rounded = ', style="rounded,filled"' if state.resting else ", style=filled"
    tip = _quoted(f"{sort_of(state)}. {state.doc}")
    to = _link(anchor("object", obj.name, "state", state.name))
    kind = f"state {sort} {state.hardware or ''}".strip()
    return f'"{state.name}" [shape={shape}{rounded}, class="{kind}", {to}, tooltip="{tip}"];'


def _arrows(anchors: Anchors, ways: list[Way]) -> Iterator[str]:
    shared: dict[tuple[str, str, bool], list[Way]] = {}
    for way in ways:
        shared.setdefault((way.start, way.to, way.default), []).append(way)
    for (start, to, default), same in shared.items():
        rows = "".join(f"<tr>{_ASIDE}{_row(anchors, way)}{_ASIDE}</tr>" for way in same)
        look = ', style=dashed, class="arrow default"' if default else ', class="arrow"'
        table = f'<table border="0" cellborder="0" cellspacing="0" cellpadding="1">{rows}</table>'
        yield f'"{start}" -> "{to}" [label=<{table}>{look}];'


def _row(anchors: Anchors, way: Way) -> str:
    """A transition leads to its line; one of several steps to the first, the others are named."""
    first, *rest = way.edges
    tip = anchors.place(first.arm.where)
    tip += "".join(f", {e.start}: {anchors.place(e.arm.where)}" for e in rest)
    attributes = f'href="#{anchors.line(first.arm.where)}" title="{_escaped(tip)}"'
    return f'<td align="left" {attributes}>{_escaped(way.label)}</td>'


def kinds(target: Target) -> str:
    """Each kind of object on its layer, with an arrow for each link to what it stands on."""
    lines = []
    for obj in target.objects:
        tip = _quoted(obj.doc)
        to = _link(anchor("object", obj.name))
        label = f'label="{obj.name}\\nlayer {obj.layer}"'
        lines.append(
            f'"{obj.name}" [shape=box, style="rounded,filled", class="kind", {label}, {to}, tooltip="{tip}"];'
        )
        for link, words in zip(obj.links, links(target, obj)):
            dashed = ", style=dashed" if link.optional else ""
            look = f'class="arrow", label=" {link.name} ", tooltip="{_quoted(words)}"'
            to = _link(anchor("object", obj.name, "link", link.name))
            lines.append(f'"{obj.name}" -> "{link.to}" [{look}, {to}{dashed}];')
    return _svg("kinds_", lines)


def _svg(prefix: str, lines: list[str]) -> str:
    head = f'graph [{_FONT}, ranksep=0.45, nodesep=0.3, bgcolor="transparent"]; node [{_FONT}]; edge [{_FONT}];'
    text = graph.svg("\n".join(["digraph {", head, *lines, "}"]) + "\n")
    return embedded(text, prefix)


def _link(to: str) -> str:
    return f'URL="#{to}"'


def _escaped(text: str) -> str:
    """For text that graphviz reads as HTML."""
    return escape(" ".join(text.split()))


def _quoted(text: str) -> str:
    """For a text in quotes, in which graphviz knows entities and escapes, too."""
    return _escaped(text).replace("\\", "\\\\")
