# SPDX-License-Identifier: BSD-2-Clause
"""`flue graph`: what is drawn, how, and that it is the same every time."""

import re
import shutil
import xml.etree.ElementTree as ElementTree

import pytest
from helpers import spec

from flue.backends.docs import graph
from flue.compiler import load
from flue.diagnostics import Report

needs_dot = pytest.mark.skipif(shutil.which("dot") is None, reason="graphviz is not installed")


def target(name="example"):
    return load(spec(name), Report())


def labels(start, to):
    meter = target().objects[0]
    return [e.label for e in graph.edges(meter) if (e.start, e.to) == (start, to)]


def test_edges_say_event_condition_and_what_is_done():
    assert labels("free", "creating") == ["create / send add_meter"]
    assert labels("limiting", "inspecting") == ["inspect [asks_delegated] / send read_count"]
    assert labels("limiting", "limiting") == ["inspect / success"]
    assert labels("undoing", "stranded") == ["failed / from_command"]


def test_refusals_and_deferrals_are_left_out_and_it_is_said():
    meter = target().objects[0]
    assert not [e for e in graph.edges(meter) if "bad_value" in e.label or "defer" in e.label]
    assert graph.LEFT_OUT in graph.dot(target(), meter)
    assert graph.LEFT_OUT in graph.mermaid(target(), meter)


@pytest.mark.parametrize("draw", [graph.dot, graph.mermaid])
def test_links_are_named(draw):
    found = target("../tests/links/spec")
    text = draw(found, found.object("sa"))
    assert "link port: to a port, by the node above, moved by nothing" in text
    assert "link key: to a key, by the handle key_handle, moved by nothing" in text
    assert "link " not in draw(target(), target().objects[0])


@pytest.mark.parametrize("draw", [graph.dot, graph.mermaid])
def test_transfers_are_named(draw):
    found = target("../tests/transfers/spec")
    text = draw(found, found.object("lane"))
    assert "transfer write: an order of its own; the hardware may say failed; undone: " in text
    assert "transfer barrier: in the order of write; " in text
    assert "transfer " not in draw(target(), target().objects[0])


def test_a_state_says_what_becomes_of_what_is_handed_over():
    found = target("../tests/transfers/spec")
    text = graph.dot(found, found.object("lane"))
    tips = dict(re.findall(r'^    "(\w+)" \[.*tooltip="(.*)"\];$', text, re.MULTILINE))
    assert tips["tuning"].endswith(
        "Being told another depth. Handed over: write is taken, barrier waits, read waits."
    )
    assert tips["free"].endswith("Not in use.")


def test_sorts_of_states_look_different():
    text = graph.dot(target("chimney"), target("chimney").object("path"))
    look = {line.split('"')[1]: line for line in text.splitlines() if "tooltip=" in line}
    assert "shape=box" in look["offloaded"]
    assert "shape=ellipse" in look["updating"] and "dashed" not in look["updating"]
    assert "dashed" in look["restoring"]


def test_mermaid_declares_every_state():
    text = graph.texts(target(), "mermaid")["meter"]
    assert text.startswith("stateDiagram-v2\n")
    assert "    [*] --> free\n" in text
    assert "    free --> creating : create / send add_meter\n" in text
    assert all(state.name in text for state in target().objects[0].states)


@pytest.mark.parametrize("format", ["dot", "mermaid"])
def test_text_is_the_same_every_time(format, tmp_path):
    first = [p.read_text() for p in graph.render(target("chimney"), format, tmp_path / "a")]
    second = [p.read_text() for p in graph.render(target("chimney"), format, tmp_path / "b")]
    assert first == second and len(first) == 3


@needs_dot
def test_svg_has_every_state(tmp_path):
    paths = graph.render(target("chimney"), "svg", tmp_path)
    assert [p.name for p in paths] == [
        "chimney_neighbor.svg",
        "chimney_path.svg",
        "chimney_tcp.svg",
    ]
    for path, obj in zip(paths, target("chimney").objects):
        titles = [e.text for e in ElementTree.parse(path).iter() if e.tag.endswith("}title")]
        assert {s.name for s in obj.states} <= set(titles)


def test_missing_graphviz_is_said(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(graph.GraphError, match="graphviz is not installed"):
        graph.render(target(), "svg", ".")
